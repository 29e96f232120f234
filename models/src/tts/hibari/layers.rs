//! The layers that the voice is built from. Frames (or phonemes) are rows, channels are columns.

use candle_core::{Result, Tensor};
use candle_nn::{Linear, Module, ops::softmax_last_dim};

use super::weights::Weights;
use crate::kernels::depthwise::{DepthwiseNorm, Norm};
use crate::kernels::int8::Int8Linear;

/// A ConvNeXt block (Z. Liu et al., "A ConvNet for the 2020s", 2022) in one dimension: depthwise convolution, norm, widening with
/// GELU, narrowing, scaled and added to what came in.
pub(super) struct ConvNext {
    depthwise: DepthwiseNorm,
    widen: Int8Linear,
    narrow: Int8Linear,
}

impl ConvNext {
    pub fn load(w: &Weights<'_>, name: &str, width: usize, inner: usize, taps: usize, dilation: usize) -> crate::Result<Self> {
        let gamma = w.floats(&format!("{name}.gamma"), &[width])?;
        Ok(Self {
            depthwise: w.depthwise(name, width, taps, dilation)?,
            widen: w.linear8(&format!("{name}.pw1"), inner, width)?.then_gelu(),
            narrow: w.linear8(&format!("{name}.pw2"), width, inner)?.times(&gamma),
        })
    }

    pub fn forward(&self, x: &Tensor) -> Result<Tensor> {
        x + self.narrow.forward(&self.widen.forward(&self.depthwise.forward(x)?)?)?
    }
}

/// Self-attention with two heads and a feed-forward net, each behind a norm.
pub(super) struct Attention {
    width: usize,
    norm_before: Norm,
    project: Int8Linear,
    out: Int8Linear,
    norm_between: Norm,
    widen: Int8Linear,
    narrow: Int8Linear,
}

const HEADS: usize = 2;

impl Attention {
    pub fn load(w: &Weights<'_>, name: &str, width: usize, inner: usize) -> crate::Result<Self> {
        Ok(Self {
            width,
            norm_before: w.norm(&format!("{name}.norm1"), width)?,
            project: w.projection8(&format!("{name}.self_attn"), width)?,
            out: w.linear8(&format!("{name}.self_attn.out_proj"), width, width)?,
            norm_between: w.norm(&format!("{name}.norm2"), width)?,
            widen: w.linear8(&format!("{name}.linear1"), inner, width)?.then_gelu(),
            narrow: w.linear8(&format!("{name}.linear2"), width, inner)?,
        })
    }

    pub fn forward(&self, x: &Tensor) -> Result<Tensor> {
        let x = (x + self.attend(&self.norm_before.forward(x)?)?)?;
        let inner = self.widen.forward(&self.norm_between.forward(&x)?)?;
        &x + self.narrow.forward(&inner)?
    }

    fn attend(&self, x: &Tensor) -> Result<Tensor> {
        let (length, head) = (x.dim(0)?, self.width / HEADS);
        let parts = self.project.forward(x)?.reshape((length, 3, HEADS, head))?;
        let part = |i: usize| parts.narrow(1, i, 1)?.squeeze(1)?.transpose(0, 1)?.contiguous();
        let (queries, keys, values) = (part(0)?, part(1)?, part(2)?);
        let scores = (queries.matmul(&keys.t()?)? / (head as f64).sqrt())?;
        let mixed = softmax_last_dim(&scores)?.matmul(&values)?;
        self.out.forward(&mixed.transpose(0, 1)?.contiguous()?.reshape((length, self.width))?)
    }
}

/// An encoder of phonemes: embedding, two convolution blocks, one attention layer run several times over, norm.
pub(super) struct TextEncoder {
    embedding: Tensor,
    blocks: Vec<ConvNext>,
    attention: Attention,
    rounds: usize,
    norm: Norm,
}

/// Phoneme ids that the voice knows.
pub(super) const IDS: usize = 178;
const TEXT_TAPS: usize = 5;

impl TextEncoder {
    pub fn load(w: &Weights<'_>, name: &str, width: usize, rounds: usize) -> crate::Result<Self> {
        let block = |i| ConvNext::load(w, &format!("{name}.convs.{i}"), width, 2 * width, TEXT_TAPS, 1);
        Ok(Self {
            embedding: w.tensor(&format!("{name}.emb.weight"), &[IDS, width])?,
            blocks: (0..2).map(block).collect::<crate::Result<_>>()?,
            attention: Attention::load(w, &format!("{name}.attn"), width, 2 * width)?,
            rounds,
            norm: w.norm(&format!("{name}.norm"), width)?,
        })
    }

    /// Ids `[phonemes]` to `[phonemes, width]`.
    pub fn forward(&self, ids: &Tensor) -> Result<Tensor> {
        let mut x = self.embedding.index_select(ids, 0)?;
        for block in &self.blocks {
            x = block.forward(&x)?;
        }
        for _ in 0..self.rounds {
            x = self.attention.forward(&x)?;
        }
        self.norm.forward(&x)
    }
}

/// A convolution as a linear layer: each row of `x` with its neighbours, `taps` rows in all, side by side.
pub(super) fn convolve(layer: &Linear, x: &Tensor, taps: usize) -> Result<Tensor> {
    let frames = x.dim(0)?;
    let padded = x.pad_with_zeros(0, taps / 2, taps / 2)?;
    let shifted = (0..taps).map(|tap| padded.narrow(0, tap, frames)).collect::<Result<Vec<_>>>()?;
    layer.forward(&Tensor::cat(&shifted, 1)?)
}
