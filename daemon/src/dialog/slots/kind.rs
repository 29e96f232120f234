//! What kind of thing a slot holds, as the scenario writes it.
//!
//! ```yaml
//! when:    { kind: date-time, latest: 60 days }
//! party:   { kind: number, least: 1, most: 12 }
//! service: { kind: choice, options: [{ id: cleaning, names: { en: [cleaning, teeth cleaning], zh-TW: [洗牙] } }] }
//! plate:   { kind: pattern, patterns: [AA-0000, AAA-0000] }
//! ```
//!
//! How that is checked, [`raw`] says.

mod raw;

use jiff::{Span, ToSpan as _, Zoned};
use serde::Deserialize;
use switchhook_models::text::values::{Currency, Number};

pub(super) use raw::CODES;
use raw::Raw;

use super::choice::Choice;
use super::country::Country;
use super::pattern::Pattern;

/// A telephone number has at least so many digits unless the scenario says otherwise.
pub(super) const SHORTEST_PHONE: usize = 6;
/// And at most so many (ITU-T E.164).
pub(super) const LONGEST_PHONE: usize = 15;

/// What a slot holds.
#[derive(Clone, Debug, Deserialize)]
#[serde(try_from = "Raw")]
pub enum Kind {
    /// Words as they are said.
    Text,
    /// What somebody is called.
    Name,
    /// How many, how much.
    Number(Limits),
    /// Where to call.
    Phone {
        /// Whose habits numbers follow; that of the language if nobody says.
        country: Option<Country>,
        /// Fewer digits than this are no number.
        fewest: usize,
    },
    /// A day.
    Date(Window),
    /// A time of day.
    Time,
    /// A day and a time.
    DateTime(Window),
    /// A sum.
    Money {
        /// In what; a sum that names none is in this.
        currency: Currency,
        /// How much.
        limits: Limits,
    },
    /// Yes or no.
    YesNo,
    /// One of several things that the office names.
    Choice(Vec<Choice>),
    /// Where somebody lives.
    Address,
    /// A plate, a part number: letters and digits in one of these shapes.
    Pattern(Vec<Pattern>),
}

/// The least and the most that a number may be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Limits {
    /// No less than this.
    pub least: Option<i64>,
    /// No more than this.
    pub most: Option<i64>,
}

impl Limits {
    /// Whether no digit can follow the keys so far: every number within them has one. A 0 that is none of them may become a wish for a person.
    pub(super) fn ends_with(self, keys: &str) -> bool {
        let one_digit = self.least.is_some_and(|least| least >= 0) && self.most.is_some_and(|most| most <= 9);
        one_digit && keys.len() == 1 && (keys != "0" || self.least == Some(0))
    }

    /// Whether `number` is below them.
    pub(super) fn too_small(self, number: Number) -> bool {
        let negative = number.to_string().starts_with('-');
        // What is left of a whole number is cut towards zero: -0.5 is below 0.
        let floor = number.whole() - i128::from(negative && number.as_whole().is_none());
        self.least.is_some_and(|least| floor < i128::from(least))
    }

    /// Whether `number` is above them.
    pub(super) fn too_large(self, number: Number) -> bool {
        let negative = number.to_string().starts_with('-');
        let ceiling = number.whole() + i128::from(!negative && number.as_whole().is_none());
        self.most.is_some_and(|most| ceiling > i128::from(most))
    }
}

/// From when to when, counted from now; negative spans are past. `2h`, `60 days`, `18 years ago`.
#[derive(Clone, Copy, Debug, Default)]
pub struct Window {
    /// No earlier than this.
    pub earliest: Option<Span>,
    /// No later than this.
    pub latest: Option<Span>,
}

impl Window {
    /// The first moment that is not too early.
    #[must_use]
    pub fn opens(&self, now: &Zoned) -> Option<Zoned> {
        self.earliest.and_then(|span| now.checked_add(span).ok())
    }

    /// The last moment that is not too late.
    #[must_use]
    pub fn closes(&self, now: &Zoned) -> Option<Zoned> {
        self.latest.and_then(|span| now.checked_add(span).ok())
    }
}

impl Kind {
    /// A telephone number as the language's country has it.
    #[must_use]
    pub fn phone() -> Self {
        Self::Phone { country: None, fewest: SHORTEST_PHONE }
    }

    /// A day and a time from now on.
    #[must_use]
    pub fn date_time_from_now() -> Self {
        Self::DateTime(Window { earliest: Some(0.seconds()), latest: None })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_count_what_is_behind_the_point() {
        let limits = Limits { least: Some(0), most: Some(2) };
        let tenths = |tenths| Number::new(tenths, 1).unwrap_or(Number::from(0));
        assert!(limits.too_small(tenths(-5)) && !limits.too_small(tenths(5)));
        assert!(limits.too_large(tenths(21)) && !limits.too_large(tenths(20)));
    }
}
