//! One frame of sound.

use std::time::Duration;

/// Samples per second on every line.
pub const SAMPLE_RATE: u32 = 8_000;
/// Samples in one frame.
pub const FRAME_SAMPLES: usize = 160;
/// How long one frame lasts.
pub const FRAME: Duration = Duration::from_millis(20);

/// 20 ms of mono sound at 8 kHz, 16-bit linear.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Frame(pub [i16; FRAME_SAMPLES]);

impl Frame {
    /// 20 ms of digital silence.
    pub const SILENCE: Self = Self([0; FRAME_SAMPLES]);

    /// A frame from up to 160 samples; what is missing is silence.
    #[must_use]
    pub fn padded(samples: &[i16]) -> Self {
        let mut frame = Self::SILENCE;
        let n = samples.len().min(FRAME_SAMPLES);
        frame.0[..n].copy_from_slice(&samples[..n]);
        frame
    }

    /// The frame's level in dB below full scale; `-inf` for digital silence.
    #[must_use]
    pub fn dbfs(&self) -> f32 {
        let power = self.0.iter().map(|&s| f32::from(s) * f32::from(s)).sum::<f32>() / FRAME_SAMPLES as f32;
        10.0 * (power / (32_768.0 * 32_768.0)).log10()
    }
}

impl std::fmt::Debug for Frame {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Frame({:.1} dBFS)", self.dbfs())
    }
}
