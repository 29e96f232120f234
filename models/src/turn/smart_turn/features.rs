//! What smart-turn hears: the last 8 s of a turn, at the same loudness always, as Whisper's spectrogram.

use std::time::Duration;

use candle_core::Tensor;

use crate::audio::mel::{HOP, LogMel, RATE};
use crate::{Error, Result};

/// How much of a turn is heard: its end. A shorter one has silence before it.
pub const HEARD: Duration = Duration::from_secs(8);
/// Frames of the spectrogram, 10 ms each.
pub(super) const FRAMES: usize = SAMPLES / HOP;
const SAMPLES: usize = HEARD.as_secs() as usize * RATE;
/// Samples beyond the end that the last frame sees; they mirror those before it.
const MIRRORED: usize = 40;
/// Added to the variance before its root is taken.
const EPSILON: f64 = 1e-7;

/// Computes what the encoder is given. Holds tables only.
pub(super) struct Features {
    mel: LogMel,
}

impl Features {
    pub(super) fn new() -> Self {
        Self { mel: LogMel::new() }
    }

    /// Shape `[FRAMES, 80]`.
    pub(super) fn compute(&self, turn: &[f32]) -> Result<Tensor> {
        if turn.is_empty() {
            return Err(Error::Input("a turn without audio was to be judged".to_owned()));
        }
        self.mel.compute(&heard(turn), FRAMES)
    }
}

/// The last [`SAMPLES`] of `turn`, with silence before them if they are fewer, brought to mean 0 and variance 1; then the mirrored end.
fn heard(turn: &[f32]) -> Vec<f32> {
    let last = &turn[turn.len().saturating_sub(SAMPLES)..];
    let count = SAMPLES as f64;
    let mean = last.iter().map(|sample| f64::from(*sample)).sum::<f64>() / count;
    let silence = SAMPLES - last.len();
    let squares = last.iter().map(|sample| (f64::from(*sample) - mean).powi(2)).sum::<f64>() + silence as f64 * mean * mean;
    let scale = 1.0 / (squares / count + EPSILON).sqrt();
    let normal = |sample: f32| ((f64::from(sample) - mean) * scale) as f32;
    let mut heard = Vec::with_capacity(SAMPLES + MIRRORED);
    heard.resize(silence, normal(0.0));
    heard.extend(last.iter().map(|sample| normal(*sample)));
    heard.extend_from_within(SAMPLES - 1 - MIRRORED..SAMPLES - 1);
    heard[SAMPLES..].reverse();
    heard
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;

    fn ramp(samples: usize) -> Vec<f32> {
        (0..samples).map(|i| ((i * 7919) % 1000) as f32 / 1000.0 - 0.3).collect()
    }

    #[test]
    fn only_the_last_eight_seconds_are_heard() {
        let long = ramp(SAMPLES + 12_345);
        assert_eq!(heard(&long), heard(&long[12_345..]));
    }

    #[test]
    fn silence_stands_before_a_short_turn_and_not_behind_it() {
        let turn = ramp(1_000);
        let padded = [vec![0.0; SAMPLES - 1_000], turn.clone()].concat();
        assert_eq!(heard(&turn), heard(&padded));
    }

    #[test]
    fn loudness_and_offset_do_not_count() {
        let turn = ramp(SAMPLES);
        let louder: Vec<f32> = turn.iter().map(|sample| 0.25 * sample + 0.1).collect();
        let worst = heard(&turn).iter().zip(heard(&louder)).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
        assert!(worst < 1e-3, "{worst}");
    }

    #[test]
    fn the_end_is_mirrored_without_its_last_sample() {
        let heard = heard(&ramp(SAMPLES));
        assert_eq!(heard.len(), SAMPLES + MIRRORED);
        for i in 0..MIRRORED {
            assert!((heard[SAMPLES + i] - heard[SAMPLES - 2 - i]).abs() < f32::EPSILON, "{i}");
        }
    }

    #[test]
    fn no_audio_and_values_that_are_no_numbers_are_refused() {
        assert!(matches!(Features::new().compute(&[]), Err(Error::Input(_))));
        for odd in [f32::NAN, f32::INFINITY] {
            assert!(matches!(Features::new().compute(&[0.1, odd]), Err(Error::Input(_))), "{odd}");
        }
    }
}
