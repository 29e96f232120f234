//! Matrix products with Q8_0 weights.
//!
//! Q8_0 keeps 32 weights as 8-bit integers and one scale ([`super::panels`]). The activations are rounded the same way, 32 at a time
//! ([`super::rounded`]), so the sums run in integers; this is what llama.cpp and whisper.cpp do.

#![allow(unsafe_code)]

use candle_core::quantized::QTensor;
use candle_core::{Result, Tensor, bail};

use super::panels::{PANEL, Panels, ROWS};
use super::rounded::{BLOCK, Rounded, Row};
use super::share::{Shared, parallel, tensor, with_values};
use super::{Isa, elementwise};

/// A linear layer `y = x Wᵀ + b` with Q8_0 weights.
pub struct Linear {
    panels: Panels,
    bias: Option<Vec<f32>>,
}

/// So many [`Tile`]s pass by one panel after another: few enough that the rows of results lie in cache, and each on a page that
/// the processor remembers; enough that fetching the panels again does not count.
const TILES: usize = 6;

/// What is done with the product before it is stored.
#[derive(Clone, Copy)]
enum Finish<'a> {
    Nothing,
    Gelu,
    Add(&'a [f32]),
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
        let panels = Panels::new(isa, weight)?;
        let bias = bias.map(Tensor::to_vec1::<f32>).transpose()?;
        if let Some(bias) = &bias
            && bias.len() != panels.outputs()
        {
            bail!("a layer of {} outputs has a bias of {}", panels.outputs(), bias.len());
        }
        Ok(Self { panels, bias })
    }

    /// How many outputs the layer has.
    #[must_use]
    pub fn outputs(&self) -> usize {
        self.panels.outputs()
    }

    /// How many inputs the layer has.
    #[must_use]
    pub fn inputs(&self) -> usize {
        self.panels.inputs()
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
        if residual.dims2()? != (x.dim(0)?, self.panels.outputs()) {
            bail!("a residual of shape {:?} for {} outputs", residual.shape(), self.panels.outputs());
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
        if channels == 0 || !channels.is_multiple_of(BLOCK) || !self.inputs().is_multiple_of(channels) || stride == 0 {
            bail!("windows of {} values over frames of {channels}", self.inputs());
        }
        let window = self.inputs() / channels;
        let Some(room) = frames.checked_sub(window) else {
            bail!("{frames} frames hold no window of {window}");
        };
        let rounded = with_values(x, |x| Ok(Rounded::new(self.panels.isa(), x, channels)))?;
        self.product(|at| rounded.rows(at * stride, window), room / stride + 1, Finish::Nothing)
    }

    /// Row `output` of the weights as `f32`: a layer that shares its weights with an embedding serves as the embedding.
    ///
    /// # Errors
    /// If there is no such output.
    pub fn embedding(&self, output: usize) -> Result<Vec<f32>> {
        if output >= self.outputs() {
            bail!("token {output} of a vocabulary of {}", self.outputs());
        }
        Ok(self.panels.output(output))
    }

    fn run(&self, x: &Tensor, finish: Finish<'_>) -> Result<Tensor> {
        let (rows, inputs) = x.dims2()?;
        if inputs != self.panels.inputs() {
            bail!("{inputs} inputs for a layer of {}", self.panels.inputs());
        }
        let rounded = with_values(x, |x| Ok(Rounded::new(self.panels.isa(), x, inputs)))?;
        self.product(|row| rounded.row(row), rows, finish)
    }

    /// The product with `rows` rows of activations.
    fn product<'a>(&self, row: impl Fn(usize) -> Row<'a>, rows: usize, finish: Finish<'_>) -> Result<Tensor> {
        let outputs = self.panels.outputs();
        let mut out = vec![0.0; rows * outputs];
        let tiles: Vec<Tile<'a>> = (0..rows).step_by(ROWS).map(|first| Tile::new(&row, first, ROWS.min(rows - first))).collect();
        let shared = Shared::new(&mut out);
        parallel(outputs.div_ceil(PANEL), |panels| {
            for tiles in tiles.chunks(TILES) {
                for panel in panels.clone() {
                    tiles.iter().for_each(|tile| self.tile(panel, tile, finish, &shared));
                }
            }
        });
        tensor(out, (rows, outputs))
    }

    /// A few rows of one panel of outputs.
    fn tile(&self, panel: usize, tile: &Tile<'_>, finish: Finish<'_>, out: &Shared<'_, f32>) {
        let (isa, outputs) = (self.panels.isa(), self.panels.outputs());
        let first = panel * PANEL;
        let width = PANEL.min(outputs - first);
        let mut sums = [[0.0; PANEL]; ROWS];
        self.panels.multiply(panel, &tile.rows, tile.count, &mut sums);
        let sums = &mut sums[..tile.count];
        if let Some(bias) = &self.bias {
            let bias = &bias[first..first + width];
            sums.iter_mut().for_each(|sums| add(sums, bias));
        }
        if matches!(finish, Finish::Gelu) {
            // All rows in one go: a vector's worth alone would wait for each step of its polynomials.
            elementwise::gelu(isa, sums.as_flattened_mut());
        }
        for (index, sums) in sums.iter_mut().enumerate() {
            let place = (tile.first + index) * outputs + first;
            let place = place..place + width;
            if let Finish::Add(residual) = finish {
                add(sums, &residual[place.clone()]);
            }
            // SAFETY: each panel is given to one thread, and a panel's outputs are its own columns of every row.
            let out = unsafe { out.part(place) };
            match <&mut [f32; PANEL]>::try_from(&mut *out) {
                Ok(whole) => *whole = *sums,
                Err(_) => out.copy_from_slice(&sums[..width]),
            }
        }
    }
}

/// Rows that one pass over a panel serves.
struct Tile<'a> {
    first: usize,
    count: usize,
    /// Past `count`, the last one again.
    rows: [Row<'a>; ROWS],
}

impl<'a> Tile<'a> {
    /// `count` rows from `first` on, at least one.
    fn new(row: &impl Fn(usize) -> Row<'a>, first: usize, count: usize) -> Self {
        Self { first, count, rows: std::array::from_fn(|index| row(first + index.min(count - 1))) }
    }
}

/// Add to the sums of a panel, of which the last may lack some.
fn add(sums: &mut [f32; PANEL], more: &[f32]) {
    match <&[f32; PANEL]>::try_from(more) {
        Ok(whole) => sums.iter_mut().zip(whole).for_each(|(sum, more)| *sum += more),
        Err(_) => sums.iter_mut().zip(more).for_each(|(sum, more)| *sum += more),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use candle_core::Device;
    use candle_core::quantized::GgmlDType;

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
    fn scales_that_are_one_for_each_output_are_kept_once_and_multiply_the_same() {
        let (outputs, inputs) = (37, 128);
        // The largest of each block of an output is the same, and so is its scale.
        let steps: Vec<f32> = noise(outputs * inputs, 4)
            .iter()
            .enumerate()
            .map(|(i, x)| (1.0 + (i / inputs) as f32) * if i % BLOCK == 5 { 1.0 } else { *x })
            .collect();
        let weight = Tensor::from_vec(steps, (outputs, inputs), &Device::Cpu).unwrap();
        let weight = QTensor::quantize(&weight, GgmlDType::Q8_0).unwrap();
        let (x, exact) = (matrix(13, inputs, 3), weight.dequantize(&Device::Cpu).unwrap());
        let product = values(&x.matmul(&exact.t().unwrap()).unwrap());
        let portable = values(&Linear::for_isa(Isa::Portable, &weight, None).unwrap().forward(&x).unwrap());
        for isa in Isa::available() {
            let layer = Linear::for_isa(isa, &weight, None).unwrap();
            assert!(layer.panels.is_even());
            let ours = values(&layer.forward(&x).unwrap());
            for ((ours, portable), product) in ours.iter().zip(&portable).zip(&product) {
                assert!((ours - portable).abs() < 2e-3 && (ours - product).abs() < 3.0, "{isa:?}: {ours}, {portable}, {product}");
            }
            assert_eq!(layer.embedding(36).unwrap(), exact.to_vec2::<f32>().unwrap()[36], "{isa:?}");
        }
        let uneven = QTensor::quantize(&matrix(outputs, inputs, 1), GgmlDType::Q8_0).unwrap();
        assert!(!Linear::new(&uneven, None).unwrap().panels.is_even());
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
