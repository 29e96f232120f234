//! Transcendental functions over slices, to single precision: polynomials without branches, so that they run in vectors.
//!
//! `exp` and `ln` use the coefficients of S. Moshier's Cephes library (single precision), `erf` a rational fit after W. J. Cody,
//! "Rational Chebyshev Approximations for the Error Function", Mathematics of Computation 23 (1969). Sines take their angle in turns,
//! which makes reduction exact.

use realfft::num_complex::Complex32;

use super::wide::wide;

/// Adding and subtracting this rounds a small `f32` to an integer, to even.
const ROUNDER: f32 = 12_582_912.0;

/// `e^x` for `x` in about `[-87, 88]`; smaller `x` are taken as -87.
#[inline]
pub(super) fn exp(x: f32) -> f32 {
    let x = x.clamp(-87.0, 88.0);
    let shifted = x * std::f32::consts::LOG2_E + ROUNDER;
    let n = shifted - ROUNDER;
    let r = x - n * 0.693_359_4 + n * 2.121_944_4e-4;
    let p = ((((1.987_569_1e-4 * r + 1.398_2e-3) * r + 8.333_452e-3) * r + 4.166_579_6e-2) * r + 1.666_666_5e-1) * r + 0.5;
    let mantissa = p * r * r + r + 1.0;
    f32::from_bits(mantissa.to_bits().wrapping_add(shifted.to_bits() << 23))
}

/// `sin(2 pi x)` for `x` in turns, up to some thousands.
#[inline]
pub(super) fn sin_turns(x: f32) -> f32 {
    let r = x - ((x + ROUNDER) - ROUNDER);
    // Beyond a quarter turn, the sine is that of the distance to the half turn.
    let folded = if r > 0.25 {
        0.5 - r
    } else if r < -0.25 {
        -0.5 - r
    } else {
        r
    };
    let y = folded * std::f32::consts::TAU;
    let z = y * y;
    let p = ((((-2.505_210_8e-8 * z + 2.755_731_9e-6) * z - 1.984_127e-4) * z + 1.0 / 120.0) * z - 1.666_666_7e-1) * z;
    y + y * p
}

#[inline]
pub(super) fn cos_turns(x: f32) -> f32 {
    let r = x - ((x + ROUNDER) - ROUNDER);
    sin_turns(r + 0.25)
}

/// Natural logarithm of a positive normal number.
#[inline]
fn ln(x: f32) -> f32 {
    let bits = x.to_bits().wrapping_sub(0x3f35_04f3);
    let exponent = (bits.cast_signed() >> 23) as f32;
    let m = f32::from_bits((bits & 0x007f_ffff).wrapping_add(0x3f35_04f3)) - 1.0;
    let z = m * m;
    let p = ((((((((7.037_683_6e-2 * m - 1.151_461e-1) * m + 1.167_699_9e-1) * m - 1.242_014_1e-1) * m + 1.424_932_3e-1) * m
        - 1.666_805_8e-1)
        * m
        + 2.000_071_5e-1)
        * m
        - 2.499_999_4e-1)
        * m
        + 0.333_333_3)
        * m
        * z;
    m + (p - exponent * 2.121_944_4e-4 - 0.5 * z) + exponent * 0.693_359_4
}

#[inline]
pub(super) fn tanh(x: f32) -> f32 {
    1.0 - 2.0 / (exp(2.0 * x.clamp(-9.0, 9.0)) + 1.0)
}

/// The error function.
#[inline]
fn erf(x: f32) -> f32 {
    let x = x.clamp(-4.0, 4.0);
    let z = x * x;
    let above =
        (((((-2.726_142_3e-10 * z + 2.770_681_4e-8) * z - 2.101_024e-6) * z - 5.692_506_4e-5) * z - 7.349_906_3e-4) * z - 2.954_6e-3) * z
            - 1.609_603_3e-2;
    let below = (((-1.456_607_2e-5 * z - 2.133_740_6e-4) * z - 1.682_827e-3) * z - 7.373_329_2e-3) * z - 1.426_473_9e-2;
    x * above / below
}

/// `x / 2 * (1 + erf(x / sqrt 2))`: the exact Gaussian error linear unit.
#[inline]
pub(super) fn gelu(x: f32) -> f32 {
    x * (erf(x * std::f32::consts::FRAC_1_SQRT_2) + 1.0) * 0.5
}

/// A number without pattern for each counter (an integer hash with full avalanche, after C. Wellons' `lowbias32`).
#[inline]
fn scrambled(counter: u32) -> u32 {
    let mut x = counter;
    x = (x ^ (x >> 16)).wrapping_mul(0x7feb_352d);
    x = (x ^ (x >> 15)).wrapping_mul(0x846c_a68b);
    x ^ (x >> 16)
}

/// `[0, 1)` in steps of 2^-24.
#[inline]
fn unit(random: u32) -> f32 {
    (random >> 8).cast_signed() as f32 * (1.0 / 16_777_216.0)
}

/// What a vocoder's network says about one frame, per bin: the logarithm of the harmonic magnitude, its phase turn before `tanh`,
/// the logarithms of the noise's and of the free part's magnitude, and the free part's phase in radians.
#[derive(Clone, Copy)]
pub struct FrameSpectrum<'a> {
    /// Log magnitude of the part that the pulses excite.
    pub harmonic: &'a [f32],
    /// Its phase: `pi * tanh` of this.
    pub turn: &'a [f32],
    /// Log magnitude of noise.
    pub noise: &'a [f32],
    /// Log magnitude of the free part.
    pub free: &'a [f32],
    /// Its phase in radians.
    pub phase: &'a [f32],
}

/// No magnitude above `e` to this.
const LOUDEST: f32 = 7.0;

wide! {
    /// `bins` (the pulses' spectrum) to the frame's whole spectrum, in place. `seed` fixes the noise; without it there is none.
    pub fn shape_spectrum(frame: FrameSpectrum<'_>, seed: Option<u32>, bins: &mut [Complex32]) {
        let n = bins.len();
        let (harmonic, turn, noise) = (&frame.harmonic[..n], &frame.turn[..n], &frame.noise[..n]);
        let (free, phase) = (&frame.free[..n], &frame.phase[..n]);
        let gain = if seed.is_some() { 1.0 } else { 0.0 };
        let start = seed.unwrap_or_default();
        for i in 0..n {
            let magnitude = exp(harmonic[i].min(LOUDEST));
            let angle = tanh(turn[i]) * 0.5;
            let (c, s) = (cos_turns(angle) * magnitude, sin_turns(angle) * magnitude);
            let bin = bins[i];
            let counter = start.wrapping_add((i as u32) << 1);
            // Box and Muller: a complex normal number of variance 1 in each part.
            let radius = (-2.0 * ln(1.0 - unit(scrambled(counter)))).sqrt() * exp(noise[i].min(LOUDEST)) * gain;
            let around = unit(scrambled(counter.wrapping_add(1)));
            let loose = exp(free[i].min(LOUDEST));
            let at = phase[i] * (1.0 / std::f32::consts::TAU);
            bins[i] = Complex32 {
                re: bin.re * c - bin.im * s + radius * cos_turns(around) + loose * cos_turns(at),
                im: bin.re * s + bin.im * c + radius * sin_turns(around) + loose * sin_turns(at),
            };
        }
    }
}

wide! {
    /// One harmonic pulse train sample per phase and pitch: the sum of all cosines at multiples of the pitch below `highest` hertz,
    /// in closed form. `phases` are in turns, in `[0, 1)`; `pitches` in hertz, above 0.
    pub fn pulse_train(phases: &[f64], pitches: &[f32], highest: f32, out: &mut [f32]) {
        let n = out.len();
        let (phases, pitches) = (&phases[..n], &pitches[..n]);
        for i in 0..n {
            let harmonics = (highest / pitches[i]).floor() + 0.5;
            let turns = f64::from(harmonics) * phases[i];
            let below = 2.0 * sin_turns((phases[i] * 0.5) as f32);
            let above = sin_turns((turns - turns.floor()) as f32);
            // At a pulse's peak the quotient tends to the number of harmonics.
            let peak = below.abs() <= 2.0e-3;
            out[i] = if peak { harmonics } else { above / below } - 0.5;
        }
    }
}

wide! {
    /// The Gaussian error linear unit of every value, in the approximation by `tanh` (Hendrycks and Gimpel 2016) that BERT's kin use.
    pub fn gelu_tanh(values: &mut [f32]) {
        const SCALE: f32 = 0.797_884_6;
        for x in values {
            *x = 0.5 * *x * (1.0 + tanh(SCALE * (*x + 0.044_715 * *x * *x * *x)));
        }
    }
}

wide! {
    /// Normal numbers of variance 1 that `seed` fixes (G. Box and M. Muller 1958).
    pub fn normal(seed: u32, out: &mut [f32]) {
        for (i, out) in out.iter_mut().enumerate() {
            let counter = seed.wrapping_add((i as u32) << 1);
            let radius = (-2.0 * ln(1.0 - unit(scrambled(counter)))).sqrt();
            *out = radius * cos_turns(unit(scrambled(counter.wrapping_add(1))));
        }
    }
}

wide! {
    /// `out[i] += x[i] * window[i]`.
    pub fn add_windowed(x: &[f32], window: &[f32], out: &mut [f32]) {
        for ((o, x), w) in out.iter_mut().zip(x).zip(window) {
            *o += x * w;
        }
    }
}

wide! {
    /// The smallest and the largest of `values` and 0.
    pub fn range(values: &[f32]) -> (f32, f32) {
        const LANES: usize = 32;
        let (mut low, mut high) = ([0.0_f32; LANES], [0.0_f32; LANES]);
        let (chunks, rest) = values.as_chunks::<LANES>();
        for chunk in chunks {
            for i in 0..LANES {
                low[i] = if chunk[i] < low[i] { chunk[i] } else { low[i] };
                high[i] = if chunk[i] > high[i] { chunk[i] } else { high[i] };
            }
        }
        let low = low.iter().chain(rest).fold(0.0, |a: f32, b| a.min(*b));
        let high = high.iter().chain(rest).fold(0.0, |a: f32, b| a.max(*b));
        (low, high)
    }
}

wide! {
    /// Each value as `round(value / scale) + zero`, to even, within 8 bits.
    pub fn quantize(values: &[f32], scale: f32, zero: u8, out: &mut [u8]) {
        let zero = f32::from(zero);
        for (o, x) in out.iter_mut().zip(values) {
            let steps = ((x / scale) + ROUNDER) - ROUNDER;
            *o = (steps + zero).clamp(0.0, 255.0) as u8;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn worst(range: std::ops::Range<f32>, ours: fn(f32) -> f32, exact: fn(f64) -> f64) -> f64 {
        let step = (range.end - range.start) / 100_000.0;
        let error = |i: i32| {
            let x = range.start + step * i as f32;
            (f64::from(ours(x)) - exact(f64::from(x))).abs() / exact(f64::from(x)).abs().max(1.0)
        };
        (0..100_000).map(error).fold(0.0, f64::max)
    }

    #[test]
    fn the_polynomials_are_exact_to_single_precision() {
        assert!(worst(-20.0..8.0, exp, f64::exp) < 3e-7);
        assert!(worst(0.000_01..10.0, ln, f64::ln) < 3e-7);
        assert!(worst(-30.0..30.0, sin_turns, |x| (x * std::f64::consts::TAU).sin()) < 4e-7);
        assert!(worst(-3.0..3.0, cos_turns, |x| (x * std::f64::consts::TAU).cos()) < 4e-7);
        assert!(worst(-12.0..12.0, tanh, f64::tanh) < 3e-7);
        assert!(worst(-6.0..6.0, erf, candle_core::cpu::erf::erf_f64) < 5e-7);
    }

    #[test]
    fn a_pulse_train_is_its_sum_of_cosines() {
        let phases = [0.0, 0.1, 0.25, 0.5, 0.9];
        let mut out = [0.0; 5];
        pulse_train(&phases, &[1000.0; 5], 5500.0, &mut out);
        for (phase, sample) in phases.iter().zip(out) {
            let sum: f64 = (1..=5).map(|h| (f64::from(h) * phase * std::f64::consts::TAU).cos()).sum();
            assert!((f64::from(sample) - sum).abs() < 1e-5, "{sample} is not {sum}");
        }
    }

    #[test]
    fn the_noise_is_normal() {
        let n = 4001;
        let quiet = vec![-60.0; n];
        let frame = FrameSpectrum { harmonic: &quiet, turn: &quiet, noise: &vec![0.0; n], free: &quiet, phase: &quiet };
        let mut bins = vec![Complex32::new(0.0, 0.0); n];
        shape_spectrum(frame, Some(7), &mut bins);
        let mean = bins.iter().map(|b| b.re + b.im).sum::<f32>() / (2 * n) as f32;
        let variance = bins.iter().map(|b| b.re * b.re + b.im * b.im).sum::<f32>() / (2 * n) as f32;
        assert!(mean.abs() < 0.03 && (variance - 1.0).abs() < 0.05, "mean {mean}, variance {variance}");
    }

    #[test]
    fn quantizing_rounds_to_even_and_saturates() {
        let mut out = [0; 6];
        quantize(&[0.0, 1.0, 3.0, 5.0, -300.0, 900.0], 2.0, 100, &mut out);
        assert_eq!(out, [100, 100, 102, 102, 0, 255]);
        assert_eq!(range(&[3.0, -1.0, 2.0]), (-1.0, 3.0));
        assert_eq!(range(&[3.0]), (0.0, 3.0));
    }
}
