//! Speaking: from text to sound, sentence by sentence.

pub mod hibari;

use std::ops::ControlFlow;

use crate::{Cancel, Result};

/// Turns text into speech. One value serves one job at a time.
pub trait Synthesizer: Send {
    /// The rate of the sound that [`Synthesizer::speak`] yields, in hertz.
    fn sample_rate(&self) -> u32;

    /// Speak `text` (plain text: no markup; at most 2,000 characters). Sound is handed to `sink` as soon as a sentence is ready, in
    /// order, mono `f32` at [`Synthesizer::sample_rate`]; `sink` may break off.
    ///
    /// # Errors
    /// [`crate::Error::Cancelled`] after `cancel`; [`crate::Error::Input`] if the text is too long.
    fn speak(&mut self, text: &str, cancel: &Cancel, sink: &mut dyn FnMut(&[f32]) -> ControlFlow<()>) -> Result<()>;
}
