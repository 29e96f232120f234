//! The excitation: a tone of the pitch with its harmonics, a breath of noise, and its spectrum every 5 samples (X. Wang et al.,
//! "Neural source-filter waveform models", 2020).
//!
//! Phases run on at 80 points a second and linearly between them, as the voice was trained. The published ONNX graph leaves the noise out;
//! the trained model has it, and so have we, fixed by a seed.

use super::spectrum::{BINS, HOP, Spectrum};
use super::weights::Weights;
use crate::Result;
use crate::kernels::waves::normal;

/// Samples of a frame of pitch.
pub(super) const FRAME: usize = 300;
/// In hertz.
pub(super) const SAMPLE_RATE: u32 = 24_000;
const HARMONICS: usize = 9;
/// Below this pitch there is no voice, in hertz.
const VOICED: f32 = 10.0;
/// The height of each harmonic.
const HEIGHT: f32 = 0.1;
/// The deviation of the noise in each harmonic, with voice and without.
const NOISE: [f32; 2] = [0.003, HEIGHT / 3.0];
/// Smaller than this, a bin of the spectrum is what rounding left, and has no phase. (Noise is far above it.)
const NOTHING: f32 = 1e-5;

/// How the harmonics are put together.
pub(super) struct Source {
    weights: Vec<f32>,
    bias: f32,
}

impl Source {
    pub fn load(w: &mut Weights) -> Result<Self> {
        let bias = w.vector("source.bias", 1)?;
        Ok(Self { weights: w.vector("source.weight", HARMONICS)?, bias: bias.first().copied().unwrap_or_default() })
    }

    /// The waves of a pitch curve, [`FRAME`] samples per frame. Without a seed there is no noise.
    pub fn wave(&self, pitch: &[f32], seed: Option<u32>) -> Vec<f32> {
        let mut noise = vec![0.0; pitch.len() * FRAME];
        if let Some(seed) = seed {
            normal(seed, &mut noise);
        }
        // Nine independent noises, weighted and added, are one of this deviation.
        let spread = self.weights.iter().map(|w| w * w).sum::<f32>().sqrt();
        let turns = turns(pitch);
        let mut out = noise;
        for (frame, samples) in out.chunks_exact_mut(FRAME).enumerate() {
            let voiced = pitch[frame] > VOICED;
            let deviation = NOISE[usize::from(!voiced)] * spread;
            for (j, sample) in samples.iter_mut().enumerate() {
                let tone = if voiced { self.tone(turn_at(&turns, frame * FRAME + j)) } else { 0.0 };
                *sample = (HEIGHT * tone + deviation * *sample + self.bias).tanh();
            }
        }
        out
    }

    /// All harmonics at one place of the fundamental, in turns: `sin n x` from the two before it.
    fn tone(&self, turn: f64) -> f32 {
        let (sine, cosine) = (turn.fract() * std::f64::consts::TAU).sin_cos();
        let (mut before, mut now, mut sum) = (0.0, sine, 0.0);
        for weight in &self.weights {
            sum += f64::from(*weight) * now;
            (before, now) = (now, 2.0 * cosine * now - before);
        }
        sum as f32
    }
}

/// The phase of the fundamental at the middle of each frame, in turns.
fn turns(pitch: &[f32]) -> Vec<f64> {
    let mut sum = 0.0;
    let step = |pitch: &f32| {
        // Whole turns each sample are none.
        sum += (f64::from(*pitch) / f64::from(SAMPLE_RATE)).rem_euclid(1.0) * FRAME as f64;
        sum
    };
    pitch.iter().map(step).collect()
}

/// The phase at a sample: linear between the middles of frames, level before the first and after the last.
fn turn_at(turns: &[f64], sample: usize) -> f64 {
    let place = ((sample as f64 + 0.5) / FRAME as f64 - 0.5).clamp(0.0, (turns.len() - 1) as f64);
    let before = place as usize;
    let (a, b) = (turns[before], turns[(before + 1).min(turns.len() - 1)]);
    a + (b - a) * (place - before as f64)
}

/// The wave's spectrum, a row of [`BINS`] magnitudes and as many phases every [`HOP`] samples; one row more than hops.
pub(super) fn spectrum(transform: &Spectrum, wave: &[f32]) -> Vec<f32> {
    let rows = wave.len() / HOP + 1;
    let mut out = Vec::with_capacity(rows * 2 * BINS);
    for bins in transform.forward(wave) {
        out.extend(bins.iter().map(|bin| bin.norm()));
        out.extend(bins.iter().map(|bin| if bin.norm() < NOTHING { 0.0 } else { bin.arg() }));
    }
    out
}
