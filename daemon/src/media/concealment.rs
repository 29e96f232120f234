//! What the caller's ear, and the recogniser, get in place of a frame that the network lost.
//!
//! In the manner of ITU-T G.711 Appendix I: the last pitch periods before the loss are repeated, first one of them, after 10 ms two,
//! after 20 ms three, so that a long loss does not buzz. From 10 ms on the sound fades by a fifth per 10 ms and is gone at 60 ms. When
//! sound comes back, the repetition is blended into it. Other than there, nothing is delayed by 3.75 ms in order to blend into the
//! loss as well: the repetition begins exactly one period back, where the waveform fits by itself.

use super::frame::{FRAME_SAMPLES, Frame};

/// Samples in 10 ms, the step of fading and of taking in more periods.
const STEP: usize = 80;
/// The shortest and longest pitch period that is looked for: 200 Hz and 66 Hz.
const SHORTEST: usize = 40;
const LONGEST: usize = 120;
/// How much of the past is compared in the search for the period: 20 ms.
const COMPARED: usize = 160;
/// Three of the longest periods, and a quarter of one to blend with.
const PAST: usize = 3 * LONGEST + LONGEST / 4;
/// From here on nothing is heard any more: 60 ms.
const GONE: usize = 6 * STEP;
/// The longest blend back into sound: 10 ms.
const BLEND: usize = STEP;

/// Repairs one stream of frames.
pub struct Concealment {
    past: [f32; PAST],
    /// `None` while nothing is lost.
    repetition: Option<Repetition>,
}

/// The periods that are being repeated.
struct Repetition {
    past: [f32; PAST],
    /// The periods, the end blended so that it flows into the beginning; only the last `period * count` samples are used.
    cycle: [f32; PAST],
    period: usize,
    count: usize,
    /// Samples left in this turn of the cycle.
    left: usize,
    /// Samples given since the loss began.
    given: usize,
}

impl Default for Concealment {
    fn default() -> Self {
        Self { past: [0.0; PAST], repetition: None }
    }
}

impl Concealment {
    /// A frame came: blend it into what was made up before it, if anything was.
    pub fn heard(&mut self, frame: &mut Frame) {
        if let Some(mut repetition) = self.repetition.take() {
            let blend = (repetition.period / 4 + repetition.given / STEP * 32).min(BLEND);
            for (i, sample) in frame.0[..blend].iter_mut().enumerate() {
                let weight = (i + 1) as f32 / (blend + 1) as f32;
                *sample = to_sample(f32::from(*sample) * weight + repetition.next() * (1.0 - weight));
            }
        }
        self.remember(frame);
    }

    /// A frame was lost: make one up.
    pub fn lost(&mut self) -> Frame {
        let mut frame = Frame::SILENCE;
        let repetition = self.repetition.get_or_insert_with(|| Repetition::of(self.past));
        for sample in &mut frame.0 {
            *sample = to_sample(repetition.next());
        }
        self.remember(&frame);
        frame
    }

    fn remember(&mut self, frame: &Frame) {
        self.past.copy_within(FRAME_SAMPLES.., 0);
        for (slot, &sample) in self.past[PAST - FRAME_SAMPLES..].iter_mut().zip(&frame.0) {
            *slot = f32::from(sample);
        }
    }
}

impl Repetition {
    fn of(past: [f32; PAST]) -> Self {
        let period = period(&past);
        let mut repetition = Self { past, cycle: past, period, count: 0, left: 0, given: 0 };
        repetition.take_in(1);
        repetition
    }

    /// Repeat `count` periods from now on. The place within the period stays the same.
    fn take_in(&mut self, count: usize) {
        let (length, quarter) = (self.period * count, self.period / 4);
        self.cycle = self.past;
        for i in 0..quarter {
            let weight = (i + 1) as f32 / (quarter + 1) as f32;
            let (end, before) = (PAST - quarter + i, PAST - length - quarter + i);
            self.cycle[end] = self.past[end] * (1.0 - weight) + self.past[before] * weight;
        }
        if self.count == 0 {
            self.left = length;
        }
        self.count = count;
    }

    fn next(&mut self) -> f32 {
        if self.given == STEP {
            self.take_in(2);
        } else if self.given == 2 * STEP {
            self.take_in(3);
        }
        if self.left == 0 {
            self.left = self.period * self.count;
        }
        let faded = self.given.saturating_sub(STEP) as f32 / (GONE - STEP) as f32;
        let sample = self.cycle[PAST - self.left] * (1.0 - faded.min(1.0));
        self.left -= 1;
        self.given += 1;
        sample
    }
}

/// The pitch period: the lag at which the last 20 ms look most like what was before. First every second lag, then its neighbours.
fn period(past: &[f32; PAST]) -> usize {
    let coarse = best(past, (SHORTEST..=LONGEST).step_by(2));
    best(past, coarse.saturating_sub(1).max(SHORTEST)..=(coarse + 1).min(LONGEST))
}

fn best(past: &[f32; PAST], lags: impl Iterator<Item = usize>) -> usize {
    let mut best = (f32::NEG_INFINITY, LONGEST);
    for lag in lags {
        let likeness = likeness(past, lag);
        if likeness > best.0 {
            best = (likeness, lag);
        }
    }
    best.1
}

/// Normalised cross-correlation of the last 20 ms with the 20 ms that lie `lag` samples before.
fn likeness(past: &[f32; PAST], lag: usize) -> f32 {
    let recent = &past[PAST - COMPARED..];
    let before = &past[PAST - COMPARED - lag..PAST - lag];
    let (mut product, mut energy) = (0.0, 1.0);
    for (a, b) in recent.iter().zip(before) {
        product += a * b;
        energy += b * b;
    }
    product / energy.sqrt()
}

fn to_sample(value: f32) -> i16 {
    // `as` saturates, and a value that is not a number becomes zero.
    value.round() as i16
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tone(hertz: f32, first: usize) -> Frame {
        let mut frame = Frame::SILENCE;
        for (i, sample) in frame.0.iter_mut().enumerate() {
            *sample = (8000.0 * (std::f32::consts::TAU * hertz * (first + i) as f32 / 8000.0).sin()) as i16;
        }
        frame
    }

    fn after_a_tone(hertz: f32) -> (Concealment, usize) {
        let mut concealment = Concealment::default();
        for i in 0..5 {
            concealment.heard(&mut tone(hertz, i * FRAME_SAMPLES));
        }
        (concealment, 5 * FRAME_SAMPLES)
    }

    #[test]
    fn a_lost_frame_in_a_tone_keeps_its_energy_to_within_six_decibels() {
        for hertz in [80.0, 100.0, 133.0, 200.0, 440.0, 1000.0, 2500.0] {
            let (mut concealment, _) = after_a_tone(hertz);
            let level = concealment.lost().dbfs();
            assert!((level - tone(hertz, 0).dbfs()).abs() < 6.0, "{hertz} Hz came out at {level} dBFS");
        }
    }

    #[test]
    fn a_lost_frame_in_a_tone_continues_its_waveform() {
        let (mut concealment, at) = after_a_tone(200.0);
        let (made_up, truth) = (concealment.lost(), tone(200.0, at));
        for i in 0..STEP {
            assert!((i32::from(made_up.0[i]) - i32::from(truth.0[i])).abs() < 400, "sample {i}");
        }
    }

    #[test]
    fn a_long_loss_fades_out_within_sixty_milliseconds() {
        let (mut concealment, _) = after_a_tone(200.0);
        let levels: Vec<f32> = (0..4).map(|_| concealment.lost().dbfs()).collect();
        assert!(levels[0] > levels[1] && levels[1] > levels[2], "{levels:?}");
        assert!(levels[3].is_infinite(), "{levels:?}");
    }

    #[test]
    fn sound_comes_back_without_a_click() {
        let (mut concealment, at) = after_a_tone(200.0);
        let lost = concealment.lost();
        let mut back = tone(200.0, at + FRAME_SAMPLES);
        concealment.heard(&mut back);
        let jump = (i32::from(back.0[0]) - i32::from(lost.0[FRAME_SAMPLES - 1])).abs();
        assert!(jump < 2000, "a jump of {jump}");
        assert_eq!(back.0[BLEND..], tone(200.0, at + FRAME_SAMPLES).0[BLEND..]);
    }

    #[test]
    fn a_loss_before_any_sound_is_silence() {
        assert_eq!(Concealment::default().lost(), Frame::SILENCE);
    }
}
