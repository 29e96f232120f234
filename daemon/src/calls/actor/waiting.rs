//! A word to the caller while an answer takes its time: a slow look-up, the language model, a voice that has to make a long sentence first.
//!
//! Only deadlines decide: one is set when the caller's turn is over, counted from their last sound, and whoever reaches it asks whether an answer is still owed.
//! A turn has two such words at the most.

use std::time::Duration;

use tokio::time::Instant;

use super::Actor;
use super::hearing::Hearing;
use crate::calls::State;
use crate::dialog::Ladder;

/// Who has heard nothing for 800 ms wonders whether they were heard. Until the ears hear a silence, and until the caller hears a word that begins softly, 170 ms of them
/// pass, more or less.
const FIRST: Duration = Duration::from_millis(600);
/// A turn that was over late is given so long to be answered all the same: its answer was made ready in the silence before.
const AT_LEAST: Duration = Duration::from_millis(150);
/// And so long after that, whether anybody is still there.
const NEXT: Duration = Duration::from_secs(5);

/// How long the caller has waited for an answer, and what they were told meanwhile.
#[derive(Debug, Default)]
pub(super) struct Waiting {
    due: Option<Instant>,
    /// Words that were said in this turn.
    said: usize,
}

impl Waiting {
    /// The caller's turn is over now, after this silence.
    pub(super) fn begin(&mut self, now: Instant, silence: Duration) {
        *self = Self { due: Some(now + FIRST.saturating_sub(silence).max(AT_LEAST)), said: 0 };
    }

    /// When to look whether an answer is still owed.
    pub(super) fn due(&self) -> Option<Instant> {
        self.due
    }

    /// It is time; `owed` if there is no answer yet. The place of the word that is to be said, if one is.
    fn reached(&mut self, now: Instant, owed: bool) -> Option<usize> {
        self.due = None;
        if !owed || self.said >= 2 {
            return None;
        }
        self.said += 1;
        self.due = (self.said < 2).then(|| now + NEXT);
        Some(self.said - 1)
    }
}

impl Actor {
    /// The caller has waited for long: say so, unless there is an answer.
    pub(super) fn on_waiting(&mut self) {
        let caller_speaks = self.hearing.as_ref().is_some_and(Hearing::in_turn);
        let silent = self.state() == State::Thinking || self.voice.is_at_work() || (self.thinking && self.voice.is_silent());
        let owed = self.listens() && !caller_speaks && silent;
        if let Some(place) = self.waiting.reached(Instant::now(), owed) {
            let words = self.dialog.ladder(Ladder::Wait).into_iter().nth(place);
            words.into_iter().for_each(|words| self.voice.bridge(words));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_waits_is_told_twice_and_no_more() {
        let begin = Instant::now();
        let mut waiting = Waiting::default();
        assert_eq!(waiting.due(), None, "nobody waits");
        waiting.begin(begin, Duration::ZERO);
        assert_eq!(waiting.due(), Some(begin + FIRST));
        assert_eq!(waiting.reached(begin + FIRST, true), Some(0));
        assert_eq!(waiting.due(), Some(begin + FIRST + NEXT));
        assert_eq!(waiting.reached(begin + FIRST + NEXT, true), Some(1));
        assert_eq!(waiting.due(), None);
    }

    #[test]
    fn the_silence_before_a_turn_was_over_counts_but_its_answer_is_given_a_moment() {
        let begin = Instant::now();
        let mut waiting = Waiting::default();
        waiting.begin(begin, Duration::from_millis(250));
        assert_eq!(waiting.due(), Some(begin + Duration::from_millis(350)));
        waiting.begin(begin, Duration::from_millis(2_200));
        assert_eq!(waiting.due(), Some(begin + AT_LEAST));
    }

    #[test]
    fn an_answer_that_came_makes_it_needless_until_the_next_turn() {
        let begin = Instant::now();
        let mut waiting = Waiting::default();
        waiting.begin(begin, Duration::ZERO);
        assert_eq!(waiting.reached(begin + FIRST, false), None);
        assert_eq!(waiting.due(), None);
        waiting.begin(begin + NEXT, Duration::ZERO);
        assert_eq!(waiting.reached(begin + NEXT + FIRST, true), Some(0));
    }
}
