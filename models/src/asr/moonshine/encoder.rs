//! The encoder: every position of the turn attends to every other, so a turn that grew is encoded anew.

use candle_core::Tensor;

use crate::asr::weights::{FeedForward, Weights};
use crate::kernels::tensor::attention::self_attention;
use crate::kernels::tensor::elementwise::LayerNorm;
use crate::kernels::tensor::q8::Linear;
use crate::kernels::tensor::rotary::Rotary;
use crate::{Cancel, Result};

pub(super) struct Encoder {
    layers: Vec<Layer>,
    norm: LayerNorm,
    rotary: Rotary,
    heads: usize,
}

struct Layer {
    norm: LayerNorm,
    qkv: Linear,
    out: Linear,
    feed_forward: FeedForward,
}

impl Encoder {
    pub(super) fn load(weights: &mut Weights, rotary: Rotary, heads: usize) -> Result<Self> {
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
        Ok(Self { layers, norm: weights.norm("encoder.norm")?, rotary, heads })
    }

    /// What the stem gave, `[positions, width]`, to the same shape; `observe` sees what leaves each layer.
    pub(super) fn forward(&self, stem: &Tensor, cancel: &Cancel, mut observe: impl FnMut(&Tensor)) -> Result<Tensor> {
        let angles = self.rotary.angles(0, stem.dim(0)?);
        let mut x = stem.clone();
        for layer in &self.layers {
            cancel.check()?;
            let qkv = angles.turn(&layer.qkv.forward(&layer.norm.forward(&x)?)?, self.heads)?;
            let mixed = self_attention(&qkv, self.heads, None)?;
            x = layer.feed_forward.forward(&layer.out.forward_add(&mixed, &x)?)?;
            observe(&x);
        }
        Ok(self.norm.forward(&x)?)
    }
}
