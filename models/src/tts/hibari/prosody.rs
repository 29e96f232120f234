//! How long each phoneme lasts, and the pitch and energy over time.

use candle_core::{D, Device, Tensor};
use candle_nn::{Linear, Module};

use super::layers::{ConvNext, TextEncoder, convolve};
use super::weights::Weights;
use crate::Result;

const WIDTH: usize = 192;
const ROUNDS: usize = 6;
const TAPS: usize = 7;
const DILATIONS: [usize; 6] = [1, 2, 4, 8, 1, 2];
const DURATION_TAPS: usize = 3;
/// The network thinks in hundreds of hertz, and in fifths of a unit of energy.
const HERTZ: f64 = 100.0;
const ENERGY: f64 = 5.0;
/// No phoneme lasts longer than this, in steps of 25 ms; the voice's pauses stay below a second.
const LONGEST: f32 = 120.0;

/// The prosody network.
pub(super) struct Prosody {
    text: TextEncoder,
    widen: Linear,
    duration: Linear,
    project: Linear,
    blocks: Vec<ConvNext>,
    out: Linear,
}

/// What the decoder needs beside the text. A step is 25 ms and two frames.
pub(super) struct Contour {
    /// Steps per phoneme.
    pub durations: Vec<u32>,
    /// For each step its phoneme's place.
    pub places: Tensor,
    /// Pitch in hertz per frame, below 0 or near it where there is no voice: `[frames]`.
    pub pitch: Tensor,
    /// Energy per frame: `[frames]`.
    pub energy: Tensor,
}

impl Prosody {
    pub fn load(w: &Weights<'_>) -> Result<Self> {
        let blocks = DILATIONS.iter().enumerate();
        Ok(Self {
            text: TextEncoder::load(w, "pn.text", WIDTH, ROUNDS)?,
            widen: w.convolution("pn.dur.0", WIDTH, WIDTH, DURATION_TAPS)?,
            duration: w.convolution("pn.dur.2", 1, WIDTH, 1)?,
            project: w.convolution("pn.pro_in", WIDTH, WIDTH, 1)?,
            blocks: blocks
                .map(|(i, dilation)| ConvNext::load(w, &format!("pn.pro.{i}"), WIDTH, 2 * WIDTH, TAPS, *dilation))
                .collect::<Result<_>>()?,
            out: w.convolution("pn.pro_out", 4, WIDTH, 1)?,
        })
    }

    /// Ids `[phonemes]` to the contour of their speech, whose `durations` in steps, predicted at `speed`, may be changed.
    pub fn forward(&self, ids: &Tensor, speed: f32, change: impl FnOnce(&mut [u32])) -> Result<Contour> {
        let text = self.text.forward(ids)?;
        let mut durations = self.durations(&text, speed)?;
        change(&mut durations);
        let places = places(&durations)?;
        let mut x = self.project.forward(&text)?.index_select(&places, 0)?;
        for block in &self.blocks {
            x = block.forward(&x)?;
        }
        // Per step: pitch of its first and second frame, energy of its first and second frame.
        let steps = self.out.forward(&x)?;
        let frames = 2 * steps.dim(0)?;
        let pitch = (steps.narrow(D::Minus1, 0, 2)?.contiguous()?.reshape(frames)? * HERTZ)?;
        let energy = (steps.narrow(D::Minus1, 2, 2)?.contiguous()?.reshape(frames)? * ENERGY)?;
        Ok(Contour { durations, places, pitch, energy })
    }

    /// Ids `[phonemes]` to `[phonemes, WIDTH]`.
    #[cfg(test)]
    pub fn text(&self, ids: &Tensor) -> Result<Tensor> {
        Ok(self.text.forward(ids)?)
    }

    fn durations(&self, text: &Tensor, speed: f32) -> Result<Vec<u32>> {
        let inner = convolve(&self.widen, text, DURATION_TAPS)?.gelu_erf()?;
        let logs = self.duration.forward(&inner)?.flatten_all()?.to_vec1::<f32>()?;
        Ok(logs.into_iter().map(|log| ((log.exp() - 1.0) / speed).round_ties_even().clamp(1.0, LONGEST) as u32).collect())
    }
}

fn places(durations: &[u32]) -> Result<Tensor> {
    let places: Vec<u32> = (0..).zip(durations).flat_map(|(place, n)| std::iter::repeat_n(place, *n as usize)).collect();
    Ok(Tensor::new(places, &Device::Cpu)?)
}
