//! End of turn: one judgement of the longest turn. Every turn costs the same: 8 s are heard.

use std::time::{Duration, Instant};

use switchhook_models::catalog::{Store, Task};
use switchhook_models::turn::TurnDetector;
use switchhook_models::{Cancel, Error, Locale, Result, open};

use crate::cases::Cases;
use crate::worker::{Bench, Figure, Operation};

pub struct Pauses {
    model: String,
    detector: Box<dyn TurnDetector>,
    sound: Vec<f32>,
}

impl Pauses {
    pub fn open(store: &Store) -> Result<Self> {
        let model = open::default_model(store, Task::EndOfTurn, Locale::En)?;
        let detector = open::turn_detector(store, &model)?;
        let turns = Cases::read()?.turns;
        let longest = turns.last().ok_or_else(|| Error::Input("benches/cases.toml has no turns".to_owned()))?;
        Ok(Self { model, detector, sound: longest.sound()? })
    }
}

impl Bench for Pauses {
    fn model(&self) -> &str {
        &self.model
    }

    fn operations(&self) -> Vec<Operation> {
        let name = "judgement".to_owned();
        vec![Operation { name: name.clone(), figures: vec![Figure::time(name)] }]
    }

    fn play(&mut self, _: usize) -> Result<Vec<Duration>> {
        let started = Instant::now();
        std::hint::black_box(self.detector.finished(&self.sound, &Cancel::new())?);
        Ok(vec![started.elapsed()])
    }
}
