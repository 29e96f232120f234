//! Whether what was said answers what a flow asked, or is something else: a wish that holds everywhere, another flow, a value instead of a yes.

use super::super::Dialog;
use super::Asked;
use crate::dialog::order::is_order;
use crate::dialog::scenario::{Intent, Op};
use crate::dialog::slots::{self, Kind, Reading, Sure};
use crate::dialog::understanding::{Meaning, Understood, decided_by_words};
use crate::dialog::words::{contains, is_proposal, is_question, spoken_length, words};
use crate::dialog::yes_or_no::yes_or_no;

/// An answer that says nothing else has no more words than this.
const LONGEST_ANSWER: usize = 2;

impl Dialog {
    /// Whether a caller who need not tell this says that they do not.
    pub(super) fn is_declined(&self, slot: usize, said: &str) -> bool {
        let refuses_a_number =
            || matches!(self.kind(Asked::Slot(slot)), Some(Kind::Phone { .. })) && slots::declines_a_number(said, self.scenario.language);
        self.may_go_without(slot) && !is_question(said) && (yes_or_no(&self.scenario, said) == Some(false) || refuses_a_number())
    }

    /// Whether the flow goes on without it.
    pub(super) fn may_go_without(&self, slot: usize) -> bool {
        matches!(self.op(), Some(Op::Collect { slot: asked, optional: true } | Op::Survey(asked)) if asked == slot)
    }

    /// What an answer means besides. A word or two that are only close to a wish which ends what is going on are an answer, told or misheard: "the service" is
    /// no complaint about it.
    pub(in crate::dialog::machine) fn understood_as_answer(&self, said: &str) -> Understood {
        let spoken = words(said);
        let is_answer = |meaning: Meaning| match meaning {
            Meaning::Intent(
                intent @ (Intent::Complaint | Intent::Privacy | Intent::OwnData | Intent::OptOut | Intent::Threat | Intent::Abuse),
            ) => spoken_length(&spoken) <= LONGEST_ANSWER && !decided_by_words(&self.scenario, intent, &spoken),
            Meaning::Intent(_) | Meaning::Flow(_) | Meaning::Passage(_) => false,
        };
        match self.understood(said) {
            Understood::Sure(meaning) if is_answer(meaning) => Understood::Nothing,
            Understood::Perhaps(mut likely) => {
                likely.retain(|likely| !is_answer(likely.meaning));
                if likely.is_empty() { Understood::Nothing } else { Understood::Perhaps(likely) }
            }
            understood => understood,
        }
    }

    /// Whether a wish is heard whatever was asked.
    pub(super) fn holds_everywhere(&self, asked: Asked, intent: Intent, said: &str) -> bool {
        let dictated = matches!(self.kind(asked), Some(Kind::Text));
        let order = || is_order(&self.scenario, intent, said);
        match intent {
            Intent::Emergency => true,
            Intent::Person
            | Intent::Repeat
            | Intent::Robot
            | Intent::Complaint
            | Intent::Slower
            | Intent::Language
            | Intent::Privacy
            | Intent::OwnData
            | Intent::OptOut
            | Intent::Threat
            | Intent::Abuse => !dictated || order(),
            // A word that is only close to a leave may be an answer that was misheard: 洗牙 as 見呀.
            Intent::Goodbye => {
                (!dictated || order()) && (spoken_length(&words(said)) > 1 || decided_by_words(&self.scenario, intent, &words(said)))
            }
            // A wish that is only close to this may be an answer.
            Intent::Message => !dictated && decided_by_words(&self.scenario, intent, &words(said)),
            Intent::Yes | Intent::No => false,
        }
    }

    /// Whether this is what was asked for, and only as close to a wish as all short answers are: 沒有錯 is no goodbye, "Speaking." no wish to speak to somebody, and 十一點 nothing to be repeated.
    pub(super) fn answers_plainly(&self, asked: Asked, intent: Intent, said: &str) -> bool {
        let told = || match asked {
            Asked::Slot(slot) => !matches!(self.kind(asked), Some(Kind::Text | Kind::Address)) && self.is_told(slot, said),
            Asked::Confirmation | Asked::YesOrNo => yes_or_no(&self.scenario, said).is_some(),
            Asked::WhatIsWrong => yes_or_no(&self.scenario, said) == Some(true),
            Asked::Which => false,
        };
        let decided = decided_by_words(&self.scenario, intent, &words(said));
        !decided && told() || intent == Intent::Goodbye && asked == Asked::YesOrNo && self.only_declines(said)
    }

    /// Whether what takes leave here only says no: "no, thank you" to a question.
    fn only_declines(&self, said: &str) -> bool {
        let spoken = words(said);
        let signs = self.scenario.intents.get(&Intent::Goodbye);
        let mut leave = signs.iter().flat_map(|signs| &signs.words).filter(|phrase| contains(&spoken, phrase));
        yes_or_no(&self.scenario, said) == Some(false) && leave.all(|phrase| yes_or_no(&self.scenario, &phrase.join(" ")) == Some(false))
    }

    /// Whether words that begin another flow are more than an answer: "no, I have paid already".
    pub(super) fn is_another_wish(&self, place: usize, said: &str) -> bool {
        let flow = self.scenario.flows.get(place);
        self.run.as_ref().is_some_and(|run| run.flow() != place) && flow.is_some_and(|flow| flow.signs.decide(&words(said)))
    }

    /// The slot that a yes would lead to, if this tells what it asks for already.
    pub(super) fn told_instead_of_yes(&self, said: &str) -> Option<usize> {
        let run = self.run.as_ref()?;
        let Some(&Op::Collect { slot, .. }) = self.scenario.flows.get(run.flow)?.ops.get(run.at + 1) else { return None };
        let (_, kind) = self.scenario.slots.get(slot)?;
        (is_telling(kind) && self.is_told(slot, said)).then_some(slot)
    }

    /// Whether another value is told for something that was told before.
    pub(super) fn tells_otherwise(&self, said: &str) -> bool {
        let differs = |place: usize| {
            let Some((_, kind)) = self.scenario.slots.get(place) else { return false };
            let reading = slots::read(kind, said, self.scenario.language, &self.context());
            let found = if let Reading::Found { value, sure: Sure::Told, .. } = &reading { Some(value) } else { None };
            is_telling(kind) && found.is_some() && found != self.told_at(place)
        };
        (!is_question(said) || is_proposal(said)) && self.collected().into_iter().any(differs)
    }

    /// Whether what was asked for is told so plainly that it is no question of the caller's, however close to the office's knowledge it is.
    pub(super) fn is_told(&self, slot: usize, said: &str) -> bool {
        let Some((_, kind)) = self.scenario.slots.get(slot) else { return false };
        match slots::read(kind, said, self.scenario.language, &self.context()) {
            Reading::Found { sure, .. } => matches!(kind, Kind::Text) || sure == Sure::Told,
            // "On Monday": the rest is asked for.
            Reading::Part(..) => true,
            Reading::Outside { .. } | Reading::DontKnow | Reading::None => false,
        }
    }
}

/// Whether an answer tells by itself that it is one of this kind: anything could be a name or a text, and a yes may answer what was asked.
fn is_telling(kind: &Kind) -> bool {
    !matches!(kind, Kind::Text | Kind::Address | Kind::Name | Kind::YesNo)
}
