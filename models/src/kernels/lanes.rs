//! One way to let the compiler vectorise a computation for the processor that it runs on, and the pieces such computations share.
//!
//! The computation is written once, on arrays of a few lanes. [`dispatch`] compiles it twice on x86, for the base instruction set and for
//! AVX2 with fused multiply-add, and chooses when it runs. AArch64 has NEON and fused multiply-add always.

/// Values that are computed side by side.
pub(super) const LANES: usize = 16;

/// A computation for [`dispatch`]; what it reads and writes are its fields.
pub(super) trait Work {
    /// Do it. Must be `#[inline(always)]`, as must be all that it calls. `FUSED`: a fused multiply-add is one instruction here.
    fn run<const FUSED: bool>(self);
}

/// Run `work` with the widest instructions that this processor has.
pub(super) fn dispatch(work: impl Work) {
    #[cfg(target_arch = "x86_64")]
    if std::arch::is_x86_feature_detected!("avx2") && std::arch::is_x86_feature_detected!("fma") {
        // SAFETY: the processor has the features that the function is compiled for.
        #[expect(unsafe_code, reason = "calls a function compiled for instructions that were just found present")]
        unsafe {
            run_avx2(work);
        }
        return;
    }
    work.run::<{ cfg!(target_arch = "aarch64") }>();
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma")]
fn run_avx2(work: impl Work) {
    work.run::<true>();
}

/// `a * b + c`.
#[inline(always)]
pub(super) fn multiply_add<const FUSED: bool>(a: f32, b: f32, c: f32) -> f32 {
    if FUSED { a.mul_add(b, c) } else { a * b + c }
}

/// The dot product of two slices whose length is a multiple of [`LANES`]; the rest is left out.
#[inline(always)]
pub(super) fn dot<const FUSED: bool>(a: &[f32], b: &[f32]) -> f32 {
    let mut sums = [0.0; LANES];
    for (a, b) in a.as_chunks::<LANES>().0.iter().zip(b.as_chunks::<LANES>().0) {
        for lane in 0..LANES {
            sums[lane] = multiply_add::<FUSED>(a[lane], b[lane], sums[lane]);
        }
    }
    total(sums)
}

/// The sum of all lanes, halving by halving.
#[inline(always)]
pub(super) fn total(mut sums: [f32; LANES]) -> f32 {
    let mut width = LANES / 2;
    while width > 0 {
        for lane in 0..width {
            sums[lane] += sums[lane + width];
        }
        width /= 2;
    }
    sums[0]
}

/// The largest of values of which none is negative; the length is a multiple of [`LANES`], the rest is left out.
#[inline(always)]
pub(super) fn max(values: &[f32]) -> f32 {
    let mut largest = [0.0_f32; LANES];
    for values in values.as_chunks::<LANES>().0 {
        for lane in 0..LANES {
            largest[lane] = if values[lane] > largest[lane] { values[lane] } else { largest[lane] };
        }
    }
    largest.into_iter().fold(0.0, f32::max)
}

/// 1.5 x 2^23: added to a small number, it leaves the number's nearest integer in the lowest bits.
const ROUNDER: f32 = 12_582_912.0;

/// The nearest integer (of two, the even one) of a number below 2^22.
#[inline(always)]
pub(super) fn round_to_int(x: f32) -> i32 {
    (x + ROUNDER).to_bits().wrapping_sub(ROUNDER.to_bits()) as i32
}

/// `e` to the power of `x`, within 2 units of the last place (the polynomial of Cephes' `expf`); 0 far below, never infinite.
#[inline(always)]
pub(super) fn exp<const FUSED: bool>(x: f32) -> f32 {
    let x = if x > -87.0 { x } else { -87.0 };
    let x = if x < 88.0 { x } else { 88.0 };
    let power = multiply_add::<FUSED>(x, std::f32::consts::LOG2_E, ROUNDER) - ROUNDER;
    let rest = multiply_add::<FUSED>(power, -0.693_359_4, x);
    let rest = multiply_add::<FUSED>(power, 2.121_944_4e-4, rest);
    let mut polynomial = 1.987_569_1e-4;
    for coefficient in [1.398_199_9e-3, 8.333_452e-3, 4.166_579_6e-2, 0.166_666_66, 0.5] {
        polynomial = multiply_add::<FUSED>(polynomial, rest, coefficient);
    }
    let value = multiply_add::<FUSED>(polynomial, rest * rest, rest) + 1.0;
    let scale = f32::from_bits(((round_to_int(power) + 127) as u32) << 23);
    value * scale
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_exponential_is_right_to_the_last_places() {
        for step in -8_600..8_600 {
            let x = step as f32 * 0.01;
            let right = f64::from(x).exp();
            for found in [exp::<false>(x), exp::<true>(x)] {
                let error = (f64::from(found) / right - 1.0).abs();
                assert!(error < 3e-7, "exp({x}) = {found}, off by {error:e}");
            }
        }
        assert!(exp::<false>(-1e30) < 1e-37);
        assert!(exp::<true>(1e30).is_finite());
    }

    #[test]
    fn rounding_goes_to_the_nearest() {
        for (x, nearest) in [(0.0, 0), (0.4, 0), (0.6, 1), (-0.4, 0), (-0.6, -1), (126.7, 127), (-127.0, -127)] {
            assert_eq!(round_to_int(x), nearest, "{x}");
        }
    }

    #[test]
    fn the_dot_product_is_exact_on_integers() {
        let values: Vec<f32> = (0..64).map(|n| n as f32 - 20.0).collect();
        let plain: f32 = values.iter().map(|v| v * v).sum();
        assert_eq!(dot::<false>(&values, &values), plain);
        assert_eq!(dot::<true>(&values, &values), plain);
    }
}
