//! The stem: from samples to one vector per 24 ms, in three convolutions.
//!
//! The first hears windows of 8 ms, 4 ms apart, and is normalised over the whole turn (a group normalisation of one group). The second
//! is linear in what was normalised, so it goes ahead on what is not: with `x = w · tanh(...)`, `s` the inverse deviation, `m` the mean and
//! `b` the shift of the normalisation,
//!
//! ```text
//! conv2(s x - s m w + b) = s conv2(x) - s m conv2(w) + conv2(b)
//! ```
//!
//! and the last two terms are one number per output. (The second convolution runs in 8 bits; the third, a fifth of its size, in `f32`.) So as audio arrives, the first and the second convolution of it are final; what is left
//! for the end is a scale, a shift, and the third, which is small. [`Heard`] is what was computed of a turn so far.

use candle_core::{Device, Tensor};

use crate::Result;
use crate::asr::weights::Weights;
use crate::kernels::tensor::activations::scaled_gelu;
use crate::kernels::tensor::q8::Linear;
use crate::kernels::tensor::waveform::{FrameConv, Moments, TILE, WaveConv};

/// Samples from one window of the first convolution to the next.
const FIRST_STRIDE: usize = 64;
/// Frames from one window of the second to the next.
const SECOND_STRIDE: usize = 3;
/// Frames from one window of the third to the next.
const THIRD_STRIDE: usize = 2;

pub(super) struct Stem {
    first: WaveConv,
    /// Without its bias, which is in `shift`.
    second: Linear,
    /// What is added to all of the second's weights: times the sum of a window, to all of its outputs.
    offset: f32,
    /// `conv2(w)`, per output.
    of_weights: Vec<f32>,
    /// `conv2(b)` and the convolution's own bias, per output.
    shift: Vec<f32>,
    third: FrameConv,
}

/// What was computed of a turn: everything but its last, unfinished tile of windows.
#[derive(Clone, Debug, Default)]
pub(super) struct Heard {
    /// Samples that windows to come begin in.
    samples: Vec<f32>,
    /// Frames of the first convolution that windows of the second to come begin in.
    frames: Vec<f32>,
    /// Of all frames.
    moments: Moments,
    /// What the second convolution made of all frames: rows of its outputs.
    products: Vec<f32>,
}

impl Stem {
    pub(super) fn load(weights: &mut Weights) -> Result<Self> {
        let (scale, shift) = (weights.tensor("encoder.group_norm.weight")?, weights.tensor("encoder.group_norm.bias")?);
        let first = WaveConv::new(&weights.tensor("encoder.conv1.weight")?, &scale, FIRST_STRIDE)?;
        let second = weights.matrix("encoder.conv2")?;
        let filters = with_offset(weights, "encoder.conv2")?;
        let (outputs, inputs) = filters.dims2()?;
        if !inputs.is_multiple_of(first.outputs()) {
            return Err(weights.fault(format!("a second convolution over {inputs} values of frames of {}", first.outputs())));
        }
        // The filters summed over their taps, times a vector over the channels.
        let taps = filters.reshape((outputs, inputs / first.outputs(), first.outputs()))?.sum(1)?;
        let convolved = |vector: &Tensor| -> Result<Vec<f32>> { Ok(taps.broadcast_mul(vector)?.sum(1)?.to_vec1()?) };
        let bias = weights.tensor("encoder.conv2.bias")?.to_vec1::<f32>()?;
        let shift = convolved(&shift)?.into_iter().zip(bias).map(|(shift, bias)| shift + bias).collect();
        let third = FrameConv::new(&with_offset(weights, "encoder.conv3")?, &weights.tensor("encoder.conv3.bias")?, outputs, THIRD_STRIDE)?;
        Ok(Self { second, offset: offset(weights, "encoder.conv2")?, of_weights: convolved(&scale)?, shift, third, first })
    }

    /// Hear further samples. Costs what they cost, however long the turn is.
    pub(super) fn push(&self, heard: &mut Heard, samples: &[f32]) -> Result<()> {
        heard.samples.extend_from_slice(samples);
        let whole = self.first.windows(heard.samples.len()) / TILE * TILE;
        self.advance(heard, whole)
    }

    /// What the turn so far comes to, `[positions of 24 ms, width]`; `None` if it is shorter than a position's field of view, 56 ms.
    pub(super) fn encode(&self, heard: &Heard) -> Result<Option<Tensor>> {
        let Heard { samples, frames, moments, .. } = heard;
        let mut rest = Heard { samples: samples.clone(), frames: frames.clone(), moments: *moments, products: Vec::new() };
        let windows = self.first.windows(rest.samples.len());
        self.advance(&mut rest, windows)?;
        let outputs = self.second.outputs();
        let mut products = Vec::with_capacity(heard.products.len() + rest.products.len());
        products.extend_from_slice(&heard.products);
        products.append(&mut rest.products);
        let rows = products.len() / outputs;
        if self.third.windows(rows) == 0 {
            return Ok(None);
        }
        let (mean, scale) = rest.moments.normalisation();
        let shifts: Vec<f32> = self.shift.iter().zip(&self.of_weights).map(|(shift, weights)| shift - mean * scale * weights).collect();
        let products = Tensor::from_vec(products, (rows, outputs), &Device::Cpu)?;
        Ok(Some(self.third.forward_gelu(&scaled_gelu(&products, scale, &shifts)?)?))
    }

    /// The next `windows` windows of the first convolution, and what the second can make of them.
    fn advance(&self, heard: &mut Heard, windows: usize) -> Result<()> {
        if windows == 0 {
            return Ok(());
        }
        let end = (windows - 1) * self.first.stride() + self.first.taps();
        let (frames, moments) = self.first.forward(heard.samples.get(..end).unwrap_or_default(), heard.moments)?;
        heard.moments = moments;
        heard.samples.drain(..windows * self.first.stride());
        heard.frames.append(&mut frames.flatten_all()?.to_vec1::<f32>()?);

        let width = self.first.outputs();
        let (count, window) = (heard.frames.len() / width, self.second.inputs() / width);
        let Some(room) = count.checked_sub(window) else { return Ok(()) };
        let rows = room / SECOND_STRIDE + 1;
        let frames = Tensor::from_slice(&heard.frames, (count, width), &Device::Cpu)?;
        let mut products = self.second.forward_windows(&frames, SECOND_STRIDE)?.flatten_all()?.to_vec1::<f32>()?;
        let sums: Vec<f32> = heard.frames.chunks_exact(width).map(|frame| frame.iter().sum()).collect();
        let windows = sums.windows(window).step_by(SECOND_STRIDE);
        for (row, window) in products.chunks_exact_mut(self.second.outputs()).zip(windows) {
            let more = self.offset * window.iter().sum::<f32>();
            row.iter_mut().for_each(|product| *product += more);
        }
        heard.products.append(&mut products);
        heard.frames.drain(..rows * SECOND_STRIDE * width);
        Ok(())
    }
}

/// What is added to each weight of a convolution; see [`crate::catalog::convert::moonshine`].
fn offset(weights: &mut Weights, name: &str) -> Result<f32> {
    let offset = format!("{name}.offset");
    match weights.tensor(&offset)?.to_vec1::<f32>()?.as_slice() {
        [offset] => Ok(*offset),
        other => Err(weights.fault(format!("`{offset}` has {} values, not one", other.len()))),
    }
}

/// A convolution's weights as floats.
fn with_offset(weights: &mut Weights, name: &str) -> Result<Tensor> {
    let offset = offset(weights, name)?;
    Ok((weights.tensor(&format!("{name}.weight"))? + f64::from(offset))?)
}
