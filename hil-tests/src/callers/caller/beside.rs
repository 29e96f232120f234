//! What callers do beside answering: each thing once, when its moment has come.

use switchhook::dialog::Asks;

use super::super::facts::Sort;
use super::super::persona::Quirk;
use super::{Caller, Move};

impl Caller<'_> {
    /// Something beside an answer, if this is the moment for it.
    pub(super) fn quirk(&mut self, asks: &Asks) -> Option<Move> {
        if self.turns < self.persona.moment || self.state.got {
            return None;
        }
        let common = self.common;
        let dictates = matches!(asks, Asks::Message | Asks::Recipient);
        let in_flow = matches!(asks, Asks::Slot { name, .. } if !matches!(self.facts.get(name).map(|fact| fact.sort), Some(Sort::Name | Sort::Words) | None));
        if self.persona.shows(Quirk::WantsPerson) {
            return Some(self.wants_a_person());
        }
        if !dictates && !matches!(asks, Asks::Slot { .. } | Asks::Callback) && self.persona.shows(Quirk::PressesZero) {
            self.state.asked_for_a_person = true;
            return Some(Move::Presses("0".into()));
        }
        if !dictates && self.persona.shows(Quirk::LeavesEarly) {
            self.state.leaves = true;
            return Some(Move::Says(self.pick(&common.leave)));
        }
        if !dictates && self.persona.shows(Quirk::AsksAgain) {
            return Some(Move::Says(self.pick(&common.again)));
        }
        if !dictates && self.persona.shows(Quirk::AsksRobot) {
            return Some(Move::Says(self.pick(&common.robot)));
        }
        if self.persona.shows(Quirk::Silent) {
            return Some(Move::Silent);
        }
        if in_flow && !self.may_leave_out(asks) && self.persona.shows(Quirk::Unsure) {
            return Some(Move::Says(self.pick(&common.dont_know)));
        }
        if in_flow && self.persona.shows(Quirk::OffTopic) {
            return Some(Move::Says(self.pick(&common.off_topic)));
        }
        let question = self.digression.filter(|_| in_flow)?;
        self.persona.shows(Quirk::Digresses).then(|| Move::Says(self.pick(&question.says)))
    }

    /// Whether the robot goes on without an answer.
    fn may_leave_out(&self, asks: &Asks) -> bool {
        matches!(asks, Asks::Slot { name, .. } if self.optional.contains(name))
    }
}
