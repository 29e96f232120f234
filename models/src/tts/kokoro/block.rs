//! A residual block of two convolutions, each behind a normalisation by the style (AdaIN); it may double the frames.

use candle_core::Tensor;

use super::norm::StyleNorm;
use super::prosody::STYLE;
use super::weights::Weights;
use crate::Result;
use crate::kernels::tensor::conv::{Convolution, Walk};
use crate::kernels::tensor::prepare::{Activation, Prepare};

const SLOPE: f32 = 0.2;
const TAPS: usize = 3;

/// The block.
pub(super) struct Block {
    norm1: StyleNorm,
    double: Option<Double>,
    conv1: Convolution,
    norm2: StyleNorm,
    conv2: Convolution,
    /// Where the channels change.
    shortcut: Option<Convolution>,
}

impl Block {
    pub fn load(w: &mut Weights, name: &str, inputs: usize, outputs: usize, doubles: bool) -> Result<Self> {
        let changes = inputs != outputs;
        Ok(Self {
            norm1: w.style(&format!("{name}.norm1"), inputs, STYLE)?,
            double: if doubles { Some(Double::load(w, &format!("{name}.double"), inputs)?) } else { None },
            conv1: w.conv(&format!("{name}.conv1"), outputs, Walk::same(TAPS, 1))?,
            norm2: w.style(&format!("{name}.norm2"), outputs, STYLE)?,
            conv2: w.conv(&format!("{name}.conv2"), outputs, Walk::same(TAPS, 1))?,
            shortcut: if changes { Some(w.conv(&format!("{name}.shortcut"), outputs, Walk::same(1, 1))?) } else { None },
        })
    }

    /// `[frames, inputs]` to `[frames or twice as many, outputs]`.
    pub fn forward(&self, x: &Tensor, style: &Tensor) -> Result<Tensor> {
        let before = self.norm1.over_time(x, style, Activation::Leaky(SLOPE))?;
        let inner = match &self.double {
            Some(double) => self.conv1.forward(&double.forward(&before.apply(x)?)?, &Prepare::plain(), None)?,
            None => self.conv1.forward(x, &before, None)?,
        };
        let mut short = match &self.shortcut {
            Some(conv) => conv.forward(x, &Prepare::plain(), None)?,
            None => x.clone(),
        };
        if self.double.is_some() {
            let (frames, width) = short.dims2()?;
            short = short.unsqueeze(1)?.broadcast_as((frames, 2, width))?.contiguous()?.reshape((2 * frames, width))?;
        }
        let before = self.norm2.over_time(&inner, style, Activation::Leaky(SLOPE))?;
        Ok((self.conv2.forward(&inner, &before, Some(&short))? * std::f64::consts::FRAC_1_SQRT_2)?)
    }
}

/// Twice as many frames, each channel apart: a transposed convolution with a kernel of 3 and a stride of 2.
struct Double {
    /// `[3, channels]`
    weights: Tensor,
    bias: Tensor,
}

impl Double {
    fn load(w: &mut Weights, name: &str, channels: usize) -> Result<Self> {
        Ok(Self { weights: w.tensor(&format!("{name}.weight"), &[3, channels])?, bias: w.tensor(&format!("{name}.bias"), &[channels])? })
    }

    fn forward(&self, x: &Tensor) -> Result<Tensor> {
        let (frames, channels) = x.dims2()?;
        let tap = |i: usize| self.weights.narrow(0, i, 1);
        let next = x.narrow(0, 1, frames - 1)?.pad_with_zeros(0, 0, 1)?;
        let even = x.broadcast_mul(&tap(1)?)?;
        let odd = (x.broadcast_mul(&tap(2)?)? + next.broadcast_mul(&tap(0)?)?)?;
        Ok(Tensor::stack(&[even, odd], 1)?.broadcast_add(&self.bias)?.reshape((2 * frames, channels))?)
    }
}
