//! The encoder: from a spectrogram to one vector per 20 ms.

use candle_core::Tensor;

use super::silence::Silence;
use crate::asr::weights::{FeedForward, Weights};
use crate::kernels::tensor::attention::{Crowd, self_attention};
use crate::kernels::tensor::elementwise::LayerNorm;
use crate::kernels::tensor::matmul::Conv3;
use crate::kernels::tensor::q8::Linear;
use crate::{Cancel, Error, Result};

pub(crate) struct Encoder {
    conv1: Conv3,
    conv2: Conv3,
    /// `[1500, width]`: sines, so a shorter turn takes the first ones.
    positions: Tensor,
    layers: Vec<Layer>,
    norm: LayerNorm,
    heads: usize,
}

struct Layer {
    norm: LayerNorm,
    qkv: Linear,
    out: Linear,
    feed_forward: FeedForward,
}

impl Encoder {
    pub(crate) fn load(weights: &mut Weights) -> Result<Self> {
        let mut layers = Vec::new();
        while weights.has(&format!("encoder.{}.self.qkv.weight", layers.len())) {
            let layer = format!("encoder.{}", layers.len());
            layers.push(Layer {
                norm: weights.norm(&format!("{layer}.self.norm"))?,
                qkv: weights.linear(&format!("{layer}.self.qkv"))?,
                out: weights.linear(&format!("{layer}.self.out"))?,
                feed_forward: FeedForward::load(weights, &layer)?,
            });
        }
        Ok(Self {
            conv1: weights.conv("encoder.conv1", 1)?,
            conv2: weights.conv("encoder.conv2", 2)?,
            positions: weights.tensor("encoder.positions")?,
            layers,
            norm: weights.norm("encoder.norm")?,
            heads: weights.number("whisper.encoder.attention.head_count")?,
        })
    }

    pub(super) fn layers(&self) -> usize {
        self.layers.len()
    }

    pub(crate) fn width(&self) -> usize {
        self.positions.dims().last().copied().unwrap_or(0)
    }

    /// How many positions there are: 30 s of 20 ms.
    pub(crate) fn positions(&self) -> usize {
        self.positions.dims().first().copied().unwrap_or(0)
    }

    /// `[frames, 80]` to `[frames / 2, width]`, with `silence` after the turn if it is given.
    pub(crate) fn forward(&self, mel: &Tensor, silence: Option<&Silence>, cancel: &Cancel) -> Result<Tensor> {
        let mut x = self.begin(mel)?;
        let positions = x.dim(0)?;
        for (index, layer) in self.layers.iter().enumerate() {
            cancel.check()?;
            let crowd = silence.map(|silence| silence.in_encoder(index, positions)).transpose()?.flatten();
            let qkv = layer.qkv.forward(&layer.norm.forward(&x)?)?;
            x = layer.rest(&self_attention(&qkv, self.heads, crowd.as_ref())?, &x)?;
        }
        Ok(self.norm.forward(&x)?)
    }

    /// The whole 30 s of `mel`, with everything that later queries could attend to: per layer the keys and values, `[positions, 2 width]`,
    /// and the result.
    pub(super) fn observed(&self, mel: &Tensor) -> Result<(Vec<Tensor>, Tensor)> {
        let mut x = self.begin(mel)?;
        let width = x.dim(1)?;
        let mut keys_values = Vec::with_capacity(self.layers.len());
        for layer in &self.layers {
            let qkv = layer.qkv.forward(&layer.norm.forward(&x)?)?;
            x = layer.rest(&self_attention(&qkv, self.heads, None::<&Crowd>)?, &x)?;
            keys_values.push(qkv.narrow(1, width, 2 * width)?.contiguous()?);
        }
        Ok((keys_values, self.norm.forward(&x)?))
    }

    /// Convolutions and positions.
    fn begin(&self, mel: &Tensor) -> Result<Tensor> {
        let x = self.conv1.forward_gelu(mel)?;
        let positions = x.dim(0)?.div_ceil(2);
        if positions > self.positions() {
            return Err(Error::Input(format!("a spectrogram of {positions} positions; the encoder has {}", self.positions())));
        }
        Ok(self.conv2.forward_gelu_add(&x, &self.positions)?)
    }
}

impl Layer {
    /// What comes after attention.
    fn rest(&self, mixed: &Tensor, x: &Tensor) -> Result<Tensor> {
        self.feed_forward.forward(&self.out.forward_add(mixed, x)?)
    }
}
