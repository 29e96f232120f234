//! The word with which the robot bridges a wait ("Let me see."), found in what a caller heard: the robot's voice makes the same sound of the same words each time.

use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use anyhow::Context as _;
use switchhook::dialog::{Circumstances, Dialog, Ladder, Scenario};
use switchhook_models::catalog::Store;
use switchhook_models::tts::Synthesizer as _;
use switchhook_models::tts::line::ForLine;
use switchhook_models::{Cancel, Locale, open};

use crate::ear::{first_sound, speech_end, speech_start};
use crate::rtp::RATE;

/// So much of it is held against what was heard: 400 ms.
const COMPARED: usize = RATE as usize * 2 / 5;
/// It is looked for so far around where the robot's sound begins: 60 ms.
const AROUND: usize = RATE as usize * 6 / 100;
/// What is as alike is the same. G.711 leaves two recordings of one sound alike by more than 0.99; two sentences of one voice are hardly alike by a half.
const ALIKE: f32 = 0.9;

/// The word, as it sounds.
pub(super) struct Bridge(Vec<i16>);

impl Bridge {
    /// The first word that the reception says in this language, in this voice.
    ///
    /// # Errors
    /// If the voice is not installed, or the scenario has no such word.
    pub(super) fn of(locale: Locale, voice: &str) -> anyhow::Result<Self> {
        let reception = Path::new(env!("CARGO_MANIFEST_DIR")).join("../daemon/scenarios/reception");
        let scenario = Scenario::load(&reception, locale)?;
        let dialog = Dialog::new(Arc::new(scenario), Circumstances::at(jiff::Zoned::now()));
        let word = dialog.ladder(Ladder::Wait).into_iter().next().context("nothing bridges a wait")?;
        let mut voice = ForLine::default().voice(open::synthesizer(&Store::default_place(), voice)?)?;
        let sound: Vec<i16> = voice.spoken(&word, &Cancel::new())?.into_iter().map(|sample| (sample * 32_767.0) as i16).collect();
        Self::sounding(&sound)
    }

    fn sounding(sound: &[i16]) -> anyhow::Result<Self> {
        let (from, to) = speech_start(sound).zip(speech_end(sound)).context("a word without a sound")?;
        Ok(Self(sound.get(from..to).unwrap_or_default().to_vec()))
    }

    /// Where the robot's answer begins, whose first sound is at sample `from` of this track: there, or behind the word if that is what sounds; `None` if nothing
    /// follows it.
    pub(super) fn answer(&self, track: &[i16], from: usize) -> Option<usize> {
        match self.within(track, from) {
            Some(word) => first_sound(track, word.end),
            None => Some(from),
        }
    }

    fn within(&self, track: &[i16], from: usize) -> Option<Range<usize>> {
        let word = self.0.get(..COMPARED.min(self.0.len()))?;
        let places = from.saturating_sub(AROUND)..=from + AROUND;
        let found = places.filter_map(|at| Some((alike(word, track.get(at..at + word.len())?), at)));
        let (alike, at) = found.max_by(|a, b| a.0.total_cmp(&b.0))?;
        (alike >= ALIKE).then(|| at..at + self.0.len())
    }
}

/// The correlation of two sounds of one length, in `[-1, 1]`.
fn alike(a: &[i16], b: &[i16]) -> f32 {
    let product = |a: &[i16], b: &[i16]| a.iter().zip(b).map(|(&a, &b)| f32::from(a) * f32::from(b)).sum::<f32>();
    product(a, b) / (product(a, a) * product(b, b)).sqrt().max(1.0)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use crate::rtp::Law;

    /// Something that sounds otherwise for every seed, as loud as speech.
    fn sound(seed: u32, samples: usize) -> Vec<i16> {
        let mut state = seed;
        let mut noise = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 18) as i16 - 8_192
        };
        (0..samples).map(|_| noise()).collect()
    }

    #[test]
    fn an_answer_begins_behind_the_word_and_elsewhere_where_there_is_none() {
        let word = sound(1, 6_000);
        let bridge = Bridge::sounding(&word).unwrap();
        let silence = |samples| vec![0_i16; samples];
        let heard =
            |parts: &[Vec<i16>]| -> Vec<i16> { parts.concat().iter().map(|&sample| Law::Pcmu.decode(Law::Pcmu.encode(sample))).collect() };
        let bridged = heard(&[silence(1_600), word.clone(), silence(2_400), sound(2, 6_000)]);
        assert_eq!(bridge.answer(&bridged, 1_640), Some(10_000), "what is said to be its beginning need not be exact");
        assert_eq!(bridge.answer(&heard(&[silence(1_600), sound(2, 6_000)]), 1_600), Some(1_600));
        assert_eq!(bridge.answer(&heard(&[silence(1_600), word, silence(9_000)]), 1_600), None);
    }
}
