//! Where a turn begins and ends: a pure state machine over the voice activity detector's probabilities.
//!
//! Speech begins when most of the last few windows hold it, so that a click does not count. It pauses after a short silence, which is
//! when recognition starts on speculation, and it is over after the silence that the dialog allows; speech in between takes the pause
//! back.

use std::time::Duration;

/// How long one of the detector's windows lasts.
pub const WINDOW: Duration = Duration::from_millis(32);

/// A window at least this probable holds speech.
const SPEECH: f32 = 0.5;
/// Once speech has begun, it goes on while windows are at least this probable (the detector's authors' hysteresis of 0.15).
const STILL_SPEECH: f32 = 0.35;
/// Speech has begun when three of the last four windows hold it: 96 to 128 ms.
const ONSET: u32 = 3;
/// Silence after which recognition starts on speculation.
const PAUSE: Duration = Duration::from_millis(192);

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
    silence: Duration,
    patience: Duration,
}

impl Endpointer {
    /// One that ends a turn after `patience` of silence.
    #[must_use]
    pub fn new(patience: Duration) -> Self {
        Self { state: State::Silent, recent: 0, silence: Duration::ZERO, patience: patience.max(PAUSE) }
    }

    /// Change how much silence ends a turn.
    pub fn set_patience(&mut self, patience: Duration) {
        self.patience = patience.max(PAUSE);
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

    /// Take the next window's probability.
    pub fn push(&mut self, probability: f32) -> Option<Change> {
        let threshold = if self.state == State::Speaking { STILL_SPEECH } else { SPEECH };
        let speech = probability >= threshold;
        self.recent = (self.recent << 1 | u8::from(speech)) & 0b1111;
        self.silence = if speech { Duration::ZERO } else { self.silence.saturating_add(WINDOW) };
        match self.state {
            State::Silent if self.recent.count_ones() >= ONSET => {
                self.state = State::Speaking;
                Some(Change::Onset)
            }
            State::Speaking if self.silence >= PAUSE => {
                self.state = State::Paused;
                Some(Change::Pause)
            }
            State::Paused if speech => {
                self.state = State::Speaking;
                Some(Change::Resumed)
            }
            State::Paused if self.silence >= self.patience => {
                self.state = State::Silent;
                self.recent = 0;
                Some(Change::End)
            }
            State::Silent | State::Speaking | State::Paused => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn changes(windows: &[(usize, f32)]) -> Vec<Change> {
        let mut endpointer = Endpointer::new(Duration::from_millis(500));
        windows.iter().flat_map(|&(n, p)| std::iter::repeat_n(p, n)).filter_map(|p| endpointer.push(p)).collect()
    }

    #[test]
    fn a_turn_begins_pauses_and_ends() {
        assert_eq!(changes(&[(10, 0.0), (30, 0.9), (20, 0.0)]), [Change::Onset, Change::Pause, Change::End]);
    }

    #[test]
    fn a_click_is_no_turn() {
        assert_eq!(changes(&[(10, 0.0), (2, 0.9), (20, 0.0)]), []);
    }

    #[test]
    fn a_short_pause_inside_a_sentence_is_taken_back() {
        let heard = changes(&[(30, 0.9), (9, 0.0), (30, 0.9), (20, 0.0)]);
        assert_eq!(heard, [Change::Onset, Change::Pause, Change::Resumed, Change::Pause, Change::End]);
    }

    proptest::proptest! {
        #[test]
        fn every_turn_that_begins_ends_once(probabilities in proptest::collection::vec(0.0f32..1.0, 0..400)) {
            let mut endpointer = Endpointer::new(Duration::from_millis(500));
            let mut open = false;
            for p in probabilities.into_iter().chain(std::iter::repeat_n(0.0, 40)) {
                match endpointer.push(p) {
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
