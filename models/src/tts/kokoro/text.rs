//! The sounds of the phonemes: three convolutions and a memory over their embeddings.

use candle_core::Tensor;

use super::weights::Weights;
use crate::kernels::tensor::conv::{Convolution, Walk};
use crate::kernels::tensor::elementwise::LayerNorm;
use crate::kernels::tensor::lstm::Lstm;
use crate::kernels::tensor::prepare::{Activation, Prepare};
use crate::{Cancel, Result};

/// Values of each phoneme.
pub(super) const WIDTH: usize = 512;
const TAPS: usize = 5;
const SLOPE: f32 = 0.2;

/// The encoder.
pub(super) struct TextEncoder {
    embedding: Tensor,
    layers: Vec<(Convolution, LayerNorm)>,
    lstm: Lstm,
}

impl TextEncoder {
    pub fn load(w: &mut Weights) -> Result<Self> {
        let layer = |i| {
            let conv = w.conv(&format!("text.{i}"), WIDTH, Walk::same(TAPS, 1))?;
            Ok((conv, w.norm(&format!("text.{i}.norm"), WIDTH)?))
        };
        let layers = (0..3).map(layer).collect::<Result<_>>()?;
        Ok(Self { embedding: w.tensor("text.embedding", &[super::IDS, WIDTH])?, layers, lstm: w.lstm("text.lstm", WIDTH / 2)? })
    }

    /// Ids `[phonemes]` to `[phonemes, WIDTH]`.
    pub fn forward(&self, ids: &Tensor, cancel: &Cancel) -> Result<Tensor> {
        let activation = Prepare::only(Activation::Leaky(SLOPE));
        let mut x = self.embedding.index_select(ids, 0)?;
        for (conv, norm) in &self.layers {
            cancel.check()?;
            x = activation.apply(&norm.forward(&conv.forward(&x, &Prepare::plain(), None)?)?)?;
        }
        Ok(self.lstm.forward(&x)?)
    }
}
