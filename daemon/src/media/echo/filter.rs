//! An echo's path, in partitions of a frame: what of each frame of the last 400 ms comes back.

use std::collections::VecDeque;
use std::sync::Arc;

use realfft::num_complex::Complex;
use realfft::{ComplexToReal, RealFftPlanner, RealToComplex};

use super::Block;
use crate::media::frame::FRAME_SAMPLES;

/// Two frames pass the transform together, so that nothing wraps around (overlap-save).
const LENGTH: usize = 2 * FRAME_SAMPLES;
const BINS: usize = FRAME_SAMPLES + 1;
/// The filter reaches so many frames back: 400 ms hold the way there and back and the hybrid's ringing.
pub(super) const REACH: usize = 20;
/// Of an error, so much is learned at once. More than 1 learns noise.
const STEP: f32 = 0.5;
/// A partition in which nothing was found yet learns at least so much of what the best one does.
const LEAST_SHARE: f32 = 0.1;
/// Keeps quiet bins from being learned from: the power of -66 dB in a bin.
const FLOOR: f32 = 2.5e-7 * LENGTH as f32;

pub(super) type Spectrum = [Complex<f32>; BINS];

const NOTHING: Spectrum = [Complex { re: 0.0, im: 0.0 }; BINS];

/// To spectra and back.
pub(super) struct Transform {
    there: Arc<dyn RealToComplex<f32>>,
    back: Arc<dyn ComplexToReal<f32>>,
    scratch: Vec<Complex<f32>>,
}

/// What was sent: spectra of a frame and the one before it, the newest first.
pub(super) struct Past {
    last: Block,
    spectra: VecDeque<Spectrum>,
    /// The mean squares of the frames.
    powers: VecDeque<f32>,
}

/// What comes back of what was sent, partition by partition.
#[derive(Clone)]
pub(super) struct Filter {
    partitions: Vec<Spectrum>,
    /// The partition that is next to be made causal.
    next: usize,
}

impl Transform {
    pub(super) fn new() -> Self {
        let mut planner = RealFftPlanner::new();
        let (there, back) = (planner.plan_fft_forward(LENGTH), planner.plan_fft_inverse(LENGTH));
        let scratch = there.get_scratch_len().max(back.get_scratch_len());
        Self { there, back, scratch: vec![Complex::default(); scratch] }
    }

    fn forward(&mut self, mut samples: [f32; LENGTH]) -> Spectrum {
        let mut spectrum = NOTHING;
        let scratch = self.scratch.get_mut(..self.there.get_scratch_len()).unwrap_or_default();
        // Lengths are those of the plan: it cannot fail, and silence is a spectrum, too.
        let _ = self.there.process_with_scratch(&mut samples, &mut spectrum, scratch);
        spectrum
    }

    fn backward(&mut self, mut spectrum: Spectrum) -> [f32; LENGTH] {
        let mut samples = [0.0; LENGTH];
        // Rounding leaves a trace where real signals have none, and the plan refuses that.
        spectrum[0].im = 0.0;
        spectrum[BINS - 1].im = 0.0;
        let scratch = self.scratch.get_mut(..self.back.get_scratch_len()).unwrap_or_default();
        let _ = self.back.process_with_scratch(&mut spectrum, &mut samples, scratch);
        samples.map(|sample| sample / LENGTH as f32)
    }

    /// The spectrum of what a filter left.
    pub(super) fn of_error(&mut self, left: &Block) -> Spectrum {
        self.forward(pair(&[0.0; FRAME_SAMPLES], left))
    }
}

impl Past {
    pub(super) fn new() -> Self {
        let spectra = VecDeque::from(vec![NOTHING; REACH]);
        Self { last: [0.0; FRAME_SAMPLES], spectra, powers: VecDeque::from(vec![0.0; REACH]) }
    }

    pub(super) fn push(&mut self, transform: &mut Transform, block: &Block) {
        let spectrum = transform.forward(pair(&self.last, block));
        self.spectra.truncate(REACH - 1);
        self.spectra.push_front(spectrum);
        self.powers.truncate(REACH - 1);
        self.powers.push_front(super::power(block));
        self.last = *block;
    }

    /// The mean square of the loudest frame within the filter's reach.
    pub(super) fn power(&self) -> f32 {
        self.powers.iter().copied().fold(0.0, f32::max)
    }
}

impl Filter {
    pub(super) fn new() -> Self {
        Self { partitions: vec![NOTHING; REACH], next: 0 }
    }

    /// What of the past comes back in the frame of now.
    pub(super) fn echo(&self, transform: &mut Transform, past: &Past) -> Block {
        let mut sum = NOTHING;
        for (partition, sent) in self.partitions.iter().zip(&past.spectra) {
            for ((sum, weight), sent) in sum.iter_mut().zip(partition).zip(sent) {
                *sum += weight * sent;
            }
        }
        let samples = transform.backward(sum);
        std::array::from_fn(|at| samples[FRAME_SAMPLES + at])
    }

    /// Learn from what was left.
    pub(super) fn learn(&mut self, transform: &mut Transform, past: &Past, error: &Spectrum) {
        let shares = self.shares();
        let mut power = [FLOOR; BINS];
        for (sent, share) in past.spectra.iter().zip(&shares) {
            for (power, sent) in power.iter_mut().zip(sent) {
                *power += share * sent.norm_sqr();
            }
        }
        for ((partition, sent), share) in self.partitions.iter_mut().zip(&past.spectra).zip(&shares) {
            for (((weight, sent), error), power) in partition.iter_mut().zip(sent).zip(error).zip(&power) {
                *weight += sent.conj() * error * (STEP * share / power);
            }
        }
        // A partition that is not causal wraps around. One of them in turn is cut to its frame: all at once would cost forty transforms.
        if let Some(partition) = self.partitions.get_mut(self.next) {
            let mut response = transform.backward(*partition);
            response[FRAME_SAMPLES..].fill(0.0);
            *partition = transform.forward(response);
        }
        self.next = (self.next + 1) % REACH;
    }

    /// How much each partition learns: most where most was found. Their mean is 1.
    fn shares(&self) -> [f32; REACH] {
        let mut sizes = [0.0; REACH];
        for (size, partition) in sizes.iter_mut().zip(&self.partitions) {
            *size = partition.iter().map(Complex::norm_sqr).sum::<f32>().sqrt();
        }
        let most = sizes.iter().copied().fold(0.0, f32::max);
        if most <= 0.0 {
            return [1.0; REACH];
        }
        let raised = sizes.map(|size| size + LEAST_SHARE * most);
        let mean = raised.iter().sum::<f32>() / REACH as f32;
        raised.map(|size| size / mean)
    }
}

fn pair(first: &Block, second: &Block) -> [f32; LENGTH] {
    std::array::from_fn(|at| if at < FRAME_SAMPLES { first[at] } else { second[at - FRAME_SAMPLES] })
}
