//! Convolutions over time, of frames that are rows: nothing is unfolded.
//!
//! With time over the rows, the frames that an output sees lie one after the other, so a convolution is one matrix product over rows that
//! overlap. A dilated convolution is several plain ones, each over every so-many-th frame; so the frames are laid out phase by phase, each
//! phase with its own margins of zeros, while they are copied (or rounded to 8 bits) anyway. What a model does to each frame before the
//! convolution ([`Prepare`]) is done in that same pass.

#![allow(unsafe_code)]

use candle_core::quantized::{GgmlDType, QTensor};
use candle_core::{Device, Result, Tensor, bail};

use super::Isa;
use super::matmul::{View, multiply};
use super::panels::{PANEL, Panels, ROWS};
use super::prepare::Prepare;
use super::rounded::Rounded;
use super::share::{Shared, parallel, tensor, with_values};

/// Rows to a task: enough that packing the weights does not count, few enough that a task's frames stay in the first-level cache.
const TILE: usize = 96;

/// How a convolution walks over its frames.
#[derive(Clone, Copy, Debug)]
pub struct Walk {
    /// Frames that an output sees.
    pub taps: usize,
    /// From one of them to the next.
    pub dilation: usize,
    /// From one output to the next; more than 1 only without dilation.
    pub stride: usize,
    /// Zeros before the first frame, in dilations.
    pub before: usize,
    /// Zeros after the last.
    pub after: usize,
}

impl Walk {
    /// As many outputs as frames, each in the middle of what it sees; `taps` is odd.
    #[must_use]
    pub fn same(taps: usize, dilation: usize) -> Self {
        Self { taps, dilation, stride: 1, before: taps / 2, after: taps / 2 }
    }
}

/// A convolution over time: its weights in `f32` or in Q8_0.
pub struct Convolution {
    weights: Weights,
    bias: Option<Vec<f32>>,
    walk: Walk,
    inputs: usize,
    outputs: usize,
}

enum Weights {
    /// `[outputs][taps][inputs]`
    Float(Vec<f32>),
    Rounded(Panels),
}

/// The prepared frames.
enum Frames {
    Float(Vec<f32>),
    Rounded(Rounded),
}

/// Frames that lie one after the other: those of one phase, with its margins.
#[derive(Clone, Copy)]
struct Phase {
    /// Its first row among the prepared frames.
    start: usize,
    /// How many outputs it gives.
    outputs: usize,
}

impl Convolution {
    /// From `weight` of shape `[outputs, taps inputs]`, tap by tap, Q8_0 (then `inputs` is a multiple of 32) or anything that becomes
    /// `f32`; `bias` has shape `[outputs]`.
    ///
    /// # Errors
    /// If the shapes do not match.
    pub fn new(weight: &QTensor, bias: Option<&Tensor>, walk: Walk) -> Result<Self> {
        Self::for_isa(Isa::best(), weight, bias, walk)
    }

    fn for_isa(isa: Isa, weight: &QTensor, bias: Option<&Tensor>, walk: Walk) -> Result<Self> {
        let (outputs, columns) = weight.shape().dims2()?;
        let bias = bias.map(Tensor::to_vec1::<f32>).transpose()?;
        let fits = walk.taps > 0 && columns.is_multiple_of(walk.taps) && columns > 0 && bias.as_ref().is_none_or(|b| b.len() == outputs);
        if !fits || walk.dilation == 0 || walk.stride == 0 || (walk.stride > 1 && walk.dilation > 1) {
            bail!("a convolution {walk:?} with weights {outputs}x{columns} and a bias of {:?}", bias.map(|b| b.len()));
        }
        let weights = match weight.dtype() {
            GgmlDType::Q8_0 => Weights::Rounded(Panels::new(isa, weight)?),
            _ => Weights::Float(weight.dequantize(&Device::Cpu)?.flatten_all()?.to_vec1()?),
        };
        Ok(Self { weights, bias, walk, inputs: columns / walk.taps, outputs })
    }

    /// How many channels come out.
    #[must_use]
    pub fn outputs(&self) -> usize {
        self.outputs
    }

    /// `x` of shape `[frames, inputs]`, each frame prepared, to `[frames', outputs]`; `more`, of that shape, is added.
    ///
    /// # Errors
    /// If the shapes do not match, there are fewer frames than an output sees, or a tensor is not `f32` on the CPU.
    pub fn forward(&self, x: &Tensor, prepare: &Prepare<'_>, more: Option<&Tensor>) -> Result<Tensor> {
        let (frames, inputs) = x.dims2()?;
        if inputs != self.inputs || !prepare.takes(inputs) {
            bail!("frames of {inputs} for a convolution of {}", self.inputs);
        }
        let (phases, rows) = self.phases(frames);
        let count = phases.iter().map(|phase| phase.outputs).sum::<usize>();
        let mut out = match more {
            Some(more) if more.dims() == [count, self.outputs] => with_values(more, |more| Ok(more.to_vec()))?,
            Some(more) => bail!("{:?} to be added to {count} frames of {}", more.dims(), self.outputs),
            None => vec![0.0; count * self.outputs],
        };
        let prepared = with_values(x, |x| Ok(self.prepared(x, prepare, &phases, rows)))?;
        let shared = Shared::new(&mut out);
        let tiles: Vec<(usize, usize)> =
            phases.iter().enumerate().flat_map(|(p, phase)| (0..phase.outputs).step_by(TILE).map(move |first| (p, first))).collect();
        parallel(tiles.len(), |range| {
            let mut sums = vec![0.0; TILE * self.outputs];
            for &(p, first) in &tiles[range] {
                let (phase, tile) = (phases[p], TILE.min(phases[p].outputs - first));
                self.multiply(&prepared, phase.start + first * self.walk.stride, tile, &mut sums);
                for (index, sums) in sums.chunks_exact(self.outputs).take(tile).enumerate() {
                    let place = (p + (first + index) * self.walk.dilation) * self.outputs;
                    // SAFETY: each output frame belongs to one tile, and each tile is given to one thread.
                    let out = unsafe { shared.part(place..place + self.outputs) };
                    out.iter_mut().zip(sums).for_each(|(out, sum)| *out += sum);
                    if let Some(bias) = &self.bias {
                        out.iter_mut().zip(bias).for_each(|(out, bias)| *out += bias);
                    }
                }
            }
        });
        tensor(out, (count, self.outputs))
    }

    /// The phases of so many frames, and the rows that they take together.
    fn phases(&self, frames: usize) -> (Vec<Phase>, usize) {
        let Walk { taps, dilation, stride, before, after } = self.walk;
        let mut start = 0;
        let phase = |p: usize| {
            let rows = before + frames.saturating_sub(p).div_ceil(dilation) + after;
            let phase = Phase { start, outputs: if rows < taps { 0 } else { (rows - taps) / stride + 1 } };
            start += rows;
            phase
        };
        ((0..dilation.min(frames.max(1))).map(phase).collect(), start)
    }

    fn prepared(&self, x: &[f32], prepare: &Prepare<'_>, phases: &[Phase], rows: usize) -> Frames {
        let (inputs, count) = (self.inputs, phases.len());
        let row = |frame: usize| phases[frame % count].start + self.walk.before + frame / count;
        let frames = x.len() / inputs;
        match &self.weights {
            Weights::Float(_) => {
                let mut out = vec![0.0; rows * inputs];
                let shared = Shared::new(&mut out);
                parallel(frames, |range| {
                    for frame in range {
                        let place = row(frame) * inputs;
                        // SAFETY: each frame has a row of its own.
                        let out = unsafe { shared.part(place..place + inputs) };
                        prepare.frame(&x[frame * inputs..(frame + 1) * inputs], out);
                    }
                });
                Frames::Float(out)
            }
            Weights::Rounded(panels) => {
                let mut out = Rounded::zeros(rows, inputs);
                let shared = out.rows_mut(panels.isa());
                parallel(frames, |range| {
                    let mut scratch = vec![0.0; inputs];
                    for frame in range {
                        prepare.frame(&x[frame * inputs..(frame + 1) * inputs], &mut scratch);
                        // SAFETY: each frame has a row of its own.
                        unsafe { shared.write(row(frame), &scratch) };
                    }
                });
                Frames::Rounded(out)
            }
        }
    }

    /// The sums of `count` outputs, the first of which sees the rows from `first` on.
    fn multiply(&self, frames: &Frames, first: usize, count: usize, sums: &mut [f32]) {
        let Walk { taps, stride, .. } = self.walk;
        match (&self.weights, frames) {
            (Weights::Float(weights), Frames::Float(frames)) => {
                let (inputs, columns) = (self.inputs, taps * self.inputs);
                let frames = View { values: &frames[first * inputs..], rows: count, columns, stride: stride * inputs };
                multiply(frames, View { values: weights, rows: self.outputs, columns, stride: columns }, true, sums, self.outputs);
            }
            (Weights::Rounded(panels), Frames::Rounded(frames)) => {
                for panel in 0..self.outputs.div_ceil(PANEL) {
                    let (place, width) = (panel * PANEL, PANEL.min(self.outputs - panel * PANEL));
                    for start in (0..count).step_by(ROWS) {
                        let together = ROWS.min(count - start);
                        let row = |index: usize| frames.rows(first + (start + index.min(together - 1)) * stride, taps);
                        let mut tile = [[0.0; PANEL]; ROWS];
                        panels.multiply(panel, &std::array::from_fn(row), together, &mut tile);
                        for (index, tile) in tile.iter().enumerate().take(together) {
                            sums[(start + index) * self.outputs + place..][..width].copy_from_slice(&tile[..width]);
                        }
                    }
                }
            }
            // Frames are prepared for the weights that they meet.
            _ => debug_assert!(false, "frames of another form than the weights"),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn waves(shape: (usize, usize), pace: f64) -> Tensor {
        let count = (shape.0 * shape.1) as f32;
        (Tensor::arange(0.0_f32, count, &Device::Cpu).unwrap() * pace).unwrap().sin().unwrap().reshape(shape).unwrap()
    }

    fn worst(ours: &Tensor, exact: &Tensor) -> f32 {
        assert_eq!(ours.dims(), exact.dims());
        (ours - exact).unwrap().abs().unwrap().max_all().unwrap().to_scalar().unwrap()
    }

    /// candle's convolution of the same weights, with as many zeros before and after.
    fn exact(x: &Tensor, weight: &Tensor, walk: Walk) -> Tensor {
        let (outputs, columns) = weight.dims2().unwrap();
        let weight = weight.reshape((outputs, walk.taps, columns / walk.taps)).unwrap().transpose(1, 2).unwrap().contiguous().unwrap();
        let x = x.pad_with_zeros(0, walk.before * walk.dilation, walk.after * walk.dilation).unwrap();
        let x = x.t().unwrap().unsqueeze(0).unwrap().contiguous().unwrap();
        x.conv1d(&weight, 0, walk.stride, walk.dilation, 1).unwrap().squeeze(0).unwrap().t().unwrap().contiguous().unwrap()
    }

    const WALKS: [Walk; 6] = [
        Walk { taps: 1, dilation: 1, stride: 1, before: 0, after: 0 },
        Walk { taps: 3, dilation: 1, stride: 1, before: 1, after: 1 },
        Walk { taps: 11, dilation: 5, stride: 1, before: 5, after: 5 },
        Walk { taps: 7, dilation: 3, stride: 1, before: 3, after: 3 },
        Walk { taps: 2, dilation: 1, stride: 1, before: 1, after: 1 },
        Walk { taps: 12, dilation: 1, stride: 6, before: 3, after: 3 },
    ];

    #[test]
    fn a_convolution_is_the_one_that_candle_computes() {
        for walk in WALKS {
            for frames in [6, 7, 100, 231] {
                let (x, weight) = (waves((frames, 32), 0.37), waves((20, walk.taps * 32), 0.11));
                let stored = QTensor::quantize(&weight, GgmlDType::F32).unwrap();
                let ours = Convolution::new(&stored, None, walk).unwrap().forward(&x, &Prepare::plain(), None).unwrap();
                assert!(worst(&ours, &exact(&x, &weight, walk)) < 1e-4, "{walk:?}, {frames} frames");
            }
        }
    }

    #[test]
    fn in_8_bits_every_form_is_close_to_the_same_weights_in_floating_point() {
        for walk in WALKS {
            let (x, weight) = (waves((100, 64), 0.37), waves((20, walk.taps * 64), 0.11));
            let stored = QTensor::quantize(&weight, GgmlDType::Q8_0).unwrap();
            let exact = exact(&x, &stored.dequantize(&Device::Cpu).unwrap(), walk);
            for isa in Isa::available() {
                let ours = Convolution::for_isa(isa, &stored, None, walk).unwrap().forward(&x, &Prepare::plain(), None).unwrap();
                // Half a step of 1/127 for each of `columns` products of size 1/2, at random.
                let bound = 0.01 * ((walk.taps * 64) as f32).sqrt();
                assert!(worst(&ours, &exact) < bound, "{isa:?} {walk:?}: {}", worst(&ours, &exact));
            }
        }
    }

    #[test]
    fn bias_and_what_is_added_are_added_once() {
        let (x, weight, more) = (waves((50, 32), 0.37), waves((20, 96), 0.11), waves((50, 20), 0.7));
        let bias = Tensor::arange(0.0_f32, 20.0, &Device::Cpu).unwrap();
        let stored = QTensor::quantize(&weight, GgmlDType::F32).unwrap();
        let walk = Walk::same(3, 1);
        let ours = Convolution::new(&stored, Some(&bias), walk).unwrap().forward(&x, &Prepare::plain(), Some(&more)).unwrap();
        let exact = exact(&x, &weight, walk).broadcast_add(&bias).unwrap().add(&more).unwrap();
        assert!(worst(&ours, &exact) < 1e-4);
    }

    #[test]
    fn shapes_that_do_not_match_are_refused() {
        let stored = QTensor::quantize(&waves((20, 96), 0.11), GgmlDType::F32).unwrap();
        assert!(Convolution::new(&stored, None, Walk::same(5, 1)).is_err());
        assert!(
            Convolution::new(&stored, Some(&Tensor::zeros(19, candle_core::DType::F32, &Device::Cpu).unwrap()), Walk::same(3, 1)).is_err()
        );
        let layer = Convolution::new(&stored, None, Walk::same(3, 1)).unwrap();
        assert!(layer.forward(&waves((9, 31), 1.0), &Prepare::plain(), None).is_err());
        assert!(layer.forward(&waves((9, 32), 1.0), &Prepare::plain(), Some(&waves((9, 19), 1.0))).is_err());
        assert_eq!(layer.forward(&waves((1, 32), 1.0), &Prepare::plain(), None).unwrap().dims(), [1, 20]);
    }
}
