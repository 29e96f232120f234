//! From what the decoder gives to the wave (iSTFTNet, T. Kaneko et al. 2022): twice the frames are multiplied, and each time the excitation
//! is added and three residual blocks of different reach smooth the result; what comes out is a spectrum every 5 samples.

use candle_core::{Device, Tensor};

use super::decoder;
use super::norm::StyleNorm;
use super::prosody::STYLE;
use super::source::{self, Source};
use super::spectrum::{BINS, Spectrum};
use super::weights::Weights;
use crate::kernels::tensor::conv::{Convolution, Walk};
use crate::kernels::tensor::prepare::{Activation, Prepare, Snake};
use crate::{Cancel, Result};

/// Taps of the residual blocks that run side by side.
const TAPS: [usize; 3] = [3, 7, 11];
/// From tap to tap in the first convolution of each of a block's three parts.
const DILATIONS: [usize; 3] = [1, 3, 5];
/// The last layer's.
const LAST_TAPS: usize = 7;

/// What is done twice.
struct Stage {
    slope: f32,
    /// So many frames of each.
    times: usize,
    up: Convolution,
    source: Convolution,
    source_waves: Waves,
    waves: Vec<Waves>,
}

/// The generator.
pub(super) struct Generator {
    source: Source,
    transform: Spectrum,
    stages: Vec<Stage>,
    out: Convolution,
}

/// A residual block of three parts.
struct Waves(Vec<Part>);

struct Part {
    norm1: StyleNorm,
    snake1: Snake,
    conv1: Convolution,
    norm2: StyleNorm,
    snake2: Snake,
    conv2: Convolution,
}

impl Waves {
    fn load(w: &mut Weights, name: &str, channels: usize, taps: usize) -> Result<Self> {
        let part = |(i, dilation): (usize, usize)| {
            let name = format!("{name}.{i}");
            Ok(Part {
                norm1: w.style(&format!("{name}.norm1"), channels, STYLE)?,
                snake1: w.snake(&format!("{name}.alpha1"), channels)?,
                conv1: w.conv(&format!("{name}.conv1"), channels, Walk::same(taps, dilation))?,
                norm2: w.style(&format!("{name}.norm2"), channels, STYLE)?,
                snake2: w.snake(&format!("{name}.alpha2"), channels)?,
                conv2: w.conv(&format!("{name}.conv2"), channels, Walk::same(taps, 1))?,
            })
        };
        Ok(Self(DILATIONS.into_iter().enumerate().map(part).collect::<Result<_>>()?))
    }

    fn forward(&self, x: &Tensor, style: &Tensor, cancel: &Cancel) -> Result<Tensor> {
        let mut x = x.clone();
        for part in &self.0 {
            cancel.check()?;
            let before = part.norm1.over_time(&x, style, Activation::Snake(&part.snake1))?;
            let inner = part.conv1.forward(&x, &before, None)?;
            cancel.check()?;
            let before = part.norm2.over_time(&inner, style, Activation::Snake(&part.snake2))?;
            x = part.conv2.forward(&inner, &before, Some(&x))?;
        }
        Ok(x)
    }
}

impl Stage {
    fn load(w: &mut Weights, index: usize, channels: usize, times: usize, source: Walk, source_taps: usize) -> Result<Self> {
        let name = format!("generator.{index}");
        Ok(Self {
            slope: 0.1,
            times,
            up: w.conv(&format!("{name}.up"), times * channels, Walk { taps: 2, dilation: 1, stride: 1, before: 1, after: 1 })?,
            source: w.conv(&format!("{name}.source"), channels, source)?,
            source_waves: Waves::load(w, &format!("{name}.source.waves"), channels, source_taps)?,
            waves: TAPS
                .into_iter()
                .enumerate()
                .map(|(i, taps)| Waves::load(w, &format!("{name}.{i}"), channels, taps))
                .collect::<Result<_>>()?,
        })
    }

    /// `last`: one frame more, the second one mirrored, as the spectrum wants it.
    fn forward(&self, x: &Tensor, excitation: &Tensor, style: &Tensor, last: bool, cancel: &Cancel) -> Result<Tensor> {
        let excitation = self.source.forward(excitation, &Prepare::plain(), None)?;
        let excitation = self.source_waves.forward(&excitation, style, cancel)?;
        let up = self.up.forward(x, &Prepare::only(Activation::Leaky(self.slope)), None)?;
        let (frames, width) = (x.dim(0)? * self.times, excitation.dim(1)?);
        let up = up.reshape(((x.dim(0)? + 1) * self.times, width))?.narrow(0, self.times / 2, frames)?;
        let up = if last { Tensor::cat(&[&up.narrow(0, 1, 1)?, &up], 0)? } else { up };
        let x = (up + excitation)?;
        let mut sum: Option<Tensor> = None;
        for waves in &self.waves {
            let wave = waves.forward(&x, style, cancel)?;
            sum = Some(match sum {
                Some(sum) => (sum + wave)?,
                None => wave,
            });
        }
        Ok((sum.unwrap_or(x) * (1.0 / TAPS.len() as f64))?)
    }
}

impl Generator {
    pub fn load(w: &mut Weights) -> Result<Self> {
        let sixth = Walk { taps: 12, dilation: 1, stride: 6, before: 3, after: 3 };
        let stages =
            vec![Stage::load(w, 0, decoder::OUT / 2, 10, sixth, 7)?, Stage::load(w, 1, decoder::OUT / 4, 6, Walk::same(1, 1), 11)?];
        let out = w.conv("generator.out", 2 * BINS, Walk::same(LAST_TAPS, 1))?;
        Ok(Self { source: Source::load(w)?, transform: Spectrum::new(), stages, out })
    }

    /// The spectrum of the excitation for a pitch per frame, a row every 5 samples and one more.
    pub fn excitation(&self, pitch: &[f32], seed: Option<u32>) -> Result<Tensor> {
        let rows = source::spectrum(&self.transform, &self.source.wave(pitch, seed));
        Ok(Tensor::from_vec(rows, (pitch.len() * source::FRAME / super::spectrum::HOP + 1, 2 * BINS), &Device::Cpu)?)
    }

    /// `x` of shape `[frames, decoder::OUT]` to logarithms of magnitudes and phases every 5 samples: `[.., 2 BINS]`.
    pub fn spectra(&self, x: &Tensor, excitation: &Tensor, style: &Tensor, cancel: &Cancel) -> Result<Tensor> {
        let mut x = x.clone();
        for (index, stage) in self.stages.iter().enumerate() {
            x = stage.forward(&x, excitation, style, index + 1 == self.stages.len(), cancel)?;
        }
        Ok(self.out.forward(&x, &Prepare::only(Activation::Leaky(0.01)), None)?)
    }

    /// The wave of those spectra.
    pub fn wave(&self, spectra: &Tensor) -> Result<Vec<f32>> {
        Ok(self.transform.inverse(&spectra.flatten_all()?.to_vec1::<f32>()?))
    }
}
