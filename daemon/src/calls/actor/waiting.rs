//! A word to the caller while an answer takes its time: a slow look-up, the language model, a voice that has to make a long sentence first.
//!
//! Only deadlines decide: one is set when the caller's turn is over, counted from their last sound, and whoever reaches it asks whether an answer is still owed.
//! A turn has two such words at the most, unless the models were lost meanwhile (decision 0026): then the answer comes once they are back, or not, and nobody hears nothing
//! for long until it is known.

use std::time::Duration;

use tokio::time::Instant;

use super::Actor;
use super::hearing::Hearing;
use crate::calls::State;
use crate::dialog::Ladder;
use crate::speech::Presence;

/// Who has heard nothing for 800 ms wonders whether they were heard. Until the ears hear a silence, and until the caller hears a word that begins softly, 170 ms of them
/// pass, more or less.
const FIRST: Duration = Duration::from_millis(600);
/// A turn that was over late is given so long to be answered all the same: its answer was made ready in the silence before.
const AT_LEAST: Duration = Duration::from_millis(150);
/// And so long after that, whether anybody is still there.
const NEXT: Duration = Duration::from_secs(5);

/// Where models were lost, no silence before an answer, or within one, is longer.
const QUIET: Duration = Duration::from_millis(1_200);

/// How long the caller has waited for an answer, and what they were told meanwhile.
#[derive(Debug, Default)]
pub(super) struct Waiting {
    due: Option<Instant>,
    /// Words that were said in this turn.
    said: usize,
    /// How often the models had been lost when it began.
    losses: u64,
    /// Since when an answer is owed and nothing is heard.
    quiet: Option<Instant>,
}

impl Waiting {
    /// The caller's turn is over now, after this silence; the models were lost so often until now.
    pub(super) fn begin(&mut self, now: Instant, silence: Duration, losses: u64) {
        *self = Self { due: Some(now + FIRST.saturating_sub(silence).max(AT_LEAST)), said: 0, losses, quiet: None };
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

impl Waiting {
    /// Nothing is heard now though an answer is owed, if that is so. The place of the word that is to be said, because models were lost and it lasts.
    fn hears_nothing(&mut self, now: Instant, owed: bool, presence: Presence) -> Option<usize> {
        if !owed || (presence.here && presence.losses == self.losses) {
            self.quiet = None;
            return None;
        }
        let since = *self.quiet.get_or_insert(now);
        if now < since + QUIET {
            return None;
        }
        self.quiet = None;
        self.said += 1;
        // The last one stands for all further.
        Some((self.said - 1).min(1))
    }
}

impl Actor {
    /// Where models were lost in this turn, say so whenever the caller hears nothing for long.
    pub(super) fn fill_the_silence(&mut self) {
        let caller_speaks = self.hearing.as_ref().is_some_and(Hearing::in_turn);
        let waits = self.voice.is_quiet() && !caller_speaks && !self.is_consulting();
        let owed = waits && (self.voice.owes() || (self.listens() && self.state() == State::Thinking));
        if let Some(place) = self.waiting.hears_nothing(Instant::now(), owed, self.engine.presence()) {
            let words = self.dialog.ladder(Ladder::Wait).into_iter().nth(place);
            words.into_iter().for_each(|words| self.voice.bridge(words));
        }
    }

    /// The caller waits for an answer from now on.
    pub(super) fn begin_to_wait(&mut self, silence: Duration) {
        self.waiting.begin(Instant::now(), silence, self.engine.presence().losses);
    }

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
        waiting.begin(begin, Duration::ZERO, 0);
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
        waiting.begin(begin, Duration::from_millis(250), 0);
        assert_eq!(waiting.due(), Some(begin + Duration::from_millis(350)));
        waiting.begin(begin, Duration::from_millis(2_200), 0);
        assert_eq!(waiting.due(), Some(begin + AT_LEAST));
    }

    #[test]
    fn an_answer_that_came_makes_it_needless_until_the_next_turn() {
        let begin = Instant::now();
        let mut waiting = Waiting::default();
        waiting.begin(begin, Duration::ZERO, 0);
        assert_eq!(waiting.reached(begin + FIRST, false), None);
        assert_eq!(waiting.due(), None);
        waiting.begin(begin + NEXT, Duration::ZERO, 0);
        assert_eq!(waiting.reached(begin + NEXT + FIRST, true), Some(0));
    }
    #[test]
    fn who_waits_for_models_that_were_lost_is_told_whenever_nothing_was_heard_for_long() {
        let begin = Instant::now();
        let here = Presence { here: true, losses: 3, process: None };
        let away = Presence { here: false, losses: 4, process: None };
        let back = Presence { here: true, ..away };
        let mut waiting = Waiting::default();
        waiting.begin(begin, Duration::ZERO, here.losses);
        assert_eq!(waiting.hears_nothing(begin, true, here), None);
        assert_eq!(waiting.hears_nothing(begin + NEXT, true, here), None, "an answer takes its time");
        let lost = begin + NEXT;
        let mut told = Vec::new();
        for tenths in 0..40 {
            let presence = if tenths < 20 { away } else { back };
            if let Some(place) = waiting.hears_nothing(lost + Duration::from_millis(100) * tenths, true, presence) {
                told.push((tenths, place));
            }
        }
        assert_eq!(told, [(12, 0), (25, 1), (38, 1)], "the answer is still owed when they are back");
        assert_eq!(waiting.hears_nothing(lost + NEXT, false, back), None, "it sounds");
        assert_eq!(waiting.hears_nothing(lost + NEXT * 2, true, back), None, "a pause within it");
    }
}
