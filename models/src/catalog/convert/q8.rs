//! GGUF's Q8_0 from weights that were published in 8 bits: blocks of 32 integers with a scale in half precision.
//!
//! A publisher who quantizes a whole matrix at once gives all its weights one step. A block keeps that step as its scale wherever its
//! weights fit into ±127 steps, so that they are rounded a single time, by the publisher; the few blocks with a weight beyond that are
//! rounded once more, to a 127th of their largest. The arithmetic is the same on every machine.

use candle_core::Device;
use candle_core::quantized::ggml_file::qtensor_from_ggml;
use candle_core::quantized::{GgmlDType, QTensor};
use half::f16;

/// Weights that share a scale.
const BLOCK: usize = 32;
/// The bytes of a block: the scale and the integers.
const STORED_BLOCK: usize = 2 + BLOCK;
/// The largest integer that a block holds.
const MOST: f32 = 127.0;

/// A matrix of `dims` whose weights are `steps` times `step`. The error is for a reader.
pub(super) fn from_steps(steps: &[i16], step: f32, dims: [usize; 2]) -> Result<QTensor, String> {
    if !(step.is_finite() && step > 0.0) {
        return Err(format!("weights in steps of {step}"));
    }
    let [rows, columns] = dims;
    if rows.checked_mul(columns) != Some(steps.len()) || !columns.is_multiple_of(BLOCK) {
        return Err(format!("{} weights for {rows} rows of {columns}, in blocks of {BLOCK}", steps.len()));
    }
    let mut bytes = Vec::with_capacity(steps.len() / BLOCK * STORED_BLOCK);
    for block in steps.as_chunks::<BLOCK>().0 {
        let largest = block.iter().map(|steps| f32::from(steps.unsigned_abs())).fold(0.0, f32::max);
        let (scale, values) = if largest <= MOST {
            (step, block.map(|steps| steps as i8))
        } else {
            (step * largest / MOST, block.map(|steps| (f32::from(steps) * MOST / largest).round() as i8))
        };
        let scale = f16::from_f32(scale);
        if !scale.is_finite() {
            return Err("a weight is beyond half precision".to_owned());
        }
        bytes.extend(scale.to_le_bytes());
        bytes.extend(values.map(i8::cast_unsigned));
    }
    tensor(&bytes, dims)
}

/// Matrices with the same inputs, one below the other, as one of `dims`. The error is for a reader.
pub(super) fn stacked(parts: &[QTensor], dims: [usize; 2]) -> Result<QTensor, String> {
    let mut bytes = Vec::new();
    for part in parts {
        bytes.extend_from_slice(&part.data().map_err(|fault| fault.to_string())?);
    }
    let [rows, columns] = dims;
    if bytes.len() != rows * columns / BLOCK * STORED_BLOCK {
        return Err(format!("{} bytes for {rows} rows of {columns}", bytes.len()));
    }
    tensor(&bytes, dims)
}

/// `bytes` must be as many as the matrix has.
fn tensor(bytes: &[u8], dims: [usize; 2]) -> Result<QTensor, String> {
    qtensor_from_ggml(GgmlDType::Q8_0, bytes, dims.to_vec(), &Device::Cpu).map_err(|fault| fault.to_string())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;

    fn values(tensor: &QTensor) -> Vec<f32> {
        tensor.dequantize(&Device::Cpu).unwrap().flatten_all().unwrap().to_vec1().unwrap()
    }

    #[test]
    fn weights_that_fit_are_kept_step_by_step() {
        let steps: Vec<i16> = (-31..33).map(|i| i * 3).collect();
        let step = 0.0078125;
        let exact: Vec<f32> = steps.iter().map(|steps| f32::from(*steps) * step).collect();
        assert_eq!(values(&from_steps(&steps, step, [2, 32]).unwrap()), exact);
    }

    #[test]
    fn a_block_with_a_weight_beyond_127_steps_keeps_all_to_a_127th_of_it() {
        let mut steps: Vec<i16> = (0..64).collect();
        steps[40] = 152;
        let kept = values(&from_steps(&steps, 0.01, [1, 64]).unwrap());
        for (index, (steps, kept)) in steps.iter().zip(&kept).enumerate() {
            let (exact, bound) = (f32::from(*steps) * 0.01, if index < 32 { 0.001 } else { 0.5 * 1.52 / 127.0 + 0.001 });
            assert!((exact - kept).abs() <= bound, "{index}: {kept} for {exact}");
        }
    }

    #[test]
    fn what_is_no_matrix_of_finite_weights_in_whole_blocks_is_refused() {
        assert!(from_steps(&[1; 32], f32::NAN, [1, 32]).is_err());
        assert!(from_steps(&[1; 32], 1e9, [1, 32]).is_err());
        assert!(from_steps(&[1; 33], 0.1, [1, 33]).is_err());
        assert!(from_steps(&[1; 32], 0.1, [2, 32]).is_err());
    }
}
