//! Depthwise convolution over time, followed by layer normalisation: the first half of a ConvNeXt block, in one pass.
//!
//! Frames lie one after the other with their channels together, so each tap is a product of two slices.

use candle_core::{CpuStorage, CustomOp1, Layout, Shape, Tensor};
use rayon::prelude::*;

use super::wide::wide;

const EPSILON: f32 = 1e-5;
/// So many frames at least for one thread.
const FRAMES: usize = 32;

/// The weights of one such layer.
pub struct DepthwiseNorm {
    channels: usize,
    dilation: usize,
    /// `[taps, channels]`.
    taps: Vec<f32>,
    bias: Vec<f32>,
    norm: Norm,
}

/// The scale and shift of a layer normalisation.
pub struct Norm {
    /// Per channel.
    pub weight: Vec<f32>,
    /// Per channel.
    pub bias: Vec<f32>,
}

impl DepthwiseNorm {
    /// From weights `[channels, taps]`, as they are trained. The convolution is centred and padded with zeros.
    #[must_use]
    pub fn new(weights: &[f32], bias: Vec<f32>, dilation: usize, norm: Norm) -> Self {
        let channels = bias.len();
        let count = weights.len() / channels.max(1);
        let taps = (0..count).flat_map(|tap| (0..channels).map(move |c| weights[c * count + tap])).collect();
        Self { channels, dilation, taps, bias, norm }
    }

    /// `[frames, channels]` to the same.
    ///
    /// # Errors
    /// If `x` has other channels.
    pub fn forward(&self, x: &Tensor) -> candle_core::Result<Tensor> {
        x.apply_op1_no_bwd(self)
    }

    fn rows(&self, x: &[f32], first: usize, out: &mut [f32]) {
        let width = self.channels;
        let frames = x.len() / width;
        let taps = self.taps.len() / width;
        for (t, row) in (first..).zip(out.chunks_exact_mut(width)) {
            row.copy_from_slice(&self.bias);
            for (tap, weights) in self.taps.chunks_exact(width).enumerate() {
                let Some(from) = (t + tap * self.dilation).checked_sub(taps / 2 * self.dilation) else { continue };
                if from < frames {
                    add_product(&x[from * width..(from + 1) * width], weights, row);
                }
            }
            normalize(row, &self.norm.weight, &self.norm.bias);
        }
    }
}

impl CustomOp1 for DepthwiseNorm {
    fn name(&self) -> &'static str {
        "depthwise-norm"
    }

    fn cpu_fwd(&self, storage: &CpuStorage, layout: &Layout) -> candle_core::Result<(CpuStorage, Shape)> {
        let x = contiguous(storage, layout, self.channels)?;
        let mut out = vec![0.0; x.len()];
        let work = |(i, out): (usize, &mut [f32])| self.rows(x, i * FRAMES, out);
        out.par_chunks_mut(FRAMES * self.channels).enumerate().for_each(work);
        Ok((CpuStorage::F32(out), layout.shape().clone()))
    }
}

impl CustomOp1 for Norm {
    fn name(&self) -> &'static str {
        "norm"
    }

    fn cpu_fwd(&self, storage: &CpuStorage, layout: &Layout) -> candle_core::Result<(CpuStorage, Shape)> {
        let mut out = contiguous(storage, layout, self.weight.len())?.to_vec();
        for row in out.chunks_exact_mut(self.weight.len()) {
            normalize(row, &self.weight, &self.bias);
        }
        Ok((CpuStorage::F32(out), layout.shape().clone()))
    }
}

impl Norm {
    /// `[.., channels]` to the same, each row with mean 0 and variance 1, then scaled and shifted.
    ///
    /// # Errors
    /// If `x` has other channels.
    pub fn forward(&self, x: &Tensor) -> candle_core::Result<Tensor> {
        x.apply_op1_no_bwd(self)
    }
}

/// The values of a tensor whose rows are `width` long.
pub(super) fn contiguous<'a>(storage: &'a CpuStorage, layout: &Layout, width: usize) -> candle_core::Result<&'a [f32]> {
    let (start, end) = layout.contiguous_offsets().ok_or_else(|| candle_core::Error::msg("the tensor is not contiguous"))?;
    let dims = layout.dims();
    if dims.last() != Some(&width) {
        candle_core::bail!("rows of {width} values are wanted, the tensor is {dims:?}");
    }
    Ok(&storage.as_slice::<f32>()?[start..end])
}

wide! {
    fn add_product(x: &[f32], weights: &[f32], out: &mut [f32]) {
        for ((o, x), w) in out.iter_mut().zip(x).zip(weights) {
            *o += x * w;
        }
    }
}

wide! {
    fn normalize(row: &mut [f32], weight: &[f32], bias: &[f32]) {
        let length = row.len() as f32;
        let mean = sum(row, |x| x) / length;
        let variance = sum(row, |x| (x - mean) * (x - mean)) / length;
        let scale = 1.0 / (variance + EPSILON).sqrt();
        for ((x, w), b) in row.iter_mut().zip(weight).zip(bias) {
            *x = (*x - mean) * scale * w + b;
        }
    }
}

/// The sum of `f` over `values`, in sixteen partial sums so that it runs in vectors.
#[inline(always)]
fn sum(values: &[f32], f: impl Fn(f32) -> f32) -> f32 {
    let mut partial = [0.0_f32; 16];
    let (chunks, rest) = values.as_chunks::<16>();
    for chunk in chunks {
        for i in 0..16 {
            partial[i] += f(chunk[i]);
        }
    }
    partial.iter().sum::<f32>() + rest.iter().map(|x| f(*x)).sum::<f32>()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use candle_core::Device;

    use super::*;

    #[test]
    fn it_is_candles_convolution_and_norm() {
        let (channels, frames, dilation) = (20, 50, 2);
        let values = |n: usize, k: usize| (0..n).map(|i| ((i * k % 101) as f32 - 50.0) / 50.0).collect::<Vec<f32>>();
        let (weights, bias, x) = (values(channels * 7, 37), values(channels, 13), values(frames * channels, 29));
        let norm = Norm { weight: values(channels, 7), bias: values(channels, 11) };
        let device = Device::Cpu;
        let x = Tensor::from_vec(x, (frames, channels), &device).unwrap();
        let kernel = Tensor::from_slice(&weights, (channels, 1, 7), &device).unwrap();
        let convolved = x.t().unwrap().unsqueeze(0).unwrap().contiguous().unwrap();
        let convolved = convolved.conv1d(&kernel, 3 * dilation, 1, dilation, channels).unwrap().squeeze(0).unwrap().t().unwrap();
        let convolved = convolved.broadcast_add(&Tensor::from_slice(&bias, channels, &device).unwrap()).unwrap();
        let scale = Tensor::from_slice(&norm.weight, channels, &device).unwrap();
        let shift = Tensor::from_slice(&norm.bias, channels, &device).unwrap();
        let expected = candle_nn::ops::layer_norm(&convolved.contiguous().unwrap(), &scale, &shift, EPSILON).unwrap();
        let ours = DepthwiseNorm::new(&weights, bias, dilation, norm).forward(&x).unwrap();
        let error = (ours - expected).unwrap().abs().unwrap().max_all().unwrap().to_scalar::<f32>().unwrap();
        assert!(error < 1e-5, "{error}");
    }
}
