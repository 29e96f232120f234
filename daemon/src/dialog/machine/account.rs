//! What the dialog writes into its account, and what becomes of it.

use serde_json::Map;

use super::Dialog;
use crate::dialog::report::{Close, Report};
use crate::dialog::scenario::Op;

impl Dialog {
    /// What became of the call, which ended so.
    pub fn report(&mut self, close: Close) -> Report {
        self.note_what_was_told();
        let Self { scenario, account, .. } = self;
        account.report(close, &scenario.success, &scenario.wording, scenario.language.language())
    }

    /// The call so far in a few sentences, for the person who takes it over.
    #[must_use]
    pub fn summary(&mut self) -> String {
        self.note_what_was_told();
        self.account.summary(&self.scenario.wording, self.language())
    }

    /// Whether a person was wanted, and nobody was there.
    #[must_use]
    pub fn has_found_nobody(&self) -> bool {
        self.account.has_found_nobody()
    }

    /// The flow that is on its way is left, or over.
    pub(super) fn leave_flow(&mut self) {
        self.note_what_was_told();
        self.run = None;
    }

    /// What the flow that is on its way knows.
    pub(super) fn note_what_was_told(&mut self) {
        let Some(run) = &self.run else { return };
        let Some(flow) = self.scenario.flows.get(run.flow) else { return };
        let (mut told, mut spoken) = (Map::new(), Vec::new());
        let context = self.context();
        for op in &flow.ops {
            let (Op::Collect { slot, .. } | Op::Survey(slot)) = op else { continue };
            let (Some(value), Some((name, kind))) = (run.values.get(slot), self.scenario.slots.get(*slot)) else { continue };
            let known = told.insert(name.clone(), value.record(self.call.now.time_zone()));
            if known.is_none() {
                spoken.push(value.spoken(kind, self.scenario.language, &context));
            }
        }
        self.account.told(told, spoken);
    }
}
