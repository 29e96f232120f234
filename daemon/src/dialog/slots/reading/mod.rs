//! What a caller said, read as the value of a slot.
//!
//! [`read`] is for a turn that answers a question: there, "ten" is an hour and "Maria Chen" a name. [`read_all`] is for a sentence that tells
//! several things at once, of which at most one was asked for. What is not the whole of a value comes back as a [`Part`], with which the next
//! answer is read ([`Context::so_far`]).

mod address;
mod choice;
mod code;
mod name;
mod number;
mod phone;
mod several;
mod when;
mod yes_no;

#[cfg(test)]
mod tests;

use std::ops::Range;

use switchhook_models::Locale;

pub(super) use phone::names as names_a_number;
pub use phone::{declined as declines_a_number, is_nothing_else as is_nothing_but_digits};
pub use several::read_all;
#[cfg(test)]
pub(super) use tests::{ODD, kinds, patterns, service};
pub use when::told_exactly;
pub(super) use when::{date_bound, finished as finish_when, told as told_of_when};
pub(super) use yes_no::just as just_yes_or_no;

use super::context::Context;
use super::kind::{Kind, SHORTEST_PHONE};
use super::part::Part;
use super::phrases::Said;
use super::value::Value;
use crate::dialog::words::unquoted;

/// What was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reading {
    /// A value.
    Found {
        /// The value.
        value: Value,
        /// From its first to its last byte in what was said; both lie at characters.
        span: Range<usize>,
        /// How sure that is.
        sure: Sure,
    },
    /// A part of a value, and from where to where it was said.
    Part(Part, Range<usize>),
    /// A value that the slot does not allow.
    Outside {
        /// The value.
        value: Value,
        /// From where to where it was said.
        span: Range<usize>,
        /// Which bound it breaks.
        bound: Bound,
    },
    /// The caller does not know.
    DontKnow,
    /// Nothing that fits.
    None,
}

impl Reading {
    /// From where to where it was said, if anything was.
    fn span(&self) -> Option<Range<usize>> {
        match self {
            Self::Found { span, .. } | Self::Part(_, span) | Self::Outside { span, .. } => Some(span.clone()),
            Self::DontKnow | Self::None => None,
        }
    }
}

/// How sure a value is, least first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sure {
    /// Taken because something was asked and nothing speaks against it: read it back.
    Guessed,
    /// A part was completed by what is usual, or the words are only this value where one is expected.
    Inferred,
    /// Told in words that mean nothing else.
    Told,
}

/// Which bound a value breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bound {
    /// It is less than the least.
    TooSmall,
    /// It is more than the most.
    TooLarge,
    /// It is before the earliest.
    TooEarly,
    /// It is after the latest.
    TooLate,
    /// It is in another currency.
    OtherCurrency,
    /// It has more digits than such a number has.
    TooLong,
}

impl Reading {
    /// The value, if one was found.
    #[must_use]
    pub fn value(&self) -> Option<&Value> {
        match self {
            Self::Found { value, .. } => Some(value),
            Self::Part(..) | Self::Outside { .. } | Self::DontKnow | Self::None => None,
        }
    }
}

/// Whether the slot was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Asked {
    Yes,
    No,
}

/// A reading and all the bytes that it is made of, each once.
#[derive(Clone, Debug)]
pub(super) struct Candidate {
    pub reading: Reading,
    pub places: Vec<Range<usize>>,
}

impl Candidate {
    pub(super) fn found(value: Value, places: Vec<Range<usize>>, sure: Sure) -> Self {
        Self { reading: Reading::Found { value, span: covering(&places), sure }, places }
    }

    pub(super) fn part(part: Part, places: Vec<Range<usize>>) -> Self {
        Self { reading: Reading::Part(part, covering(&places)), places }
    }

    pub(super) fn outside(value: Value, places: Vec<Range<usize>>, bound: Bound) -> Self {
        Self { reading: Reading::Outside { value, span: covering(&places), bound }, places }
    }
}

fn covering(places: &[Range<usize>]) -> Range<usize> {
    let start = places.iter().map(|place| place.start).min().unwrap_or_default();
    start..places.iter().map(|place| place.end).max().unwrap_or(start)
}

/// What `said` answers to the question for a slot of this kind.
#[must_use]
pub fn read(kind: &Kind, said: &str, locale: Locale, context: &Context<'_>) -> Reading {
    let said = Said::new(said);
    match candidate(kind, &said, locale, context, Asked::Yes) {
        Some(Candidate { reading: Reading::Found { sure: Sure::Guessed, .. }, .. }) | None if said.knows_not(locale.language()) => {
            Reading::DontKnow
        }
        Some(candidate) => candidate.reading,
        None => Reading::None,
    }
}

/// The telephone number in what was said, or the part of one: in an answer to the question for it, after what an earlier one told (`so_far`), or by the way.
#[must_use]
pub fn telephone(said: &str, was_asked: bool, so_far: Option<&Part>, locale: Locale) -> Reading {
    let asked = if was_asked { Asked::Yes } else { Asked::No };
    let found = phone::read(None, SHORTEST_PHONE, &Said::new(said), locale, so_far, asked);
    found.map_or(Reading::None, |candidate| candidate.reading)
}

/// The same where none was asked for, in words that speak of a number.
#[must_use]
pub fn telephone_named(said: &str, locale: Locale) -> Reading {
    if names_a_number(&Said::new(said)) { telephone(said, true, None, locale) } else { Reading::None }
}

/// Whether a telephone number is spoken of, and not only its end.
#[must_use]
pub fn speaks_of_a_number(said: &str) -> bool {
    names_a_number(&Said::new(said))
}

/// What of `said` fits a slot.
pub(super) fn candidate(kind: &Kind, said: &Said<'_>, locale: Locale, context: &Context<'_>, asked: Asked) -> Option<Candidate> {
    match kind {
        Kind::Text => text(said, asked),
        Kind::Name => name::read(said, locale, asked),
        Kind::Number(limits) => number::read(*limits, said, locale, context, asked),
        Kind::Money { currency, limits } => number::read_money(*currency, *limits, said, locale, context, asked),
        Kind::Phone { country, fewest } => phone::read(*country, *fewest, said, locale, context.so_far, asked),
        Kind::Date(_) | Kind::Time | Kind::DateTime(_) => when::read(kind, said, locale, context, asked),
        Kind::YesNo => yes_no::read(said, locale, asked),
        Kind::Choice(options) => choice::read(options, said, locale, asked),
        Kind::Address => address::read(said, locale, asked),
        Kind::Pattern(patterns) => code::read(patterns, said, locale, context, asked),
    }
}

/// Whatever was said, if it was asked for.
fn text(said: &Said<'_>, asked: Asked) -> Option<Candidate> {
    let trimmed = unquoted(said.text);
    if asked == Asked::No || said.words.is_empty() {
        return None;
    }
    let start = said.text.find(trimmed)?;
    let place = start..start + trimmed.len();
    Some(Candidate::found(Value::Text(trimmed.to_owned()), vec![place], Sure::Guessed))
}
