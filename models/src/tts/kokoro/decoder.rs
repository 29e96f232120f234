//! From the phonemes in time, with pitch and energy, to what the generator makes waves of.

use candle_core::{DType, Tensor};

use super::block::Block;
use super::prosody::Contour;
use super::text;
use super::weights::Weights;
use crate::kernels::tensor::conv::{Convolution, Walk};
use crate::kernels::tensor::prepare::Prepare;
use crate::{Cancel, Result};

const WIDTH: usize = 1024;
/// Channels of every frame that comes out.
pub(super) const OUT: usize = 512;
/// The text beside each block's input is as narrow as this.
const TEXT: usize = 64;
/// Channels of the first block's input and of the others', filled up to multiples of 32.
const ENTER: usize = 544;
const BETWEEN: usize = 1120;
/// Every second frame with its neighbours: pitch and energy have two frames to a step.
const HALVE: Walk = Walk { taps: 3, dilation: 1, stride: 2, before: 1, after: 1 };

/// The decoder.
pub(super) struct Decoder {
    pitch: Convolution,
    energy: Convolution,
    text: Convolution,
    enter: Block,
    blocks: Vec<Block>,
}

impl Decoder {
    pub fn load(w: &mut Weights) -> Result<Self> {
        Ok(Self {
            pitch: w.conv("decoder.pitch", 1, HALVE)?,
            energy: w.conv("decoder.energy", 1, HALVE)?,
            text: w.conv("decoder.text", TEXT, Walk::same(1, 1))?,
            enter: Block::load(w, "decoder.enter", ENTER, WIDTH, false)?,
            blocks: (0..4)
                .map(|i| Block::load(w, &format!("decoder.{i}"), BETWEEN, if i == 3 { OUT } else { WIDTH }, i == 3))
                .collect::<Result<_>>()?,
        })
    }

    /// `text` in steps, `[steps, text::WIDTH]`, to `[frames, OUT]`.
    pub fn forward(&self, text: &Tensor, contour: &Contour, style: &Tensor, cancel: &Cancel) -> Result<Tensor> {
        let plain = Prepare::plain();
        let pitch = self.pitch.forward(&contour.pitch, &plain, None)?;
        let energy = self.energy.forward(&contour.energy, &plain, None)?;
        let fill = |width: usize| Tensor::zeros((pitch.dim(0)?, width), DType::F32, text.device());
        let narrow = self.text.forward(text, &plain, None)?;
        let first = Tensor::cat(&[text, &pitch, &energy, &fill(ENTER - text::WIDTH - 2)?], 1)?;
        let mut x = self.enter.forward(&first, style)?;
        let beside = Tensor::cat(&[&narrow, &pitch, &energy, &fill(BETWEEN - WIDTH - TEXT - 2)?], 1)?;
        for block in &self.blocks {
            cancel.check()?;
            x = block.forward(&Tensor::cat(&[&x, &beside], 1)?, style)?;
        }
        Ok(x)
    }
}
