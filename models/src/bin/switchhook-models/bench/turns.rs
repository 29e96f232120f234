//! What callers say, spoken by the installed voice of the language and heard over a telephone line.
//!
//! A turn of a given length is a sentence of about that length, spoken as fast as it takes to fit, with the short silence at its end by which the daemon
//! knows that somebody pauses. So a turn is whole words, and as long on every machine, whatever voice speaks it.

use std::collections::BTreeMap;

use switchhook_models::audio::resample;
use switchhook_models::catalog::{State, Store, Task};
use switchhook_models::tts::line::ForLine;
use switchhook_models::tts::{Manner, Synthesizer};
use switchhook_models::{Cancel, Language, Locale, Result, open};

use crate::progress::Progress;
use crate::transcribe::RATE;

/// The silence after the last word, in seconds.
const PAUSE: f64 = 0.2;
/// A sentence that fills this part of its turn is spoken as it is.
const FILLS: std::ops::RangeInclusive<f64> = 0.9..=1.0;

/// A turn of a caller, mono at 16 kHz.
pub struct Turn {
    pub language: Language,
    pub samples: Vec<f32>,
}

/// The turns of each language, spoken when they are first wanted.
pub struct Turns<'a> {
    store: &'a Store,
    quick: bool,
    spoken: BTreeMap<&'static str, Vec<Turn>>,
}

impl<'a> Turns<'a> {
    pub fn new(store: &'a Store, quick: bool) -> Self {
        Self { store, quick, spoken: BTreeMap::new() }
    }

    /// Have the turns of a language spoken, if they were not yet.
    ///
    /// # Errors
    /// [`switchhook_models::Error::NotInstalled`] with the voice that is missing, if none speaks the language.
    pub fn prepare(&mut self, language: Language) -> Result<()> {
        if !self.spoken.contains_key(language.code()) {
            let turns = self.speak(language)?;
            self.spoken.insert(language.code(), turns);
        }
        Ok(())
    }

    /// The turns of these languages, from short to long, as far as they were prepared.
    pub fn spoken(&self, languages: &[Language]) -> Vec<&Turn> {
        languages.iter().filter_map(|language| self.spoken.get(language.code())).flatten().collect()
    }

    fn speak(&self, language: Language) -> Result<Vec<Turn>> {
        let name = self.voice(language)?;
        let progress = Progress::of(&name);
        progress.begin("speaking what callers say");
        let mut voice = ForLine::default().voice(open::synthesizer(self.store, &name)?)?;
        let sentences = sentences(language);
        let wanted = sentences.iter().filter(|(seconds, _)| !self.quick || *seconds == QUICK);
        let turns = wanted.map(|(seconds, text)| Ok(Turn { language, samples: fitted(&mut voice, text, *seconds)? })).collect();
        progress.end();
        turns
    }

    /// The voice of the standard profile, or else any that is here and knows the language.
    fn voice(&self, language: Language) -> Result<String> {
        // Both ways to write Mandarin are spoken by the same voice.
        let first = open::default_model(self.store, Task::Voice, if language == Language::Zh { Locale::ZhTw } else { Locale::En })?;
        let catalog = self.store.catalog()?;
        let others = catalog.entries().iter().filter(|entry| entry.task == Task::Voice && entry.languages.contains(&language));
        for name in [first.as_str()].into_iter().chain(others.map(|entry| entry.name.as_str())) {
            if matches!(self.store.state(name)?, State::Installed { .. }) {
                return Ok(name.to_owned());
            }
        }
        // Says what is missing, and how to install it.
        self.store.version(&first)?;
        Ok(first)
    }
}

/// The turn of `--quick`, in seconds.
const QUICK: f64 = 3.0;

/// What is said in turns of so many seconds.
fn sentences(language: Language) -> [(f64, &'static str); 4] {
    match language {
        Language::En => [
            (1.5, "Yes, that is correct."),
            (QUICK, "I would like to make an appointment, please."),
            (6.0, "Hello, this is Maria Chen. I am calling about the invoice that you sent me last week."),
            (
                10.0,
                "Good morning, I have an appointment on Tuesday at half past nine, but I cannot come that day. Is there any time on \
                 Thursday afternoon instead?",
            ),
        ],
        Language::Zh => [
            (1.5, "對,沒有錯。"),
            (QUICK, "你好,我想要預約看診的時間。"),
            (6.0, "你好,我姓陳,上個星期收到你們寄來的帳單,想請問一下要怎麼付款。"),
            (10.0, "早安,我跟你們約了下星期二早上九點半,可是那一天我沒有辦法過去,請問可以改到星期四下午嗎?如果不行,星期五也可以。"),
        ],
    }
}

/// A text as a turn of exactly so many seconds.
fn fitted(voice: &mut dyn Synthesizer, text: &str, seconds: f64) -> Result<Vec<f32>> {
    let samples = |seconds: f64| (seconds * f64::from(RATE)).round() as usize;
    let mut sound = heard(voice, text)?;
    let filled = sound.len() as f64 / samples(seconds - PAUSE) as f64;
    // Whose pace cannot be changed is padded, or cut.
    if !FILLS.contains(&filled) && voice.set_manner(&Manner { speed: Some((filled as f32).clamp(0.5, 2.0)), ..Manner::default() }).is_ok() {
        sound = heard(voice, text)?;
        voice.set_manner(&Manner::default())?;
    }
    sound.truncate(samples(seconds - PAUSE));
    sound.resize(samples(seconds), 0.0);
    Ok(sound)
}

/// What arrives of a text: of the line's band, at the rate of recognisers.
fn heard(voice: &mut dyn Synthesizer, text: &str) -> Result<Vec<f32>> {
    resample::resample(&voice.spoken(text, &Cancel::new())?, voice.sample_rate(), RATE)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::ops::ControlFlow;

    use switchhook_models::Error;

    use super::*;

    /// A voice that hums for a tenth of a second for each character, at its pace.
    struct Hum {
        speed: f32,
        bends: bool,
    }

    impl Synthesizer for Hum {
        fn sample_rate(&self) -> u32 {
            8_000
        }

        fn set_manner(&mut self, manner: &Manner) -> Result<()> {
            if !self.bends {
                return Err(Error::Input("this voice has one pace".to_owned()));
            }
            self.speed = manner.speed.unwrap_or(1.0);
            Ok(())
        }

        fn speak(&mut self, text: &str, _: &Cancel, sink: &mut dyn FnMut(&[f32]) -> ControlFlow<()>) -> Result<()> {
            let length = (text.chars().count() as f32 * 800.0 / self.speed) as usize;
            let _ = sink(&(0..length).map(|n| (n as f32 * 0.5).sin() * 0.2).collect::<Vec<_>>());
            Ok(())
        }
    }

    /// How long the turn is, and how much of it is sound, in samples.
    fn lengths(turn: &[f32]) -> (usize, usize) {
        (turn.len(), turn.iter().rposition(|sample| sample.abs() > 0.01).unwrap())
    }

    #[test]
    fn a_sentence_is_spoken_as_fast_as_its_turn_needs_and_ends_with_a_pause() {
        for characters in [10, 13, 14, 20] {
            let mut voice = Hum { speed: 1.0, bends: true };
            let (whole, sound) = lengths(&fitted(&mut voice, &"m".repeat(characters), 1.5).unwrap());
            assert_eq!(whole, 24_000);
            assert!((18_000..=20_800).contains(&sound), "{characters}: {sound}");
            assert!((voice.speed - 1.0).abs() < f32::EPSILON, "the next sentence is spoken as always");
        }
    }

    #[test]
    fn a_voice_of_one_pace_still_gives_a_turn_of_that_length() {
        for characters in [5, 30] {
            let (whole, sound) = lengths(&fitted(&mut Hum { speed: 1.0, bends: false }, &"m".repeat(characters), 1.5).unwrap());
            assert_eq!(whole, 24_000);
            assert!(sound <= 20_800, "{sound}");
        }
    }
}
