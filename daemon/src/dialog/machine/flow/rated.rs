//! A rating is asked for once more at most, and never pressed for: who gives none has answered, too.

use super::super::{Dialog, State};
use super::Asked;
use crate::dialog::action::Step;
use crate::dialog::scenario::Op;

/// So often the same rating is asked for.
const MOST_ROUNDS: usize = 2;

/// In Mandarin, one of something: no mark.
const ONE_THING: [&str; 2] = ["一個", "一个"];

impl Dialog {
    /// The slot of the rating that is asked for, if one is.
    pub(in crate::dialog::machine) fn rates(&self) -> Option<usize> {
        match (&self.state, self.op()) {
            (State::Flow(Asked::Slot(asked)), Some(Op::Survey(slot))) if *asked == slot => Some(slot),
            _ => None,
        }
    }

    /// Whether a number in what was said counts something else: 我也有一個.
    pub(super) fn counts_something(&self, slot: usize, said: &str) -> bool {
        self.rates() == Some(slot) && ONE_THING.iter().any(|one| said.contains(one))
    }

    /// The flow goes on without the rating, if it was asked for often enough.
    pub(super) fn unrated(&mut self, understood: &str) -> Option<Step> {
        let slot = self.rates()?;
        let rounds = self.run.as_ref().map_or(0, |run| run.round) + 1;
        (rounds >= MOST_ROUNDS).then(|| self.goes_without(slot, understood))
    }

    /// Nobody said a rating: it is asked for again, or the flow goes on without it.
    pub(in crate::dialog::machine) fn silent_about_rating(&mut self) -> Option<Step> {
        self.rates()?;
        Some(self.ask_again(Asked::Slot(self.rates()?), None, "silence"))
    }
}
