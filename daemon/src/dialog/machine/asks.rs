//! What is asked at the moment, told to whoever plays the caller.

use super::flow::Asked;
use super::{Dialog, State};
use crate::dialog::asks::Asks;
use crate::dialog::message::Slot;
use crate::dialog::scenario::Op;
use crate::dialog::slots::Value;

impl Dialog {
    /// What the caller is expected to say next.
    #[must_use]
    pub fn asks(&self) -> Asks {
        match self.state {
            State::Message(Slot::Recipient) => Asks::Recipient,
            State::Message(Slot::Text) => Asks::Message,
            State::Message(Slot::Number) => Asks::Callback,
            State::Message(Slot::Confirmation) => Asks::MessageRight,
            State::Flow(asked) | State::Choosing(_, _, Some(asked)) => self.asks_in_flow(asked),
            State::Quoting(_, slot) => self.asks_in_flow(Asked::Slot(slot)),
            State::AnythingElse => Asks::AnythingElse,
            State::Fresh | State::Open | State::Choosing(_, _, None) => Asks::Anything,
            State::Rating => Asks::Rating,
            State::PersonOffered => Asks::Person,
            State::LookingUp(_) | State::HandingOver | State::Over => Asks::Nothing,
        }
    }

    fn asks_in_flow(&self, asked: Asked) -> Asks {
        match asked {
            Asked::Slot(slot) => {
                let name = self.scenario.slots.get(slot).map(|(name, _)| name.clone()).unwrap_or_default();
                Asks::Slot { name, part: self.part().cloned() }
            }
            Asked::Which => Asks::Which { by: self.told_apart_by().unwrap_or_default(), choices: self.choices() },
            Asked::Confirmation => Asks::Confirmation(self.values()),
            Asked::WhatIsWrong => Asks::WhatIsWrong(self.values()),
            Asked::YesOrNo => Asks::YesOrNo { question: self.question_asked().unwrap_or_default(), told: self.values() },
        }
    }

    /// The slot by which what was found is told apart.
    fn told_apart_by(&self) -> Option<String> {
        let Some(Op::LookUp { which: Some(which), .. }) = self.op() else { return None };
        self.scenario.slots.get(which.by).map(|(name, _)| name.clone())
    }

    /// What was told to the flow that is on its way, by the names of its slots.
    pub(in crate::dialog) fn values(&self) -> Vec<(String, Value)> {
        let told = |place: usize| self.told_at(place).cloned();
        self.scenario.slots.iter().enumerate().filter_map(|(place, (name, _))| Some((name.clone(), told(place)?))).collect()
    }
}
