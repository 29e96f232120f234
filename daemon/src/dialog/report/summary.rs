//! A call in a few sentences, for the person who takes it over or reads of it afterwards: what the caller wants, what they told, what they asked.
//!
//! It is put together of the scenario's own words, so nothing in it was made up.

use switchhook_models::Language;

use super::account::{Account, Wish};
use crate::dialog::wording::{Line, Wording};

impl Account {
    /// What happened so far, in the office's language.
    pub(in crate::dialog) fn summary(&self, wording: &Wording, language: Language) -> String {
        let (comma, gap) = match language {
            Language::En => (", ", " "),
            Language::Zh => ("，", ""),
        };
        let mut sentences = Vec::new();
        for (errand, Wish { means, told }) in &self.errands {
            let wanted = if errand.result.is_some() { Line::SummaryDone } else { Line::SummaryWanted };
            sentences.push(wording.with(wanted, &[("wish", means)]));
            if !told.is_empty() {
                sentences.push(wording.with(Line::SummaryTold, &[("told", &told.join(comma))]));
            }
        }
        if !self.topics.is_empty() {
            sentences.push(wording.with(Line::SummaryAsked, &[("topics", &self.topics.join(comma))]));
        }
        if self.emergency {
            sentences.push(wording.line(Line::SummaryEmergency));
        }
        if self.complaint {
            sentences.push(wording.line(Line::SummaryComplaint));
        }
        if self.has_message() {
            sentences.push(wording.line(Line::SummaryMessage));
        }
        if sentences.is_empty() {
            sentences.push(wording.line(if self.not_understood { Line::SummaryNotUnderstood } else { Line::SummaryNothing }));
        }
        sentences.join(gap)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use serde_json::Map;
    use switchhook_models::Locale;

    use super::*;

    #[test]
    fn whoever_takes_over_hears_what_was_wanted_told_and_asked() {
        let mut account = Account::default();
        account.begins("book", "book an appointment");
        account.told(Map::new(), vec!["a cleaning".into(), "Anna Lee".into()]);
        account.answered("Parking");
        let wording = Wording::new(Locale::En, "").unwrap();
        assert_eq!(
            account.summary(&wording, Language::En),
            "The caller wants to book an appointment. They said: a cleaning, Anna Lee. They asked about: Parking."
        );
        account.ends("booked");
        assert!(account.summary(&wording, Language::En).contains("book an appointment, and it is done"));
    }

    #[test]
    fn a_call_without_a_wish_is_told_as_one() {
        for locale in Locale::ALL {
            let wording = Wording::new(locale, "").unwrap();
            let mut account = Account::default();
            let nothing = account.summary(&wording, locale.language());
            account.not_understood();
            let unheard = account.summary(&wording, locale.language());
            assert!(!nothing.is_empty() && !unheard.is_empty() && nothing != unheard, "{locale}");
        }
    }
}
