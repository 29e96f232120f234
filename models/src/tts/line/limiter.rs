//! A limiter that looks ahead: peaks are brought below a bound before they come, so that nothing is cut off.
//!
//! A peak counts where the line's own filter will make it, between samples too: the wave is interpolated four times (ITU-R BS.1770-5, annex
//! 2, whose "true peak" this is). The gain that the loudest of the next 5 ms needs is taken for all of them and averaged over as long,
//! so that it falls smoothly and is where it must be when the peak comes; afterwards it rises slowly.

use std::collections::VecDeque;
use std::f32::consts::PI;

/// How far ahead the limiter looks, in milliseconds.
const AHEAD: u32 = 5;
/// How long the gain takes to rise to about two thirds of what it fell by, in milliseconds.
const RELEASE: u32 = 60;
/// Samples on either side that an interpolated one is made of.
const REACH: usize = 6;
/// Places between two samples that are looked at.
const BETWEEN: usize = 3;

/// Limits one stream.
pub(super) struct Limiter {
    bound: f32,
    /// Samples that are looked ahead.
    ahead: usize,
    /// What is left of a fallen gain's distance after a sample.
    release: f32,
    filters: [[f32; 2 * REACH]; BETWEEN],
    /// The newest samples, for interpolation: the one that is judged is in the middle.
    newest: [f32; 2 * REACH],
    /// Samples that were judged and not passed on.
    delayed: VecDeque<f32>,
    /// Gains that judged samples need, each with how many samples ago it was judged; only those that may yet be the least.
    needed: VecDeque<(u64, f32)>,
    judged: u64,
    /// The gain before it is averaged, and those that are averaged.
    held: f32,
    recent: VecDeque<f32>,
}

impl Limiter {
    /// Keeps samples at `rate`, and what lies between them, within `bound`.
    pub(super) fn new(rate: u32, bound: f32) -> Self {
        let ahead = (rate * AHEAD / 1_000) as usize;
        let release = (-1_000.0 / (rate as f32 * RELEASE as f32)).exp();
        let mut limiter = Self {
            bound,
            ahead,
            release,
            filters: filters(),
            newest: [0.0; 2 * REACH],
            delayed: VecDeque::new(),
            needed: VecDeque::new(),
            judged: 0,
            held: 1.0,
            recent: VecDeque::new(),
        };
        limiter.reset();
        limiter
    }

    /// Begin another stream.
    pub(super) fn reset(&mut self) {
        self.newest = [0.0; 2 * REACH];
        self.delayed.clear();
        self.needed.clear();
        (self.judged, self.held) = (0, 1.0);
        self.recent = std::iter::repeat_n(1.0, self.ahead).collect();
    }

    /// Take the next of the stream, and append to `out` what is ready: as many, but for the first `REACH` and those that are looked ahead.
    pub(super) fn push(&mut self, samples: &[f32], out: &mut Vec<f32>) {
        for sample in samples {
            self.take(*sample, out);
        }
    }

    /// End the stream: append what is left of it.
    pub(super) fn finish(&mut self, out: &mut Vec<f32>) {
        for _ in 0..REACH + self.ahead {
            self.take(0.0, out);
        }
        self.reset();
    }

    fn take(&mut self, sample: f32, out: &mut Vec<f32>) {
        // Nothing that is no number passes.
        let sample = if sample.is_finite() { sample } else { 0.0 };
        self.newest.rotate_left(1);
        self.newest[2 * REACH - 1] = sample;
        // Before the stream's first sample is in the middle, there is nothing to judge.
        self.judged += 1;
        if self.judged <= REACH as u64 {
            return;
        }
        let gain = self.bound / self.peak().max(self.bound);
        while self.needed.back().is_some_and(|(_, other)| *other >= gain) {
            self.needed.pop_back();
        }
        self.needed.push_back((self.judged, gain));
        while self.needed.front().is_some_and(|(at, _)| at + (self.ahead as u64) < self.judged) {
            self.needed.pop_front();
        }
        let least = self.needed.front().map_or(1.0, |(_, gain)| *gain);
        self.held = if least < self.held { least } else { least + (self.held - least) * self.release };
        self.recent.pop_front();
        self.recent.push_back(self.held);
        self.delayed.push_back(self.newest[REACH - 1]);
        if self.delayed.len() > self.ahead {
            let mean = self.recent.iter().sum::<f32>() / self.ahead as f32;
            out.extend(self.delayed.pop_front().map(|sample| sample * mean));
        }
    }

    /// The largest magnitude of the middle sample and of what lies between it and its neighbours.
    fn peak(&self) -> f32 {
        let sample = self.newest[REACH - 1].abs();
        // A wave that is far below the bound does not reach it between samples: the filters at most double it.
        if self.newest.iter().all(|sample| sample.abs() < self.bound / 2.5) {
            return sample;
        }
        let between = self.filters.iter().map(|filter| filter.iter().zip(&self.newest).map(|(f, s)| f * s).sum::<f32>().abs());
        between.fold(sample, f32::max)
    }
}

/// Windowed sincs for the places between the two samples in the middle.
fn filters() -> [[f32; 2 * REACH]; BETWEEN] {
    let mut filters = [[0.0; 2 * REACH]; BETWEEN];
    for (place, filter) in filters.iter_mut().enumerate() {
        let fraction = (place + 1) as f32 / (BETWEEN + 1) as f32;
        for (index, weight) in filter.iter_mut().enumerate() {
            let x = (index as f32 - (REACH - 1) as f32 - fraction) * PI;
            *weight = x.sin() / x * (0.5 + 0.5 * (x / (REACH as f32 + 0.5)).cos());
        }
    }
    filters
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use proptest::prelude::*;

    use super::*;
    use crate::audio::resample::resample;

    const BOUND: f32 = 0.891;

    fn limited(samples: &[f32], cut: usize) -> Vec<f32> {
        let mut limiter = Limiter::new(8_000, BOUND);
        let mut out = Vec::new();
        let (head, tail) = samples.split_at(cut.min(samples.len()));
        limiter.push(head, &mut out);
        limiter.push(tail, &mut out);
        limiter.finish(&mut out);
        out
    }

    fn tone(amplitude: f32, hertz: f32, samples: usize) -> Vec<f32> {
        (0..samples).map(|n| amplitude * (2.0 * PI * hertz * n as f32 / 8_000.0 + PI / 4.0).sin()).collect()
    }

    #[test]
    fn what_is_below_the_bound_passes_as_it_is() {
        let sound = tone(0.8, 700.0, 4_000);
        assert_eq!(limited(&sound, 4_000), sound);
    }

    #[test]
    fn a_peak_between_samples_counts() {
        // A quarter of the rate, an eighth of a turn off: samples see 0.71 of the amplitude.
        let sound = tone(1.2, 2_000.0, 4_000);
        assert!(sound.iter().all(|sample| sample.abs() < 0.86));
        let wave = resample(&limited(&sound, 4_000), 8_000, 48_000).unwrap();
        let most = wave[6_000..18_000].iter().fold(0.0_f32, |most, sample| most.max(sample.abs()));
        assert!(most < BOUND * 1.03, "{most}");
    }

    #[test]
    fn a_loud_word_does_not_make_the_rest_quiet() {
        let sound = [tone(0.4, 500.0, 2_000), tone(2.0, 500.0, 800), tone(0.4, 500.0, 8_000)].concat();
        let out = limited(&sound, 100);
        let most = |part: &[f32]| part.iter().fold(0.0_f32, |most, sample| most.max(sample.abs()));
        assert!(most(&out) <= BOUND * 1.001);
        assert!(most(&out[2_100..2_700]) > 0.8 * BOUND, "the loud word lost more than it must");
        assert!(most(&out[8_000..]) > 0.39, "the gain does not come back");
    }

    proptest! {
        #[test]
        fn no_sample_exceeds_the_bound_and_none_is_lost(
            samples in prop::collection::vec(prop_oneof![-3.0_f32..3.0, Just(0.0), Just(f32::NAN), Just(f32::INFINITY)], 0..600),
            cut in 0_usize..600,
        ) {
            let out = limited(&samples, cut);
            prop_assert_eq!(out.len(), samples.len());
            prop_assert!(out.iter().all(|sample| sample.abs() <= BOUND * 1.001));
            prop_assert_eq!(&out, &limited(&samples, samples.len()));
        }
    }
}
