//! What a dialog is told of its call before anybody has said a word.

use std::collections::BTreeMap;

use jiff::Zoned;

/// The call that a dialog is held in.
#[derive(Clone, Debug)]
pub struct Circumstances {
    /// When it began, in the office's time zone: "tomorrow" is counted from here.
    pub now: Zoned,
    /// How many calls there are then, this one with them.
    pub calls: usize,
    /// The number at the other end of the line, if the line tells it.
    pub number: Option<String>,
    /// What whoever placed the call gives, by the names of the scenario's `given`, as [`Value::written`](super::slots::Value::written) writes it.
    pub given: BTreeMap<String, String>,
}

impl Circumstances {
    /// A call of which nothing is known but when it began.
    #[must_use]
    pub fn at(now: Zoned) -> Self {
        Self { now, calls: 1, number: None, given: BTreeMap::new() }
    }

    /// Thursday, 26 November 2026, at this hour: tests go the same way at any time.
    #[cfg(test)]
    pub(crate) fn thursday_at(hour: i8) -> Self {
        let at = jiff::civil::date(2026, 11, 26).at(hour, 0, 0, 0);
        Self::at(at.to_zoned(jiff::tz::TimeZone::UTC).unwrap_or_default())
    }

    /// The same, one of so many calls.
    #[must_use]
    pub fn one_of(self, calls: usize) -> Self {
        Self { calls, ..self }
    }

    /// The same, with this number at the other end.
    #[must_use]
    pub fn with_number(self, number: Option<String>) -> Self {
        Self { number, ..self }
    }
}
