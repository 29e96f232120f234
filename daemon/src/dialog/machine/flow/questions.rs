//! How a flow asks: each time differently, and only for what is still missing.

use super::super::Dialog;
use super::Asked;
use crate::dialog::action::{Action, Expected, Patience, Step};
use crate::dialog::scenario::Op;
use crate::dialog::slots::{Kind, Lacks, Part};
use crate::dialog::wording::{Ladder, Line};

impl Dialog {
    /// What is asked.
    pub(in crate::dialog::machine) fn question(&self, asked: Asked) -> String {
        let wording = &self.scenario.wording;
        match (asked, self.op()) {
            (Asked::Slot(slot), _) => self.slot_question(slot, Some(Line::NotThat)),
            (Asked::Confirmation, Some(Op::Confirm(id))) => self.message(&id),
            (Asked::YesOrNo, Some(Op::Ask { question, .. })) => self.message(&question),
            (Asked::Which, _) => self.which_question(),
            (Asked::WhatIsWrong, _) => wording.line(Line::WhatIsWrong),
            (Asked::Confirmation | Asked::YesOrNo, _) => wording.line(Line::SayYesOrNo),
        }
    }

    /// `not_understood` is said before the first words of a question that has no other words.
    fn slot_question(&self, slot: usize, not_understood: Option<Line>) -> String {
        let wording = &self.scenario.wording;
        let Some((name, kind)) = self.scenario.slots.get(slot) else { return String::new() };
        let run = self.run.as_ref();
        if let Some(part) = run.and_then(|run| run.part.as_ref()) {
            return match part {
                Part::When(when) => match when.lacks() {
                    Some(Lacks::Day) => wording.line(Line::AskDay),
                    Some(Lacks::Half) => wording.line(Line::AskHalf),
                    Some(Lacks::Time) | None => wording.line(Line::AskTime),
                },
                Part::Digits { .. } | Part::Code { .. } => wording.line(Line::AskRest),
                Part::OneOf(ids) => wording.with(Line::WhichOf, &[("choices", &self.named(kind, ids))]),
            };
        }
        let id = format!("ask-{name}");
        match run.map_or(0, |run| run.round) {
            0 => self.message(&id),
            round => {
                let told = self.told();
                let values: Vec<(&str, &str)> = told.iter().map(|(name, value)| (*name, value.as_str())).collect();
                wording.otherwise(&id, round, &values).unwrap_or_else(|| {
                    let before = not_understood.map(|line| format!("{} ", wording.line(line)));
                    before.unwrap_or_default() + &self.message(&id)
                })
            }
        }
    }

    /// Choices as they are called, one or the other.
    fn named(&self, kind: &Kind, ids: &[String]) -> String {
        let Kind::Choice(options) = kind else { return String::new() };
        let locale = self.scenario.language;
        let names = options
            .iter()
            .filter(|option| ids.contains(&option.id))
            .map(|option| option.names(locale).first().unwrap_or(&option.id).as_str());
        names.collect::<Vec<_>>().join(&format!(" {} ", self.scenario.line(Line::Or)))
    }

    /// What kind of thing is asked for, if it is a slot.
    pub(in crate::dialog::machine) fn kind(&self, asked: Asked) -> Option<&Kind> {
        if let Asked::Slot(slot) = asked { self.scenario.slots.get(slot).map(|(_, kind)| kind) } else { None }
    }

    /// What the answer most likely is.
    pub(in crate::dialog::machine) fn expected_by_flow(&self, asked: Asked) -> Expected {
        match (asked, self.kind(asked)) {
            (Asked::Confirmation | Asked::YesOrNo, _) => Expected::OneOf(self.scenario.answering.yes_or_no()),
            (_, Some(Kind::Phone { .. })) => Expected::Telephone,
            (Asked::Slot(slot), _) => self.scenario.answering.slot(slot).map_or(Expected::Anything, Expected::OneOf),
            _ => Expected::Anything,
        }
    }

    /// Who reads digits or dictates pauses.
    pub(in crate::dialog::machine) fn patience_for(&self, asked: Asked) -> Patience {
        match self.kind(asked) {
            Some(Kind::Text | Kind::Phone { .. } | Kind::Address | Kind::Pattern(_)) => Patience::DICTATION,
            _ => Patience::SHORT,
        }
    }

    /// Ask the same thing once more, and differently; a person is sought when it was asked often enough. `why` tells why an answer that was understood is not
    /// taken: behind it nothing is said of not having understood.
    pub(in crate::dialog::machine) fn ask_again(&mut self, asked: Asked, why: Option<String>, understood: &str) -> Step {
        if let Some(step) = self.unrated(understood) {
            return step;
        }
        if self.fails() {
            return self.person("not-understood");
        }
        if let Some(run) = &mut self.run {
            run.round += 1;
        }
        let question = match asked {
            Asked::Slot(slot) if why.is_some() => self.slot_question(slot, None),
            Asked::Confirmation | Asked::YesOrNo => format!("{} {}", self.scenario.line(Line::SayYesOrNo), self.question(asked)),
            Asked::Slot(_) | Asked::WhatIsWrong | Asked::Which => self.question(asked),
        };
        let said = why.into_iter().chain([question]).map(Action::Say);
        Step::new(understood, said.chain([Action::Listen(self.patience_for(asked))]).collect())
    }

    /// Come back to what was asked, after something else was answered.
    pub(in crate::dialog::machine) fn back_to(&self, asked: Asked, mut step: Step) -> Step {
        step.actions.retain(|action| !matches!(action, Action::Listen(_)));
        step.actions.extend([Action::Say(self.question(asked)), Action::Listen(self.patience_for(asked))]);
        step
    }

    /// What is said when nothing was understood and nothing was asked, each time another.
    pub(in crate::dialog::machine) fn not_understood_line(&self) -> String {
        let lines = self.scenario.wording.ladder(Ladder::NotUnderstood);
        lines.get((self.failures as usize).saturating_sub(1)).or(lines.last()).cloned().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests;
