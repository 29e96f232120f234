//! The encoder: from a spectrogram to one vector per 20 ms.

use candle_core::Tensor;

use super::weights::{FeedForward, Weights};
use crate::kernels::tensor::attention::self_attention;
use crate::kernels::tensor::elementwise::LayerNorm;
use crate::kernels::tensor::matmul::Conv3;
use crate::kernels::tensor::q8::Linear;
use crate::{Cancel, Error, Result};

pub(super) struct Encoder {
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
    pub(super) fn load(weights: &mut Weights) -> Result<Self> {
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

    /// `[frames, 80]` to `[frames / 2, width]`.
    pub(super) fn forward(&self, mel: &Tensor, cancel: &Cancel) -> Result<Tensor> {
        let x = self.conv2.forward_gelu(&self.conv1.forward_gelu(mel)?)?;
        let positions = x.dim(0)?;
        if positions > self.positions.dim(0)? {
            return Err(Error::Input(format!("a spectrogram of {positions} positions; the encoder has {}", self.positions.dim(0)?)));
        }
        let mut x = (x + self.positions.narrow(0, 0, positions)?)?;
        for layer in &self.layers {
            cancel.check()?;
            x = layer.forward(&x, self.heads)?;
        }
        Ok(self.norm.forward(&x)?)
    }
}

impl Layer {
    fn forward(&self, x: &Tensor, heads: usize) -> Result<Tensor> {
        let mixed = self_attention(&self.qkv.forward(&self.norm.forward(x)?)?, heads)?;
        self.feed_forward.forward(&self.out.forward_add(&mixed, x)?)
    }
}
