//! From the encoder's vectors to one probability: a score says how much each moment counts, the weighted mean of all goes through three small
//! layers.

use candle_core::Tensor;

use crate::asr::weights::Weights;
use crate::kernels::tensor::activations::{mean_by_scores, tanh};
use crate::kernels::tensor::elementwise::LayerNorm;
use crate::kernels::tensor::q8::Linear;
use crate::{Error, Result};

pub(super) struct Head {
    hidden: Linear,
    score: Linear,
    first: Linear,
    norm: LayerNorm,
    second: Linear,
    last: Linear,
}

impl Head {
    pub(super) fn load(weights: &mut Weights) -> Result<Self> {
        Ok(Self {
            hidden: weights.linear("head.attention.hidden")?,
            score: weights.linear("head.attention.score")?,
            first: weights.linear("head.first")?,
            norm: weights.norm("head.norm")?,
            second: weights.linear("head.second")?,
            last: weights.linear("head.last")?,
        })
    }

    /// `[moments, width]` to `[1, width]`.
    pub(super) fn pool(&self, encoded: &Tensor) -> Result<Tensor> {
        let scores = self.score.forward(&tanh(&self.hidden.forward(encoded)?)?)?;
        Ok(mean_by_scores(&scores, encoded)?)
    }

    pub(super) fn judge(&self, pooled: &Tensor) -> Result<f32> {
        let first = self.norm.forward(&self.first.forward(pooled)?)?.gelu_erf()?;
        let last = self.last.forward(&self.second.forward_gelu(&first)?)?;
        match last.flatten_all()?.to_vec1::<f32>()?.as_slice() {
            [logit] => Ok(1.0 / (1.0 + (-logit).exp())),
            other => Err(Error::Input(format!("a head of {} outputs, not one", other.len()))),
        }
    }
}
