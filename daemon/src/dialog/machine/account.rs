//! What the dialog writes into its account, and what becomes of it.

use std::sync::Arc;
use std::time::Duration;

use serde_json::Map;
use switchhook_models::Language;
use switchhook_models::text::values;

use super::Dialog;
use crate::dialog::report::{Close, HandOver, HandOverEnd, Report};
use crate::dialog::scenario::{Op, Scenario};
use crate::dialog::wording::Line;

impl Dialog {
    /// What became of the call, which ended so.
    pub fn report(&mut self, close: Close) -> Report {
        self.note_what_was_told();
        let office = self.office_scenario();
        self.account.report(close, &office.success, &office.wording, office.language.language())
    }

    /// The call so far in a few sentences, for the person who takes it over: who calls, what they want and told, and who was tried. In the office's language,
    /// whichever the caller speaks.
    #[must_use]
    pub fn summary(&mut self) -> String {
        self.note_what_was_told();
        let office = self.office_scenario();
        let language = office.language.language();
        let mut sentences = vec![self.account.summary(&office.wording, language)];
        // A line may know a caller by something that is no number.
        let digits = |number: &&String| number.len() >= 3 && number.strip_prefix('+').unwrap_or(number).bytes().all(|b| b.is_ascii_digit());
        if let Some(number) = self.call.number.as_ref().filter(digits) {
            let number = values::read_out(number, office.language);
            sentences.push(office.wording.with(Line::SummaryNumber, &[("number", &number)]));
        }
        let tried: Vec<String> = self.account.tried().map(|who| office.called_among_us(who)).collect();
        if !tried.is_empty() {
            let people = tried.join(if language == Language::En { ", " } else { "、" });
            sentences.push(office.wording.with(Line::SummaryTried, &[("people", &people)]));
        }
        sentences.join(if language == Language::En { " " } else { "" })
    }

    /// It was tried to hand the call to somebody, with this end.
    pub fn handed_over(&mut self, to: &str, end: HandOverEnd, waited: Duration) {
        self.account.handed_over(HandOver { to: to.to_owned(), end, waited });
    }

    /// What the dialog follows in the office's own language.
    pub(super) fn office_scenario(&self) -> Arc<Scenario> {
        Arc::clone(self.languages.first().unwrap_or(&self.scenario))
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
        let office = self.office_scenario();
        let Some(flow) = office.flows.get(run.flow) else { return };
        let (mut told, mut spoken) = (Map::new(), Vec::new());
        let context = self.context();
        for op in &flow.ops {
            let (Op::Collect { slot, .. } | Op::Survey(slot)) = op else { continue };
            let (Some(value), Some((name, kind))) = (run.values.get(slot), office.slots.get(*slot)) else { continue };
            let known = told.insert(name.clone(), value.record(self.call.now.time_zone()));
            if known.is_none() {
                spoken.push(value.spoken(kind, office.language, &context));
            }
        }
        self.account.told(told, spoken);
    }
}
