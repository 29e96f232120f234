//! How long a voice rests: between sentences, and where a sentence has a comma.
//!
//! A voice predicts how long each phoneme lasts, marks among them, but its silence lies in the phonemes beside them as well: nobody can set it
//! there. So it is changed in the sound. [`Rests`] knows from the predictions where a comma, or the seam of two lines, lies; the silence there
//! becomes as long as was asked, by leaving out its middle or by adding to it. Sound is passed on at once; only silence is held until it
//! is known how long it is. Pauses do not follow the speed, for they were given in milliseconds.

use std::collections::VecDeque;
use std::ops::RangeInclusive;
use std::time::Duration;

use super::Manner;
use crate::{Error, Result};

/// What all voices here predict lengths in: a step of 25 ms, in samples.
const STEP: usize = RATE / 40;
/// The rate of all voices here.
const RATE: usize = 24_000;
/// The shortest and the longest pause that can be asked for.
const BOUNDS: RangeInclusive<Duration> = Duration::from_millis(50)..=Duration::from_millis(2_000);
/// After these a sentence goes on.
const CLAUSE: [char; 5] = [',', ';', ':', '—', '…'];
/// If a pause was asked for, a comma lasts at least so many steps, that there be a silence.
const AUDIBLE: u32 = 6;
/// Silence is looked at in pieces of 5 ms.
const FRAME: usize = RATE / 200;
/// A frame whose samples are below this holds none: -46 dB, as quiet as voices are between words.
const QUIET: f32 = 0.005;
/// A shorter silence is none: a stop consonant has as much.
const SHORTEST: usize = 6 * FRAME;
/// How far from the place that was predicted the silence may lie.
const NEAR: usize = RATE / 20;
/// The silence right before a sound is kept, so that soft beginnings are whole.
const ONSET: usize = 8 * FRAME;

/// The pauses that were asked for, in samples.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Pauses {
    sentence: Option<usize>,
    clause: Option<usize>,
}

impl Pauses {
    /// Those of a manner.
    ///
    /// # Errors
    /// [`Error::Input`] if one is shorter than 50 ms or longer than 2 s.
    pub(super) fn of(manner: &Manner) -> Result<Self> {
        let samples = |pause: Option<Duration>| match pause {
            Some(pause) if !BOUNDS.contains(&pause) => {
                let (least, most) = (BOUNDS.start().as_millis(), BOUNDS.end().as_millis());
                Err(Error::Input(format!("a pause of {} ms; use {least} to {most}", pause.as_millis())))
            }
            pause => Ok(pause.map(|pause| (pause.as_secs_f64() * RATE as f64).round() as usize)),
        };
        Ok(Self { sentence: samples(manner.sentence_pause)?, clause: samples(manner.clause_pause)? })
    }

    /// Let every comma have a silence that can be changed. `durations` has one for the pause before the phonemes, those of the phonemes,
    /// and one for the pause after them.
    pub(super) fn open(self, phonemes: &[char], durations: &mut [u32]) {
        if self.clause.is_some() {
            let inner = durations.iter_mut().skip(1).zip(phonemes);
            inner.filter(|(_, c)| CLAUSE.contains(c)).for_each(|(steps, _)| *steps = (*steps).max(AUDIBLE));
        }
    }
}

/// Sets the pauses of one text while its sound passes.
pub(super) struct Rests {
    pauses: Pauses,
    /// Where pauses are expected, in samples from the beginning of the text, and how long they are to be; in order.
    expected: VecDeque<Expected>,
    /// Whether the line before ends in the middle of its sentence; `None` before the first.
    goes_on: Option<bool>,
    /// Samples that came, but for `partial`.
    heard: usize,
    /// What fills no frame yet.
    partial: Vec<f32>,
    /// The silence since the last sound.
    silence: Vec<f32>,
}

struct Expected {
    from: usize,
    to: usize,
    samples: usize,
}

impl Rests {
    pub(super) fn new(pauses: Pauses) -> Self {
        Self { pauses, expected: VecDeque::new(), goes_on: None, heard: 0, partial: Vec::new(), silence: Vec::new() }
    }

    /// The next line: its phonemes, how long they and the pauses around them last in steps, and how many samples of its beginning do not come.
    pub(super) fn line(&mut self, phonemes: &[char], durations: &[u32], left_out: usize) {
        let begin = self.heard + self.partial.len();
        let seam = match self.goes_on {
            Some(true) => self.pauses.clause,
            Some(false) => self.pauses.sentence,
            None => None,
        };
        self.expect(begin, begin, seam);
        let last = phonemes.iter().rposition(|c| c.is_alphabetic()).unwrap_or(0);
        let mut at = durations.first().map_or(0, |steps| *steps as usize * STEP);
        for (place, (c, steps)) in phonemes.iter().zip(durations.iter().skip(1)).enumerate() {
            let end = at + *steps as usize * STEP;
            if place < last && CLAUSE.contains(c) {
                let from = begin + at.saturating_sub(left_out);
                self.expect(from, begin + end.saturating_sub(left_out), self.pauses.clause);
            }
            at = end;
        }
        self.goes_on = Some(phonemes.iter().rfind(|c| **c != ' ').is_some_and(|c| CLAUSE.contains(c)));
    }

    fn expect(&mut self, from: usize, to: usize, samples: Option<usize>) {
        self.expected.extend(samples.map(|samples| Expected { from: from.saturating_sub(NEAR), to: to + NEAR, samples }));
    }

    /// Take the next of the sound, and give what can be passed on.
    pub(super) fn push(&mut self, sound: &[f32]) -> Vec<f32> {
        if self.pauses == Pauses::default() {
            return sound.to_vec();
        }
        self.partial.extend_from_slice(sound);
        let partial = std::mem::take(&mut self.partial);
        let (frames, rest) = partial.as_chunks::<FRAME>();
        let mut out = Vec::new();
        for frame in frames {
            if frame.iter().any(|sample| sample.abs() >= QUIET) {
                self.rest(&mut out);
                out.extend_from_slice(frame);
            } else {
                self.silence.extend_from_slice(frame);
            }
            self.heard += FRAME;
        }
        self.partial = rest.to_vec();
        out
    }

    /// The text is over: give what was held.
    pub(super) fn finish(&mut self) -> Vec<f32> {
        let mut out = std::mem::take(&mut self.silence);
        out.append(&mut self.partial);
        out
    }

    /// A silence is over: pass it on, as long as it is to be.
    fn rest(&mut self, out: &mut Vec<f32>) {
        let silence = std::mem::take(&mut self.silence);
        let (from, to) = (self.heard - silence.len(), self.heard);
        let mut wanted = None;
        while self.expected.front().is_some_and(|expected| expected.from <= to) {
            let here = self.expected.front().is_some_and(|expected| expected.to >= from);
            // What lies in the sound that comes now may yet have its silence.
            if !here && self.expected.front().is_some_and(|expected| expected.to >= to) {
                break;
            }
            if silence.len() < SHORTEST && self.expected.front().is_some_and(|expected| expected.to >= to) {
                break;
            }
            wanted = self.expected.pop_front().filter(|_| here).map(|expected| expected.samples).or(wanted);
        }
        let Some(wanted) = wanted.filter(|_| silence.len() >= SHORTEST) else {
            out.extend(silence);
            return;
        };
        let after = ONSET.min(wanted / 2).min(silence.len() / 2);
        let before = (wanted - after).min(silence.len() - after);
        out.extend_from_slice(&silence[..before]);
        out.extend(std::iter::repeat_n(0.0, wanted - before - after));
        out.extend_from_slice(&silence[silence.len() - after..]);
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use proptest::prelude::*;

    use super::*;

    fn pauses(sentence: u64, clause: u64) -> Pauses {
        let pause = |milliseconds| Some(Duration::from_millis(milliseconds));
        Pauses::of(&Manner { sentence_pause: pause(sentence), clause_pause: pause(clause), ..Manner::default() }).unwrap()
    }

    /// Letters sound, everything else is silent, each for its steps.
    fn sound(phonemes: &[char], durations: &[u32]) -> Vec<f32> {
        let padded = std::iter::once(' ').chain(phonemes.iter().copied()).chain([' ']);
        padded
            .zip(durations)
            .flat_map(|(c, steps)| std::iter::repeat_n(if c.is_alphabetic() { 0.5 } else { 0.0 }, *steps as usize * STEP))
            .collect()
    }

    /// The lengths of the silences between sounds, in milliseconds.
    fn silences(sound: &[f32]) -> Vec<usize> {
        let runs: Vec<&[f32]> = sound.chunk_by(|a, b| (*a == 0.0) == (*b == 0.0)).collect();
        let inner = runs.iter().enumerate().filter(|(index, run)| run[0] == 0.0 && *index > 0 && *index + 1 < runs.len());
        inner.map(|(_, run)| run.len() * 1_000 / RATE).collect()
    }

    fn passed(pauses: Pauses, lines: &[(&str, &[u32])], cut: usize) -> Vec<f32> {
        let mut rests = Rests::new(pauses);
        let mut out = Vec::new();
        for (line, durations) in lines {
            let phonemes: Vec<char> = line.chars().collect();
            rests.line(&phonemes, durations, 0);
            for piece in sound(&phonemes, durations).chunks(cut) {
                out.extend(rests.push(piece));
            }
        }
        out.extend(rests.finish());
        out
    }

    const LINES: [(&str, &[u32]); 2] = [("a, b.", &[10, 8, 4, 2, 8, 6, 1]), ("a.", &[14, 8, 30, 13])];

    #[test]
    fn a_comma_and_the_seam_of_two_sentences_last_as_long_as_was_asked() {
        for (sentence, clause) in [(700, 400), (1_200, 300), (100, 50)] {
            for cut in [100, 1_000, 100_000] {
                assert_eq!(silences(&passed(pauses(sentence, clause), &LINES, cut)), [clause as usize, sentence as usize]);
            }
        }
    }

    #[test]
    fn the_seam_of_two_clauses_is_a_comma() {
        let lines: [(&str, &[u32]); 2] = [("a,", &[10, 8, 4, 2]), ("b.", &[14, 8, 6, 1])];
        assert_eq!(silences(&passed(pauses(700, 400), &lines, 500)), [400]);
    }

    #[test]
    fn what_was_not_asked_for_stays_as_it_is() {
        let whole: Vec<f32> = LINES.iter().flat_map(|(line, durations)| sound(&line.chars().collect::<Vec<_>>(), durations)).collect();
        assert_eq!(passed(Pauses::default(), &LINES, 500), whole);
        let only = Pauses { clause: None, ..pauses(700, 400) };
        assert_eq!(silences(&passed(only, &LINES, 500)), [150, 700]);
    }

    #[test]
    fn a_comma_has_a_silence_only_if_one_was_asked_for() {
        let phonemes: Vec<char> = "a, b.".chars().collect();
        let mut durations = [10, 3, 1, 2, 3, 6, 1];
        Pauses::default().open(&phonemes, &mut durations);
        assert_eq!(durations, [10, 3, 1, 2, 3, 6, 1]);
        pauses(700, 400).open(&phonemes, &mut durations);
        assert_eq!(durations, [10, 3, AUDIBLE, 2, 3, 6, 1]);
    }

    #[test]
    fn pauses_that_are_none_and_endless_ones_are_refused() {
        for wrong in [0, 49, 2_001, u64::MAX] {
            let pause = Some(Duration::from_millis(wrong));
            assert!(Pauses::of(&Manner { sentence_pause: pause, ..Manner::default() }).is_err(), "{wrong}");
            assert!(Pauses::of(&Manner { clause_pause: pause, ..Manner::default() }).is_err(), "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn no_sound_is_lost_whatever_the_lines(
            lines in prop::collection::vec(("[ab,;. !…—]{0,20}", prop::collection::vec(1_u32..20, 22)), 0..4),
            cut in 1_usize..5_000,
        ) {
            let lines: Vec<(&str, &[u32])> = lines.iter().map(|(line, d)| (line.as_str(), &d[..line.chars().count() + 2])).collect();
            let sounding = |sound: &[f32]| sound.iter().filter(|sample| **sample != 0.0).count();
            let whole: usize = lines.iter().map(|(line, d)| sounding(&sound(&line.chars().collect::<Vec<_>>(), d))).sum();
            prop_assert_eq!(sounding(&passed(pauses(50, 2_000), &lines, cut)), whole);
        }
    }
}
