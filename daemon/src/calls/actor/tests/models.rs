//! Models that do as a test says: a caller's sound is a level, a level is a sentence, and a gate holds the recogniser back.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

use switchhook_models::asr::{Recognizer, Transcript};
use switchhook_models::llm::{Finish, Generate, LanguageModel, Message};
use switchhook_models::tts::{Manner, Synthesizer};
use switchhook_models::vad::{VoiceActivity, WINDOW};
use switchhook_models::{Cancel, Error, Language, Result};

use crate::media::{FRAME_SAMPLES, Frame};

/// A caller's sentence number `n` sounds at `n` times this above [`LEAST`].
pub(super) const STEP: i16 = 1_000;
/// Sentences are this loud at least: ears let nobody begin who is much softer than the one before.
const LEAST: i16 = 10_000;
/// The ears fail at this.
pub(super) const DEAFENING: i16 = 32_000;

/// What comes of a caller who speaks at this level.
pub(super) fn at_level(level: i16) -> Frame {
    Frame([if (1..LEAST).contains(&level) { LEAST + level } else { level }; FRAME_SAMPLES])
}

/// Holds jobs back until it is opened.
#[derive(Clone, Default)]
pub(super) struct Gate(Arc<(Mutex<bool>, Condvar)>);

impl Gate {
    pub(super) fn close(&self) {
        *self.0.0.lock().unwrap() = true;
    }

    pub(super) fn open(&self) {
        *self.0.0.lock().unwrap() = false;
        self.0.1.notify_all();
    }

    fn pass(&self, cancel: &Cancel) -> Result<()> {
        let mut closed = self.0.0.lock().unwrap();
        while *closed {
            cancel.check()?;
            closed = self.0.1.wait_timeout(closed, Duration::from_millis(2)).unwrap().0;
        }
        cancel.check()
    }
}

/// What the models know and did.
#[derive(Clone, Default)]
pub(super) struct Script {
    /// What is said at each level.
    pub(super) sentences: Arc<Mutex<BTreeMap<i16, String>>>,
    /// Every sentence that the voice was asked for.
    pub(super) spoken: Arc<Mutex<Vec<String>>>,
    /// How fast the voice is to speak.
    pub(super) speed: Arc<Mutex<Option<f32>>>,
    /// How often words were found.
    pub(super) heard: Arc<Mutex<usize>>,
    pub(super) hearing: Gate,
    pub(super) thinking: Gate,
    /// How often the language model began to think.
    pub(super) begun: Arc<Mutex<usize>>,
    /// How often it was stopped while it thought.
    pub(super) given_up: Arc<Mutex<usize>>,
}

impl Recognizer for Script {
    fn transcribe(&mut self, audio: &[f32], _language: Option<Language>, cancel: &Cancel) -> Result<Transcript> {
        self.hearing.pass(cancel)?;
        // Most of the loud part is flat; its edges ring. Of two sentences, the first is the softer.
        let mut loud: Vec<f32> = audio.iter().copied().filter(|sample| *sample > 0.15).collect();
        loud.sort_unstable_by(f32::total_cmp);
        let level = loud.get(loud.len() * 3 / 8).copied().unwrap_or_default();
        let level = ((level * 32_768.0 - f32::from(LEAST)) / f32::from(STEP)).round() as i16;
        let text = self.sentences.lock().unwrap().get(&level).cloned().unwrap_or_default();
        *self.heard.lock().unwrap() += 1;
        Ok(Transcript { text, language: Language::En, confidence: 1.0, span: Duration::ZERO..Duration::ZERO, words: Vec::new() })
    }
}

impl Synthesizer for Script {
    fn sample_rate(&self) -> u32 {
        8_000
    }

    fn set_manner(&mut self, manner: &Manner) -> Result<()> {
        *self.speed.lock().unwrap() = manner.speed;
        Ok(())
    }

    fn speak(&mut self, text: &str, cancel: &Cancel, sink: &mut dyn FnMut(&[f32]) -> ControlFlow<()>) -> Result<()> {
        self.spoken.lock().unwrap().push(text.to_owned());
        cancel.check()?;
        let _ = sink(&[0.5; 3_200]);
        Ok(())
    }
}

impl VoiceActivity for Script {
    fn push(&mut self, window: &[f32; WINDOW]) -> Result<f32> {
        let level = window.iter().sum::<f32>() / WINDOW as f32;
        if level > 0.9 {
            return Err(Error::Input("a deafening sound".into()));
        }
        Ok(if level > 0.01 { 1.0 } else { 0.0 })
    }

    fn reset(&mut self) {}

    fn stream(&self) -> Box<dyn VoiceActivity> {
        Box::new(self.clone())
    }
}

impl Script {
    /// Think until the gate is open, or until the answer is of no interest any more.
    fn thinks(&self, cancel: &Cancel) -> Result<()> {
        *self.begun.lock().unwrap() += 1;
        self.thinking.pass(cancel).inspect_err(|_| *self.given_up.lock().unwrap() += 1)
    }
}

impl LanguageModel for Script {
    /// A name in JSON: the last two words of what the caller said.
    fn generate(
        &mut self,
        chat: &[Message],
        _options: &Generate,
        cancel: &Cancel,
        sink: &mut dyn FnMut(&str) -> ControlFlow<()>,
    ) -> Result<Finish> {
        self.thinks(cancel)?;
        let words: Vec<&str> = chat.last().unwrap().content.split(' ').collect();
        let _ = sink(&format!("{{\"name\":\"{}\"}}", words[words.len() - 2..].join(" ")));
        Ok(Finish::EndOfTurn)
    }

    /// Whatever was said is about parking; a name is likelier than none.
    fn likelihoods(&mut self, chat: &[Message], answers: &[&str], cancel: &Cancel) -> Result<Vec<f32>> {
        self.thinks(cancel)?;
        let fits = chat.last().unwrap().content.to_lowercase().contains("parking");
        Ok(answers.iter().map(|answer| if answer.contains("null") || !(fits || answer.contains("name")) { -9.0 } else { -1.0 }).collect())
    }

    /// Nobody can tell.
    fn ends(&mut self, _before: &str, _said: &str, _cancel: &Cancel) -> Result<f32> {
        Err(Error::Input("it only chooses".into()))
    }

    fn length(&self, chat: &[Message]) -> Result<usize> {
        Ok(chat.len())
    }
}
