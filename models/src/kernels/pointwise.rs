//! What a transformer does value by value: root-mean-square norm and the gated linear unit.

use super::lanes::{self, LANES};

/// Root-mean-square norm (Zhang and Sennrich 2019) of each row of `rows`, times `weight`, into `out`.
///
/// The length of `weight`, which is that of a row, is a multiple of 16.
///
/// # Panics
/// If the sizes do not agree.
pub fn rms_norm(rows: &[f32], weight: &[f32], epsilon: f32, out: &mut [f32]) {
    assert!(weight.len().is_multiple_of(LANES) && rows.len() == out.len(), "the sizes of a norm do not agree");
    lanes::dispatch(RmsNorm { rows, weight, epsilon, out });
}

struct RmsNorm<'a> {
    rows: &'a [f32],
    weight: &'a [f32],
    epsilon: f32,
    out: &'a mut [f32],
}

impl lanes::Work for RmsNorm<'_> {
    #[inline(always)]
    fn run<const FUSED: bool>(self) {
        let width = self.weight.len();
        for (row, out) in self.rows.chunks_exact(width).zip(self.out.chunks_exact_mut(width)) {
            let mean = lanes::dot::<FUSED>(row, row) / width as f32;
            let factor = 1.0 / (mean + self.epsilon).sqrt();
            for ((out, value), weight) in out.iter_mut().zip(row).zip(self.weight) {
                *out = value * factor * weight;
            }
        }
    }
}

/// The gated linear unit with SiLU (Shazeer 2020): each row of `gate_up` holds the gates, then as many values; `out` gets
/// `silu(gate) * value`.
///
/// # Panics
/// If `width`, the number of gates in a row, is not a multiple of 16, or the sizes do not agree.
pub fn swiglu(gate_up: &[f32], width: usize, out: &mut [f32]) {
    assert!(width.is_multiple_of(LANES) && gate_up.len() == 2 * out.len(), "the sizes of a gated unit do not agree");
    lanes::dispatch(SwiGlu { gate_up, width, out });
}

struct SwiGlu<'a> {
    gate_up: &'a [f32],
    width: usize,
    out: &'a mut [f32],
}

impl lanes::Work for SwiGlu<'_> {
    #[inline(always)]
    fn run<const FUSED: bool>(self) {
        for (row, out) in self.gate_up.chunks_exact(2 * self.width).zip(self.out.chunks_exact_mut(self.width)) {
            let (gates, values) = row.split_at(self.width);
            for ((out, gate), value) in out.iter_mut().zip(gates).zip(values) {
                *out = gate * value / (1.0 + lanes::exp::<FUSED>(-gate));
            }
        }
    }
}

/// Add `more` to `values`.
pub fn add(values: &mut [f32], more: &[f32]) {
    for (value, more) in values.iter_mut().zip(more) {
        *value += more;
    }
}

/// Rotary position embedding (Su et al. 2021) over neighbouring pairs, as in GGUF's `llama` files: turn pair `i` of each head in `heads`
/// by the angle whose cosine and sine are `turns[i]`.
pub fn rotate(heads: &mut [f32], turns: &[[f32; 2]]) {
    for head in heads.chunks_exact_mut(2 * turns.len()) {
        for (pair, [cosine, sine]) in head.as_chunks_mut::<2>().0.iter_mut().zip(turns) {
            let [x, y] = *pair;
            *pair = [x * cosine - y * sine, x * sine + y * cosine];
        }
    }
}

/// All of softmax but its division: exponentiate `scores` in place, relative to the largest, and return their sum.
#[inline(always)]
pub(super) fn exponentiate<const FUSED: bool>(scores: &mut [f32]) -> f32 {
    let largest = scores.iter().copied().fold(f32::NEG_INFINITY, |a, b| if b > a { b } else { a });
    let mut sums = [0.0; LANES];
    let (whole, rest) = scores.as_chunks_mut::<LANES>();
    for scores in whole {
        for (score, sum) in scores.iter_mut().zip(&mut sums) {
            *score = lanes::exp::<FUSED>(*score - largest);
            *sum += *score;
        }
    }
    for (score, sum) in rest.iter_mut().zip(&mut sums) {
        *score = lanes::exp::<FUSED>(*score - largest);
        *sum += *score;
    }
    lanes::total(sums)
}

/// The logarithm of the softmax of `scores` at `wanted`.
///
/// # Panics
/// If `scores` has no such entry.
#[must_use]
pub fn log_probability(scores: &[f32], wanted: usize) -> f32 {
    let largest = scores.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let sum: f64 = scores.iter().map(|score| f64::from((score - largest).exp())).sum();
    scores[wanted] - largest - sum.ln() as f32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_norm_makes_the_mean_square_one() {
        let row: Vec<f32> = (0..64).map(|n| (n as f32 - 30.0) * 0.3).collect();
        let mut out = vec![0.0; 64];
        rms_norm(&row, &[1.0; 64], 0.0, &mut out);
        let mean: f32 = out.iter().map(|v| v * v).sum::<f32>() / 64.0;
        assert!((mean - 1.0).abs() < 1e-5, "{mean}");
        assert!((out[5] / out[50] - row[5] / row[50]).abs() < 1e-5);
    }

    #[test]
    fn the_gated_unit_is_its_formula() {
        let gate_up: Vec<f32> = (0..64).map(|n| (n as f32 - 16.0) * 0.37).collect();
        let mut out = vec![0.0; 32];
        swiglu(&gate_up, 32, &mut out);
        for (index, found) in out.iter().enumerate() {
            let (gate, value) = (gate_up[index], gate_up[32 + index]);
            let right = gate / (1.0 + (-gate).exp()) * value;
            assert!((found - right).abs() <= 1e-5 * right.abs().max(1.0), "{found} is not {right}");
        }
    }

    #[test]
    fn turning_keeps_the_length_and_adds_up() {
        let turn = |angle: f32| [[angle.cos(), angle.sin()]];
        let mut pair = [3.0, 4.0];
        rotate(&mut pair, &turn(0.4));
        rotate(&mut pair, &turn(-0.4));
        assert!((pair[0] - 3.0).abs() < 1e-5 && (pair[1] - 4.0).abs() < 1e-5, "{pair:?}");
    }

    #[test]
    fn log_probabilities_sum_to_one() {
        let scores: Vec<f32> = (0..50).map(|n| (n * 7 % 13) as f32).collect();
        let sum: f32 = (0..50).map(|index| log_probability(&scores, index).exp()).sum();
        assert!((sum - 1.0).abs() < 1e-5, "{sum}");
    }
}
