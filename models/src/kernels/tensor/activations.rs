//! Activations beyond the GELU: what a gated layer, a waveform's first layers and a mean over moments need, and the softmax of logits.

#![allow(unsafe_code)]

use candle_core::{Result, Tensor, bail};

use super::Isa;
use super::elementwise::{LANES, accumulate, exp, exponentials, fma, gelu_body, per_isa};
use super::share::{Shared, parallel, tensor, with_values};

per_isa!(
    /// Replace every value by its hyperbolic tangent times the `weight` of its place; gives the sum of the tangents and of their squares.
    tanh_moments(row: &mut [f32], weights: &[f32]) -> (f32, f32), tanh_moments_body
);
per_isa!(
    /// `gelu(scale x + shift)` of every value, with a shift for each place.
    gelu_of_scaled(row: &mut [f32], scale: f32, shifts: &[f32]), gelu_of_scaled_body
);
per_isa!(
    /// `out = values · silu(gates)`.
    gate(values: &[f32], gates: &[f32], out: &mut [f32]), gate_body
);

per_isa!(
    /// The hyperbolic tangent of every value.
    tanh_values(values: &mut [f32]), tanh_values_body
);

/// The hyperbolic tangent of every value.
///
/// # Errors
/// If the tensor is not `f32` on the CPU.
pub fn tanh(x: &Tensor) -> Result<Tensor> {
    let mut out = with_values(x, |x| Ok(x.to_vec()))?;
    tanh_values(Isa::best(), &mut out);
    tensor(out, x.shape())
}

/// The mean of `rows`, of shape `[rows, width]`, each weighted by the softmax of the `scores`, of shape `[rows, 1]`. Gives `[1, width]`.
///
/// # Errors
/// If there are no rows or other scores than rows, or a tensor is not `f32` on the CPU.
pub fn mean_by_scores(scores: &Tensor, rows: &Tensor) -> Result<Tensor> {
    let ((count, width), isa) = (rows.dims2()?, Isa::best());
    if scores.dims2()? != (count, 1) || count == 0 || width == 0 {
        bail!("scores of shape {:?} for {count} rows of {width}", scores.shape());
    }
    let mut weights = with_values(scores, |scores| Ok(scores.to_vec()))?;
    let sum = exponentials(isa, &mut weights, 1.0);
    let mut out = vec![0.0; width];
    with_values(rows, |rows| {
        rows.chunks_exact(width).zip(&weights).for_each(|(row, weight)| accumulate(isa, &mut out, weight / sum, row));
        Ok(())
    })?;
    tensor(out, (1, width))
}

/// The first half of each row times the SiLU of the second: `[rows, 2 width]` to `[rows, width]` (N. Shazeer, *GLU variants improve
/// transformer*, 2020).
///
/// # Errors
/// If a row has no halves, or the tensor is not `f32` on the CPU.
pub fn gated_silu(x: &Tensor) -> Result<Tensor> {
    let (rows, columns) = x.dims2()?;
    let width = columns / 2;
    if width == 0 || columns % 2 != 0 {
        bail!("{columns} columns are not two halves");
    }
    let (mut out, isa) = (vec![0.0; rows * width], Isa::best());
    with_values(x, |x| {
        for (row, out) in x.chunks_exact(columns).zip(out.chunks_exact_mut(width)) {
            let (values, gates) = row.split_at(width);
            gate(isa, values, gates, out);
        }
        Ok(())
    })?;
    tensor(out, (rows, width))
}

/// `gelu(scale x + shift)` of each row of `x`, of shape `[rows, width]`, with a shift for each column.
///
/// # Errors
/// If there are other shifts than columns, or the tensor is not `f32` on the CPU.
pub fn scaled_gelu(x: &Tensor, scale: f32, shifts: &[f32]) -> Result<Tensor> {
    let (rows, width) = x.dims2()?;
    if width != shifts.len() || width == 0 {
        bail!("{} shifts for {width} columns", shifts.len());
    }
    let (mut out, isa) = (with_values(x, |x| Ok(x.to_vec()))?, Isa::best());
    let shared = Shared::new(&mut out);
    parallel(rows, |rows| {
        // SAFETY: each row is given to one thread.
        let rows = unsafe { shared.part(rows.start * width..rows.end * width) };
        rows.chunks_exact_mut(width).for_each(|row| gelu_of_scaled(isa, row, scale, shifts));
    });
    tensor(out, (rows, width))
}

/// The place of the highest logit (the first, if several are as high) and its probability, the softmax over all. `None` of no logits.
#[must_use]
pub fn most_probable(logits: &mut [f32]) -> Option<(usize, f32)> {
    let place = logits.iter().enumerate().fold(None, |best: Option<(usize, f32)>, (place, logit)| match best {
        Some((_, most)) if *logit <= most || logit.is_nan() => best,
        _ => Some((place, *logit)),
    });
    let sum = exponentials(Isa::best(), logits, 1.0);
    place.map(|(place, _)| (place, 1.0 / sum))
}

/// 1 - 2 / (e^2x + 1): exact to a unit of 1e-7 in what is at most 1, and flat where e^2x is out of range.
#[inline(always)]
fn tangent<const FMA: bool>(x: f32) -> f32 {
    1.0 - 2.0 / (exp::<FMA>(2.0 * x) + 1.0)
}

#[inline(always)]
fn tanh_values_body<const FMA: bool>(values: &mut [f32]) {
    values.iter_mut().for_each(|value| *value = tangent::<FMA>(*value));
}

#[inline(always)]
fn tanh_moments_body<const FMA: bool>(row: &mut [f32], weights: &[f32]) -> (f32, f32) {
    let (mut sums, mut squares) = ([0.0; LANES], [0.0; LANES]);
    for (values, weights) in row.chunks_mut(LANES).zip(weights.chunks(LANES)) {
        for (((value, weight), sum), square) in values.iter_mut().zip(weights).zip(&mut sums).zip(&mut squares) {
            let tangent = tangent::<FMA>(*value);
            *sum += tangent;
            *square = fma::<FMA>(tangent, tangent, *square);
            *value = tangent * weight;
        }
    }
    (sums.iter().sum(), squares.iter().sum())
}

#[inline(always)]
fn gelu_of_scaled_body<const FMA: bool>(row: &mut [f32], scale: f32, shifts: &[f32]) {
    for (value, shift) in row.iter_mut().zip(shifts) {
        *value = fma::<FMA>(*value, scale, *shift);
    }
    gelu_body::<FMA>(row);
}

#[inline(always)]
fn gate_body<const FMA: bool>(values: &[f32], gates: &[f32], out: &mut [f32]) {
    for ((out, value), gate) in out.iter_mut().zip(values).zip(gates) {
        *out = value * gate / (1.0 + exp::<FMA>(-gate));
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use candle_core::Device;

    use super::*;

    fn steps(count: usize) -> Vec<f32> {
        (0..count).map(|i| i as f32 / 16.0 - count as f32 / 32.0).collect()
    }

    #[test]
    fn the_tangent_is_the_hyperbolic_one_and_its_moments_are_summed_before_weighting() {
        let x = steps(410);
        let exact: Vec<f64> = x.iter().map(|x| f64::from(*x).tanh()).collect();
        let (sum, squares) = (exact.iter().sum::<f64>(), exact.iter().map(|t| t * t).sum::<f64>());
        for isa in Isa::available() {
            let (mut ours, weights) = (x.clone(), vec![0.5; 410]);
            let (our_sum, our_squares) = tanh_moments(isa, &mut ours, &weights);
            assert!((f64::from(our_sum) - sum).abs() < 1e-3 && (f64::from(our_squares) - squares).abs() < 1e-3, "{isa:?}");
            assert!(ours.iter().zip(&exact).all(|(ours, exact)| (f64::from(*ours) - 0.5 * exact).abs() < 2e-7), "{isa:?}");
        }
    }

    #[test]
    fn a_mean_counts_each_row_by_the_softmax_of_its_score() {
        let (rows, scores) = (Tensor::from_vec(steps(90), (30, 3), &Device::Cpu).unwrap(), steps(30));
        let column = Tensor::from_vec(scores, (30, 1), &Device::Cpu).unwrap();
        let ours = mean_by_scores(&column, &rows).unwrap();
        let exact = candle_nn::ops::softmax(&column.t().unwrap(), 1).unwrap().matmul(&rows).unwrap();
        assert_eq!(ours.dims(), [1, 3]);
        let worst = (ours - exact).unwrap().abs().unwrap().max_all().unwrap().to_scalar::<f32>().unwrap();
        assert!(worst < 1e-6, "off by {worst}");
        assert!(mean_by_scores(&column, &rows.narrow(0, 0, 29).unwrap()).is_err());
    }

    #[test]
    fn the_tangent_of_a_tensor_is_that_of_each_value() {
        let x = Tensor::from_vec(steps(400), (20, 20), &Device::Cpu).unwrap();
        let worst = (tanh(&x).unwrap() - x.tanh().unwrap()).unwrap().abs().unwrap().max_all().unwrap().to_scalar::<f32>().unwrap();
        assert!(worst < 5e-7, "off by {worst}");
    }

    #[test]
    fn a_gate_is_the_silu() {
        let (values, gates) = (steps(70), steps(70).iter().rev().map(|x| x * 3.0).collect::<Vec<_>>());
        let x = Tensor::from_vec([values.clone(), gates.clone()].concat(), (1, 140), &Device::Cpu).unwrap();
        let ours = gated_silu(&x).unwrap().flatten_all().unwrap().to_vec1::<f32>().unwrap();
        for ((ours, value), gate) in ours.iter().zip(values).zip(gates) {
            let exact = value * gate / (1.0 + (-gate).exp());
            assert!((ours - exact).abs() < 1e-6 * exact.abs().max(1.0), "{value} gated by {gate}: {ours}, not {exact}");
        }
        assert!(gated_silu(&x.narrow(1, 0, 139).unwrap().contiguous().unwrap()).is_err());
    }

    #[test]
    fn a_gelu_is_taken_of_what_was_scaled_and_shifted() {
        let x = Tensor::from_vec(steps(120), (2, 60), &Device::Cpu).unwrap();
        let shifts = steps(60);
        let ours = scaled_gelu(&x, 0.7, &shifts).unwrap();
        let shifted = (x * 0.7).unwrap().broadcast_add(&Tensor::new(shifts.as_slice(), &Device::Cpu).unwrap()).unwrap();
        let worst = (ours - shifted.gelu_erf().unwrap()).unwrap().abs().unwrap().max_all().unwrap().to_scalar::<f32>().unwrap();
        assert!(worst < 2e-6, "off by {worst}");
    }

    #[test]
    fn the_most_probable_is_the_first_of_the_highest_and_its_probability_that_of_the_softmax() {
        let mut logits = vec![0.0, 2.0, 1.0, 2.0, f32::NEG_INFINITY];
        let (place, probability) = most_probable(&mut logits).unwrap();
        let sum = 1.0 + 2.0 * 2_f32.exp() + 1_f32.exp();
        assert_eq!(place, 1);
        assert!((probability - 2_f32.exp() / sum).abs() < 1e-6, "{probability}");
        assert_eq!(most_probable(&mut []), None);
    }
}
