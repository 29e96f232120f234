//! PL-BERT: what a phoneme means beside its neighbours. An ALBERT (Z. Lan et al. 2020): one layer, passed twelve times.

use candle_core::Tensor;

use super::weights::Weights;
use crate::kernels::tensor::attention::self_attention;
use crate::kernels::tensor::elementwise::LayerNorm;
use crate::kernels::tensor::q8::Linear;
use crate::kernels::waves::gelu_tanh;
use crate::{Cancel, Result};

const EMBEDDING: usize = 128;
const WIDTH: usize = 768;
const INNER: usize = 2048;
const HEADS: usize = 12;
const PASSES: usize = 12;
/// Values that are given for each phoneme.
pub(super) const OUT: usize = 512;
/// Added to variances.
const EPSILON: f32 = 1e-12;

/// The encoder.
pub(super) struct Albert {
    words: Tensor,
    positions: Tensor,
    norm: LayerNorm,
    enter: Linear,
    attention: Linear,
    mix: Linear,
    attention_norm: LayerNorm,
    up: Linear,
    down: Linear,
    layer_norm: LayerNorm,
    out: Linear,
}

impl Albert {
    pub fn load(w: &mut Weights) -> Result<Self> {
        Ok(Self {
            words: w.tensor("bert.words", &[super::IDS, EMBEDDING])?,
            positions: w.tensor("bert.positions", &[super::POSITIONS, EMBEDDING])?,
            norm: w.norm("bert.norm", EMBEDDING)?.with_epsilon(EPSILON),
            enter: w.linear("bert.enter", WIDTH)?,
            attention: w.linear("bert.attention", 3 * WIDTH)?,
            mix: w.linear("bert.mix", WIDTH)?,
            attention_norm: w.norm("bert.attention.norm", WIDTH)?.with_epsilon(EPSILON),
            up: w.linear("bert.up", INNER)?,
            down: w.linear("bert.down", WIDTH)?,
            layer_norm: w.norm("bert.layer.norm", WIDTH)?.with_epsilon(EPSILON),
            out: w.linear("bert.out", OUT)?,
        })
    }

    /// Ids `[phonemes]` to `[phonemes, OUT]`.
    pub fn forward(&self, ids: &Tensor, cancel: &Cancel) -> Result<Tensor> {
        let positions = self.positions.narrow(0, 0, ids.dim(0)?)?;
        let mut x = self.enter.forward(&self.norm.forward(&(self.words.index_select(ids, 0)? + positions)?)?)?;
        for _ in 0..PASSES {
            cancel.check()?;
            x = self.layer(&x)?;
        }
        Ok(self.out.forward(&x)?)
    }

    fn layer(&self, x: &Tensor) -> Result<Tensor> {
        let mixed = self_attention(&self.attention.forward(x)?, HEADS, None)?;
        let x = self.attention_norm.forward(&self.mix.forward_add(&mixed, x)?)?;
        let inner = self.up.forward(&x)?;
        let mut values = inner.flatten_all()?.to_vec1::<f32>()?;
        gelu_tanh(&mut values);
        let inner = Tensor::from_vec(values, inner.shape(), x.device())?;
        Ok(self.layer_norm.forward(&self.down.forward_add(&inner, &x)?)?)
    }
}
