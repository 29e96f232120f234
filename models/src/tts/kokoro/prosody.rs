//! How long each phoneme lasts, and how pitch and energy run over time.

use candle_core::{Device, Tensor};

use super::albert::{Albert, OUT};
use super::block::Block;
use super::norm::StyleNorm;
use super::weights::Weights;
use crate::kernels::tensor::conv::{Convolution, Walk};
use crate::kernels::tensor::lstm::Lstm;
use crate::kernels::tensor::prepare::Prepare;
use crate::kernels::tensor::q8::Linear;
use crate::{Cancel, Result};

/// Values of the half of a style that prosody follows.
pub(super) const STYLE: usize = 128;
/// Width of each direction of a memory.
const STATE: usize = 256;
/// A phoneme's length is a sum of so many chances, each that of one step more; so none lasts longer, at the trained pace.
const LONGEST: usize = 50;
const ROUNDS: usize = 3;

/// The networks of durations, pitch and energy.
pub(super) struct Prosody {
    albert: Albert,
    rounds: Vec<(Lstm, StyleNorm)>,
    last: Lstm,
    out: Linear,
    contour: Lstm,
    pitch: Curve,
    energy: Curve,
}

/// Pitch, or energy.
struct Curve {
    blocks: Vec<Block>,
    out: Convolution,
}

/// What the sound needs beside the text. A step is 25 ms and two frames.
pub(super) struct Contour {
    /// Pitch in hertz per frame, about 0 where there is no voice: `[frames, 1]`.
    pub pitch: Tensor,
    /// Energy per frame: `[frames, 1]`.
    pub energy: Tensor,
}

impl Curve {
    fn load(w: &mut Weights, name: &str) -> Result<Self> {
        let block = |(i, (inputs, outputs))| Block::load(w, &format!("{name}.{i}"), inputs, outputs, i == 1);
        let blocks = [(512, 512), (512, 256), (256, 256)].into_iter().enumerate().map(block).collect::<Result<_>>()?;
        Ok(Self { blocks, out: w.conv(&format!("{name}.out"), 1, Walk::same(1, 1))? })
    }

    fn forward(&self, x: &Tensor, style: &Tensor, cancel: &Cancel) -> Result<Tensor> {
        let mut x = x.clone();
        for block in &self.blocks {
            cancel.check()?;
            x = block.forward(&x, style)?;
        }
        Ok(self.out.forward(&x, &Prepare::plain(), None)?)
    }
}

impl Prosody {
    pub fn load(w: &mut Weights) -> Result<Self> {
        let round = |i| Ok((w.lstm(&format!("duration.{i}.lstm"), STATE)?, w.style(&format!("duration.{i}.style"), OUT, STYLE)?));
        let rounds = (0..ROUNDS).map(round).collect::<Result<_>>()?;
        Ok(Self {
            albert: Albert::load(w)?,
            rounds,
            last: w.lstm("duration.lstm", STATE)?,
            out: w.linear("duration.out", LONGEST)?,
            contour: w.lstm("contour.lstm", STATE)?,
            pitch: Curve::load(w, "pitch")?,
            energy: Curve::load(w, "energy")?,
        })
    }

    /// Ids `[phonemes]` to what durations and contours are read from: `[phonemes, OUT + STYLE]`.
    pub fn encoded(&self, ids: &Tensor, style: &Tensor, cancel: &Cancel) -> Result<Tensor> {
        let meaning = self.albert.forward(ids, cancel)?;
        let styles = style.unsqueeze(0)?.broadcast_as((ids.dim(0)?, STYLE))?.contiguous()?;
        let mut x = Tensor::cat(&[&meaning, &styles], 1)?;
        for (lstm, norm) in &self.rounds {
            cancel.check()?;
            x = Tensor::cat(&[&norm.over_channels(&lstm.forward(&x)?, style)?, &styles], 1)?;
        }
        Ok(x)
    }

    /// Ids `[phonemes]` to what they mean: `[phonemes, OUT]`.
    #[cfg(test)]
    pub fn meaning(&self, ids: &Tensor, cancel: &Cancel) -> Result<Tensor> {
        self.albert.forward(ids, cancel)
    }

    /// Steps of each phoneme, at least one.
    pub fn durations(&self, encoded: &Tensor, speed: f32) -> Result<Vec<u32>> {
        let chances = self.out.forward(&self.last.forward(encoded)?)?.to_vec2::<f32>()?;
        let steps = |row: Vec<f32>| row.into_iter().map(|x| 1.0 / (1.0 + (-x).exp())).sum::<f32>() / speed;
        Ok(chances.into_iter().map(|row| steps(row).round_ties_even().max(1.0) as u32).collect())
    }

    /// Pitch and energy of phonemes that last so long.
    pub fn contour(&self, encoded: &Tensor, places: &Tensor, style: &Tensor, cancel: &Cancel) -> Result<Contour> {
        let x = self.contour.forward(&encoded.index_select(places, 0)?)?;
        let (pitch, energy) = rayon::join(|| self.pitch.forward(&x, style, cancel), || self.energy.forward(&x, style, cancel));
        Ok(Contour { pitch: pitch?, energy: energy? })
    }
}

/// For each step its phoneme's place: `[steps]`.
pub(super) fn places(durations: &[u32]) -> Result<Tensor> {
    let places: Vec<u32> = (0..).zip(durations).flat_map(|(place, n)| std::iter::repeat_n(place, *n as usize)).collect();
    Ok(Tensor::new(places, &Device::Cpu)?)
}
