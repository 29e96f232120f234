//! Pauses as they are on the telephone: a voice trained on books rests for almost a second between sentences, and a caller takes that for
//! the end of the robot's turn. Silence is shortened, never sound.
//!
//! `tts::Manner` sets pauses that a voice foresees, at its commas and full stops. Here no silence passes that is longer than a caller bears, wherever
//! it comes from, least of all the one before a voice's first word: that would be waited for.

use std::collections::VecDeque;

/// Quieter than this is silence: -46 dB below full scale, well above the voice's own floor and below its softest consonants.
const QUIET: u16 = 160;
/// Of a pause, this much is kept behind what was said: 320 ms.
const BEHIND: usize = 2_560;
/// And this much before what comes next, so that soft beginnings are whole: 40 ms. It is all that is kept before the first word.
const BEFORE: usize = 320;
/// So much of it is left behind a word that only bridges a wait: 80 ms.
const REST: usize = 640;

/// Sound (8 kHz) without most of the silence at its end: what follows it waits for nothing, and who hears it waits already.
#[must_use]
pub fn without_rest(sound: &[i16]) -> &[i16] {
    let loud = sound.iter().rposition(|sample| sample.unsigned_abs() >= QUIET).map_or(0, |last| last + 1);
    &sound[..sound.len().min(loud + REST)]
}

/// Shortens the silence in one text's sound (8 kHz), piece by piece.
#[derive(Default)]
pub(super) struct Pauses {
    spoken: bool,
    /// Silence passed on since the last sound.
    passed: usize,
    /// The newest silence that was not passed on.
    kept_back: VecDeque<i16>,
}

impl Pauses {
    /// Shorten the next piece.
    pub(super) fn shorten(&mut self, piece: &[i16]) -> Vec<i16> {
        let mut out = Vec::with_capacity(piece.len());
        for &sample in piece {
            if sample.unsigned_abs() >= QUIET {
                out.extend(self.kept_back.drain(..));
                out.push(sample);
                (self.spoken, self.passed) = (true, 0);
            } else if self.spoken && self.passed < BEHIND {
                out.push(sample);
                self.passed += 1;
            } else {
                if self.kept_back.len() == BEFORE {
                    self.kept_back.pop_front();
                }
                self.kept_back.push_back(sample);
            }
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn loud(samples: usize) -> Vec<i16> {
        vec![1_000; samples]
    }

    #[test]
    fn a_long_pause_becomes_a_short_one_and_the_ends_are_trimmed() {
        let sound = [vec![0; 4_000], loud(800), vec![0; 7_000], loud(800), vec![0; 4_000]].concat();
        let shortened = Pauses::default().shorten(&sound);
        assert_eq!(shortened.len(), BEFORE + 800 + BEHIND + BEFORE + 800 + BEHIND);
    }

    #[test]
    fn a_pause_inside_a_sentence_stays_as_it_is() {
        let sound = [loud(800), vec![0; 2_000], loud(800)].concat();
        assert_eq!(Pauses::default().shorten(&sound), sound);
    }

    #[test]
    fn a_word_that_bridges_a_wait_has_hardly_any_silence_behind_it() {
        let word = [loud(800), vec![0; 2_000], loud(800)].concat();
        assert_eq!(without_rest(&[&word[..], &vec![QUIET.cast_signed() - 1; BEHIND]].concat()).len(), word.len() + REST);
        assert_eq!(without_rest(&word), word, "which has none is as it was");
        assert_eq!(without_rest(&vec![0; BEHIND]).len(), REST);
        assert!(without_rest(&[]).is_empty());
    }

    proptest::proptest! {
        #[test]
        fn pieces_make_the_same_as_the_whole(sound in proptest::collection::vec(-400i16..400, 0..2000), at in 0usize..2000) {
            let at = at.min(sound.len());
            let whole = Pauses::default().shorten(&sound);
            let mut pauses = Pauses::default();
            let mut pieces = pauses.shorten(&sound[..at]);
            pieces.extend(pauses.shorten(&sound[at..]));
            proptest::prop_assert_eq!(pieces, whole);
        }
    }
}
