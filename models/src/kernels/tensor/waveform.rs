//! The first layers of a network that hears samples instead of a spectrogram: a strided convolution over one channel, the hyperbolic
//! tangent, and what a group normalisation over the whole sound needs to know.
//!
//! Windows that overlap are rows of one matrix with a stride shorter than its rows, so the convolution is a matrix product and nothing is
//! copied. A group normalisation is linear once its mean and variance are known, so the next layer can go ahead on what is not yet
//! normalised; only the two moments must be kept.

#![allow(unsafe_code)]

use candle_core::{Result, Tensor, bail};

use super::matmul::{View, multiply};
use super::share::{Shared, parallel, tensor, with_values};
use super::{Isa, activations};

/// Windows that are computed together. The result does not depend on how many such tiles are computed at once.
pub const TILE: usize = 48;

/// The convolution.
pub struct WaveConv {
    /// `[outputs][taps]`
    filters: Vec<f32>,
    /// What each output is multiplied by after its moments were taken.
    weights: Vec<f32>,
    taps: usize,
    stride: usize,
}

/// The sum of some values, of their squares, and how many they are.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Moments {
    sum: f64,
    squares: f64,
    count: usize,
}

/// A convolution over frames without padding, in floating point, followed by a GELU.
pub struct FrameConv {
    /// `[outputs][taps * inputs]`
    filters: Vec<f32>,
    bias: Vec<f32>,
    inputs: usize,
    stride: usize,
}

impl FrameConv {
    /// From `filters` of shape `[outputs, taps * inputs]`, a window of frames one after the other, and `bias` of shape `[outputs]`; a window
    /// begins every `stride` frames of `inputs` values.
    ///
    /// # Errors
    /// If the shapes do not match.
    pub fn new(filters: &Tensor, bias: &Tensor, inputs: usize, stride: usize) -> Result<Self> {
        let (outputs, window) = filters.dims2()?;
        let bias = bias.to_vec1::<f32>()?;
        if bias.len() != outputs || outputs == 0 || inputs == 0 || window == 0 || !window.is_multiple_of(inputs) || stride == 0 {
            bail!("a convolution of {outputs} outputs over {window} values of frames of {inputs} with a bias of {}", bias.len());
        }
        Ok(Self { filters: filters.flatten_all()?.to_vec1()?, bias, inputs, stride })
    }

    /// How many windows lie in so many frames.
    #[must_use]
    pub fn windows(&self, frames: usize) -> usize {
        let taps = self.filters.len() / self.bias.len() / self.inputs;
        frames.checked_sub(taps).map_or(0, |room| room / self.stride + 1)
    }

    /// `x` of shape `[frames, inputs]`, to `[windows, outputs]`.
    ///
    /// # Errors
    /// If `x` has another shape, holds no window, or is not `f32` on the CPU.
    pub fn forward_gelu(&self, x: &Tensor) -> Result<Tensor> {
        let (frames, inputs) = x.dims2()?;
        let (windows, outputs, isa) = (self.windows(frames), self.bias.len(), Isa::best());
        if inputs != self.inputs || windows == 0 {
            bail!("{frames} frames of {inputs} for windows over frames of {}", self.inputs);
        }
        let window = self.filters.len() / outputs;
        let filters = View { values: &self.filters, rows: outputs, columns: window, stride: window };
        let mut out = vec![0.0; windows * outputs];
        let shared = Shared::new(&mut out);
        with_values(x, |x| {
            parallel(windows.div_ceil(TILE), |tiles| {
                for tile in tiles {
                    let (first, end) = (tile * TILE, windows.min((tile + 1) * TILE));
                    // SAFETY: each tile is given to one thread.
                    let out = unsafe { shared.part(first * outputs..end * outputs) };
                    let step = self.stride * inputs;
                    let rows = View { values: &x[first * step..], rows: end - first, columns: window, stride: step };
                    multiply(rows, filters, true, out, outputs);
                    out.chunks_exact_mut(outputs).for_each(|row| activations::gelu_of_scaled(isa, row, 1.0, &self.bias));
                }
            });
            Ok(())
        })?;
        tensor(out, (windows, outputs))
    }
}

impl Moments {
    /// Those of both together.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self { sum: self.sum + other.sum, squares: self.squares + other.squares, count: self.count + other.count }
    }

    /// The mean, and what deviations from it are multiplied by so that their variance becomes 1.
    #[must_use]
    pub fn normalisation(self) -> (f32, f32) {
        /// PyTorch's default.
        const EPSILON: f64 = 1e-5;
        let count = self.count.max(1) as f64;
        let mean = self.sum / count;
        let variance = (self.squares / count - mean * mean).max(0.0);
        (mean as f32, (1.0 / (variance + EPSILON).sqrt()) as f32)
    }
}

impl WaveConv {
    /// From `filters` of shape `[outputs, taps]` and `weights` of shape `[outputs]`; a window begins every `stride` samples.
    ///
    /// # Errors
    /// If the shapes do not match.
    pub fn new(filters: &Tensor, weights: &Tensor, stride: usize) -> Result<Self> {
        let (outputs, taps) = filters.dims2()?;
        let weights = weights.to_vec1::<f32>()?;
        if weights.len() != outputs || taps == 0 || outputs == 0 || stride == 0 {
            bail!("a convolution of {outputs} outputs and {taps} taps with {} weights", weights.len());
        }
        Ok(Self { filters: filters.flatten_all()?.to_vec1()?, weights, taps, stride })
    }

    /// How many outputs there are.
    #[must_use]
    pub fn outputs(&self) -> usize {
        self.weights.len()
    }

    /// How many windows lie in so many samples.
    #[must_use]
    pub fn windows(&self, samples: usize) -> usize {
        samples.checked_sub(self.taps).map_or(0, |room| room / self.stride + 1)
    }

    /// How many samples a window has.
    #[must_use]
    pub fn taps(&self) -> usize {
        self.taps
    }

    /// How many samples lie between the beginnings of two windows.
    #[must_use]
    pub fn stride(&self) -> usize {
        self.stride
    }

    /// `weight · tanh(filter · window)` for every output and every window in `samples`, `[windows, outputs]`, and the moments of the
    /// tangents together with those `before`. Sums are taken in the order of time, so that they come out the same in one go and in several
    /// of whole tiles.
    ///
    /// # Errors
    /// If there is no window.
    pub fn forward(&self, samples: &[f32], before: Moments) -> Result<(Tensor, Moments)> {
        let (windows, outputs, isa) = (self.windows(samples.len()), self.outputs(), Isa::best());
        if windows == 0 {
            bail!("{} samples hold no window of {}", samples.len(), self.taps);
        }
        let tiles = windows.div_ceil(TILE);
        let (mut out, mut moments) = (vec![0.0; windows * outputs], vec![Moments::default(); tiles]);
        let (shared, shared_moments) = (Shared::new(&mut out), Shared::new(&mut moments));
        let filters = View { values: &self.filters, rows: outputs, columns: self.taps, stride: self.taps };
        parallel(tiles, |tiles| {
            for tile in tiles {
                let (first, end) = (tile * TILE, windows.min((tile + 1) * TILE));
                // SAFETY: each tile is given to one thread.
                let (out, moments) = unsafe { (shared.part(first * outputs..end * outputs), shared_moments.part(tile..tile + 1)) };
                let rows = View { values: &samples[first * self.stride..], rows: end - first, columns: self.taps, stride: self.stride };
                multiply(rows, filters, true, out, outputs);
                for row in out.chunks_exact_mut(outputs) {
                    let (sum, squares) = activations::tanh_moments(isa, row, &self.weights);
                    let row = Moments { sum: f64::from(sum), squares: f64::from(squares), count: outputs };
                    moments.iter_mut().for_each(|all| *all = all.and(row));
                }
            }
        });
        Ok((tensor(out, (windows, outputs))?, moments.into_iter().fold(before, Moments::and)))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use candle_core::Device;

    use super::*;

    fn conv() -> (WaveConv, Tensor, Tensor) {
        let filters = Tensor::arange(0.0_f32, 20.0 * 9.0, &Device::Cpu).unwrap().sin().unwrap().reshape((20, 9)).unwrap();
        let weights = Tensor::arange(0.0_f32, 20.0, &Device::Cpu).unwrap().cos().unwrap();
        (WaveConv::new(&filters, &weights, 4).unwrap(), filters, weights)
    }

    fn sound(samples: usize) -> Vec<f32> {
        (0..samples).map(|i| ((i * i) as f32 * 1e-3).sin() * 0.3).collect()
    }

    #[test]
    fn a_convolution_and_its_moments_are_those_that_candle_computes() {
        let (conv, filters, weights) = conv();
        for samples in [9, 12, 13, 1000] {
            let sound = sound(samples);
            let (ours, moments) = conv.forward(&sound, Moments::default()).unwrap();
            let x = Tensor::new(sound.as_slice(), &Device::Cpu).unwrap().reshape((1, 1, samples)).unwrap();
            let exact = x.conv1d(&filters.unsqueeze(1).unwrap(), 0, 4, 1, 1).unwrap().squeeze(0).unwrap().t().unwrap().tanh().unwrap();
            let (mean, inverse) = moments.normalisation();
            let exact_mean = exact.mean_all().unwrap().to_scalar::<f32>().unwrap();
            let variance = exact.broadcast_sub(&exact.mean_all().unwrap()).unwrap().sqr().unwrap().mean_all().unwrap();
            let exact_inverse = 1.0 / (variance.to_scalar::<f32>().unwrap() + 1e-5).sqrt();
            assert!((mean - exact_mean).abs() < 1e-5 && (inverse / exact_inverse - 1.0).abs() < 1e-4, "{mean} {inverse}");
            let exact = exact.broadcast_mul(&weights).unwrap();
            assert_eq!(ours.dims(), exact.dims());
            let worst = (ours - exact).unwrap().abs().unwrap().max_all().unwrap().to_scalar::<f32>().unwrap();
            assert!(worst < 1e-5, "{samples} samples: off by {worst}");
        }
    }

    #[test]
    fn tiles_are_the_same_alone_and_together() {
        let (conv, ..) = conv();
        let sound = sound(TILE * 4 * 3 + 5);
        let (all, moments) = conv.forward(&sound, Moments::default()).unwrap();
        let tile = |tile: usize, before| conv.forward(&sound[tile * TILE * 4..tile * TILE * 4 + (TILE - 1) * 4 + 9], before).unwrap();
        let (first, before) = tile(0, Moments::default());
        let (second, before) = tile(1, before);
        let (rest, after) = conv.forward(&sound[2 * TILE * 4..], before).unwrap();
        let apart = Tensor::cat(&[first, second, rest], 0).unwrap();
        assert_eq!(all.to_vec2::<f32>().unwrap(), apart.to_vec2::<f32>().unwrap());
        assert_eq!(moments, after);
    }

    #[test]
    fn a_convolution_over_frames_is_the_one_that_candle_computes() {
        let filters = Tensor::arange(0.0_f32, 5.0 * 12.0, &Device::Cpu).unwrap().sin().unwrap().reshape((5, 12)).unwrap();
        let bias = Tensor::new(&[0.1_f32, -0.2, 0.3, 0.0, 0.5], &Device::Cpu).unwrap();
        let conv = FrameConv::new(&filters, &bias, 4, 2).unwrap();
        for frames in [3, 4, 5, 250] {
            let x = Tensor::arange(0.0_f32, (frames * 4) as f32, &Device::Cpu).unwrap().cos().unwrap().reshape((frames, 4)).unwrap();
            let ours = conv.forward_gelu(&x).unwrap();
            let kernel = filters.reshape((5, 3, 4)).unwrap().transpose(1, 2).unwrap().contiguous().unwrap();
            let exact = x.t().unwrap().unsqueeze(0).unwrap().conv1d(&kernel, 0, 2, 1, 1).unwrap().squeeze(0).unwrap().t().unwrap();
            let exact = exact.broadcast_add(&bias).unwrap().gelu_erf().unwrap();
            assert_eq!(ours.dims(), exact.dims());
            let worst = (ours - exact).unwrap().abs().unwrap().max_all().unwrap().to_scalar::<f32>().unwrap();
            assert!(worst < 1e-5, "{frames} frames: off by {worst}");
        }
        assert!(conv.forward_gelu(&filters.narrow(1, 0, 4).unwrap().narrow(0, 0, 2).unwrap().contiguous().unwrap()).is_err());
        assert!(FrameConv::new(&filters, &bias, 5, 2).is_err());
    }

    #[test]
    fn too_few_samples_and_other_shapes_are_refused() {
        let (conv, filters, weights) = conv();
        assert!(conv.forward(&[0.0; 8], Moments::default()).is_err());
        assert!(WaveConv::new(&filters, &weights.narrow(0, 0, 3).unwrap(), 4).is_err());
    }
}
