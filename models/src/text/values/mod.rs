//! Values in what was recognised: numbers, digits, dates, times, money and telephone numbers, each with its place in the text.
//!
//! A recogniser writes what it heard: "half past two", "two thirty", "2:30 p.m."; 下午兩點半. Whoever acts on it needs the value, and whoever
//! shows it the place. [`values`] reads a text from left to right and takes the longest reading that makes sense at each place, in the
//! order date, long run of digits, time, money, digits, number; [`telephone`] is for a turn that expects a telephone number, [`moments`] for
//! one that expects a day or a time, [`runs`] for digits of any kind; [`read_out`] says a number back. All of it is pure: dates are counted from a given day, and nothing is looked up.
//!
//! What people leave out stays open. An hour without a half of the day is [`Time::EitherHalf`]; a day without a year is the next such day.

mod english;
mod found;
mod mandarin;
mod moments;
mod number;
mod read_out;
#[cfg(test)]
mod tests;

use std::ops::Range;

use jiff::civil::Date;

pub use found::{Currency, Found, Half, Time, Value};
pub use moments::{DayPart, FoundMoment, Moment};
pub use number::Number;
pub use read_out::read_out;

use crate::Language;

/// The fewest digits that are a telephone number by themselves; fewer are digits that somebody told.
const SHORTEST_TELEPHONE: usize = 7;
/// The most digits of a telephone number (ITU-T E.164).
const LONGEST_TELEPHONE: usize = 15;

/// The values in `text`, in order. Dates such as "next tuesday" are counted from `today`.
#[must_use]
pub fn values(text: &str, language: Language, today: Date) -> Vec<Found> {
    match language {
        Language::En => english::values(text, today),
        Language::Zh => mandarin::values(text, today),
    }
}

/// What `text` says about when something is to be, in order, where that is expected: "the third" and "ten" are a day and an hour then.
#[must_use]
pub fn moments(text: &str, language: Language, today: Date) -> Vec<FoundMoment> {
    match language {
        Language::En => english::moments(text, today),
        Language::Zh => mandarin::moments(text, today),
    }
}

/// The number that `text` is and nothing else, where one is expected: 一點零五 is a time elsewhere.
#[must_use]
pub fn number(text: &str, language: Language) -> Option<Number> {
    match language {
        Language::En => english::number(text),
        Language::Zh => mandarin::number(text),
    }
}

/// Digits told one by one, and which bytes of the text say them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    /// The digits, with `+` before a country's code.
    pub digits: String,
    /// Their bytes in the text; they begin and end at characters.
    pub place: Range<usize>,
}

/// Every run of digits in `text`, in order, whatever else its words could be.
#[must_use]
pub fn runs(text: &str, language: Language) -> Vec<Run> {
    match language {
        Language::En => english::runs(text),
        Language::Zh => mandarin::runs(text),
    }
}

/// The longest run of digits in `text` that can be a telephone number of at least `fewest` digits, where one is expected: what else it
/// could be does not count. `+` stays in front of a country's code.
#[must_use]
pub fn telephone(text: &str, language: Language, fewest: usize) -> Option<String> {
    let length = |run: &String| run.trim_start_matches('+').len();
    // The first of equals: `max_by_key` would take the last.
    let longest = runs(text, language).into_iter().rev().map(|run| run.digits).max_by_key(length);
    longest.filter(|run| (fewest..=LONGEST_TELEPHONE).contains(&length(run)))
}

/// What a run of digits is by its length.
fn told(digits: String) -> Value {
    let length = digits.trim_start_matches('+').len();
    if (SHORTEST_TELEPHONE..=LONGEST_TELEPHONE).contains(&length) { Value::Phone(digits) } else { Value::Digits(digits) }
}
