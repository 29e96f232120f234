//! What is done to one value, or to one row, at a time: normalisation, activation, softmax, rounding.
//!
//! Each body is written once, in a way that the compiler turns into vector code, and compiled once per instruction set.

#![allow(unsafe_code)]

use candle_core::{Result, Tensor, bail};

use super::Isa;
use super::rounded::BLOCK;
use super::share::{Shared, parallel, tensor, with_values};

/// Partial results that are kept side by side, so that a sum becomes vector additions.
pub(super) const LANES: usize = 16;
/// Adding and subtracting this rounds a small `f32` to the nearest integer, in every instruction set.
pub(super) const ROUND: f32 = 12_582_912.0;

/// Compile a body for every instruction set; the caller's `Isa` must be one that this processor has.
macro_rules! per_isa {
    ($(#[$attribute:meta])* $name:ident($($argument:ident: $type:ty),*) $(-> $result:ty)?, $body:ident) => {
        $(#[$attribute])*
        pub(super) fn $name(isa: Isa, $($argument: $type),*) $(-> $result)? {
            #[cfg(target_arch = "x86_64")]
            #[target_feature(enable = "avx512f,avx512bw,avx512vl")]
            fn avx512($($argument: $type),*) $(-> $result)? {
                $body::<true>($($argument),*)
            }
            #[cfg(target_arch = "x86_64")]
            #[target_feature(enable = "avx2,fma")]
            fn avx2($($argument: $type),*) $(-> $result)? {
                $body::<true>($($argument),*)
            }
            match isa {
                // SAFETY: `isa` is one that this processor has.
                #[cfg(target_arch = "x86_64")]
                Isa::Avx512Vnni => unsafe { avx512($($argument),*) },
                // SAFETY: as above.
                #[cfg(target_arch = "x86_64")]
                Isa::Avx2 => unsafe { avx2($($argument),*) },
                _ => $body::<{ cfg!(target_arch = "aarch64") }>($($argument),*),
            }
        }
    };
}

pub(super) use per_isa;

per_isa!(
    /// The exact (error-function) GELU of every value, to 1e-6.
    gelu(values: &mut [f32]), gelu_body
);
per_isa!(
    /// Replace scores `s` by `exp(scale (s - max))`; returns their sum.
    exponentials(scores: &mut [f32], scale: f32) -> f32, exponentials_body
);
per_isa!(
    /// The sum of products of two equally long slices.
    dot(a: &[f32], b: &[f32]) -> f32, dot_body
);
per_isa!(
    /// `sum += weight · row`.
    accumulate(sum: &mut [f32], weight: f32, row: &[f32]), accumulate_body
);
per_isa!(
    round_blocks_compiled(x: &[f32], values: &mut [i8], scales: &mut [f32], offsets: &mut [i32]), round_blocks_body
);
per_isa!(
    /// Bring a row to mean 0 and variance 1, then scale and shift it. `epsilon` is added to the variance.
    normalise_row(row: &[f32], epsilon: f32, scale: &[f32], shift: &[f32], out: &mut [f32]), normalise_row_body
);

/// Round blocks of 32 to 8-bit integers and a scale; `offsets` gets -128 times each block's sum.
pub(super) fn round_blocks(isa: Isa, x: &[f32], values: &mut [i8], scales: &mut [f32], offsets: &mut [i32]) {
    match isa {
        // The compiler would gather the same place of sixteen blocks into one vector, which takes four times as long.
        // SAFETY: `isa` is one that this processor has.
        #[cfg(target_arch = "x86_64")]
        Isa::Avx512Vnni => unsafe { super::x86_64::round_blocks_avx512(x, values, scales, offsets) },
        _ => round_blocks_compiled(isa, x, values, scales, offsets),
    }
}

/// Layer normalisation over the last dimension.
pub struct LayerNorm {
    scale: Vec<f32>,
    shift: Vec<f32>,
    epsilon: f32,
}

impl LayerNorm {
    /// With the learned `scale` and `shift`, both of shape `[width]`.
    ///
    /// # Errors
    /// If the two differ in length.
    pub fn new(scale: &Tensor, shift: &Tensor) -> Result<Self> {
        /// Whisper's and PyTorch's default.
        const EPSILON: f32 = 1e-5;
        let (scale, shift) = (scale.to_vec1::<f32>()?, shift.to_vec1::<f32>()?);
        if scale.len() != shift.len() || scale.is_empty() {
            bail!("a normalisation with {} scales and {} shifts", scale.len(), shift.len());
        }
        Ok(Self { scale, shift, epsilon: EPSILON })
    }

    /// With another number added to the variance than PyTorch's default of 1e-5.
    #[must_use]
    pub fn with_epsilon(self, epsilon: f32) -> Self {
        Self { epsilon, ..self }
    }

    /// Normalise each row of `x`, of shape `[rows, width]`.
    ///
    /// # Errors
    /// If `x` has another shape or is not `f32` on the CPU.
    pub fn forward(&self, x: &Tensor) -> Result<Tensor> {
        /// Fewer rows than this are not worth waking a thread for.
        const MANY: usize = 32;
        let (rows, width) = x.dims2()?;
        if width != self.scale.len() {
            bail!("rows of {width} for a normalisation of {}", self.scale.len());
        }
        let mut out = vec![0.0; rows * width];
        with_values(x, |x| {
            let shared = Shared::new(&mut out);
            let isa = Isa::best();
            let normalise = |rows: std::ops::Range<usize>| {
                for row in rows {
                    let place = row * width..(row + 1) * width;
                    // SAFETY: each row is given to one thread.
                    let out = unsafe { shared.part(place.clone()) };
                    normalise_row(isa, &x[place], self.epsilon, &self.scale, &self.shift, out);
                }
            };
            if rows < MANY {
                normalise(0..rows);
            } else {
                parallel(rows, normalise);
            }
            Ok(())
        })?;
        tensor(out, (rows, width))
    }
}

#[inline(always)]
pub(super) fn fma<const FMA: bool>(a: f32, b: f32, c: f32) -> f32 {
    if FMA { a.mul_add(b, c) } else { a * b + c }
}

/// `exp(x)` to 2 units in the last place for `x` in `[-87, 88]`, clamped outside (the range reduction and polynomial of Cephes' `expf`).
#[inline(always)]
pub(super) fn exp<const FMA: bool>(x: f32) -> f32 {
    let x = x.clamp(-87.0, 88.0);
    let rounded = fma::<FMA>(x, std::f32::consts::LOG2_E, ROUND);
    let n = rounded - ROUND;
    let r = fma::<FMA>(n, -0.693_359_4, x);
    let r = fma::<FMA>(n, 2.121_944_4e-4, r);
    let mut p = 1.987_569_1e-4;
    for coefficient in [1.398_2e-3, 8.333_452e-3, 4.166_579_6e-2, 1.666_666_5e-1, 0.5] {
        p = fma::<FMA>(p, r, coefficient);
    }
    let p = fma::<FMA>(p, r * r, r + 1.0);
    let power = rounded.to_bits().wrapping_sub(ROUND.to_bits()).wrapping_add(127) << 23;
    p * f32::from_bits(power)
}

/// Abramowitz and Stegun 7.1.26, whose error is below 1.5e-7.
#[inline(always)]
pub(super) fn gelu_body<const FMA: bool>(values: &mut [f32]) {
    for value in values {
        let x = *value;
        let z = x.abs() * std::f32::consts::FRAC_1_SQRT_2;
        let t = 1.0 / fma::<FMA>(0.327_591_1, z, 1.0);
        let mut p = 1.061_405_4;
        for coefficient in [-1.453_152, 1.421_413_7, -0.284_496_74, 0.254_829_6] {
            p = fma::<FMA>(p, t, coefficient);
        }
        // 1 - erf(z), the two tails of the normal distribution
        let tails = p * t * exp::<FMA>(-z * z);
        let below = if x < 0.0 { 0.5 * tails } else { fma::<FMA>(-0.5, tails, 1.0) };
        *value = x * below;
    }
}

#[inline(always)]
fn exponentials_body<const FMA: bool>(scores: &mut [f32], scale: f32) -> f32 {
    let mut most = [f32::NEG_INFINITY; LANES];
    let (chunks, rest) = scores.as_chunks::<LANES>();
    for chunk in chunks {
        for (most, score) in most.iter_mut().zip(chunk) {
            *most = if *score > *most { *score } else { *most };
        }
    }
    let most = most.iter().chain(rest).copied().fold(f32::NEG_INFINITY, f32::max);
    let mut sums = [0.0; LANES];
    let (chunks, rest) = scores.as_chunks_mut::<LANES>();
    for chunk in chunks {
        for (sum, score) in sums.iter_mut().zip(chunk) {
            *score = exp::<FMA>((*score - most) * scale);
            *sum += *score;
        }
    }
    let mut sum = sums.iter().sum::<f32>();
    for score in rest {
        *score = exp::<FMA>((*score - most) * scale);
        sum += *score;
    }
    sum
}

#[inline(always)]
fn dot_body<const FMA: bool>(a: &[f32], b: &[f32]) -> f32 {
    let ((a, a_rest), (b, b_rest)) = (a.as_chunks::<LANES>(), b.as_chunks::<LANES>());
    let mut sums = [0.0; LANES];
    for (a, b) in a.iter().zip(b) {
        for ((sum, a), b) in sums.iter_mut().zip(a).zip(b) {
            *sum = fma::<FMA>(*a, *b, *sum);
        }
    }
    sums.iter().sum::<f32>() + a_rest.iter().zip(b_rest).map(|(a, b)| a * b).sum::<f32>()
}

#[inline(always)]
fn accumulate_body<const FMA: bool>(sum: &mut [f32], weight: f32, row: &[f32]) {
    for (sum, value) in sum.iter_mut().zip(row) {
        *sum = fma::<FMA>(weight, *value, *sum);
    }
}

#[inline(always)]
fn round_blocks_body<const FMA: bool>(x: &[f32], values: &mut [i8], scales: &mut [f32], offsets: &mut [i32]) {
    let (x, values) = (x.as_chunks::<BLOCK>().0, values.as_chunks_mut::<BLOCK>().0);
    for (((x, values), scale), offset) in x.iter().zip(values).zip(scales).zip(offsets) {
        let mut most = [0.0_f32; LANES];
        for half in x.as_chunks::<LANES>().0 {
            for (most, x) in most.iter_mut().zip(half) {
                *most = if x.abs() > *most { x.abs() } else { *most };
            }
        }
        let most = most.iter().copied().fold(0.0, f32::max);
        let inverse = if most > 0.0 { 127.0 / most } else { 0.0 };
        let mut sum = 0_i32;
        for (x, value) in x.iter().zip(values) {
            let rounded = fma::<FMA>(*x, inverse, ROUND).to_bits().wrapping_sub(ROUND.to_bits()) as i8;
            *value = rounded;
            sum += i32::from(rounded);
        }
        *scale = most / 127.0;
        *offset = -128 * sum;
    }
}

#[inline(always)]
fn normalise_row_body<const FMA: bool>(row: &[f32], epsilon: f32, scale: &[f32], shift: &[f32], out: &mut [f32]) {
    let (chunks, rest) = row.as_chunks::<LANES>();
    let mut sums = [0.0; LANES];
    for chunk in chunks {
        for (sum, x) in sums.iter_mut().zip(chunk) {
            *sum += x;
        }
    }
    let width = row.len() as f32;
    let mean = (sums.iter().sum::<f32>() + rest.iter().sum::<f32>()) / width;
    let mut sums = [0.0; LANES];
    for chunk in chunks {
        for (sum, x) in sums.iter_mut().zip(chunk) {
            *sum = fma::<FMA>(x - mean, x - mean, *sum);
        }
    }
    let spread = sums.iter().sum::<f32>() + rest.iter().map(|x| (x - mean) * (x - mean)).sum::<f32>();
    let factor = 1.0 / (spread / width + epsilon).sqrt();
    for (((out, x), scale), shift) in out.iter_mut().zip(row).zip(scale).zip(shift) {
        *out = fma::<FMA>((x - mean) * factor, *scale, *shift);
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use candle_core::Device;

    use super::*;

    #[test]
    fn exponentials_are_exact_to_a_millionth_over_the_whole_range() {
        for isa in Isa::available() {
            for step in 0..=1000 {
                let x = -20.0 + step as f32 * 0.02;
                let mut scores = [0.0, x * 2.0];
                let sum = exponentials(isa, &mut scores, 0.5);
                let exact = f64::from(x.min(0.0) - x.max(0.0)).exp();
                assert!((f64::from(sum) - 1.0 - exact).abs() < 2e-6, "{isa:?}: exp({x})");
            }
        }
    }

    #[test]
    fn a_softmax_of_very_different_scores_stays_finite() {
        for isa in Isa::available() {
            let mut scores: Vec<f32> = (0..50).map(|i| i as f32 * 1e4).collect();
            let sum = exponentials(isa, &mut scores, 1.0);
            assert!((sum - 1.0).abs() < 1e-6 && scores.iter().all(|s| s.is_finite()), "{isa:?}: {sum}");
        }
    }

    #[test]
    fn the_gelu_is_the_exact_one() {
        let x: Vec<f32> = (-400..400).map(|i| i as f32 / 50.0).collect();
        let exact: Vec<f32> = Tensor::new(x.as_slice(), &Device::Cpu).unwrap().gelu_erf().unwrap().to_vec1().unwrap();
        for isa in Isa::available() {
            let mut ours = x.clone();
            gelu(isa, &mut ours);
            for ((ours, exact), x) in ours.iter().zip(&exact).zip(&x) {
                assert!((ours - exact).abs() < 2e-6, "{isa:?}: gelu({x}) = {ours}, not {exact}");
            }
        }
    }

    #[test]
    fn a_normalised_row_has_mean_zero_and_variance_one() {
        let x: Vec<f32> = (0..70).map(|i| ((i * 37) % 11) as f32 + 100.0).collect();
        for isa in Isa::available() {
            let mut out = vec![0.0; 70];
            normalise_row(isa, &x, 1e-5, &[1.0; 70], &[0.0; 70], &mut out);
            let mean = out.iter().sum::<f32>() / 70.0;
            let variance = out.iter().map(|x| x * x).sum::<f32>() / 70.0;
            assert!(mean.abs() < 1e-4 && (variance - 1.0).abs() < 1e-3, "{isa:?}: {mean}, {variance}");
        }
    }

    #[test]
    fn rounded_blocks_keep_every_value_to_half_a_step() {
        let x: Vec<f32> = (0..64).map(|i| ((i * 29) % 64) as f32 / 7.0 - 4.0).collect();
        for isa in Isa::available() {
            let (mut values, mut scales, mut offsets) = ([0_i8; 64], [0.0; 2], [0; 2]);
            round_blocks(isa, &x, &mut values, &mut scales, &mut offsets);
            for (i, x) in x.iter().enumerate() {
                let back = f32::from(values[i]) * scales[i / BLOCK];
                assert!((back - x).abs() <= scales[i / BLOCK] * 0.5001, "{isa:?}: {back} for {x}");
            }
            assert_eq!(offsets[1], -128 * values[BLOCK..].iter().map(|v| i32::from(*v)).sum::<i32>());
        }
    }
}
