//! Who speaks for callers: our own voices, at several speeds. A sentence is spoken once, however often it is said.

use std::collections::HashMap;
use std::sync::Arc;

use switchhook_models::catalog::Store;
use switchhook_models::tts::line::ForLine;
use switchhook_models::tts::{Manner, Synthesizer};
use switchhook_models::{Cancel, Language, Result, open};

use crate::media::SAMPLE_RATE;

/// Sentences that are remembered: more than this, and all are forgotten. A sentence of 3 s has 48 kB.
const MOST: usize = 4_000;
const KOKORO: &str = "kokoro-82m";

/// A model, one of its speakers, and how fast they speak.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Speaker {
    /// The model, by its name in the catalog.
    pub model: &'static str,
    /// One of the model's speakers, if it has several.
    pub voice: Option<&'static str>,
    /// As a multiple of their own pace, if the model can be told.
    pub speed: Option<f32>,
}

/// Who speaks a language.
#[must_use]
pub fn speakers(language: Language) -> Vec<Speaker> {
    let kokoro = |voice| Speaker { model: KOKORO, voice: Some(voice), speed: None };
    match language {
        Language::En => vec![Speaker { model: "hibari", voice: None, speed: None }, kokoro("af_heart"), kokoro("am_puck")],
        Language::Zh => ["zf_xiaobei", "zf_xiaoni", "zm_yunxia", "zm_yunyang"].map(kokoro).to_vec(),
    }
}

impl Speaker {
    /// The same, at this pace, if the model can be told.
    #[must_use]
    pub fn at(self, speed: f32) -> Self {
        Self { speed: self.voice.is_some().then_some(speed), ..self }
    }

    /// What pages call it.
    #[must_use]
    pub fn name(self) -> String {
        let name = self.voice.map_or_else(|| self.model.to_owned(), |voice| format!("{} {voice}", self.model));
        self.speed.map_or(name.clone(), |speed| format!("{name} at {speed}"))
    }
}

/// The voices that were opened so far, and what they said.
pub struct Voices<'a> {
    store: &'a Store,
    open: Vec<(&'static str, Box<dyn Synthesizer>)>,
    spoken: HashMap<(String, String), Arc<[i16]>>,
}

impl<'a> Voices<'a> {
    /// None yet.
    #[must_use]
    pub fn new(store: &'a Store) -> Self {
        Self { store, open: Vec::new(), spoken: HashMap::new() }
    }

    /// What a speaker makes of a text, at the line's rate and level.
    ///
    /// # Errors
    /// Names the model, and the command that installs it.
    pub fn say(&mut self, speaker: Speaker, text: &str) -> Result<Arc<[i16]>> {
        let key = (speaker.name(), text.to_owned());
        if let Some(sound) = self.spoken.get(&key) {
            return Ok(Arc::clone(sound));
        }
        let voice = self.voice(speaker.model)?;
        voice.set_manner(&Manner { voice: speaker.voice.map(str::to_owned), speed: speaker.speed, ..Manner::default() })?;
        let sound = voice.spoken(text, &Cancel::new())?;
        // `as` saturates.
        let sound: Arc<[i16]> = sound.iter().map(|sample| (sample * 32_767.0) as i16).collect();
        if self.spoken.len() >= MOST {
            self.spoken.clear();
        }
        self.spoken.insert(key, Arc::clone(&sound));
        Ok(sound)
    }

    fn voice(&mut self, model: &'static str) -> Result<&mut (dyn Synthesizer + 'static)> {
        let place = match self.open.iter().position(|(name, _)| *name == model) {
            Some(place) => place,
            None => {
                let line = ForLine { rate: SAMPLE_RATE, ..ForLine::default() };
                self.open.push((model, Box::new(line.voice(open::synthesizer(self.store, model)?)?)));
                self.open.len() - 1
            }
        };
        let voice = self.open.get_mut(place).map(|(_, voice)| voice.as_mut());
        voice.ok_or_else(|| switchhook_models::Error::Input(format!("the voice `{model}` was not kept")))
    }
}
