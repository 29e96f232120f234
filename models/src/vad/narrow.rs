//! Voice activity on telephone sound: 8 kHz in, window by window.
//!
//! The detectors here hear 16 kHz. Sound of 8 kHz is brought there as it streams ([`crate::audio::resample`]), at most 5 ms later; a detector
//! that is fed 8 kHz as if it were 16 hears another voice, and says nothing of it. Silero has weights for 8 kHz too. They tell no better: of
//! the windows of 57 clips they decide 98.7 % as the others do at 16 kHz, the upsampled path 98.8 %; in a street's noise
//! at 10 dB 98.4 and 97.6 % (`docs/performance.md`). So there is one set of weights, and one decision whatever the line.

use super::{VoiceActivity, WINDOW};
use crate::Result;
use crate::audio::resample::Resampler;

/// Samples in one window at 8 kHz: 32 ms.
pub const NARROW_WINDOW: usize = 256;

const NARROW: u32 = 8_000;
const WIDE: u32 = 16_000;

/// A detector for a stream of 8 kHz.
pub struct Narrow {
    detector: Box<dyn VoiceActivity>,
    upsample: Resampler,
    /// At 16 kHz; at most two windows.
    pending: Vec<f32>,
    probability: f32,
}

impl Narrow {
    /// Let `detector` hear a stream of 8 kHz from its beginning.
    ///
    /// # Errors
    /// If the two rates cannot be converted, which they can.
    pub fn new(mut detector: Box<dyn VoiceActivity>) -> Result<Self> {
        detector.reset();
        Ok(Self { detector, upsample: Resampler::new(NARROW, WIDE)?, pending: Vec::with_capacity(2 * WINDOW), probability: 0.0 })
    }

    /// The probability in `[0, 1]` that `window` (8 kHz, continuing the window before it) holds speech.
    ///
    /// # Errors
    /// Only if inference fails.
    pub fn push(&mut self, window: &[f32; NARROW_WINDOW]) -> Result<f32> {
        // Nothing that is no number may stay in the filter.
        let sound = window.map(|sample| if sample.is_finite() { sample.clamp(-1.0, 1.0) } else { 0.0 });
        self.upsample.push(&sound, &mut self.pending);
        while let Some((window, _)) = self.pending.split_first_chunk::<WINDOW>() {
            let window = *window;
            self.pending.drain(..WINDOW);
            self.probability = self.detector.push(&window)?;
        }
        Ok(self.probability)
    }

    /// Forget the stream so far.
    ///
    /// # Errors
    /// As [`Narrow::new`].
    pub fn reset(&mut self) -> Result<()> {
        self.detector.reset();
        self.upsample = Resampler::new(NARROW, WIDE)?;
        self.pending.clear();
        self.probability = 0.0;
        Ok(())
    }
}
