//! The keypad's equivalent of each kind, so that nobody has to be understood to be served.

use jiff::civil::{Date, Time};
use switchhook_models::Locale;
use switchhook_models::text::values::Number;

use super::context::Context;
use super::country::{Country, Length};
use super::kind::{Kind, LONGEST_PHONE};
use super::part::{Part, When};
use super::reading::{Bound, Candidate, Reading, Sure, date_bound, finish_when, told_exactly};
use super::value::Value;

/// The most choices that keys can tell apart: 1 to 9, since 0 is a person.
const MOST_PLACES: usize = 9;
/// No number is longer than this.
const LONGEST_NUMBER: usize = 15;

/// How a kind is keyed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    /// 1 for the first choice, 2 for the second, and so on, for so many of them.
    Place(usize),
    /// 1 for yes, 2 for no.
    YesOrNo,
    /// Digits, then `#`; `*` is a decimal point.
    Digits,
    /// The digits of a telephone number, then `#`, which is not needed where the country's habits tell the last one.
    Telephone,
    /// Two digits of the month and two of the day: 1203 is the third of December.
    MonthAndDay,
    /// Two digits of the hour, of 24, and two of the minute: 1430.
    HourAndMinute,
    /// The day as [`How::MonthAndDay`], then the time as [`How::HourAndMinute`].
    DayThenTime,
    /// By no key: it has to be said.
    NotAtAll,
}

/// What the keys so far are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Keyed {
    /// The beginning of something.
    More,
    /// This, as if it had been said.
    Is(Reading),
    /// Nothing that such a slot can hold: begin anew.
    Nothing,
}

/// How a slot is keyed; `so_far` is what an earlier answer told of it. In all three locales the month comes first, as those who speak them
/// write it in figures (ISO 8601 in Chinese, US custom in English); a day that can be no month is taken first too ([`read_keys`]).
#[must_use]
pub fn how(kind: &Kind, _locale: Locale, so_far: Option<&Part>) -> How {
    match kind {
        Kind::Choice(options) => How::Place(options.len().min(MOST_PLACES)),
        Kind::YesNo => How::YesOrNo,
        Kind::Number(_) | Kind::Money { .. } => How::Digits,
        Kind::Phone { .. } => How::Telephone,
        Kind::Date(_) => How::MonthAndDay,
        Kind::Time => How::HourAndMinute,
        Kind::DateTime(_) => match so_far {
            Some(Part::When(When { date: Some(_), .. })) => How::HourAndMinute,
            Some(Part::When(When { date: None, time: Some(time), .. })) if super::context::exact(*time).is_some() => How::MonthAndDay,
            _ => How::DayThenTime,
        },
        Kind::Pattern(patterns) if patterns.iter().all(super::pattern::Pattern::is_keyed) => How::Digits,
        Kind::Text | Kind::Name | Kind::Address | Kind::Pattern(_) => How::NotAtAll,
    }
}

/// What the keys pressed since the question are: digits, `*` and `#`.
#[must_use]
pub fn read_keys(kind: &Kind, keys: &str, locale: Locale, context: &Context<'_>) -> Keyed {
    let (digits, ended) = match keys.split_once('#') {
        Some((digits, _)) => (digits, true),
        None => (keys, false),
    };
    if !digits.bytes().all(|b| b.is_ascii_digit() || b == b'*') || digits.len() > 2 * LONGEST_PHONE {
        return Keyed::Nothing;
    }
    let asked = how(kind, locale, context.so_far);
    if digits.contains('*') && !matches!(asked, How::Digits) {
        return Keyed::Nothing;
    }
    match asked {
        How::Place(of) => place(kind, digits, ended, of),
        How::YesOrNo => match digits {
            "1" => is(Candidate::found(Value::YesNo(true), Vec::new(), Sure::Told)),
            "2" => is(Candidate::found(Value::YesNo(false), Vec::new(), Sure::Told)),
            "" if !ended => Keyed::More,
            _ => Keyed::Nothing,
        },
        // A number that has one digit is all there after the first key.
        How::Digits if !ended && matches!(kind, Kind::Number(limits) if limits.ends_with(digits)) => number(kind, digits),
        How::Digits if !ended => {
            if digits.len() > LONGEST_NUMBER {
                Keyed::Nothing
            } else {
                Keyed::More
            }
        }
        How::Digits => number(kind, digits),
        How::Telephone => telephone(kind, digits, ended, locale),
        How::MonthAndDay | How::HourAndMinute | How::DayThenTime => moment(kind, asked, digits, ended, context),
        How::NotAtAll => Keyed::Nothing,
    }
}

fn is(candidate: Candidate) -> Keyed {
    Keyed::Is(candidate.reading)
}

fn place(kind: &Kind, digits: &str, ended: bool, of: usize) -> Keyed {
    let Kind::Choice(options) = kind else { return Keyed::Nothing };
    if digits.is_empty() && !ended {
        return Keyed::More;
    }
    let place = digits.parse::<usize>().ok().filter(|place| (1..=of).contains(place));
    match place.and_then(|place| options.get(place - 1)) {
        Some(option) => is(Candidate::found(Value::Choice(option.id.clone()), Vec::new(), Sure::Told)),
        None => Keyed::Nothing,
    }
}

fn number(kind: &Kind, digits: &str) -> Keyed {
    if let Kind::Pattern(patterns) = kind {
        let signs: Vec<_> = digits.chars().map(super::pattern::Sign::Sure).collect();
        let code = patterns.iter().filter(|pattern| pattern.length() == signs.len()).find_map(|pattern| pattern.written(&signs));
        return code.map_or(Keyed::Nothing, |code| is(Candidate::found(Value::Code(code), Vec::new(), Sure::Told)));
    }
    let (whole, fraction) = digits.split_once('*').unwrap_or((digits, ""));
    let unscaled = format!("{whole}{fraction}").parse::<i128>().ok();
    let amount = unscaled.zip(u32::try_from(fraction.len()).ok()).and_then(|(unscaled, decimals)| Number::new(unscaled, decimals));
    let (Some(amount), limits, value) = (match kind {
        Kind::Number(limits) => (amount, *limits, amount.map(Value::Number)),
        Kind::Money { currency, limits } => (amount, *limits, amount.map(|amount| Value::Money { amount, currency: *currency })),
        _ => return Keyed::Nothing,
    }) else {
        return Keyed::Nothing;
    };
    let Some(value) = value else { return Keyed::Nothing };
    is(if limits.too_small(amount) {
        Candidate::outside(value, Vec::new(), Bound::TooSmall)
    } else if limits.too_large(amount) {
        Candidate::outside(value, Vec::new(), Bound::TooLarge)
    } else {
        Candidate::found(value, Vec::new(), Sure::Told)
    })
}

fn telephone(kind: &Kind, digits: &str, ended: bool, locale: Locale) -> Keyed {
    let Kind::Phone { country, fewest } = kind else { return Keyed::Nothing };
    let country = country.unwrap_or(Country::of(locale));
    let value = || Value::Phone { number: digits.to_owned(), country };
    match (country.length(digits), ended) {
        (Length::Whole, _) => is(Candidate::found(value(), Vec::new(), Sure::Told)),
        (Length::TooLong, _) => is(Candidate::outside(value(), Vec::new(), Bound::TooLong)),
        (Length::Missing(_) | Length::Unknown | Length::Headless, false) => Keyed::More,
        // Who ends a number with # means it: there are numbers at the place itself, without an area.
        (Length::Missing(_) | Length::Unknown | Length::Headless, true) if digits.len() >= *fewest => {
            is(Candidate::found(value(), Vec::new(), Sure::Inferred))
        }
        (Length::Missing(_) | Length::Unknown | Length::Headless, true) => Keyed::Nothing,
    }
}

fn moment(kind: &Kind, how: How, digits: &str, ended: bool, context: &Context<'_>) -> Keyed {
    let wanted = if how == How::DayThenTime { 8 } else { 4 };
    if digits.len() < wanted {
        return if ended { Keyed::Nothing } else { Keyed::More };
    }
    let (first, second) = digits.split_at_checked(4).unwrap_or((digits, ""));
    let earlier = match context.so_far {
        Some(Part::When(when)) => *when,
        _ => When::default(),
    };
    let when = match how {
        How::HourAndMinute => time(first).map(|time| When { time: Some(told_exactly(time)), ..When::default() }),
        How::MonthAndDay => day(kind, first, context).map(|date| When { date: Some(date), ..When::default() }),
        _ => day(kind, first, context).zip(time(second)).map(|(date, time)| When {
            date: Some(date),
            time: Some(told_exactly(time)),
            ..When::default()
        }),
    };
    let Some(when) = when.filter(|_| digits.len() == wanted) else { return Keyed::Nothing };
    // A time that is keyed has its half of the day, whatever part of it was said before.
    let earlier = if when.time.is_some() { When { part: None, ..earlier } } else { earlier };
    finish_when(kind, when.or(&earlier), Vec::new(), false, context).map_or(Keyed::Nothing, is)
}

/// The next such day, or the last one where the slot wants one that is past.
fn day(kind: &Kind, figures: &str, context: &Context<'_>) -> Option<Date> {
    let (a, b) = figures.split_at_checked(2)?;
    let (a, b): (i8, i8) = (a.parse().ok()?, b.parse().ok()?);
    let today = context.today();
    let in_year = |years: i16, (month, day): (i8, i8)| Date::new(today.year().checked_add(years)?, month, day).ok();
    let order = [(a, b), (b, a)].into_iter().find(|order| (0..9).any(|years| in_year(years, *order).is_some()))?;
    let next = (0..9).filter_map(|years| in_year(years, order)).find(|date| *date >= today)?;
    let window = match kind {
        Kind::Date(window) | Kind::DateTime(window) => *window,
        _ => return Some(next),
    };
    let last = || (0..9).filter_map(|years: i16| in_year(-years, order)).find(|date| *date < today);
    match date_bound(window, next, context) {
        Some(Bound::TooLate) => last().filter(|last| date_bound(window, *last, context).is_none()).or(Some(next)),
        _ => Some(next),
    }
}

fn time(figures: &str) -> Option<Time> {
    let (hour, minute) = figures.split_at_checked(2)?;
    Time::new(hour.parse().ok()?, minute.parse().ok()?, 0, 0).ok()
}

#[cfg(test)]
mod tests;
