//! What of a scenario no conversation has touched.

use std::collections::BTreeSet;

use crate::dialog::action::Step;
use crate::dialog::scenario::{Intent, Scenario};

/// What was touched so far.
#[derive(Debug, Default)]
pub struct Coverage {
    understood: BTreeSet<String>,
    sources: BTreeSet<String>,
}

/// How much of a kind of thing was touched, and what was not.
#[derive(Debug, PartialEq, Eq, serde::Serialize)]
pub struct Share {
    /// So many were.
    pub touched: usize,
    /// These were not.
    pub untouched: Vec<String>,
}

impl Coverage {
    /// What a conversation touched.
    pub fn add(&mut self, steps: &[Step]) {
        self.understood.extend(steps.iter().map(|step| step.understood.clone()));
        self.sources.extend(steps.iter().filter_map(|step| step.source.clone()));
    }

    /// Of the passages of its knowledge.
    #[must_use]
    pub fn knowledge(&self, scenario: &Scenario) -> Share {
        share(scenario.knowledge.iter().map(|passage| passage.source.as_str()), &self.sources)
    }

    /// Of the flows.
    #[must_use]
    pub fn flows(&self, scenario: &Scenario) -> Share {
        share(scenario.flows.iter().map(|flow| flow.name.as_str()), &self.understood)
    }

    /// Of what callers can want.
    #[must_use]
    pub fn intents(&self, scenario: &Scenario) -> Share {
        share(scenario.intents.keys().copied().map(Intent::as_str), &self.understood)
    }
}

fn share<'a>(all: impl Iterator<Item = &'a str>, touched: &BTreeSet<String>) -> Share {
    let (touched, untouched): (Vec<&str>, Vec<&str>) = all.partition(|&name| touched.contains(name));
    Share { touched: touched.len(), untouched: untouched.into_iter().map(str::to_owned).collect() }
}
