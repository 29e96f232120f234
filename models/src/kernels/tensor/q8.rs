//! Matrix products with Q8_0 weights.
//!
//! Q8_0 keeps 32 weights as 8-bit integers and one scale. The activations are rounded the same way, 32 at a time, so the sums run in
//! integers; this is what llama.cpp and whisper.cpp do. For speed the weights are laid out anew when a model is opened: *panels* of
//! [`PANEL`] outputs, in which four consecutive inputs of all sixteen outputs lie side by side, the shape of one 512-bit `vpdpbusd` or
//! of four `sdot`. A panel stays in the first-level cache while all rows of activations pass by it.

#![allow(unsafe_code)]

use std::ops::Range;

use candle_core::quantized::{GgmlDType, QTensor};
use candle_core::{Result, Tensor, bail};

use super::share::{Shared, parallel, tensor, with_values};
use super::{Isa, elementwise};

/// Outputs that are computed side by side.
pub(super) const PANEL: usize = 16;
/// Inputs that share a scale.
pub(super) const BLOCK: usize = 32;
/// The most rows of activations that one pass over a panel serves.
pub(super) const ROWS: usize = 8;
/// The bytes of one Q8_0 block in a GGUF file: an `f16` scale and the integers.
const STORED_BLOCK: usize = 2 + BLOCK;

/// What one pass over a panel leaves: [`PANEL`] sums for each of its rows.
pub(super) type Sums = [[f32; PANEL]; ROWS];

/// A linear layer `y = x Wᵀ + b` with Q8_0 weights.
pub struct Linear {
    isa: Isa,
    outputs: usize,
    inputs: usize,
    /// `[panel][block][output in panel]`
    scales: Vec<f32>,
    /// `[panel][block][four inputs][output in panel][input in four]`; on AVX-512 offset by 128, since `vpdpbusd` wants one side unsigned.
    weights: Vec<i8>,
    bias: Option<Vec<f32>>,
}

/// What is done with the product before it is stored.
#[derive(Clone, Copy)]
enum Finish<'a> {
    Nothing,
    Gelu,
    Add(&'a [f32]),
}

/// Activations as Q8_0.
struct Rounded {
    /// Blocks in a row.
    blocks: usize,
    /// Blocks from one row to the next; fewer than a row has, if rows overlap.
    step: usize,
    values: Vec<i8>,
    scales: Vec<f32>,
    /// `-128 ×` the sum of each block: undoes the offset of the weights on AVX-512.
    offsets: Vec<i32>,
}

/// One row of [`Rounded`].
#[derive(Clone, Copy)]
pub(super) struct Row<'a> {
    pub(super) values: &'a [i8],
    pub(super) scales: &'a [f32],
    #[cfg_attr(not(target_arch = "x86_64"), expect(dead_code, reason = "only AVX-512 offsets its weights"))]
    pub(super) offsets: &'a [i32],
}

impl Linear {
    /// Lay out `weight`, Q8_0 of shape `[outputs, inputs]`, for this processor. `bias` has shape `[outputs]`.
    ///
    /// # Errors
    /// If the weight is not Q8_0, `inputs` is not a multiple of 32, or the bias has another length.
    pub fn new(weight: &QTensor, bias: Option<&Tensor>) -> Result<Self> {
        Self::for_isa(Isa::best(), weight, bias)
    }

    /// [`Linear::new`] for a chosen instruction set, which must be one of [`Isa::available`]; else the portable form is used.
    ///
    /// # Errors
    /// As [`Linear::new`].
    pub fn for_isa(isa: Isa, weight: &QTensor, bias: Option<&Tensor>) -> Result<Self> {
        let isa = if Isa::available().contains(&isa) { isa } else { Isa::Portable };
        let (outputs, inputs) = weight.shape().dims2()?;
        if weight.dtype() != GgmlDType::Q8_0 || !inputs.is_multiple_of(BLOCK) {
            bail!("a Q8_0 weight with inputs in multiples of {BLOCK} is needed, not {:?} {outputs}x{inputs}", weight.dtype());
        }
        let bias = bias.map(Tensor::to_vec1::<f32>).transpose()?;
        if let Some(bias) = &bias
            && bias.len() != outputs
        {
            bail!("a layer of {outputs} outputs has a bias of {}", bias.len());
        }
        let (scales, weights) = lay_out(isa, &weight.data()?, outputs, inputs / BLOCK)?;
        Ok(Self { isa, outputs, inputs, scales, weights, bias })
    }

    /// How many outputs the layer has.
    #[must_use]
    pub fn outputs(&self) -> usize {
        self.outputs
    }

    /// How many inputs the layer has.
    #[must_use]
    pub fn inputs(&self) -> usize {
        self.inputs
    }

    /// `x Wᵀ + b` for `x` of shape `[rows, inputs]`.
    ///
    /// # Errors
    /// If `x` has another shape or is not `f32` on the CPU.
    pub fn forward(&self, x: &Tensor) -> Result<Tensor> {
        self.run(x, Finish::Nothing)
    }

    /// `gelu(x Wᵀ + b)`.
    ///
    /// # Errors
    /// As [`Linear::forward`].
    pub fn forward_gelu(&self, x: &Tensor) -> Result<Tensor> {
        self.run(x, Finish::Gelu)
    }

    /// `x Wᵀ + b + residual`.
    ///
    /// # Errors
    /// As [`Linear::forward`], or if `residual` has another shape than the product.
    pub fn forward_add(&self, x: &Tensor, residual: &Tensor) -> Result<Tensor> {
        if residual.dims2()? != (x.dim(0)?, self.outputs) {
            bail!("a residual of shape {:?} for {} outputs", residual.shape(), self.outputs);
        }
        with_values(residual, |residual| self.run(x, Finish::Add(residual)))
    }

    /// The layer as a convolution over time without padding: `x` has shape `[frames, channels]`; each row of
    /// the weights holds a window of frames, one after the other; a window begins every `stride` frames. Gives `[windows, outputs]`.
    ///
    /// Windows overlap in memory, and each frame is rounded once.
    ///
    /// # Errors
    /// If a window is not whole frames of whole blocks, there is none in `x`, or `x` is not `f32` on the CPU.
    pub fn forward_windows(&self, x: &Tensor, stride: usize) -> Result<Tensor> {
        let (frames, channels) = x.dims2()?;
        if channels == 0 || !channels.is_multiple_of(BLOCK) || !self.inputs.is_multiple_of(channels) || stride == 0 {
            bail!("windows of {} values over frames of {channels}", self.inputs);
        }
        let window = self.inputs / channels;
        let Some(room) = frames.checked_sub(window) else {
            bail!("{frames} frames hold no window of {window}");
        };
        let rounded = with_values(x, |x| Ok(Rounded::new(self.isa, x, self.inputs, stride * channels)))?;
        self.product(&rounded, room / stride + 1, Finish::Nothing)
    }

    /// Row `output` of the weights as `f32`: a layer that shares its weights with an embedding serves as the embedding.
    ///
    /// # Errors
    /// If there is no such output.
    pub fn embedding(&self, output: usize) -> Result<Vec<f32>> {
        if output >= self.outputs {
            bail!("token {output} of a vocabulary of {}", self.outputs);
        }
        let (panel, lane) = (output / PANEL, output % PANEL);
        let blocks = self.inputs / BLOCK;
        let offset = if offsets_weights(self.isa) { i8::MIN } else { 0 };
        Ok((0..self.inputs)
            .map(|input| {
                let block = panel * blocks + input / BLOCK;
                let weight = self.weights[block * BLOCK * PANEL + place(input % BLOCK, lane)] ^ offset;
                f32::from(weight) * self.scales[block * PANEL + lane]
            })
            .collect())
    }

    fn run(&self, x: &Tensor, finish: Finish<'_>) -> Result<Tensor> {
        let (rows, inputs) = x.dims2()?;
        if inputs != self.inputs {
            bail!("{inputs} inputs for a layer of {}", self.inputs);
        }
        let rounded = with_values(x, |x| Ok(Rounded::new(self.isa, x, inputs, inputs)))?;
        self.product(&rounded, rows, finish)
    }

    fn product(&self, x: &Rounded, rows: usize, finish: Finish<'_>) -> Result<Tensor> {
        let mut out = vec![0.0; rows * self.outputs];
        let shared = Shared::new(&mut out);
        parallel(self.outputs.div_ceil(PANEL), |panels| {
            for panel in panels {
                self.panel(panel, x, rows, finish, &shared);
            }
        });
        tensor(out, (rows, self.outputs))
    }

    /// All rows of one panel of outputs.
    fn panel(&self, panel: usize, x: &Rounded, rows: usize, finish: Finish<'_>, out: &Shared<'_, f32>) {
        let blocks = self.inputs / BLOCK;
        let scales = &self.scales[panel * blocks * PANEL..][..blocks * PANEL];
        let weights = &self.weights[panel * blocks * BLOCK * PANEL..][..blocks * BLOCK * PANEL];
        let first = panel * PANEL;
        let width = PANEL.min(self.outputs - first);
        let mut bias = [0.0; PANEL];
        if let Some(all) = &self.bias {
            bias[..width].copy_from_slice(&all[first..first + width]);
        }
        let mut sums = [[0.0; PANEL]; ROWS];
        let mut row = 0;
        while row < rows {
            let count = ROWS.min(rows - row);
            multiply(self.isa, scales, weights, x, row, count, &mut sums);
            for (index, sums) in sums.iter_mut().enumerate().take(count) {
                for (sum, bias) in sums.iter_mut().zip(&bias) {
                    *sum += bias;
                }
                let place = (row + index) * self.outputs + first;
                match finish {
                    Finish::Nothing => {}
                    Finish::Gelu => elementwise::gelu(self.isa, sums),
                    Finish::Add(residual) => {
                        for (sum, residual) in sums.iter_mut().zip(&residual[place..place + width]) {
                            *sum += residual;
                        }
                    }
                }
                // SAFETY: each panel is given to one thread, and a panel's outputs are its own columns of every row.
                unsafe { out.part(place..place + width) }.copy_from_slice(&sums[..width]);
            }
            row += count;
        }
    }
}

impl Rounded {
    /// Rows of `inputs` values, `step` values from one to the next.
    fn new(isa: Isa, x: &[f32], inputs: usize, step: usize) -> Self {
        /// Fewer blocks than this are not worth waking a thread for.
        const MANY: usize = 512;
        let blocks = x.len() / BLOCK;
        let (values, scales, offsets) = (vec![0; x.len()], vec![0.0; blocks], vec![0; blocks]);
        let mut rounded = Self { blocks: inputs / BLOCK, step: step / BLOCK, values, scales, offsets };
        let (values, scales, offsets) =
            (Shared::new(&mut rounded.values), Shared::new(&mut rounded.scales), Shared::new(&mut rounded.offsets));
        let round = |blocks: Range<usize>| {
            let places = blocks.start * BLOCK..blocks.end * BLOCK;
            // SAFETY: each block is given to one thread.
            let (values, scales, offsets) = unsafe { (values.part(places.clone()), scales.part(blocks.clone()), offsets.part(blocks)) };
            elementwise::round_blocks(isa, &x[places], values, scales, offsets);
        };
        if blocks < MANY {
            round(0..blocks);
        } else {
            parallel(blocks, round);
        }
        rounded
    }

    fn row(&self, row: usize) -> Row<'_> {
        let blocks = row * self.step..row * self.step + self.blocks;
        Row {
            values: &self.values[blocks.start * BLOCK..blocks.end * BLOCK],
            scales: &self.scales[blocks.clone()],
            offsets: &self.offsets[blocks],
        }
    }
}

/// Whether this form of the kernel keeps its weights offset by 128.
fn offsets_weights(isa: Isa) -> bool {
    match isa {
        #[cfg(target_arch = "x86_64")]
        Isa::Avx512Vnni => true,
        _ => false,
    }
}

/// Where in a block of a panel a weight lies.
fn place(input: usize, lane: usize) -> usize {
    (input / 4) * PANEL * 4 + lane * 4 + input % 4
}

/// From GGUF's rows of blocks to panels.
fn lay_out(isa: Isa, stored: &[u8], outputs: usize, blocks: usize) -> Result<(Vec<f32>, Vec<i8>)> {
    if stored.len() != outputs * blocks * STORED_BLOCK {
        bail!("{} bytes for a Q8_0 weight of {outputs} x {blocks} blocks", stored.len());
    }
    let panels = outputs.div_ceil(PANEL);
    let offset = if offsets_weights(isa) { i8::MIN } else { 0 };
    let mut scales = vec![0.0; panels * blocks * PANEL];
    let mut weights = vec![offset; panels * blocks * BLOCK * PANEL];
    for (index, block) in stored.chunks_exact(STORED_BLOCK).enumerate() {
        let (output, block_in_row) = (index / blocks, index % blocks);
        let (panel, lane) = (output / PANEL, output % PANEL);
        let to = panel * blocks + block_in_row;
        scales[to * PANEL + lane] = half::f16::from_le_bytes([block[0], block[1]]).to_f32();
        let panel_block = &mut weights[to * BLOCK * PANEL..][..BLOCK * PANEL];
        for (four, values) in block[2..].chunks_exact(4).enumerate() {
            let at = place(four * 4, lane);
            for (to, from) in panel_block[at..at + 4].iter_mut().zip(values) {
                *to = from.cast_signed() ^ offset;
            }
        }
    }
    Ok((scales, weights))
}

/// The sums of `count` rows from `first` on with one panel.
fn multiply(isa: Isa, scales: &[f32], weights: &[i8], x: &Rounded, first: usize, count: usize, sums: &mut Sums) {
    // Rows past the last repeat it; their sums are not used.
    let rows: [Row<'_>; ROWS] = std::array::from_fn(|index| x.row(first + index.min(count - 1)));
    match isa {
        // SAFETY: a `Linear` is made only for an instruction set that this processor has.
        #[cfg(target_arch = "x86_64")]
        Isa::Avx512Vnni => unsafe { super::x86_64::multiply_avx512(scales, weights, &rows, count, sums) },
        // SAFETY: as above.
        #[cfg(target_arch = "x86_64")]
        Isa::Avx2 => unsafe { super::x86_64::multiply_avx2(scales, weights, &rows, count, sums) },
        // SAFETY: as above.
        #[cfg(target_arch = "aarch64")]
        Isa::NeonDot => unsafe { super::aarch64::multiply_dot(scales, weights, &rows, count, sums) },
        // SAFETY: as above.
        #[cfg(target_arch = "aarch64")]
        Isa::Neon => unsafe { super::aarch64::multiply_neon(scales, weights, &rows, count, sums) },
        Isa::Portable => multiply_portable(scales, weights, &rows, count, sums),
    }
}

fn multiply_portable(scales: &[f32], weights: &[i8], rows: &[Row<'_>; ROWS], count: usize, sums: &mut Sums) {
    for (row, sums) in rows.iter().zip(sums).take(count) {
        *sums = [0.0; PANEL];
        for (block, (scales, weights)) in scales.chunks_exact(PANEL).zip(weights.chunks_exact(BLOCK * PANEL)).enumerate() {
            let mut dots = [0_i32; PANEL];
            let inputs = row.values[block * BLOCK..][..BLOCK].chunks_exact(4);
            for (inputs, weights) in inputs.zip(weights.chunks_exact(PANEL * 4)) {
                for (dot, weights) in dots.iter_mut().zip(weights.chunks_exact(4)) {
                    *dot += inputs.iter().zip(weights).map(|(x, w)| i32::from(*x) * i32::from(*w)).sum::<i32>();
                }
            }
            for ((sum, dot), scale) in sums.iter_mut().zip(dots).zip(scales) {
                *sum += dot as f32 * (scale * row.scales[block]);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use candle_core::Device;

    use super::*;

    /// Values in `[-1, 1]` that are the same in every run.
    fn noise(count: usize, seed: u32) -> Vec<f32> {
        let mut state = seed;
        (0..count)
            .map(|_| {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                (state >> 8) as f32 / 8_388_608.0 - 1.0
            })
            .collect()
    }

    fn matrix(rows: usize, columns: usize, seed: u32) -> Tensor {
        Tensor::from_vec(noise(rows * columns, seed), (rows, columns), &Device::Cpu).unwrap()
    }

    fn values(tensor: &Tensor) -> Vec<f32> {
        tensor.flatten_all().unwrap().to_vec1().unwrap()
    }

    #[test]
    fn every_form_agrees_with_the_portable_one_for_any_number_of_rows_and_outputs() {
        for (outputs, inputs) in [(16, 32), (50, 96), (7, 576)] {
            let weight = QTensor::quantize(&matrix(outputs, inputs, 1), GgmlDType::Q8_0).unwrap();
            let bias = Tensor::from_vec(noise(outputs, 2), outputs, &Device::Cpu).unwrap();
            let portable = Linear::for_isa(Isa::Portable, &weight, Some(&bias)).unwrap();
            for isa in Isa::available() {
                let layer = Linear::for_isa(isa, &weight, Some(&bias)).unwrap();
                for rows in [1, 2, 3, 5, 8, 9, 21] {
                    let x = matrix(rows, inputs, 3);
                    let (here, there) = (values(&layer.forward(&x).unwrap()), values(&portable.forward(&x).unwrap()));
                    let worst = here.iter().zip(&there).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
                    assert!(worst < 1e-4, "{isa:?}, {outputs}x{inputs}, {rows} rows: off by {worst}");
                }
            }
        }
    }

    #[test]
    fn a_product_is_close_to_the_same_product_in_floating_point() {
        let (weight, x) = (matrix(40, 512, 1), matrix(6, 512, 2));
        let layer = Linear::new(&QTensor::quantize(&weight, GgmlDType::Q8_0).unwrap(), None).unwrap();
        let exact = values(&x.matmul(&weight.t().unwrap()).unwrap());
        let ours = values(&layer.forward(&x).unwrap());
        let worst = exact.iter().zip(&ours).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
        assert!(worst < 0.3, "off by {worst} where sums are about 13");
    }

    #[test]
    fn a_residual_and_a_gelu_are_applied_to_the_product() {
        let weight = QTensor::quantize(&matrix(24, 64, 1), GgmlDType::Q8_0).unwrap();
        let layer = Linear::new(&weight, None).unwrap();
        let (x, residual) = (matrix(3, 64, 2), matrix(3, 24, 3));
        let plain = layer.forward(&x).unwrap();
        assert_eq!(values(&layer.forward_add(&x, &residual).unwrap()), values(&(&plain + residual).unwrap()));
        let gelu = values(&layer.forward_gelu(&x).unwrap());
        for (ours, exact) in gelu.iter().zip(values(&plain.gelu_erf().unwrap())) {
            assert!((ours - exact).abs() < 1e-5, "{ours} for {exact}");
        }
    }

    #[test]
    fn a_convolution_is_the_layer_on_each_window() {
        let weight = QTensor::quantize(&matrix(24, 3 * 32, 1), GgmlDType::Q8_0).unwrap();
        let layer = Linear::new(&weight, None).unwrap();
        for (frames, stride) in [(3, 1), (9, 2), (40, 3)] {
            let x = matrix(frames, 32, 2);
            let windows: Vec<Tensor> =
                (0..=frames - 3).step_by(stride).map(|first| x.narrow(0, first, 3).unwrap().reshape((1, 96)).unwrap()).collect();
            let windows = Tensor::cat(&windows, 0).unwrap();
            assert_eq!(values(&layer.forward_windows(&x, stride).unwrap()), values(&layer.forward(&windows).unwrap()));
        }
        assert!(layer.forward_windows(&matrix(2, 32, 2), 1).is_err());
        assert!(layer.forward_windows(&matrix(9, 64, 2), 1).is_err());
    }

    #[test]
    fn an_embedding_is_the_row_that_was_quantized() {
        let weight = QTensor::quantize(&matrix(20, 64, 1), GgmlDType::Q8_0).unwrap();
        let rows: Vec<Vec<f32>> = weight.dequantize(&Device::Cpu).unwrap().to_vec2().unwrap();
        for isa in Isa::available() {
            let layer = Linear::for_isa(isa, &weight, None).unwrap();
            for (token, row) in rows.iter().enumerate() {
                assert_eq!(&layer.embedding(token).unwrap(), row, "{isa:?}");
            }
            assert!(layer.embedding(20).is_err());
        }
    }

    #[test]
    fn a_weight_of_the_wrong_kind_is_refused() {
        let weight = QTensor::quantize(&matrix(16, 64, 1), GgmlDType::Q4_0).unwrap();
        assert!(Linear::new(&weight, None).is_err());
        let weight = QTensor::quantize(&matrix(16, 64, 1), GgmlDType::Q8_0).unwrap();
        let bias = Tensor::from_vec(noise(15, 1), 15, &Device::Cpu).unwrap();
        assert!(Linear::new(&weight, Some(&bias)).is_err());
        assert!(Linear::new(&weight, None).unwrap().forward(&matrix(2, 32, 1)).is_err());
    }
}
