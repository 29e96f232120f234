//! Our own voices, as they reach a recogniser at the other end of a line.

use anyhow::Context as _;
use switchhook_models::audio::resample;
use switchhook_models::catalog::Store;
use switchhook_models::tts::{Manner, Synthesizer};
use switchhook_models::{Cancel, Language, open};

use super::clips::RATE;
use super::line;

/// A model and one of its speakers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Speaker {
    model: &'static str,
    voice: Option<&'static str>,
}

const KOKORO: &str = "kokoro-82m";

/// Who speaks a language.
pub fn speakers(language: Language) -> Vec<Speaker> {
    let kokoro = |voice| Speaker { model: KOKORO, voice: Some(voice) };
    match language {
        Language::En => vec![Speaker { model: "hibari", voice: None }, kokoro("af_heart"), kokoro("am_puck")],
        Language::Zh => ["zf_xiaobei", "zf_xiaoni", "zm_yunxia", "zm_yunyang"].map(kokoro).to_vec(),
    }
}

impl Speaker {
    /// What the page calls it.
    pub fn name(self) -> String {
        self.voice.map_or_else(|| self.model.to_owned(), |voice| format!("{} {voice}", self.model))
    }

    /// Whether it can be told to speak faster or slower.
    pub fn has_speeds(self) -> bool {
        self.voice.is_some()
    }
}

/// The voices that were opened so far.
pub struct Voices<'a> {
    store: &'a Store,
    open: Vec<(&'static str, Box<dyn Synthesizer>)>,
}

impl<'a> Voices<'a> {
    pub fn new(store: &'a Store) -> Self {
        Self { store, open: Vec::new() }
    }

    /// What a speaker makes of a text, over a line, at 16 kHz.
    pub fn over_the_line(&mut self, speaker: Speaker, speed: Option<f32>, text: &str) -> anyhow::Result<Vec<f32>> {
        Ok(line::through(&self.spoken(speaker, speed, text)?, 0.0, 0)?)
    }

    /// What a speaker makes of a text, in the same room, at 16 kHz.
    pub fn spoken(&mut self, speaker: Speaker, speed: Option<f32>, text: &str) -> anyhow::Result<Vec<f32>> {
        let voice = self.voice(speaker.model)?;
        voice.set_manner(&Manner { voice: speaker.voice.map(str::to_owned), speed, ..Manner::default() })?;
        let sound = voice.spoken(text, &Cancel::new())?;
        Ok(resample::resample(&sound, voice.sample_rate(), RATE)?)
    }

    fn voice(&mut self, model: &'static str) -> anyhow::Result<&mut (dyn Synthesizer + 'static)> {
        if !self.open.iter().any(|(name, _)| *name == model) {
            let voice = open::synthesizer(self.store, model).with_context(|| format!("the voice `{model}`"))?;
            self.open.push((model, voice));
        }
        let found = self.open.iter_mut().find(|(name, _)| *name == model);
        found.map(|(_, voice)| voice.as_mut()).context("a voice that was opened")
    }
}
