//! Multiplication by 8-bit matrices, with activations quantized on the fly.
//!
//! The scheme is that of ONNX's `DynamicQuantizeLinear` and `MatMulInteger`: a whole tensor of activations gets one scale and one
//! zero point over its range (0 included), the matrix has one scale and zero point 0, products are summed in 32-bit integers, which
//! is exact, and scaled once. So the results equal those of the published graph but for the last bits of the floating-point steps.
//!
//! The matrix is packed in panels of [`PANEL`] outputs: for each group of [`GROUP`] inputs the sixteen outputs' four weights, 64 bytes,
//! which is what the dot-product instructions of x86 (AVX-512 VNNI) and ARM (`sdot`) want to see.

use std::ops::Range;

use candle_core::{CpuStorage, CustomOp1, Layout, Shape, Tensor};
use rayon::prelude::*;

use super::depthwise::contiguous;
use super::waves;
use super::wide::wide;

/// Outputs in one panel.
pub(super) const PANEL: usize = 16;
/// Inputs whose products one instruction adds.
pub(super) const GROUP: usize = 4;
/// Rows that are worked on together.
pub(super) const ROWS: usize = 4;
/// So many rows at least for one thread.
const ROWS_PER_THREAD: usize = 48;

/// Panels that are worked on together.
pub(super) const TOGETHER: usize = 4;
/// The raw sums of some rows by the outputs of some panels.
pub(super) type Tile = [[[i32; PANEL]; TOGETHER]; ROWS];

/// Computes one tile: up to [`ROWS`] rows of `activations` (each `inputs` long) times up to [`TOGETHER`] whole `panels`.
pub(super) type TileKernel = fn(activations: &[u8], inputs: usize, panels: &[i8], tile: &mut Tile);

/// A way to compute tiles.
#[derive(Clone, Copy)]
pub(super) struct Kernel {
    pub tile: TileKernel,
    /// What it takes off each activation first.
    pub lowered: u8,
}

/// A matrix `[outputs, inputs]` of 8-bit weights with one scale, and the bias that is added to its product.
pub struct Int8Linear {
    inputs: usize,
    outputs: usize,
    panels: Vec<i8>,
    /// Sum of each output's weights, for the activations' zero point.
    sums: Vec<i32>,
    /// Per output.
    scales: Vec<f32>,
    bias: Vec<f32>,
    gelu: bool,
    kernel: Kernel,
}

/// A tensor of activations in 8 bits: `value = (byte - zero) * scale`.
pub struct Activations {
    bytes: Vec<u8>,
    scale: f32,
    zero: u8,
}

impl Activations {
    /// Quantize `values` over their range.
    #[must_use]
    pub fn new(values: &[f32]) -> Self {
        let (low, high) = waves::range(values);
        let scale = if high > low { (high - low) / 255.0 } else { 1.0 };
        let zero = (-low / scale).round_ties_even().clamp(0.0, 255.0) as u8;
        let mut bytes = vec![0; values.len()];
        waves::quantize(values, scale, zero, &mut bytes);
        Self { bytes, scale, zero }
    }
}

impl Int8Linear {
    /// From weights `[outputs, inputs]`, row by row; `bias` has one value per output.
    #[must_use]
    pub fn new(weights: &[i8], scale: f32, bias: Vec<f32>) -> Self {
        let outputs = bias.len();
        let inputs = weights.len() / outputs.max(1);
        let groups = inputs.div_ceil(GROUP);
        let mut panels = vec![0; outputs.div_ceil(PANEL) * groups * PANEL * GROUP];
        for (o, row) in weights.chunks_exact(inputs).enumerate() {
            for (i, weight) in row.iter().enumerate() {
                panels[((o / PANEL * groups + i / GROUP) * PANEL + o % PANEL) * GROUP + i % GROUP] = *weight;
            }
        }
        let sums = weights.chunks_exact(inputs).map(|row| row.iter().map(|w| i32::from(*w)).sum()).collect();
        Self { inputs, outputs, panels, sums, scales: vec![scale; outputs], bias, gelu: false, kernel: best_kernel() }
    }

    /// Followed by a Gaussian error linear unit.
    #[must_use]
    pub fn then_gelu(mut self) -> Self {
        self.gelu = true;
        self
    }

    /// With each output, bias included, multiplied by its factor.
    #[must_use]
    pub fn times(mut self, factors: &[f32]) -> Self {
        for ((scale, bias), factor) in self.scales.iter_mut().zip(&mut self.bias).zip(factors) {
            *scale *= factor;
            *bias *= factor;
        }
        self
    }

    /// How many values a row of results has.
    #[must_use]
    pub fn outputs(&self) -> usize {
        self.outputs
    }

    /// `[.., inputs]` to `[.., outputs]`.
    ///
    /// # Errors
    /// If `x` has other inputs.
    pub fn forward(&self, x: &Tensor) -> candle_core::Result<Tensor> {
        x.apply_op1_no_bwd(self)
    }

    /// The outputs of some `rows` of quantized activations.
    pub fn rows(&self, x: &Activations, rows: Range<usize>, out: &mut [f32]) {
        let (inputs, outputs) = (self.inputs, self.outputs);
        let bytes = &x.bytes[rows.start * inputs..rows.end * inputs];
        let share = rows.len().div_ceil(rayon::current_num_threads()).max(ROWS_PER_THREAD).next_multiple_of(ROWS);
        let work = |(out, bytes): (&mut [f32], &[u8])| self.share(bytes, x, out);
        out.par_chunks_mut(share * outputs).zip(bytes.par_chunks(share * inputs)).for_each(work);
    }

    fn share(&self, bytes: &[u8], x: &Activations, out: &mut [f32]) {
        let (inputs, outputs) = (self.inputs, self.outputs);
        let panel_bytes = inputs.div_ceil(GROUP) * GROUP * PANEL;
        let mut tile = [[[0; PANEL]; TOGETHER]; ROWS];
        // A few panels stay in the cache while all rows pass by.
        for (block, panels) in self.panels.chunks(panel_bytes * TOGETHER).enumerate() {
            let first = block * TOGETHER * PANEL;
            let end = (first + TOGETHER * PANEL).min(outputs);
            let columns = Columns { sums: &self.sums[first..end], scales: &self.scales[first..end], bias: &self.bias[first..end] };
            let zero = i32::from(x.zero) - i32::from(self.kernel.lowered);
            for (bytes, out) in bytes.chunks(ROWS * inputs).zip(out.chunks_mut(ROWS * outputs)) {
                (self.kernel.tile)(bytes, inputs, panels, &mut tile);
                for (sums, out) in tile.iter().zip(out.chunks_exact_mut(outputs)) {
                    finish(sums.as_flattened(), columns, x.scale, zero, self.gelu, &mut out[first..end]);
                }
            }
        }
    }
}

/// What turns the raw sums of some outputs into results.
#[derive(Clone, Copy)]
struct Columns<'a> {
    sums: &'a [i32],
    scales: &'a [f32],
    bias: &'a [f32],
}

wide! {
    fn finish(sums: &[i32], columns: Columns<'_>, scale: f32, zero: i32, gelu: bool, out: &mut [f32]) {
        let n = out.len();
        let (sums, column_sums, scales, bias) = (&sums[..n], &columns.sums[..n], &columns.scales[..n], &columns.bias[..n]);
        for i in 0..n {
            out[i] = (sums[i] - zero * column_sums[i]) as f32 * (scale * scales[i]) + bias[i];
        }
        if gelu {
            for x in out {
                *x = waves::gelu(*x);
            }
        }
    }
}

impl CustomOp1 for Int8Linear {
    fn name(&self) -> &'static str {
        "int8-linear"
    }

    fn cpu_fwd(&self, storage: &CpuStorage, layout: &Layout) -> candle_core::Result<(CpuStorage, Shape)> {
        let x = contiguous(storage, layout, self.inputs)?;
        let rows = x.len() / self.inputs;
        let mut out = vec![0.0; rows * self.outputs];
        self.rows(&Activations::new(x), 0..rows, &mut out);
        let mut dims = layout.dims().to_vec();
        if let Some(last) = dims.last_mut() {
            *last = self.outputs;
        }
        Ok((CpuStorage::F32(out), dims.into()))
    }
}

/// The fastest kernel that this processor runs.
fn best_kernel() -> Kernel {
    #[cfg(target_arch = "x86_64")]
    if let Some(kernel) = super::int8_x86::kernel() {
        return kernel;
    }
    #[cfg(target_arch = "aarch64")]
    if let Some(kernel) = super::int8_arm::kernel() {
        return kernel;
    }
    Kernel { tile: portable, lowered: 0 }
}

/// The kernel in plain Rust.
pub(super) fn portable(activations: &[u8], inputs: usize, panels: &[i8], tile: &mut Tile) {
    let panel_bytes = inputs.div_ceil(GROUP) * GROUP * PANEL;
    for (row, sums) in activations.chunks_exact(inputs).zip(tile) {
        for (panel, sums) in panels.chunks_exact(panel_bytes).zip(sums) {
            dot_panel(row, panel, sums);
        }
    }
}

wide! {
    fn dot_panel(row: &[u8], panel: &[i8], sums: &mut [i32; PANEL]) {
        *sums = [0; PANEL];
        for (values, weights) in row.chunks(GROUP).zip(panel.as_chunks::<{ PANEL * GROUP }>().0) {
            let mut four = [0; GROUP];
            for (four, value) in four.iter_mut().zip(values) {
                *four = i32::from(*value);
            }
            for (sum, weights) in sums.iter_mut().zip(weights.as_chunks::<GROUP>().0) {
                let [a, b, c, d] = weights.map(i32::from);
                *sum += four[0] * a + four[1] * b + four[2] * c + four[3] * d;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use proptest::prelude::*;

    use super::*;

    fn pattern(n: usize, seed: usize) -> Vec<u8> {
        (0..n).map(|i| (i.wrapping_mul(2_654_435_761) ^ (seed * 40_503)).to_le_bytes()[2]).collect()
    }

    proptest! {
        #[test]
        fn every_kernel_sums_as_the_portable_one(rows in 1..=ROWS, groups in 1_usize..40, panels in 1..=TOGETHER, seed in 0_usize..1000) {
            let inputs = groups * GROUP;
            let activations = pattern(rows * inputs, seed);
            let weights: Vec<i8> = pattern(panels * PANEL * inputs, seed + 1).into_iter().map(u8::cast_signed).collect();
            let mut expected = [[[0; PANEL]; TOGETHER]; ROWS];
            let mut found = expected;
            portable(&activations, inputs, &weights, &mut expected);
            let kernel = best_kernel();
            (kernel.tile)(&activations, inputs, &weights, &mut found);
            let lowered: Vec<u8> = vec![kernel.lowered; rows * inputs];
            let mut taken = [[[0; PANEL]; TOGETHER]; ROWS];
            portable(&lowered, inputs, &weights, &mut taken);
            for row in 0..rows {
                for i in 0..panels * PANEL {
                    let [found, expected, taken] = [&found, &expected, &taken].map(|tile| tile[row].as_flattened()[i]);
                    prop_assert_eq!(found, expected - taken);
                }
            }
        }
    }

    #[test]
    fn the_product_is_close_to_that_of_floats() {
        let (inputs, outputs, rows) = (20, 37, 11);
        let weights: Vec<i8> = pattern(inputs * outputs, 3).into_iter().map(u8::cast_signed).collect();
        let bias: Vec<f32> = (0..outputs).map(|i| i as f32).collect();
        let x: Vec<f32> = pattern(rows * inputs, 5).into_iter().map(|b| f32::from(b) / 50.0 - 2.0).collect();
        let linear = Int8Linear::new(&weights, 0.01, bias.clone());
        let x = Tensor::from_vec(x, (rows, inputs), &candle_core::Device::Cpu).unwrap();
        let y = linear.forward(&x).unwrap().to_vec2::<f32>().unwrap();
        let x = x.to_vec2::<f32>().unwrap();
        for (x, y) in x.iter().zip(&y) {
            for (o, y) in y.iter().enumerate() {
                let row = &weights[o * inputs..(o + 1) * inputs];
                let exact: f32 = row.iter().zip(x).map(|(w, x)| f32::from(*w) * 0.01 * x).sum::<f32>() + bias[o];
                assert!((exact - y).abs() < 0.1, "{exact} and {y}");
            }
        }
    }
}
