//! What of a scenario no conversation has touched: its knowledge, its flows and their steps, the rules that hold everywhere, and its keys.

use std::collections::BTreeSet;

use crate::dialog::action::Step;
use crate::dialog::machine::Passed;
use crate::dialog::scenario::{Check, Op, Scenario};

use super::Outcome;

/// What was touched so far.
#[derive(Debug, Default)]
pub struct Coverage {
    understood: BTreeSet<String>,
    sources: BTreeSet<String>,
    passed: Passed,
}

/// A kind of thing that a scenario has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Part {
    /// The passages of its knowledge.
    Knowledge,
    /// Its flows.
    Flows,
    /// What its flows do, step by step.
    Steps,
    /// What holds everywhere: a person, once more, slower, another language, and the like.
    Rules,
    /// What else callers can want: a yes, a message, to leave.
    Intents,
    /// The keys that stand for a wish.
    Keys,
}

impl Part {
    /// All of them, in the order in which they are told.
    pub const ALL: [Self; 6] = [Self::Knowledge, Self::Flows, Self::Steps, Self::Rules, Self::Intents, Self::Keys];

    /// The word for it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Knowledge => "knowledge",
            Self::Flows => "flows",
            Self::Steps => "steps",
            Self::Rules => "rules",
            Self::Intents => "intents",
            Self::Keys => "keys",
        }
    }
}

/// How much of a kind of thing was touched, and what was not.
#[derive(Debug, PartialEq, Eq, serde::Serialize)]
pub struct Share {
    /// So many were.
    pub touched: usize,
    /// These were not.
    pub untouched: Vec<String>,
}

impl Share {
    fn of(all: impl Iterator<Item = (String, bool)>) -> Self {
        let (touched, untouched): (Vec<_>, Vec<_>) = all.partition(|&(_, touched)| touched);
        Self { touched: touched.len(), untouched: untouched.into_iter().map(|(name, _)| name).collect() }
    }

    /// How many there are.
    #[must_use]
    pub fn all(&self) -> usize {
        self.touched + self.untouched.len()
    }
}

impl Coverage {
    /// What a conversation touched.
    pub fn add(&mut self, outcome: &Outcome) {
        let steps = || outcome.steps.iter();
        self.understood.extend(steps().map(|Step { understood, .. }| understood.clone()));
        self.sources.extend(steps().filter_map(|step| step.source.clone()));
        self.passed.add(&outcome.passed);
    }

    /// The same, but only what holds in every scenario: that was touched where another one was tested.
    pub fn add_rules(&mut self, outcome: &Outcome) {
        self.understood.extend(outcome.steps.iter().map(|step| step.understood.clone()));
        self.passed.keys.extend(&outcome.passed.keys);
    }

    /// How much of `part` was touched.
    #[must_use]
    pub fn of(&self, part: Part, scenario: &Scenario) -> Share {
        let understood = |name: &str| (name.to_owned(), self.understood.contains(name));
        let intents = |rules: bool| {
            let all = scenario.intents.keys().copied().filter(move |intent| intent.holds_everywhere() == rules);
            Share::of(all.map(|intent| understood(intent.as_str())))
        };
        match part {
            Part::Knowledge => {
                let touched = |source: &str| self.sources.contains(source) || self.answers(scenario, source);
                Share::of(scenario.knowledge.iter().map(|passage| (passage.source.clone(), touched(&passage.source))))
            }
            Part::Flows => {
                // A flow of a call that the robot placed begins by itself.
                let begun = |place: usize| self.passed.steps.iter().any(|&(flow, _)| flow == place);
                Share::of(scenario.flows.iter().enumerate().map(|(place, flow)| (flow.name.clone(), begun(place))))
            }
            Part::Steps => {
                let flows = scenario.flows.iter().enumerate();
                let steps = flows.flat_map(|(place, flow)| flow.ops.iter().enumerate().map(move |(at, op)| (place, at, flow, op)));
                Share::of(steps.filter_map(|(place, at, flow, op)| {
                    Some((format!("{}: {}", flow.name, written(scenario, op)?), self.passed.steps.contains(&(place, at))))
                }))
            }
            Part::Rules => intents(true),
            Part::Intents => intents(false),
            Part::Keys => {
                let pressed = |key, wish| self.passed.keys.contains(&(key, wish));
                Share::of(scenario.keys.iter().map(|(&key, &wish)| (format!("{key} ({})", wish.as_str()), pressed(key, wish))))
            }
        }
    }

    /// Whether a step that says this passage was done.
    fn answers(&self, scenario: &Scenario, source: &str) -> bool {
        self.passed.steps.iter().any(|&(flow, at)| match scenario.flows.get(flow).and_then(|flow| flow.ops.get(at)) {
            Some(&Op::Answer(place)) => scenario.knowledge.get(place).is_some_and(|passage| passage.source == source),
            _ => false,
        })
    }
}

/// A step in the words of scenario.yaml; nothing for what nobody wrote.
fn written(scenario: &Scenario, op: &Op) -> Option<String> {
    let slot = |place: usize| scenario.slots.get(place).map_or("", |(name, _)| name.as_str());
    Some(match op {
        Op::Say(id) => format!("say {id}"),
        Op::Collect { slot: place, optional: false } => format!("collect {}", slot(*place)),
        Op::Collect { slot: place, optional: true } => format!("collect-if-given {}", slot(*place)),
        Op::Confirm(id) => format!("confirm {id}"),
        Op::Ask { question, .. } => format!("ask {question}"),
        Op::LookUp { lookup, .. } => format!("look-up {}", scenario.lookups.get(*lookup).map_or("", |lookup| lookup.name.as_str())),
        Op::Survey(place) => format!("survey {}", slot(*place)),
        Op::Decide { check: Check::Slot { slot: place, is }, .. } => format!("decide whether {} is {is}", slot(*place)),
        Op::Decide { check: Check::Open(who), .. } => format!("decide whether {who} is open"),
        Op::Decide { check: Check::Busy, .. } => "decide whether it is busy".to_owned(),
        Op::Answer(place) => format!("answer {}", scenario.knowledge.get(*place).map_or("", |passage| passage.source.as_str())),
        Op::Task { says, .. } => format!("task {says}"),
        Op::Message => "message".to_owned(),
        Op::Transfer(person) => format!("transfer {person}"),
        Op::End(result) => format!("end {result}"),
        Op::Jump(_) => return None,
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::path::Path;
    use std::sync::Arc;

    use switchhook_models::Locale;

    use super::*;
    use crate::dialog::Circumstances;
    use crate::dialog::rehearsal::Conversations;

    /// What the tests of the shipped appointments touch, but for those whose title holds `without`.
    fn coverage(without: &str) -> (Arc<Scenario>, Coverage) {
        let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/appointment");
        let scenario = Arc::new(Scenario::load(&dir, Locale::En).unwrap());
        let mut coverage = Coverage::default();
        for (_, file) in &Conversations::load(&dir, Locale::En).unwrap() {
            for conversation in file.conversations.iter().filter(|conversation| !conversation.title.contains(without)) {
                coverage.add(&conversation.play(&scenario, &Circumstances::at(file.now())));
            }
        }
        (scenario, coverage)
    }

    #[test]
    fn nothing_is_touched_before_anybody_has_spoken() {
        let (scenario, _) = coverage("");
        for part in Part::ALL {
            assert_eq!(Coverage::default().of(part, &scenario).touched, 0, "{part:?}");
        }
    }

    #[test]
    fn a_step_that_no_conversation_comes_to_is_named_as_it_is_written() {
        let (scenario, coverage) = coverage("cancel");
        let steps = coverage.of(Part::Steps, &scenario);
        assert!(steps.touched > 0 && steps.untouched.iter().any(|step| step.starts_with("cancel: ")), "{steps:?}");
        assert!(!steps.untouched.iter().any(|step| step.contains("jump")));
    }
}
