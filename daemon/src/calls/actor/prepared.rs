//! A sentence that is made before it is known whether it will be said: if it is, its sound, or what there is of it, is there at once.

use switchhook_models::Cancel;

use crate::speech::{Pace, Sound};

/// A sentence on its way, or made. Whoever drops it stops the engine.
pub(super) struct Prepared {
    text: String,
    pace: Pace,
    job: u64,
    cancel: Option<Cancel>,
    sound: Sound,
    complete: bool,
}

/// What is there of a sentence whose turn has come.
pub(super) struct Begun {
    /// Further pieces come from the job of this number.
    pub(super) job: u64,
    pub(super) sound: Sound,
    /// Stops that job; `None` if everything is there.
    pub(super) goes_on: Option<Cancel>,
}

impl Prepared {
    /// This sentence, which the job of this number makes.
    pub(super) fn new(text: String, pace: Pace, job: u64, cancel: Cancel) -> Self {
        Self { text, pace, job, cancel: Some(cancel), sound: Sound::new(), complete: false }
    }

    /// Whether it is this sentence, spoken so fast.
    pub(super) fn is(&self, text: &str, pace: Pace) -> bool {
        self.text == text && self.pace == pace
    }

    /// Whether the job of this number makes it.
    pub(super) fn is_made_by(&self, job: u64) -> bool {
        self.job == job
    }

    /// The next piece; `None` when the sentence is complete.
    pub(super) fn piece(&mut self, piece: Option<Sound>) {
        match piece {
            Some(piece) => self.sound.extend(piece),
            None => self.complete = true,
        }
    }

    /// Its turn has come.
    pub(super) fn begin(mut self) -> Begun {
        let cancel = self.cancel.take();
        Begun { job: self.job, sound: std::mem::take(&mut self.sound), goes_on: cancel.filter(|_| !self.complete) }
    }
}

impl Drop for Prepared {
    fn drop(&mut self) {
        if let Some(cancel) = &self.cancel {
            cancel.cancel();
        }
    }
}
