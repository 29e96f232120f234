//! From spectrum parameters and pitch to sound.
//!
//! A train of pulses at the pitch is transformed frame by frame (1200 samples, every 300, Hann window), each bin is turned and scaled as
//! the network says, noise and a free part are added, and the inverse transforms are added where they overlap:
//! `S = exp(harmonic) e^(i pi tanh turn) E + exp(noise) Z + exp(free) e^(i phase)`. The sum over a whole piece comes out block by block.

use std::ops::Range;
use std::sync::Arc;

use rayon::prelude::*;
use realfft::num_complex::Complex32;
use realfft::{ComplexToReal, RealFftPlanner, RealToComplex};

use super::decoder::PARAMETERS;
use crate::kernels::waves::{self, FrameSpectrum};

/// Hertz.
pub(super) const SAMPLE_RATE: u32 = 24_000;
/// Samples from one frame to the next: 12.5 ms.
pub(super) const HOP: usize = 300;
const WINDOW: usize = 4 * HOP;
/// Bins of a frame's spectrum.
pub(super) const BINS: usize = WINDOW / 2 + 1;
/// Below this pitch there is no voice, in hertz.
const VOICED: f32 = 40.0;
/// Harmonics go up to here, in hertz.
const HIGHEST: f32 = 11_000.0;

/// The transforms and their windows.
pub(super) struct Vocoder {
    forward: Arc<dyn RealToComplex<f32>>,
    inverse: Arc<dyn ComplexToReal<f32>>,
    window: Vec<f32>,
}

/// A piece on its way to sound.
pub(super) struct Piece {
    frames: usize,
    /// The pulses, with half a window mirrored at both ends.
    pulses: Vec<f32>,
    /// The noise of frame `n` follows from this and `n`; without it there is no noise.
    seed: Option<u32>,
    /// What frames so far have added beyond the sound that was given out.
    tail: Vec<f32>,
    done: usize,
}

impl Vocoder {
    pub fn new() -> Self {
        let mut planner = RealFftPlanner::new();
        let turn = |i: usize| std::f64::consts::TAU * i as f64 / WINDOW as f64;
        Self {
            forward: planner.plan_fft_forward(WINDOW),
            inverse: planner.plan_fft_inverse(WINDOW),
            window: (0..WINDOW).map(|i| (0.5 - 0.5 * turn(i).cos()) as f32).collect(),
        }
    }

    /// Begin a piece with this pitch per frame.
    pub fn piece(&self, pitch: &[f32], seed: Option<u32>) -> Piece {
        let pulses = pulses(pitch);
        let half = WINDOW / 2;
        let mirrored = |i: usize| pulses.get(i).or(pulses.last()).copied().unwrap_or_default();
        let before = (1..=half).rev().map(mirrored);
        let after = (1..=half).map(|i| pulses.len().checked_sub(1 + i).map_or(0.0, mirrored));
        let padded = before.chain(pulses.iter().copied()).chain(after).collect();
        Piece { frames: pitch.len(), pulses: padded, seed, tail: vec![0.0; WINDOW - HOP], done: 0 }
    }

    /// The sound that the next frames complete, given their `parameters`. The whole piece yields `frames * HOP` samples.
    pub fn sound(&self, piece: &mut Piece, parameters: &[f32]) -> Vec<f32> {
        let frames = piece.done..(piece.done + parameters.len() / PARAMETERS).min(piece.frames);
        let waves = self.waves(piece, frames.clone(), parameters);
        let mut sum = std::mem::take(&mut piece.tail);
        sum.resize(frames.len() * HOP + WINDOW - HOP, 0.0);
        for (i, wave) in waves.chunks_exact(WINDOW).enumerate() {
            waves::add_windowed(wave, &self.window, &mut sum[i * HOP..i * HOP + WINDOW]);
        }
        piece.done = frames.end;
        if frames.end < piece.frames {
            piece.tail = sum.split_off(frames.len() * HOP);
        } else {
            sum.truncate((frames.len() + 2) * HOP);
        }
        self.level(&mut sum, frames.start, piece.frames);
        sum.drain(..(2 * HOP).saturating_sub(frames.start * HOP).min(sum.len()));
        sum
    }

    /// The inverse transforms of frames, [`WINDOW`] samples each.
    fn waves(&self, piece: &Piece, frames: Range<usize>, parameters: &[f32]) -> Vec<f32> {
        let mut waves = vec![0.0; frames.len() * WINDOW];
        let scratch = || (self.forward.make_output_vec(), self.forward.make_scratch_vec(), self.inverse.make_scratch_vec());
        waves.par_chunks_mut(WINDOW).zip(parameters.par_chunks(PARAMETERS)).enumerate().for_each_init(
            scratch,
            |(bins, there, back), (i, (wave, parameters))| {
                self.frame(piece, frames.start + i, parameters, wave, bins, (there, back));
            },
        );
        waves
    }

    fn frame(
        &self,
        piece: &Piece,
        index: usize,
        parameters: &[f32],
        wave: &mut [f32],
        bins: &mut [Complex32],
        (there, back): (&mut [Complex32], &mut [Complex32]),
    ) {
        let scale = 1.0 / HOP as f32;
        let pulses = &piece.pulses[index * HOP..index * HOP + WINDOW];
        for ((out, x), w) in wave.iter_mut().zip(pulses).zip(&self.window) {
            *out = x * w * scale;
        }
        // The lengths are those of the plans, so neither transform can fail.
        let _ = self.forward.process_with_scratch(wave, bins, there);
        let part = |n: usize| &parameters[n * BINS..(n + 1) * BINS];
        let spectrum = FrameSpectrum { harmonic: part(0), turn: part(1), noise: part(2), free: part(3), phase: part(4) };
        let seed = piece.seed.map(|seed| seed.wrapping_add((index as u32).wrapping_mul(2 * BINS as u32)));
        waves::shape_spectrum(spectrum, seed, bins);
        // A real signal has real ends.
        bins[0].im = 0.0;
        bins[BINS - 1].im = 0.0;
        let _ = self.inverse.process_with_scratch(bins, wave, back);
    }

    /// Divide by the windows' squares that overlap, and by the transform's length.
    fn level(&self, sum: &mut [f32], first: usize, frames: usize) {
        for (block, samples) in (first..).zip(sum.chunks_mut(HOP)) {
            let overlapping = (0..4).filter(|k| block.checked_sub(*k).is_some_and(|frame| frame < frames));
            let offsets: Vec<usize> = overlapping.map(|k| k * HOP).collect();
            for (i, sample) in samples.iter_mut().enumerate() {
                let weight: f32 = offsets.iter().map(|o| self.window[o + i] * self.window[o + i]).sum();
                *sample /= weight.max(1e-11) * WINDOW as f32;
            }
        }
    }
}

/// The pulse train of a pitch curve, [`HOP`] samples per frame, the pitch interpolated between frames' middles.
fn pulses(pitch: &[f32]) -> Vec<f32> {
    let length = pitch.len() * HOP;
    let mut pitches = Vec::with_capacity(length);
    for k in 0..pitch.len() {
        let (before, here, after) = (pitch[k.saturating_sub(1)], pitch[k], pitch[(k + 1).min(pitch.len() - 1)]);
        for j in 0..HOP {
            let place = (j as f32 + 0.5) / HOP as f32;
            pitches.push(if j < HOP / 2 {
                before * (0.5 - place) + here * (0.5 + place)
            } else {
                here * (1.5 - place) + after * (place - 0.5)
            });
        }
    }
    let voiced: Vec<bool> = pitches.iter().map(|f| *f > VOICED).collect();
    let mut turned = 0.0_f64;
    let phases: Vec<f64> = pitches
        .iter_mut()
        .map(|f| {
            *f = f.max(VOICED);
            turned += f64::from(*f) / f64::from(SAMPLE_RATE);
            turned -= turned.floor();
            turned
        })
        .collect();
    let mut out = vec![0.0; length];
    waves::pulse_train(&phases, &pitches, HIGHEST, &mut out);
    for (sample, voiced) in out.iter_mut().zip(voiced) {
        if !voiced {
            *sample = 0.0;
        }
    }
    out
}
