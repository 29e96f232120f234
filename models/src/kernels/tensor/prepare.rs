//! What a model does to every frame before a convolution: adaptive instance normalisation and an activation, in one pass.
//!
//! Instance normalisation brings every channel to mean 0 and variance 1 over time; the adaptive kind (X. Huang and S. Belongie 2017) then
//! scales and shifts each channel as a style says. Both are one multiplication and one addition once the [`Moments`] are known.

#![allow(unsafe_code)]

use candle_core::{Result, Tensor, bail};

use super::share::{Shared, parallel, with_values};
use crate::kernels::waves::cos_turns;
use crate::kernels::wide::wide;

/// PyTorch's default for instance normalisation.
const EPSILON: f64 = 1e-5;
/// Frames whose moments are taken together, in `f32`; these are put together in `f64`, so that neither many frames nor a mean that is large
/// beside the variance cost precision, and the result does not depend on the number of threads.
const BLOCK: usize = 64;

/// Mean and variance of each channel over time.
pub struct Moments {
    mean: Vec<f64>,
    variance: Vec<f64>,
}

impl Moments {
    /// Of `x`, of shape `[frames, channels]`.
    ///
    /// # Errors
    /// If `x` has another shape, no frames, or is not `f32` on the CPU.
    pub fn of(x: &Tensor) -> Result<Self> {
        let (frames, channels) = x.dims2()?;
        if frames == 0 || channels == 0 {
            bail!("{frames} frames of {channels} channels have no mean");
        }
        with_values(x, |x| Ok(Self::of_values(x, channels)))
    }

    fn of_values(x: &[f32], channels: usize) -> Self {
        let blocks: Vec<&[f32]> = x.chunks(BLOCK * channels).collect();
        let mut parts = vec![0.0; blocks.len() * 2 * channels];
        let shared = Shared::new(&mut parts);
        parallel(blocks.len(), |range| {
            for index in range {
                // SAFETY: each block's part is given to one thread.
                let part = unsafe { shared.part(index * 2 * channels..(index + 1) * 2 * channels) };
                let (mean, squares) = part.split_at_mut(channels);
                block_moments(blocks[index], mean, squares);
            }
        });
        let frames = (x.len() / channels) as f64;
        let (mut mean, mut variance) = (vec![0.0; channels], vec![0.0; channels]);
        let parts = || blocks.iter().map(|block| (block.len() / channels) as f64).zip(parts.chunks_exact(2 * channels));
        for (count, part) in parts() {
            mean.iter_mut().zip(part).for_each(|(mean, part)| *mean += f64::from(*part) * count / frames);
        }
        for (count, part) in parts() {
            let (means, squares) = part.split_at(channels);
            for (((variance, mean), part), squares) in variance.iter_mut().zip(&mean).zip(means).zip(squares) {
                let off = f64::from(*part) - mean;
                *variance += (f64::from(*squares) + off * off * count) / frames;
            }
        }
        Self { mean, variance }
    }
}

wide! {
    /// The mean of each channel over whole frames, and the sum of squares about it.
    fn block_moments(frames: &[f32], mean: &mut [f32], squares: &mut [f32]) {
        let channels = mean.len();
        let share = channels as f32 / frames.len() as f32;
        mean.fill(0.0);
        squares.fill(0.0);
        for frame in frames.chunks_exact(channels) {
            for (mean, x) in mean.iter_mut().zip(frame) {
                *mean += x;
            }
        }
        for mean in &mut *mean {
            *mean *= share;
        }
        for frame in frames.chunks_exact(channels) {
            for ((squares, x), mean) in squares.iter_mut().zip(frame).zip(&*mean) {
                *squares += (x - mean) * (x - mean);
            }
        }
    }
}

/// The learned factor of a [`Activation::Snake`] for each channel.
pub struct Snake {
    /// `2 alpha` in turns.
    pace: Vec<f32>,
    /// `1 / (2 alpha)`
    depth: Vec<f32>,
}

impl Snake {
    /// From `alpha` of each channel.
    #[must_use]
    pub fn new(alpha: &[f32]) -> Self {
        Self {
            pace: alpha.iter().map(|alpha| alpha / std::f32::consts::PI).collect(),
            depth: alpha.iter().map(|alpha| 0.5 / alpha).collect(),
        }
    }
}

/// An activation.
#[derive(Clone, Copy)]
pub enum Activation<'a> {
    /// None.
    Plain,
    /// Negative values become so much of themselves.
    Leaky(f32),
    /// `x + sin²(alpha x) / alpha` (L. Ziyin et al. 2020): for waves.
    Snake(&'a Snake),
}

/// What is done to every frame: each channel scaled and shifted, then an activation.
pub struct Prepare<'a> {
    scale: Vec<f32>,
    shift: Vec<f32>,
    activation: Activation<'a>,
}

impl<'a> Prepare<'a> {
    /// Nothing.
    #[must_use]
    pub fn plain() -> Self {
        Self::only(Activation::Plain)
    }

    /// An activation alone.
    #[must_use]
    pub fn only(activation: Activation<'a>) -> Self {
        Self { scale: Vec::new(), shift: Vec::new(), activation }
    }

    /// Instance normalisation with these `moments`, then `(1 + gamma) x + beta`, then the activation.
    ///
    /// # Errors
    /// If the channels differ in number.
    pub fn adaptive(moments: &Moments, gamma: &[f32], beta: &[f32], activation: Activation<'a>) -> Result<Self> {
        let channels = moments.mean.len();
        let snake = if let Activation::Snake(snake) = activation { snake.pace.len() } else { channels };
        if gamma.len() != channels || beta.len() != channels || snake != channels {
            bail!("{channels} channels with {} scales, {} shifts and {snake} activations", gamma.len(), beta.len());
        }
        let scales = moments.variance.iter().zip(gamma).map(|(variance, gamma)| (1.0 + f64::from(*gamma)) / (variance + EPSILON).sqrt());
        let scales: Vec<f64> = scales.collect();
        let shifts = moments.mean.iter().zip(&scales).zip(beta).map(|((mean, scale), beta)| (f64::from(*beta) - mean * scale) as f32);
        Ok(Self { shift: shifts.collect(), scale: scales.iter().map(|scale| *scale as f32).collect(), activation })
    }

    /// Whether frames of so many channels can be prepared.
    pub(super) fn takes(&self, channels: usize) -> bool {
        let snake = if let Activation::Snake(snake) = self.activation { snake.pace.len() } else { channels };
        (self.scale.is_empty() || self.scale.len() == channels) && snake == channels
    }

    /// Prepare one frame.
    pub(super) fn frame(&self, x: &[f32], out: &mut [f32]) {
        if self.scale.is_empty() {
            out.copy_from_slice(x);
        } else {
            scale_and_shift(x, &self.scale, &self.shift, out);
        }
        match self.activation {
            Activation::Plain => {}
            Activation::Leaky(slope) => leaky(slope, out),
            Activation::Snake(Snake { pace, depth }) => snake(pace, depth, out),
        }
    }

    /// Prepare every frame of `x`, of shape `[frames, channels]`.
    ///
    /// # Errors
    /// If `x` has other channels, or is not `f32` on the CPU.
    pub fn apply(&self, x: &Tensor) -> Result<Tensor> {
        let (frames, channels) = x.dims2()?;
        if !self.takes(channels) {
            bail!("frames of {channels} cannot be prepared by {} scales", self.scale.len());
        }
        let mut out = vec![0.0; frames * channels];
        with_values(x, |x| {
            x.chunks_exact(channels).zip(out.chunks_exact_mut(channels)).for_each(|(x, out)| self.frame(x, out));
            Ok(())
        })?;
        super::share::tensor(out, (frames, channels))
    }
}

wide! {
    fn scale_and_shift(x: &[f32], scale: &[f32], shift: &[f32], out: &mut [f32]) {
        for (((out, x), scale), shift) in out.iter_mut().zip(x).zip(scale).zip(shift) {
            *out = x * scale + shift;
        }
    }
}

wide! {
    fn leaky(slope: f32, values: &mut [f32]) {
        for x in values {
            *x = if *x < 0.0 { slope * *x } else { *x };
        }
    }
}

wide! {
    fn snake(pace: &[f32], depth: &[f32], values: &mut [f32]) {
        for ((x, pace), depth) in values.iter_mut().zip(pace).zip(depth) {
            // The square of a sine, by its double angle.
            *x += depth * (1.0 - cos_turns(*x * pace));
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use candle_core::Device;

    use super::*;

    #[test]
    fn a_channel_far_from_zero_over_many_frames_keeps_its_variance() {
        let (frames, channels) = (10_001, 3);
        let values: Vec<f32> =
            (0..frames * channels).map(|i| 1000.0 + ((i / channels) as f32 * 0.7).sin() * (i % channels) as f32).collect();
        let moments = Moments::of(&Tensor::from_vec(values.clone(), (frames, channels), &Device::Cpu).unwrap()).unwrap();
        for channel in 0..channels {
            let of = || values.iter().skip(channel).step_by(channels).map(|x| f64::from(*x));
            let mean = of().sum::<f64>() / frames as f64;
            let variance = of().map(|x| (x - mean) * (x - mean)).sum::<f64>() / frames as f64;
            assert!((moments.mean[channel] - mean).abs() < 1e-4, "{} is not {mean}", moments.mean[channel]);
            assert!(
                (moments.variance[channel] - variance).abs() < 1e-3 * variance + 1e-6,
                "{} is not {variance}",
                moments.variance[channel]
            );
        }
    }

    #[test]
    fn a_prepared_frame_is_its_formula() {
        let values: Vec<f32> = (0..200).map(|i| (i as f32 * 0.3).sin() * 3.0 + 1.0).collect();
        let x = Tensor::from_vec(values.clone(), (50, 4), &Device::Cpu).unwrap();
        let moments = Moments::of(&x).unwrap();
        let (gamma, beta, alpha) = ([0.1, -0.5, 0.0, 2.0], [1.0, 0.0, -1.0, 0.5], [0.3, 1.0, 5.0, 20.0]);
        let curves = Snake::new(&alpha);
        let leaky = Prepare::adaptive(&moments, &gamma, &beta, Activation::Leaky(0.2)).unwrap().apply(&x).unwrap();
        let snaked = Prepare::adaptive(&moments, &gamma, &beta, Activation::Snake(&curves)).unwrap().apply(&x).unwrap();
        let (leaky, snaked): (Vec<f32>, Vec<f32>) =
            (leaky.flatten_all().unwrap().to_vec1().unwrap(), snaked.flatten_all().unwrap().to_vec1().unwrap());
        for (i, x) in values.iter().enumerate() {
            let c = i % 4;
            let normal = (f64::from(*x) - moments.mean[c]) / (moments.variance[c] + 1e-5).sqrt();
            let y = f64::from(1.0 + gamma[c]) * normal + f64::from(beta[c]);
            let alpha = f64::from(alpha[c]);
            assert!((f64::from(leaky[i]) - if y < 0.0 { 0.2 * y } else { y }).abs() < 1e-5);
            assert!((f64::from(snaked[i]) - (y + (alpha * y).sin().powi(2) / alpha)).abs() < 2e-5, "alpha {alpha}");
        }
        assert!(Prepare::adaptive(&moments, &gamma[..3], &beta, Activation::Plain).is_err());
        assert!(
            Prepare::only(Activation::Snake(&curves))
                .apply(&Tensor::zeros((2, 5), candle_core::DType::F32, &Device::Cpu).unwrap())
                .is_err()
        );
    }
}
