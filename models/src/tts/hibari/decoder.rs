//! From phonemes in time, with pitch and energy, to the parameters of each frame's spectrum.

use candle_core::Tensor;
use candle_nn::Linear;

use super::layers::{ConvNext, TextEncoder, convolve};
use super::prosody::Contour;
use super::vocoder::BINS;
use super::weights::Weights;
use crate::Result;
use crate::kernels::depthwise::Norm;
use crate::kernels::int8::{Activations, Int8Linear};

const TEXT: usize = 128;
const ROUNDS: usize = 4;
const WIDTH: usize = 256;
const INNER: usize = 768;
const BLOCKS: usize = 8;
const TAPS: usize = 7;
/// Parameters per frame: five per bin.
pub(super) const PARAMETERS: usize = 5 * BINS;

/// The decoder network.
pub(super) struct Decoder {
    text: TextEncoder,
    enter: Linear,
    blocks: Vec<ConvNext>,
    norm: Norm,
    head: Int8Linear,
}

impl Decoder {
    pub fn load(w: &Weights<'_>) -> Result<Self> {
        Ok(Self {
            text: TextEncoder::load(w, "m.text", TEXT, ROUNDS)?,
            enter: w.convolution("m.dec_in", WIDTH, TEXT + 2, TAPS)?,
            blocks: (0..BLOCKS).map(|i| ConvNext::load(w, &format!("m.dec.{i}"), WIDTH, INNER, TAPS, 1)).collect::<Result<_>>()?,
            norm: w.norm("m.dec_norm", WIDTH)?,
            head: w.linear8("m.head", PARAMETERS, WIDTH)?,
        })
    }

    /// Ids `[phonemes]` to `[phonemes, TEXT]`.
    pub fn text(&self, ids: &Tensor) -> Result<Tensor> {
        Ok(self.text.forward(ids)?)
    }

    /// The text in time with its contour: `[frames, WIDTH]`.
    pub fn enter(&self, text: &Tensor, contour: &Contour) -> Result<Tensor> {
        let steps = text.index_select(&contour.places, 0)?;
        let (n, width) = steps.dims2()?;
        let frames = steps.unsqueeze(1)?.broadcast_as((n, 2, width))?.contiguous()?.reshape((2 * n, width))?;
        let pitch = ((contour.pitch.relu()? + 1.0)?.log()? / 5.0)?.unsqueeze(1)?;
        let energy = (&contour.energy / 5.0)?.unsqueeze(1)?;
        Ok(convolve(&self.enter, &Tensor::cat(&[frames, pitch, energy], 1)?, TAPS)?)
    }

    /// The blocks, one after the other; `between` is asked before each whether to go on.
    pub fn blocks(&self, mut x: Tensor, between: impl Fn() -> Result<()>) -> Result<Tensor> {
        for block in &self.blocks {
            between()?;
            x = block.forward(&x)?;
        }
        Ok(x)
    }

    /// What [`Decoder::parameters`] reads.
    pub fn normalised(&self, x: &Tensor) -> Result<Activations> {
        let x = self.norm.forward(x)?.flatten_all()?.to_vec1::<f32>()?;
        Ok(Activations::new(&x))
    }

    /// The spectrum parameters of some frames, [`PARAMETERS`] each.
    pub fn parameters(&self, x: &Activations, frames: std::ops::Range<usize>) -> Vec<f32> {
        let mut out = vec![0.0; frames.len() * PARAMETERS];
        self.head.rows(x, frames, &mut out);
        out
    }
}
