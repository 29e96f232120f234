//! Voice activity: window after window of the longest turn.

use std::time::{Duration, Instant};

use switchhook_models::catalog::{Store, Task};
use switchhook_models::vad::{VoiceActivity, WINDOW};
use switchhook_models::{Error, Locale, Result, open};

use crate::cases::Cases;
use crate::worker::{Bench, Figure, Operation};

pub struct Stream {
    model: String,
    detector: Box<dyn VoiceActivity>,
    sound: Vec<f32>,
}

impl Stream {
    pub fn open(store: &Store) -> Result<Self> {
        let model = open::default_model(store, Task::VoiceActivity, Locale::En)?;
        let detector = open::voice_activity(store, &model)?;
        let turns = Cases::read()?.turns;
        let longest = turns.last().ok_or_else(|| Error::Input("benches/cases.toml has no turns".to_owned()))?;
        Ok(Self { model, detector, sound: longest.sound()? })
    }
}

impl Bench for Stream {
    fn model(&self) -> &str {
        &self.model
    }

    fn operations(&self) -> Vec<Operation> {
        let name = "window of 32 ms".to_owned();
        vec![Operation { name: name.clone(), figures: vec![Figure::time(name)] }]
    }

    /// The mean over the turn's windows.
    fn play(&mut self, _: usize) -> Result<Vec<Duration>> {
        self.detector.reset();
        let (windows, _) = self.sound.as_chunks::<WINDOW>();
        let started = Instant::now();
        for window in windows {
            std::hint::black_box(self.detector.push(window)?);
        }
        Ok(vec![started.elapsed().div_f64(windows.len() as f64)])
    }
}
