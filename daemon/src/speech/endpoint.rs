//! Where a turn begins and ends: a pure state machine over the voice activity detector's probabilities.
//!
//! Speech begins when most of the last few windows hold it, or two do for certain, so that a click does not count. It pauses after a short silence, which is
//! when recognition starts on speculation and a model is asked whether the caller has finished. It is over after the silence that the dialog
//! allows, which depends on the verdict of the words and that model ([`Verdict`]); speech in between takes the pause back. Until there are words,
//! nothing could be answered: a pause without a verdict is given as long as one of which nobody can tell.

use std::time::Duration;

use crate::dialog::{Patience, Verdict};

/// How long one of the detector's windows lasts.
pub const WINDOW: Duration = Duration::from_millis(32);

/// A window at least this probable holds speech.
pub(super) const SPEECH: f32 = 0.5;
/// Once speech has begun, it goes on while windows are at least this probable (the detector's authors' hysteresis of 0.15).
const STILL_SPEECH: f32 = 0.35;
/// Speech has begun when three of the last four windows hold it: 96 to 128 ms.
const ONSET: u32 = 3;
/// Or when two windows in a row are so probable: 64 ms. In half an hour of tones, music, coughs and other sounds without words, neither begins a turn.
const CERTAIN: f32 = 0.8;
/// Silence after which recognition starts on speculation. With 192 ms, Mandarin was answered 40 ms later for as many pauses cut, and the judges of turns were no surer:
/// decision 0024.
pub const PAUSE: Duration = Duration::from_millis(128);

/// What the last window changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// Somebody began to speak.
    Onset,
    /// They paused; perhaps it is the end.
    Pause,
    /// They went on after a pause.
    Resumed,
    /// Their turn is over.
    End,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Silent,
    Speaking,
    Paused,
}

/// Follows one caller.
#[derive(Clone, Debug)]
pub struct Endpointer {
    state: State,
    /// The last four windows, newest in the lowest bit.
    recent: u8,
    /// Whether the last window held speech for certain.
    certain: bool,
    silence: Duration,
    patience: Patience,
    /// What this pause is, once that is known.
    verdict: Option<Verdict>,
}

impl Endpointer {
    /// One that ends a turn after this much silence.
    #[must_use]
    pub fn new(patience: Patience) -> Self {
        Self { state: State::Silent, recent: 0, certain: false, silence: Duration::ZERO, patience, verdict: None }
    }

    /// Change how much silence ends a turn.
    pub fn set_patience(&mut self, patience: Patience) {
        self.patience = patience;
    }

    /// What the pause is that the caller makes, if they still do.
    pub fn judge(&mut self, verdict: Verdict) {
        if self.state == State::Paused {
            self.verdict = Some(verdict);
        }
    }

    /// Forget the turn.
    pub fn reset(&mut self) {
        *self = Self::new(self.patience);
    }

    /// Silence since the last speech.
    #[must_use]
    pub fn silence(&self) -> Duration {
        self.silence
    }

    /// Whether a turn is going on.
    #[must_use]
    pub fn in_turn(&self) -> bool {
        self.state != State::Silent
    }

    /// Whether a turn is going on, and is not in a pause.
    #[must_use]
    pub fn speaks(&self) -> bool {
        self.state == State::Speaking
    }

    /// Take the next window's probability. A turn begins only with somebody who is `near` the telephone, and goes on with anybody.
    pub fn push(&mut self, probability: f32, near: bool) -> Option<Change> {
        let threshold = if self.state == State::Speaking { STILL_SPEECH } else { SPEECH };
        let speech = probability >= threshold;
        self.recent = (self.recent << 1 | u8::from(speech)) & 0b1111;
        let twice_certain = std::mem::replace(&mut self.certain, probability >= CERTAIN) && self.certain;
        self.silence = if speech { Duration::ZERO } else { self.silence.saturating_add(WINDOW) };
        match self.state {
            State::Silent if near && (twice_certain || self.recent.count_ones() >= ONSET) => {
                self.state = State::Speaking;
                Some(Change::Onset)
            }
            State::Speaking if self.silence >= PAUSE => {
                self.state = State::Paused;
                self.verdict = None;
                Some(Change::Pause)
            }
            State::Paused if speech => {
                self.state = State::Speaking;
                Some(Change::Resumed)
            }
            State::Paused if self.silence >= self.allowed() => {
                self.state = State::Silent;
                self.recent = 0;
                Some(Change::End)
            }
            State::Silent | State::Speaking | State::Paused => None,
        }
    }
}

impl Endpointer {
    /// The silence that ends this turn.
    fn allowed(&self) -> Duration {
        self.verdict.map_or(self.patience.endpoint, |verdict| self.patience.after(verdict))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialog::Witness::{Voice, Words};

    fn changes(windows: &[(usize, f32)]) -> Vec<Change> {
        let mut endpointer = Endpointer::new(Patience::SHORT);
        windows.iter().flat_map(|&(n, p)| std::iter::repeat_n(p, n)).filter_map(|p| endpointer.push(p, true)).collect()
    }

    #[test]
    fn a_turn_begins_pauses_and_ends() {
        assert_eq!(changes(&[(10, 0.0), (30, 0.9), (40, 0.0)]), [Change::Onset, Change::Pause, Change::End]);
    }

    #[test]
    fn a_click_is_no_turn() {
        assert_eq!(changes(&[(10, 0.0), (1, 1.0), (20, 0.0)]), []);
        assert_eq!(changes(&[(10, 0.0), (2, 0.75), (20, 0.0)]), []);
    }

    #[test]
    fn what_is_speech_for_certain_begins_a_turn_sooner() {
        let windows = |p: f32| {
            let mut endpointer = Endpointer::new(Patience::SHORT);
            (1..10).find(|_| endpointer.push(p, true) == Some(Change::Onset))
        };
        assert_eq!([0.6, 0.9].map(windows), [Some(3), Some(2)]);
    }

    #[test]
    fn a_turn_begins_with_somebody_near_as_soon_as_they_are_and_goes_on_however_softly() {
        let mut endpointer = Endpointer::new(Patience::SHORT);
        assert!((0..100).all(|_| endpointer.push(0.9, false).is_none()));
        assert_eq!(endpointer.push(0.9, true), Some(Change::Onset));
        assert!((0..100).all(|_| endpointer.push(0.9, false).is_none()), "it neither pauses nor ends");
    }

    #[test]
    fn a_short_pause_inside_a_sentence_is_taken_back() {
        let heard = changes(&[(30, 0.9), (9, 0.0), (30, 0.9), (40, 0.0)]);
        assert_eq!(heard, [Change::Onset, Change::Pause, Change::Resumed, Change::Pause, Change::End]);
    }

    /// How many windows of silence it takes to end a turn that is judged so at its pause.
    fn windows_to_the_end(verdict: Option<Verdict>) -> usize {
        let mut endpointer = Endpointer::new(Patience::SHORT);
        for _ in 0..30 {
            endpointer.push(0.9, true);
        }
        for windows in 1..=100 {
            match endpointer.push(0.0, true) {
                Some(Change::Pause) => verdict.into_iter().for_each(|verdict| endpointer.judge(verdict)),
                Some(Change::End) => return windows,
                _ => {}
            }
        }
        0
    }

    #[test]
    fn a_turn_that_sounds_finished_ends_early_and_one_that_does_not_ends_late() {
        let verdicts = [Verdict::Finished(Voice), Verdict::Open, Verdict::Unfinished(Voice)];
        assert_eq!(verdicts.map(|verdict| windows_to_the_end(Some(verdict))), [7, 32, 69]);
        assert_eq!(windows_to_the_end(None), 32, "nothing could be answered before there are words");
    }

    #[test]
    fn words_that_are_all_end_a_turn_at_once_and_words_that_ask_for_others_keep_it_for_long() {
        assert_eq!(windows_to_the_end(Some(Verdict::Finished(Words))), 7);
        assert_eq!(windows_to_the_end(Some(Verdict::Unfinished(Words))), 69);
    }

    #[test]
    fn a_verdict_counts_for_its_own_pause_alone() {
        let mut endpointer = Endpointer::new(Patience::SHORT);
        let mut windows = |n: usize, p: f32, judge: Option<Verdict>| {
            let changes: Vec<_> = (0..n).filter_map(|_| endpointer.push(p, true)).collect();
            judge.into_iter().for_each(|verdict| endpointer.judge(verdict));
            changes
        };
        let finished = Some(Verdict::Finished(Voice));
        windows(30, 0.9, finished);
        assert_eq!(windows(6, 0.0, finished), [Change::Pause]);
        assert_eq!(windows(1, 0.9, None), [Change::Resumed]);
        assert_eq!(windows(24, 0.0, None), [Change::Pause], "what was said of the pause before is forgotten");
    }

    fn verdicts() -> impl proptest::strategy::Strategy<Value = Verdict> {
        let all = [Voice, Words].map(|witness| [Verdict::Finished(witness), Verdict::Open, Verdict::Unfinished(witness)]);
        proptest::sample::select(all.concat())
    }

    proptest::proptest! {
        #[test]
        fn every_turn_that_begins_ends_once(probabilities in proptest::collection::vec((0.0f32..1.0, proptest::option::of(verdicts())), 0..400)) {
            let mut endpointer = Endpointer::new(Patience::SHORT);
            let mut open = false;
            for (p, verdict) in probabilities.into_iter().chain(std::iter::repeat_n((0.0, None), 80)) {
                if let Some(verdict) = verdict {
                    endpointer.judge(verdict);
                }
                match endpointer.push(p, true) {
                    Some(Change::Onset) => { proptest::prop_assert!(!open); open = true; }
                    Some(Change::End) => { proptest::prop_assert!(open); open = false; }
                    Some(Change::Pause | Change::Resumed) => proptest::prop_assert!(open),
                    None => {}
                }
            }
            proptest::prop_assert!(!open);
        }
    }
}
