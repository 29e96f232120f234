//! How a call begins, once it was said that a robot speaks: with a greeting, or with the flow that the scenario opens with.

use super::Dialog;
use crate::dialog::action::{Action, Step};
use crate::dialog::office::Reach;
use crate::dialog::scenario::Direction;

/// How a call ends that was placed when nobody may be called.
const OUTSIDE_HOURS: &str = "outside-hours";

impl Dialog {
    /// The caller was told that a robot speaks: they are greeted, or a person has the call at once where the office says so.
    pub(super) fn opened(&mut self) -> Step {
        let office = &self.scenario.office;
        if office.is_human_only(&self.call.now) && matches!(office.reach(&self.scenario.person, &self.call.now), Reach::Now(_)) {
            return self.person("human-only");
        }
        let Some(place) = self.scenario.opens else { return self.greet("greeting") };
        if self.scenario.direction == Direction::Outbound
            && !self.scenario.call_hours.holds(self.call.now.datetime(), self.call.now.datetime())
        {
            // Whoever dials keeps to the hours; if it was done all the same, nobody is kept from their rest.
            let flow = self.scenario.flows.get(place).map(|flow| flow.name.clone()).unwrap_or_default();
            let mut step = self.goodbye(OUTSIDE_HOURS);
            step.actions.insert(0, Action::Reached { flow, result: OUTSIDE_HOURS.to_owned(), told: self.values() });
            return step;
        }
        self.begin_flow(place, "")
    }
}
