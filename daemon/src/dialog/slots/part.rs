//! What is known of a value when something of it is still missing.

use jiff::civil::Date;
use switchhook_models::text::values::{DayPart, Time};

/// A part of a value: what is asked next is the rest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// Of a day, a time, or both.
    When(When),
    /// Of a telephone number.
    Digits {
        /// The digits so far.
        told: String,
        /// How many are missing, where that is known.
        missing: Option<usize>,
    },
    /// One of these choices, by their ids, in the scenario's order.
    OneOf(Vec<String>),
    /// Of a plate or a part number.
    Code {
        /// As far as it was told, in the shape that it will have.
        told: String,
        /// How many letters and digits are missing at least.
        missing: usize,
    },
}

/// What is known of when something is to be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct When {
    /// The day.
    pub date: Option<Date>,
    /// The days of which it is one, the last included, while it is not known.
    pub stretch: Option<(Date, Date)>,
    /// The time, perhaps without its half of the day.
    pub time: Option<Time>,
    /// The part of the day.
    pub part: Option<DayPart>,
}

/// What is asked next about when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lacks {
    /// Which day.
    Day,
    /// At what time.
    Time,
    /// Before noon or after it.
    Half,
}

/// So many digits in common are no chance: who says them again begins the number again.
const SAME_BEGINNING: usize = 4;

/// Whether a caller who told the first of these digits and then the others began the number again instead of going on.
pub(super) fn begins_again(told: &str, said: &str) -> bool {
    told.chars().zip(said.chars()).take_while(|(a, b)| a == b).count() >= SAME_BEGINNING
}

impl When {
    /// The first thing that a day and a time lack; nothing is asked about a day before it is known.
    #[must_use]
    pub fn lacks(&self) -> Option<Lacks> {
        match (self.date, self.time) {
            (None, _) => Some(Lacks::Day),
            (Some(_), None) => Some(Lacks::Time),
            (Some(_), Some(Time::EitherHalf { .. })) => Some(Lacks::Half),
            (Some(_), Some(Time::Exact { .. })) => None,
        }
    }

    /// With what an earlier answer told where this one tells nothing. A weekday after "next week" is that of the week.
    pub(super) fn or(self, earlier: &Self) -> Self {
        let within = |date: Date| {
            let (from, to) = earlier.stretch?;
            let days = from.series(jiff::ToSpan::days(1)).take_while(|day| *day <= to).take(7);
            (date < from || date > to).then(|| days.into_iter().find(|day| day.weekday() == date.weekday())).flatten()
        };
        let date = self.date.map(|date| within(date).unwrap_or(date)).or(earlier.date);
        let part = self.part.or(earlier.part);
        let time = self.time.or(earlier.time);
        Self { date, stretch: if date.is_some() { None } else { self.stretch.or(earlier.stretch) }, time, part }
    }
}
