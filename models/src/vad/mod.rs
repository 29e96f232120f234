//! Voice activity: is somebody speaking in this instant?

pub mod narrow;
pub mod silero;

use crate::Result;

/// Samples in one window at 16 kHz: 32 ms.
pub const WINDOW: usize = 512;

/// Tells speech from everything else, window by window. One value follows one stream of audio.
pub trait VoiceActivity: Send {
    /// The probability in `[0, 1]` that `window` (16 kHz, continuing the window before it) holds speech.
    ///
    /// # Errors
    /// Only if inference fails.
    fn push(&mut self, window: &[f32; WINDOW]) -> Result<f32>;

    /// Forget the stream so far.
    fn reset(&mut self);

    /// One more detector, for another stream from its beginning, over the same weights.
    fn stream(&self) -> Box<dyn VoiceActivity>;
}
