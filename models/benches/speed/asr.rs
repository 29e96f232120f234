//! Recognition: from a whole turn to its words.

use std::time::{Duration, Instant};

use switchhook_models::asr::Recognizer;
use switchhook_models::catalog::Store;
use switchhook_models::{Cancel, Error, Language, Result, open};

use crate::cases::{Cases, Turn};
use crate::worker::{Bench, Figure, Operation};

pub struct Turns {
    model: String,
    recognizer: Box<dyn Recognizer>,
    turns: Vec<(Turn, Vec<f32>)>,
}

impl Turns {
    pub fn open(store: &Store, model: String) -> Result<Self> {
        let recognizer = open::recognizer(store, &model)?;
        let mut turns = Vec::new();
        for turn in Cases::read()?.turns {
            let sound = turn.sound()?;
            turns.push((turn, sound));
        }
        Ok(Self { model, recognizer, turns })
    }
}

impl Bench for Turns {
    fn model(&self) -> &str {
        &self.model
    }

    fn operations(&self) -> Vec<Operation> {
        let name = |turn: &Turn| format!("turn of {} s", turn.seconds);
        self.turns.iter().map(|(turn, _)| Operation { name: name(turn), figures: vec![Figure::time(name(turn))] }).collect()
    }

    fn play(&mut self, operation: usize) -> Result<Vec<Duration>> {
        let (turn, sound) = &self.turns[operation];
        let started = Instant::now();
        let heard = self.recognizer.transcribe(sound, Some(Language::En), &Cancel::new())?;
        let time = started.elapsed();
        if heard.text.is_empty() {
            return Err(Error::Input(format!("no words were heard in the turn of {} s: its time means nothing", turn.seconds)));
        }
        Ok(vec![time])
    }
}
