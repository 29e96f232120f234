//! Normalisations whose scales and shifts a style gives.

use candle_core::Tensor;

use crate::Result;
use crate::kernels::tensor::elementwise::LayerNorm;
use crate::kernels::tensor::prepare::{Activation, Moments, Prepare};

/// From a style to the scale and the shift of each channel.
pub(super) struct StyleNorm {
    /// `[style, 2 channels]`: scales less 1, then shifts.
    weight: Tensor,
    bias: Tensor,
}

impl StyleNorm {
    /// From a matrix `[2 channels, style]` and its bias.
    pub fn new(weight: Tensor, bias: Tensor) -> Self {
        Self { weight, bias }
    }

    /// Scales less 1, and shifts.
    fn of(&self, style: &Tensor) -> Result<(Vec<f32>, Vec<f32>)> {
        let both = (self.weight.matmul(&style.unsqueeze(1)?)?.squeeze(1)? + &self.bias)?;
        let mut scales = both.to_vec1::<f32>()?;
        let shifts = scales.split_off(scales.len() / 2);
        Ok((scales, shifts))
    }

    /// Over time (adaptive instance normalisation), before a convolution of `x`.
    pub fn over_time<'a>(&self, x: &Tensor, style: &Tensor, activation: Activation<'a>) -> Result<Prepare<'a>> {
        let (scales, shifts) = self.of(style)?;
        Ok(Prepare::adaptive(&Moments::of(x)?, &scales, &shifts, activation)?)
    }

    /// Over the channels of each row (adaptive layer normalisation).
    pub fn over_channels(&self, x: &Tensor, style: &Tensor) -> Result<Tensor> {
        let (mut scales, shifts) = self.of(style)?;
        scales.iter_mut().for_each(|scale| *scale += 1.0);
        let (channels, device) = (shifts.len(), x.device());
        Ok(LayerNorm::new(&Tensor::from_vec(scales, channels, device)?, &Tensor::from_vec(shifts, channels, device)?)?.forward(x)?)
    }
}
