//! The log-mel spectrogram that Whisper was trained on: 400-sample Hann windows every 160 samples, 80 bands on Slaney's mel scale,
//! logarithms clamped to 8 decades (80 dB) below the loudest and brought to about `[-1, 1]`.
//!
//! Source: A. Radford et al., *Robust speech recognition via large-scale weak supervision*, 2022, section 2.2; the mel scale is that of
//! M. Slaney's *Auditory Toolbox*, 1998, with triangles of equal area.

use std::f32::consts::PI;
use std::sync::Arc;

use candle_core::{Device, Tensor};
use realfft::num_complex::Complex32;
use realfft::{RealFftPlanner, RealToComplex};

use crate::{Error, Result};

/// The rate of the audio, in samples per second.
pub const RATE: usize = 16_000;
/// Samples from one frame to the next: 10 ms.
pub const HOP: usize = 160;
/// Frequency bands.
pub const BANDS: usize = 80;
/// Samples that a frame sees.
const WINDOW: usize = 400;
/// What silence is taken to be, before the logarithm.
const FLOOR: f32 = 1e-10;

/// Computes spectrograms. Holds tables only: a result depends on nothing but its audio.
pub struct LogMel {
    fft: Arc<dyn RealToComplex<f32>>,
    window: Vec<f32>,
    bands: Vec<Band>,
}

/// A triangle over the bins of the Fourier transform.
struct Band {
    first: usize,
    weights: Vec<f32>,
}

impl Default for LogMel {
    fn default() -> Self {
        Self::new()
    }
}

impl LogMel {
    /// Make the tables.
    #[must_use]
    pub fn new() -> Self {
        let window = (0..WINDOW).map(|i| 0.5 - 0.5 * (2.0 * PI * i as f32 / WINDOW as f32).cos()).collect();
        Self { fft: RealFftPlanner::new().plan_fft_forward(WINDOW), window, bands: bands() }
    }

    /// The spectrogram of `audio` (mono, 16 kHz) followed by silence, `frames` frames of 10 ms in all: shape `[frames, 80]`.
    ///
    /// Frames that hear nothing of the audio cost nothing.
    ///
    /// # Errors
    /// [`Error::Input`] if `frames` is zero, or if the audio holds a value that is no number.
    pub fn compute(&self, audio: &[f32], frames: usize) -> Result<Tensor> {
        if frames == 0 {
            return Err(Error::Input("a spectrogram of no frames was asked for".to_owned()));
        }
        if let Some(at) = audio.iter().position(|sample| !sample.is_finite()) {
            return Err(Error::Input(format!("sample {at} of the audio is {}, not a number", audio[at])));
        }
        let mut mel = vec![FLOOR.log10(); frames * BANDS];
        let heard = (audio.len() + WINDOW / 2).div_ceil(HOP).min(frames);
        let mut windowed = self.fft.make_input_vec();
        let mut spectrum = self.fft.make_output_vec();
        let mut scratch = self.fft.make_scratch_vec();
        for (frame, row) in mel.chunks_exact_mut(BANDS).take(heard).enumerate() {
            self.cut_out(audio, frame, &mut windowed);
            self.fft
                .process_with_scratch(&mut windowed, &mut spectrum, &mut scratch)
                .map_err(|fault| Error::Input(format!("Fourier transform: {fault}")))?;
            self.sum_bands(&spectrum, row);
        }
        let loudest = mel.iter().copied().fold(f32::MIN, f32::max);
        for value in &mut mel {
            *value = (value.max(loudest - 8.0) + 4.0) / 4.0;
        }
        Ok(Tensor::from_vec(mel, (frames, BANDS), &Device::Cpu)?)
    }

    /// The windowed samples around `frame`; before its start the audio is mirrored, after its end it is silent.
    fn cut_out(&self, audio: &[f32], frame: usize, windowed: &mut [f32]) {
        let start = frame * HOP;
        for (i, (out, weight)) in windowed.iter_mut().zip(&self.window).enumerate() {
            let place = (start + i).abs_diff(WINDOW / 2);
            *out = audio.get(place).map_or(0.0, |sample| sample * weight);
        }
    }

    fn sum_bands(&self, spectrum: &[Complex32], row: &mut [f32]) {
        let mut power = [0.0_f32; WINDOW / 2 + 1];
        for (power, bin) in power.iter_mut().zip(spectrum) {
            *power = bin.norm_sqr();
        }
        for (out, band) in row.iter_mut().zip(&self.bands) {
            let sum: f32 = band.weights.iter().zip(&power[band.first..]).map(|(weight, power)| weight * power).sum();
            *out = sum.max(FLOOR).log10();
        }
    }
}

/// Slaney's mel scale: linear below 1 kHz, logarithmic above.
fn mel_to_hertz(mel: f64) -> f64 {
    if mel < 15.0 { mel * 200.0 / 3.0 } else { 1000.0 * ((mel - 15.0) * 6.4_f64.ln() / 27.0).exp() }
}

fn bands() -> Vec<Band> {
    let nyquist = RATE as f64 / 2.0;
    let top = 15.0 + (nyquist / 1000.0).ln() * 27.0 / 6.4_f64.ln();
    let corner = |index: usize| mel_to_hertz(top * index as f64 / (BANDS + 1) as f64);
    (0..BANDS)
        .map(|band| {
            let (low, centre, high) = (corner(band), corner(band + 1), corner(band + 2));
            let weight = |bin: usize| {
                let hertz = bin as f64 * RATE as f64 / WINDOW as f64;
                let height = ((hertz - low) / (centre - low)).min((high - hertz) / (high - centre)).max(0.0);
                (height * 2.0 / (high - low)) as f32
            };
            let bins: Vec<usize> = (0..=WINDOW / 2).filter(|bin| weight(*bin) > 0.0).collect();
            Band { first: bins.first().copied().unwrap_or(0), weights: bins.iter().map(|bin| weight(*bin)).collect() }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn tone(hertz: f32, samples: usize) -> Vec<f32> {
        (0..samples).map(|i| 0.5 * (2.0 * PI * hertz * i as f32 / RATE as f32).sin()).collect()
    }

    #[test]
    fn a_tone_is_loudest_in_its_own_band() {
        let mel: Vec<Vec<f32>> = LogMel::new().compute(&tone(1000.0, RATE), 100).unwrap().to_vec2().unwrap();
        let loudest = mel[50].iter().enumerate().max_by(|a, b| a.1.total_cmp(b.1)).unwrap().0;
        let band = &bands()[loudest];
        let bin = 1000 * WINDOW / RATE;
        assert!((band.first..band.first + band.weights.len()).contains(&bin), "band {loudest}");
    }

    #[test]
    fn silence_after_the_audio_changes_no_frame_of_the_audio() {
        let audio = tone(440.0, 8000);
        let mel = LogMel::new();
        let short: Vec<Vec<f32>> = mel.compute(&audio, 50).unwrap().to_vec2().unwrap();
        let long: Vec<Vec<f32>> = mel.compute(&audio, 3000).unwrap().to_vec2().unwrap();
        assert_eq!(short, long[..50]);
    }

    #[test]
    fn empty_audio_is_silence_and_a_value_that_is_no_number_is_refused() {
        let mel: Vec<Vec<f32>> = LogMel::new().compute(&[], 4).unwrap().to_vec2().unwrap();
        assert!(mel.iter().flatten().all(|value| *value == -1.5));
        assert!(LogMel::new().compute(&[0.0, f32::NAN], 4).is_err());
        assert!(LogMel::new().compute(&[], 0).is_err());
    }
}
