//! End of turn: somebody fell silent; have they finished, or are they thinking?
//!
//! Silence alone tells late: who waits half a second for every answer is slow, who waits less cuts people off in the middle of a number.
//! A model that hears how the last words were said can tell at the first pause.

pub mod smart_turn;

use crate::{Cancel, Result};

/// The rate of the audio, in samples per second. Audio of another rate must be converted ([`crate::audio::resample`]) before it comes here:
/// at the wrong rate a model hears another voice, and answers with no sign of it.
pub const RATE: u32 = 16_000;

/// Tells whether a speaker has finished. Holds weights only: an answer depends on nothing but its audio, and one value serves any number of
/// threads.
pub trait TurnDetector: Send + Sync {
    /// The probability in `[0, 1]` that whoever spoke has finished.
    ///
    /// `turn` is mono at 16 kHz: the turn from its beginning, or from a moment before it, to now, with the silence that raised the
    /// question (200 ms of it is usual). Of a long turn only the last seconds are heard.
    ///
    /// # Errors
    /// [`crate::Error::Input`] if there is no audio, or it holds a value that is no number; [`crate::Error::Cancelled`] within one layer of `cancel`.
    fn finished(&self, turn: &[f32], cancel: &Cancel) -> Result<f32>;
}
