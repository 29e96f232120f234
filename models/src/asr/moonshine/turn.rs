//! A turn that is heard while it grows. A whole turn is one that grows at once: both take this way, so both come to the same text.

use std::sync::Arc;
use std::time::Duration;

use candle_core::Tensor;

use super::decoder::State;
use super::guards::{self, Evidence, Verdict};
use super::lead::Lead;
use super::stem::Heard;
use super::{LONGEST, Model, duration};
use crate::asr::grammar::views::{self, View};
use crate::asr::grammar::{Choice, Grammar};
use crate::asr::{Listening, Transcript};
use crate::audio::mel::RATE;
use crate::{Cancel, Error, Language, Result};

pub(super) struct Turn {
    model: Arc<Model>,
    audio: Vec<f32>,
    lead: Lead,
    /// Samples at the beginning that are silent and left out.
    skipped: usize,
    /// Of what is not left out.
    heard: Heard,
    /// What the encoder made of it for the last hypothesis, if it was enough for a single position.
    encoded: Option<Tensor>,
    /// The tokens of the last hypothesis, whether they were believed or not.
    draft: Vec<u32>,
    /// The probabilities of those tokens, and where the decoder stood after them.
    written: Option<(Vec<f32>, State)>,
    /// The last hypothesis, while no audio came since.
    concluded: Option<(Transcript, Evidence)>,
}

impl Turn {
    pub(super) fn begin(model: &Arc<Model>, language: Option<Language>) -> Result<Self> {
        match language {
            None | Some(Language::En) => {}
            Some(other) => {
                return Err(Error::Input(format!("Moonshine hears English only; for the language `{other}` use the model `whisper-base`")));
            }
        }
        Ok(Self {
            model: Arc::clone(model),
            audio: Vec::new(),
            lead: Lead::default(),
            skipped: 0,
            heard: Heard::default(),
            encoded: None,
            draft: Vec::new(),
            written: None,
            concluded: None,
        })
    }

    pub(super) fn hear(&mut self, frame: &[f32]) -> Result<()> {
        let samples = self.audio.len() + frame.len();
        if samples > LONGEST * RATE {
            let seconds = samples as f32 / RATE as f32;
            return Err(Error::Input(format!("a turn of {seconds:.1} s; at most {LONGEST} s can be recognised at once")));
        }
        if let Some(at) = frame.iter().position(|sample| !sample.is_finite()) {
            return Err(Error::Input(format!("sample {} of the audio is not a number", self.audio.len() + at)));
        }
        if frame.is_empty() {
            return Ok(());
        }
        self.concluded = None;
        self.audio.extend_from_slice(frame);
        let (known, skipped) = (self.skipped, self.lead.skipped(&self.audio));
        let Self { model, heard, audio, .. } = self;
        if skipped == known {
            return model.threads.install(|| model.stem.push(heard, frame));
        }
        (self.skipped, *heard) = (skipped, Heard::default());
        model.threads.install(|| model.stem.push(heard, &audio[skipped..]))
    }

    /// How long what is heard lasts.
    fn sounding(&self) -> Duration {
        duration(self.audio.len().saturating_sub(self.skipped))
    }

    pub(super) fn conclude(&mut self, cancel: &Cancel) -> Result<(Transcript, Evidence)> {
        cancel.check()?;
        if let Some(concluded) = &self.concluded {
            return Ok(concluded.clone());
        }
        let model = Arc::clone(&self.model);
        let concluded = model.threads.install(|| self.judge(&model, cancel))?;
        self.concluded = Some(concluded.clone());
        Ok(concluded)
    }

    /// As [`Turn::conclude`], with the times of the words.
    pub(super) fn whole(&mut self, cancel: &Cancel) -> Result<(Transcript, Evidence)> {
        let (mut transcript, evidence) = self.conclude(cancel)?;
        let Self { model, written: Some((probabilities, state)), draft, audio, skipped, .. } = &*self else {
            return Ok((transcript, evidence));
        };
        if !transcript.text.is_empty() {
            transcript.words = model.threads.install(|| model.words(draft, probabilities, state, (audio, *skipped), cancel))?;
        }
        Ok((transcript, evidence))
    }

    /// Write freely first, then within the grammar; a short turn twice.
    pub(super) fn choose(&mut self, grammar: &Grammar, cancel: &Cancel) -> Result<Choice> {
        let view = self.view(grammar, cancel)?;
        views::choose(grammar, guards::DOUBTED, &self.audio, view, |close| {
            let mut turn = Self::begin(&self.model, Some(Language::En))?;
            turn.hear(close)?;
            turn.view(grammar, cancel)
        })
    }

    /// What the turn says freely and within the grammar, unless its sound is none of a voice or its text goes in circles.
    fn view(&mut self, grammar: &Grammar, cancel: &Cancel) -> Result<Option<View>> {
        let (transcript, evidence) = self.conclude(cancel)?;
        let believed = match evidence.verdict() {
            Verdict::Words => true,
            Verdict::Doubt => false,
            Verdict::Silence | Verdict::Tones | Verdict::Steady | Verdict::Circles => return Ok(None),
        };
        let Some(written) = &evidence.text else { return Ok(None) };
        let log_probability = written.mean_log_probability * (written.tokens + 1) as f32;
        let Self { model, encoded: Some(encoded), .. } = &*self else { return Ok(None) };
        let found = model.threads.install(|| model.answers(encoded, self.sounding(), grammar, cancel))?;
        Ok(Some(View { transcript, believed, log_probability, found }))
    }

    fn judge(&mut self, model: &Model, cancel: &Cancel) -> Result<(Transcript, Evidence)> {
        let duration = duration(self.audio.len());
        let nothing =
            Transcript { text: String::new(), language: Language::En, confidence: 0.0, span: Duration::ZERO..duration, words: Vec::new() };
        let mut evidence = model.listen(&self.audio)?;
        if evidence.verdict() != Verdict::Words {
            return Ok((nothing, evidence));
        }
        self.encoded = model.encode(&self.heard, cancel)?;
        let encoded = self.encoded.as_ref();
        let written = encoded.map(|encoded| model.write(encoded, self.sounding(), &self.draft, cancel)).transpose()?;
        let (hypothesis, state) = written.map_or_else(Default::default, |(hypothesis, state)| (hypothesis, Some(state)));
        let text = model.tokens.spell(&hypothesis.tokens);
        evidence.add_text(&hypothesis, &text);
        self.draft = hypothesis.tokens;
        self.written = state.map(|state| (hypothesis.probabilities, state));
        if evidence.verdict() != Verdict::Words {
            return Ok((nothing, evidence));
        }
        Ok((Transcript { text, confidence: hypothesis.confidence, ..nothing }, evidence))
    }
}

impl Listening for Turn {
    fn push(&mut self, audio: &[f32]) -> Result<()> {
        self.hear(audio)
    }

    fn partial(&mut self, cancel: &Cancel) -> Result<Transcript> {
        Ok(self.conclude(cancel)?.0)
    }

    fn choose(&mut self, grammar: &Grammar, cancel: &Cancel) -> Result<Choice> {
        Turn::choose(self, grammar, cancel)
    }

    fn finish(mut self: Box<Self>, cancel: &Cancel) -> Result<Transcript> {
        Ok(self.whole(cancel)?.0)
    }
}
