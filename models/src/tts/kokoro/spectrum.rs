//! The short-time Fourier transform of 20 samples every 5, and back.

use std::sync::Arc;

use realfft::num_complex::Complex32;
use realfft::{ComplexToReal, RealFftPlanner, RealToComplex};

/// Samples of a transform.
const SIZE: usize = 20;
/// Samples from one to the next.
pub(super) const HOP: usize = 5;
/// Bins of its spectrum.
pub(super) const BINS: usize = SIZE / 2 + 1;
/// Squares of the window that overlap add up to this.
const OVERLAP: f32 = 1.5;
/// No magnitude above `e` to this: far above all that is sound.
const LOUDEST: f32 = 10.0;

/// The transforms and their window.
pub(super) struct Spectrum {
    forward: Arc<dyn RealToComplex<f32>>,
    inverse: Arc<dyn ComplexToReal<f32>>,
    window: [f32; SIZE],
}

impl Spectrum {
    pub fn new() -> Self {
        let mut planner = RealFftPlanner::new();
        let turn = |i: usize| std::f64::consts::TAU * i as f64 / SIZE as f64;
        Self {
            forward: planner.plan_fft_forward(SIZE),
            inverse: planner.plan_fft_inverse(SIZE),
            window: std::array::from_fn(|i| (0.5 - 0.5 * turn(i).cos()) as f32),
        }
    }

    /// The spectrum about every [`HOP`]th sample, from the first to the one after the last; the wave is mirrored at its ends.
    pub fn forward(&self, wave: &[f32]) -> impl Iterator<Item = [Complex32; BINS]> {
        let last = wave.len().saturating_sub(1);
        // Mirrored about the first and about the last sample.
        let at = move |i: isize| {
            let i = i.unsigned_abs();
            wave.get(if i > last { (2 * last).saturating_sub(i) } else { i }).copied().unwrap_or_default()
        };
        let mut scratch = self.forward.make_scratch_vec();
        (0..=wave.len() / HOP).map(move |frame| {
            let start = (frame * HOP) as isize - (SIZE / 2) as isize;
            let mut samples: [f32; SIZE] = std::array::from_fn(|i| at(start + i as isize) * self.window[i]);
            let mut bins = [Complex32::default(); BINS];
            // The lengths are those of the plan, so it cannot fail.
            let _ = self.forward.process_with_scratch(&mut samples, &mut bins, &mut scratch);
            // Real ends, and the phase of a negative one is half a turn forwards.
            (bins[0].im, bins[BINS - 1].im) = (0.0, 0.0);
            bins
        })
    }

    /// From rows of logarithms of magnitudes, then phases before their sine, [`BINS`] each, to the wave: [`HOP`] samples for each row but
    /// the first.
    pub fn inverse(&self, rows: &[f32]) -> Vec<f32> {
        let count = rows.len() / (2 * BINS);
        let mut sum = vec![0.0; count.saturating_sub(1) * HOP + SIZE];
        let mut scratch = self.inverse.make_scratch_vec();
        for (frame, row) in rows.chunks_exact(2 * BINS).enumerate() {
            let (magnitudes, phases) = row.split_at(BINS);
            let bin = |i: usize| Complex32::from_polar(magnitudes[i].min(LOUDEST).exp(), phases[i].sin());
            let mut bins: [Complex32; BINS] = std::array::from_fn(bin);
            // A real signal has real ends.
            bins[0].im = 0.0;
            bins[BINS - 1].im = 0.0;
            let mut samples = [0.0; SIZE];
            let _ = self.inverse.process_with_scratch(&mut bins, &mut samples, &mut scratch);
            for ((sum, sample), window) in sum[frame * HOP..].iter_mut().zip(samples).zip(self.window) {
                *sum += sample * window / (SIZE as f32 * OVERLAP);
            }
        }
        sum.truncate(sum.len() - SIZE / 2);
        sum.drain(..SIZE / 2);
        sum
    }
}

#[cfg(test)]
mod tests {
    use std::f64::consts::TAU;

    use super::*;

    fn window(i: usize) -> f64 {
        0.5 - 0.5 * (TAU * i as f64 / SIZE as f64).cos()
    }

    #[test]
    fn the_spectrum_is_the_fourier_sum_over_the_mirrored_wave() {
        let wave: Vec<f32> = (0..57).map(|i| (i as f32 * 0.7).sin() * 0.3 + 0.1).collect();
        let rows: Vec<_> = Spectrum::new().forward(&wave).collect();
        assert_eq!(rows.len(), 57 / HOP + 1);
        for (frame, bins) in rows.iter().enumerate() {
            for (k, bin) in bins.iter().enumerate() {
                let (mut re, mut im) = (0.0, 0.0);
                for i in 0..SIZE {
                    let at = (frame * HOP + i).abs_diff(SIZE / 2);
                    let at = if frame * HOP + i < SIZE / 2 || at < wave.len() { at } else { 2 * (wave.len() - 1) - at };
                    let (sine, cosine) = (TAU * (k * i) as f64 / SIZE as f64).sin_cos();
                    re += f64::from(wave[at]) * window(i) * cosine;
                    im -= f64::from(wave[at]) * window(i) * sine;
                }
                assert!((f64::from(bin.re) - re).abs() < 1e-5 && (f64::from(bin.im) - im).abs() < 1e-5, "bin {k} of frame {frame}");
            }
        }
    }

    #[test]
    fn the_wave_is_the_sum_of_the_frames_cosines() {
        let rows: Vec<f32> = (0..12 * 2 * BINS).map(|i| (i as f32 * 0.37).sin()).collect();
        let wave = Spectrum::new().inverse(&rows);
        assert_eq!(wave.len(), 11 * HOP);
        for (t, sample) in wave.iter().enumerate() {
            let mut sum = 0.0;
            for (frame, row) in rows.chunks_exact(2 * BINS).enumerate() {
                let Some(i) = (t + SIZE / 2).checked_sub(frame * HOP).filter(|i| *i < SIZE) else { continue };
                for k in 0..BINS {
                    let (magnitude, phase) = (f64::from(row[k]).exp(), f64::from(row[BINS + k]).sin());
                    // The bins between the ends stand for their mirror images too, and those at the ends are real.
                    let wave = if k == 0 || k == BINS - 1 {
                        phase.cos() * (TAU * (k * i) as f64 / SIZE as f64).cos()
                    } else {
                        2.0 * (TAU * (k * i) as f64 / SIZE as f64 + phase).cos()
                    };
                    sum += magnitude * wave * window(i) / (SIZE as f64 * 1.5);
                }
            }
            assert!((f64::from(*sample) - sum).abs() < 1e-5, "sample {t}: {sample} is not {sum}");
        }
    }
}
