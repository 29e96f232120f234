//! Products in `f32`, on the same `gemm` that candle uses, with strides that candle's tensors cannot say.

#![allow(unsafe_code)]

use candle_core::{Result, Tensor, bail};

use super::share::{Shared, parallel, tensor, with_values};
use super::{Isa, elementwise};

/// A matrix inside a slice: rows of `columns` consecutive values, or their transpose.
#[derive(Clone, Copy)]
pub(super) struct View<'a> {
    pub(super) values: &'a [f32],
    pub(super) rows: usize,
    pub(super) columns: usize,
    /// From one row to the next; may be less than `columns`, so that rows overlap.
    pub(super) stride: usize,
}

impl View<'_> {
    /// Whether the whole matrix lies within its slice.
    fn fits(&self) -> bool {
        self.rows == 0 || (self.rows - 1) * self.stride + self.columns <= self.values.len()
    }
}

/// `out = a b`, or `a bᵀ`, on this thread. `out` has rows of `stride`.
///
/// Nothing is written if the shapes do not match or a matrix does not fit its slice: a fault of the caller that tests find.
pub(super) fn multiply(a: View<'_>, b: View<'_>, transposed: bool, out: &mut [f32], stride: usize) {
    let (inner, columns) = if transposed { (b.columns, b.rows) } else { (b.rows, b.columns) };
    let fits = a.fits() && b.fits() && (a.rows == 0 || (a.rows - 1) * stride + columns <= out.len());
    debug_assert!(fits && a.columns == inner && stride >= columns, "shapes do not match");
    if !fits || a.columns != inner || stride < columns {
        return;
    }
    let (b_row, b_column) = if transposed { (1, b.stride) } else { (b.stride, 1) };
    // SAFETY: all three matrices lie within their slices (checked above), and `out` is borrowed exclusively; strides of slices fit `isize`.
    unsafe {
        gemm::gemm(
            a.rows,
            columns,
            inner,
            out.as_mut_ptr(),
            1,
            stride as isize,
            false,
            a.values.as_ptr(),
            1,
            a.stride as isize,
            b.values.as_ptr(),
            b_column as isize,
            b_row as isize,
            0.0,
            1.0,
            false,
            false,
            false,
            gemm::Parallelism::None,
        );
    }
}

/// A convolution over time with a kernel of 3 and a padding of 1, followed by GELU: what Whisper's encoder begins with.
///
/// Time runs over the rows, so three neighbouring frames are consecutive values and the convolution is one matrix product over
/// overlapping rows: nothing is unfolded.
pub struct Conv3 {
    /// `[outputs][3][inputs]`
    weights: Vec<f32>,
    bias: Vec<f32>,
    inputs: usize,
    stride: usize,
}

impl Conv3 {
    /// From `weight` of shape `[outputs, inputs, 3]` and `bias` of shape `[outputs]`.
    ///
    /// # Errors
    /// If the shapes do not match.
    pub fn new(weight: &Tensor, bias: &Tensor, stride: usize) -> Result<Self> {
        let (outputs, inputs, width) = weight.dims3()?;
        let bias = bias.to_vec1::<f32>()?;
        if width != 3 || bias.len() != outputs || stride == 0 {
            bail!("a convolution of {outputs} outputs and width {width} with a bias of {}", bias.len());
        }
        let weights = weight.transpose(1, 2)?.contiguous()?.flatten_all()?.to_vec1::<f32>()?;
        Ok(Self { weights, bias, inputs, stride })
    }

    /// `x` of shape `[frames, inputs]`, to `[ceil(frames / stride), outputs]`.
    ///
    /// # Errors
    /// If `x` has another shape or is not `f32` on the CPU.
    pub fn forward_gelu(&self, x: &Tensor) -> Result<Tensor> {
        self.run(x, None)
    }

    /// As [`Conv3::forward_gelu`], with the first rows of `more`, which has at least as many of the same width, added to the result.
    ///
    /// # Errors
    /// As [`Conv3::forward_gelu`], or if `more` has too few rows or another width.
    pub fn forward_gelu_add(&self, x: &Tensor, more: &Tensor) -> Result<Tensor> {
        let (rows, width) = more.dims2()?;
        if width != self.bias.len() || x.dim(0)?.div_ceil(self.stride) > rows {
            bail!("{rows} rows of {width} to add to {:?} in {} outputs", x.shape(), self.bias.len());
        }
        with_values(more, |more| self.run(x, Some(more)))
    }

    fn run(&self, x: &Tensor, more: Option<&[f32]>) -> Result<Tensor> {
        /// Rows to a task: enough that packing the weights does not count.
        const TILE: usize = 96;
        let (frames, inputs) = x.dims2()?;
        if inputs != self.inputs || frames == 0 {
            bail!("{frames} frames of {inputs} for a convolution of {}", self.inputs);
        }
        let mut padded = vec![0.0; (frames + 2) * inputs];
        with_values(x, |x| {
            padded[inputs..][..x.len()].copy_from_slice(x);
            Ok(())
        })?;
        let (rows, outputs, isa) = (frames.div_ceil(self.stride), self.bias.len(), Isa::best());
        let mut out = vec![0.0; rows * outputs];
        let shared = Shared::new(&mut out);
        let weights = View { values: &self.weights, rows: outputs, columns: 3 * inputs, stride: 3 * inputs };
        parallel(rows.div_ceil(TILE), |tiles| {
            for tile in tiles {
                let (first, end) = (tile * TILE, rows.min((tile + 1) * TILE));
                // SAFETY: each tile of rows is given to one thread.
                let out = unsafe { shared.part(first * outputs..end * outputs) };
                let step = self.stride * inputs;
                let frames = View { values: &padded[first * step..], rows: end - first, columns: 3 * inputs, stride: step };
                multiply(frames, weights, true, out, outputs);
                for row in out.chunks_exact_mut(outputs) {
                    row.iter_mut().zip(&self.bias).for_each(|(x, bias)| *x += bias);
                    elementwise::gelu(isa, row);
                }
                if let Some(more) = more {
                    out.iter_mut().zip(&more[first * outputs..]).for_each(|(x, more)| *x += more);
                }
            }
        });
        tensor(out, (rows, outputs))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use candle_core::Device;

    use super::*;

    #[test]
    fn a_convolution_is_the_one_that_candle_computes() {
        let device = Device::Cpu;
        let weight = Tensor::arange(0.0_f32, 5.0 * 4.0 * 3.0, &device).unwrap().reshape((5, 4, 3)).unwrap();
        let weight = weight.sin().unwrap();
        let bias = Tensor::new(&[0.1_f32, -0.2, 0.3, 0.0, 0.5], &device).unwrap();
        for (frames, stride) in [(1, 1), (7, 1), (7, 2), (200, 1), (201, 2), (400, 2)] {
            let x = Tensor::arange(0.0_f32, (frames * 4) as f32, &device).unwrap().cos().unwrap().reshape((frames, 4)).unwrap();
            let ours = Conv3::new(&weight, &bias, stride).unwrap().forward_gelu(&x).unwrap();
            let exact = x.t().unwrap().unsqueeze(0).unwrap().conv1d(&weight, 1, stride, 1, 1).unwrap().squeeze(0).unwrap().t().unwrap();
            let exact = exact.broadcast_add(&bias).unwrap().gelu_erf().unwrap();
            assert_eq!(ours.dims(), exact.dims());
            let worst = (ours - exact).unwrap().abs().unwrap().flatten_all().unwrap().max(0).unwrap().to_scalar::<f32>().unwrap();
            assert!(worst < 1e-5, "{frames} frames, stride {stride}: off by {worst}");
        }
    }

    #[test]
    fn as_many_rows_as_there_are_results_are_added_to_them() {
        let device = Device::Cpu;
        let weight = Tensor::arange(0.0_f32, 2.0 * 4.0 * 3.0, &device).unwrap().sin().unwrap().reshape((2, 4, 3)).unwrap();
        let conv = Conv3::new(&weight, &Tensor::zeros(2, candle_core::DType::F32, &device).unwrap(), 2).unwrap();
        let x = Tensor::arange(0.0_f32, 300.0 * 4.0, &device).unwrap().cos().unwrap().reshape((300, 4)).unwrap();
        let more = Tensor::arange(0.0_f32, 400.0, &device).unwrap().reshape((200, 2)).unwrap();
        let ours: Vec<Vec<f32>> = conv.forward_gelu_add(&x, &more).unwrap().to_vec2().unwrap();
        let plain = conv.forward_gelu(&x).unwrap();
        assert_eq!(ours, (plain + more.narrow(0, 0, 150).unwrap()).unwrap().to_vec2::<f32>().unwrap());
        assert!(conv.forward_gelu_add(&x, &more.narrow(0, 0, 149).unwrap()).is_err());
    }
}
