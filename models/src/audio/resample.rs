//! Between the rates of the line (8 kHz), of recognition (16 kHz) and of the voice (24 kHz), band-limited.
//!
//! Both forms use rubato's windowed-sinc resampler. As the ratio is a fraction `l/m` of small numbers, the filter is sampled at exactly
//! `l` phases and every output sample is one dot product: nothing is interpolated. [`resample`] converts a whole buffer with a long
//! filter and takes the filter's delay out again; [`Resampler`] follows a live stream with a short one.

use rubato::audioadapter_buffers::direct::SequentialSlice;
use rubato::{Async, FixedAsync, Resampler as _, SincInterpolationParameters, SincInterpolationType, WindowFunction, calculate_cutoff};
use std::time::Duration;

use crate::{Error, Result};

/// The rates between which sound is converted, in hertz.
const RATES: std::ops::RangeInclusive<u32> = 1_000..=384_000;
/// The filter's length at the lower of both rates for a live stream: 4 ms of delay at 8 kHz.
const STREAM_TAPS: usize = 64;
/// The filter's length at the lower of both rates for a whole buffer: the pass band ends at 97 % of the Nyquist frequency.
const WHOLE_TAPS: usize = 256;
/// Above this many phases the filter bank grows too large; phases are then interpolated.
const MAX_PHASES: u32 = 1_280;

/// Convert a whole buffer. The result lasts as long as the input and is aligned with it.
///
/// # Errors
/// [`Error::Input`] if a rate is below 1 kHz or above 384 kHz.
pub fn resample(samples: &[f32], from_hz: u32, to_hz: u32) -> Result<Vec<f32>> {
    let mut resampler = Resampler::with_taps(from_hz, to_hz, WHOLE_TAPS, from_hz as usize / 50)?;
    let Some(filter) = &mut resampler.filter else { return Ok(samples.to_vec()) };
    let wanted = scaled(samples.len(), from_hz, to_hz);
    let (lead, skip) = filter.alignment();
    let mut out = Vec::with_capacity(wanted + skip + scaled(filter.taps + 2 * filter.block, from_hz, to_hz));
    filter.push(&vec![0.0; lead], &mut out);
    filter.push(samples, &mut out);
    filter.push(&vec![0.0; filter.taps + 2 * filter.block], &mut out);
    out.drain(..skip.min(out.len()));
    out.resize(wanted, 0.0);
    Ok(out)
}

/// Converts a live stream between two fixed rates, with at most 5 ms of delay where the lower rate is 8 kHz.
///
/// How the stream is cut into pieces does not change what comes out. From 8 to 16 kHz, and from 24 or 16 kHz down to 16 or 8, a piece of
/// whole milliseconds yields as many milliseconds at once; between other rates the last sample may come with the next piece.
pub struct Resampler {
    from_hz: u32,
    to_hz: u32,
    /// Absent if both rates are the same.
    filter: Option<Filter>,
}

/// rubato's resampler and the buffers around it.
struct Filter {
    inner: Async<f32>,
    /// The filter's length in input samples.
    taps: usize,
    /// `from:to` in lowest terms.
    ratio: (u32, u32),
    /// Input that does not fill a block yet; always shorter than `block`.
    pending: Vec<f32>,
    block: usize,
    /// Outputs that the block of silence before the stream gave.
    primed: usize,
    output: Vec<f32>,
}

impl Resampler {
    /// A resampler at the start of a stream.
    ///
    /// # Errors
    /// [`Error::Input`] if a rate is below 1 kHz or above 384 kHz.
    pub fn new(from_hz: u32, to_hz: u32) -> Result<Self> {
        Self::with_taps(from_hz, to_hz, STREAM_TAPS, (from_hz as usize / 1_000).max(1))
    }

    /// `taps` at the lower of both rates; `block` input samples are converted at a time.
    fn with_taps(from_hz: u32, to_hz: u32, taps: usize, block: usize) -> Result<Self> {
        for rate in [from_hz, to_hz] {
            if !RATES.contains(&rate) {
                return Err(Error::Input(format!("sound at {rate} Hz cannot be converted; use 1,000 to 384,000 Hz")));
            }
        }
        let filter = if from_hz == to_hz { None } else { Some(Filter::new(from_hz, to_hz, taps, block)?) };
        Ok(Self { from_hz, to_hz, filter })
    }

    /// Take the next `input` of the stream, and append to `output` what is ready.
    pub fn push(&mut self, input: &[f32], output: &mut Vec<f32>) {
        match &mut self.filter {
            Some(filter) => filter.push(input, output),
            None => output.extend_from_slice(input),
        }
    }

    /// End the stream: append to `output` what the filter still holds, and be ready for another stream.
    pub fn finish(&mut self, output: &mut Vec<f32>) {
        if let Some(filter) = &mut self.filter {
            let whole = (filter.pending.len() + filter.taps / 2 + 1).next_multiple_of(filter.block);
            filter.push(&vec![0.0; whole - filter.pending.len()], output);
            filter.start();
        }
    }

    /// How much later a sound leaves than it entered, at most.
    #[must_use]
    pub fn delay(&self) -> Duration {
        let samples = self.filter.as_ref().map_or(0, |filter| filter.taps / 2 + 1 + filter.block - 1);
        Duration::from_secs_f64(samples as f64 / f64::from(self.from_hz))
    }
}

impl Filter {
    fn new(from_hz: u32, to_hz: u32, taps: usize, block: usize) -> Result<Self> {
        let divisor = gcd(from_hz, to_hz);
        let ratio = (from_hz / divisor, to_hz / divisor);
        let window = WindowFunction::Blackman;
        let cutoff = calculate_cutoff(taps, window);
        // The filter spans the same time at either rate, so that its transition band fits below the lower Nyquist frequency.
        let span = (taps as f64 * (f64::from(from_hz) / f64::from(to_hz)).max(1.0)).ceil() as usize;
        let taps = span.next_multiple_of(8);
        let parameters = SincInterpolationParameters::new(taps, window).f_cutoff(cutoff);
        let parameters = if ratio.1 <= MAX_PHASES {
            parameters.oversampling_factor(ratio.1 as usize).interpolation(SincInterpolationType::Nearest)
        } else {
            parameters.oversampling_factor(256).interpolation(SincInterpolationType::Cubic)
        };
        let inner = Async::new_sinc(f64::from(to_hz) / f64::from(from_hz), 1.0, &parameters, block, 1, FixedAsync::Input)
            .map_err(|fault| Error::Input(format!("sound cannot be converted from {from_hz} to {to_hz} Hz: {fault}")))?;
        let output = vec![0.0; inner.output_frames_max()];
        let mut filter = Self { inner, taps, ratio, pending: Vec::with_capacity(block), block, primed: 0, output };
        filter.start();
        Ok(filter)
    }

    /// Begin a stream, with one block of silence before it: rubato holds back two samples of the first block, and this way
    /// every block of the stream yields its full time.
    fn start(&mut self) {
        self.inner.reset();
        self.pending.clear();
        let mut silence = Vec::new();
        self.convert(&vec![0.0; self.block], &mut silence);
        self.primed = silence.len();
    }

    /// How many samples of silence to push, and then how many outputs to skip, so that the next output falls on the first
    /// sample pushed after the silence.
    ///
    /// rubato's output `n` (from 0) is centred on the input time `(n + 1) m/l - taps/2 + 1/l`, counted from the first sample ever
    /// pushed; `m:l` is the ratio. Silence is added until that can be a whole sample.
    fn alignment(&self) -> (usize, usize) {
        let (m, l) = (u64::from(self.ratio.0), u64::from(self.ratio.1));
        let centre = |lead: u64| l * (self.taps as u64 / 2 + self.block as u64 + lead) - 1;
        let lead = (0..m).find(|&lead| centre(lead) % m == 0).unwrap_or(0);
        let skip = (centre(lead) / m).saturating_sub(1 + self.primed as u64);
        (usize::try_from(lead).unwrap_or(0), usize::try_from(skip).unwrap_or(0))
    }

    fn push(&mut self, mut input: &[f32], output: &mut Vec<f32>) {
        if !self.pending.is_empty() {
            let (head, rest) = input.split_at((self.block - self.pending.len()).min(input.len()));
            self.pending.extend_from_slice(head);
            input = rest;
            if self.pending.len() < self.block {
                return;
            }
            let whole = std::mem::take(&mut self.pending);
            self.convert(&whole, output);
            self.pending = whole;
            self.pending.clear();
        }
        let blocks = input.chunks_exact(self.block);
        let rest = blocks.remainder();
        for block in blocks {
            self.convert(block, output);
        }
        self.pending.extend_from_slice(rest);
    }

    /// Convert exactly one block. rubato refuses nothing but buffers of a wrong size, which these are not; should it ever, time goes
    /// on in silence rather than a call ending.
    fn convert(&mut self, block: &[f32], output: &mut Vec<f32>) {
        let ready = self.inner.output_frames_next().min(self.output.len());
        let frames = self.output.len();
        let done = SequentialSlice::new(block, 1, block.len())
            .ok()
            .zip(SequentialSlice::new_mut(&mut self.output, 1, frames).ok())
            .is_some_and(|(from, mut to)| self.inner.process_into_buffer(&from, &mut to, None).is_ok());
        debug_assert!(done, "rubato refused a block of {} samples", block.len());
        if !done {
            self.output.fill(0.0);
        }
        output.extend_from_slice(self.output.get(..ready).unwrap_or_default());
    }
}

impl std::fmt::Debug for Resampler {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Resampler").field("from_hz", &self.from_hz).field("to_hz", &self.to_hz).finish_non_exhaustive()
    }
}

/// `len` samples at `from_hz` are this many at `to_hz`, to the nearest.
fn scaled(len: usize, from_hz: u32, to_hz: u32) -> usize {
    let exact = (len as u128 * u128::from(to_hz) + u128::from(from_hz) / 2) / u128::from(from_hz);
    usize::try_from(exact).unwrap_or(usize::MAX)
}

fn gcd(a: u32, b: u32) -> u32 {
    if b == 0 { a } else { gcd(b, a % b) }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use std::f64::consts::TAU;

    use proptest::prelude::*;

    use super::*;

    fn tone(hz: f64, rate: u32, seconds: f64) -> Vec<f32> {
        let len = (seconds * f64::from(rate)) as usize;
        (0..len).map(|n| (0.5 * (TAU * hz * n as f64 / f64::from(rate)).sin()) as f32).collect()
    }

    fn streamed(samples: &[f32], from_hz: u32, to_hz: u32, cuts: &[usize]) -> Vec<f32> {
        let mut resampler = Resampler::new(from_hz, to_hz).unwrap();
        let mut out = Vec::new();
        let mut rest = samples;
        for &cut in cuts {
            let (head, tail) = rest.split_at(cut.min(rest.len()));
            resampler.push(head, &mut out);
            rest = tail;
        }
        resampler.push(rest, &mut out);
        resampler.finish(&mut out);
        out
    }

    fn db(power: f64) -> f64 {
        10.0 * power.max(1e-20).log10()
    }

    /// The middle of a signal, away from where it starts and ends.
    fn middle(samples: &[f32]) -> &[f32] {
        &samples[samples.len() / 4..samples.len() * 3 / 4]
    }

    fn power(samples: &[f32]) -> f64 {
        samples.iter().map(|&s| f64::from(s).powi(2)).sum::<f64>() / samples.len() as f64
    }

    const PAIRS: [(u32, u32); 8] = [
        (8_000, 16_000),
        (16_000, 8_000),
        (24_000, 8_000),
        (8_000, 24_000),
        (24_000, 16_000),
        (44_100, 16_000),
        (22_050, 16_000),
        (48_000, 8_000),
    ];

    #[test]
    fn a_tone_keeps_its_frequency_level_and_place() {
        for (from, to) in PAIRS {
            for hz in [300.0, 1_000.0, 3_000.0] {
                let got = resample(&tone(hz, from, 0.5), from, to).unwrap();
                let want = tone(hz, to, 0.5);
                assert!(got.len().abs_diff(want.len()) <= 1, "{from} -> {to}: {} samples", got.len());
                let error: Vec<f32> = middle(&got).iter().zip(middle(&want)).map(|(g, w)| g - w).collect();
                assert!(db(power(&error) / power(middle(&want))) < -50.0, "{from} -> {to} Hz, {hz} Hz: {}", db(power(&error)));
            }
        }
    }

    #[test]
    fn a_live_stream_keeps_speech_frequencies_within_half_a_decibel() {
        for (from, to) in PAIRS {
            for hz in [300.0, 1_000.0, 3_000.0] {
                let change = db(power(middle(&streamed(&tone(hz, from, 0.5), from, to, &[])))) - db(0.125);
                assert!(change.abs() < 0.5, "{from} -> {to} Hz: {hz} Hz changed by {change} dB");
            }
        }
    }

    #[test]
    fn what_the_lower_rate_cannot_hold_is_gone() {
        for (from, to) in PAIRS.into_iter().filter(|(from, to)| from > to) {
            for above in [1.05, 1.3, 1.7] {
                let hz = f64::from(to) / 2.0 * above;
                if hz < f64::from(from) / 2.0 {
                    let whole = resample(&tone(hz, from, 0.5), from, to).unwrap();
                    let live = streamed(&tone(hz, from, 0.5), from, to, &[]);
                    for left in [whole, live] {
                        let left = db(power(middle(&left)) / 0.125);
                        assert!(left < -50.0, "{from} -> {to}: {hz} Hz left at {left} dB");
                    }
                }
            }
        }
    }

    #[test]
    fn no_image_appears_above_the_old_band() {
        // 3 kHz at 8 kHz has its image at 5 kHz. What is not the tone itself is the image.
        let got = resample(&tone(3_000.0, 8_000, 0.5), 8_000, 16_000).unwrap();
        let want = tone(3_000.0, 16_000, 0.5);
        let rest: Vec<f32> = middle(&got).iter().zip(middle(&want)).map(|(g, w)| g - w).collect();
        assert!(db(power(&rest) / 0.125) < -50.0);
    }

    #[test]
    fn a_frame_of_20_ms_yields_a_frame_of_20_ms_at_once() {
        for (from, to) in [(8_000_u32, 16_000_u32), (24_000, 8_000), (24_000, 16_000), (16_000, 8_000)] {
            let mut resampler = Resampler::new(from, to).unwrap();
            assert!(resampler.delay() <= Duration::from_millis(5), "{from} -> {to}: {:?}", resampler.delay());
            for _ in 0..50 {
                let mut out = Vec::new();
                resampler.push(&vec![0.1; from as usize / 50], &mut out);
                assert_eq!(out.len(), to as usize / 50, "{from} -> {to}");
            }
        }
    }

    #[test]
    fn a_finished_resampler_starts_afresh() {
        let sound = tone(440.0, 8_000, 0.05);
        let mut resampler = Resampler::new(8_000, 16_000).unwrap();
        let (mut first, mut second) = (Vec::new(), Vec::new());
        for out in [&mut first, &mut second] {
            resampler.push(&sound, out);
            resampler.finish(out);
        }
        assert_eq!(first, second);
    }

    #[test]
    fn equal_rates_change_nothing() {
        let sound = tone(440.0, 8_000, 0.05);
        assert_eq!(resample(&sound, 8_000, 8_000).unwrap(), sound);
        assert_eq!(streamed(&sound, 8_000, 8_000, &[3, 50]), sound);
    }

    #[test]
    fn impossible_rates_are_refused() {
        assert!(matches!(resample(&[0.0], 0, 8_000), Err(Error::Input(_))));
        assert!(matches!(Resampler::new(8_000, u32::MAX), Err(Error::Input(_))));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(32))]

        #[test]
        fn how_the_stream_is_cut_does_not_matter(
            sound in prop::collection::vec(-1.0_f32..1.0, 0..2_000),
            cuts in prop::collection::vec(0_usize..400, 0..20),
            pair in prop::sample::select(PAIRS.to_vec()),
        ) {
            prop_assert_eq!(streamed(&sound, pair.0, pair.1, &cuts), streamed(&sound, pair.0, pair.1, &[]));
        }

        #[test]
        fn any_length_at_any_rate_lasts_as_long_as_before(len in 0_usize..3_000, from in 4_000_u32..50_000, to in 4_000_u32..50_000) {
            let out = resample(&vec![0.25; len], from, to).unwrap();
            let (before, after) = (len as f64 / f64::from(from), out.len() as f64 / f64::from(to));
            prop_assert!((before - after).abs() <= 0.5001 / f64::from(to));
        }
    }
}
