//! A voice: from a sentence to its first sound, and to the last.

use std::ops::ControlFlow;
use std::time::{Duration, Instant};

use switchhook_models::catalog::Store;
use switchhook_models::tts::Synthesizer;
use switchhook_models::{Cancel, Error, Result, open};

use crate::cases::{Cases, Sentence};
use crate::worker::{Bench, Figure, Operation};

pub struct Sentences {
    model: String,
    voice: Box<dyn Synthesizer>,
    sentences: Vec<Sentence>,
}

impl Sentences {
    pub fn open(store: &Store, model: &str) -> Result<Self> {
        let voice = open::synthesizer(store, model)?;
        Ok(Self { model: model.to_owned(), voice, sentences: Cases::read()?.sentences })
    }
}

impl Bench for Sentences {
    fn model(&self) -> &str {
        &self.model
    }

    fn operations(&self) -> Vec<Operation> {
        let figure = |name: &str, what: &str| Figure::time(format!("{name} sentence, {what}"));
        let figures = |name: &str| vec![figure(name, "first sound"), figure(name, "whole")];
        self.sentences.iter().map(|Sentence { name, .. }| Operation { name: name.clone(), figures: figures(name) }).collect()
    }

    fn play(&mut self, operation: usize) -> Result<Vec<Duration>> {
        let text = &self.sentences[operation].text;
        let started = Instant::now();
        let mut first = None;
        self.voice.speak(text, &Cancel::new(), &mut |_| {
            first.get_or_insert_with(|| started.elapsed());
            ControlFlow::Continue(())
        })?;
        let whole = started.elapsed();
        let first = first.ok_or_else(|| Error::Input(format!("the voice was silent: `{text}`")))?;
        Ok(vec![first, whole])
    }
}
