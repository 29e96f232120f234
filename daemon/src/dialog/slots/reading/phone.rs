//! Telephone numbers, also in several answers: "zero nine one two, three four five" - "six seven eight". Who was asked for the rest and says the whole, or begins
//! anew ("my number is four one five"), has told nothing before.

use std::ops::Range;
use std::sync::LazyLock;

use switchhook_models::asr::grammar::{Grammar, common};
use switchhook_models::text::values::runs;
use switchhook_models::{Language, Locale};

use super::{Asked, Bound, Candidate, Sure};
use crate::dialog::slots::by_sound;
use crate::dialog::slots::country::{Country, Length};
use crate::dialog::slots::part::{Part, begins_again};
use crate::dialog::slots::phrases::Said;
use crate::dialog::slots::value::Value;

/// Fewer digits than this are no part of a number unless they are all that was said.
const FEWEST_OF_PART: usize = 3;
/// And no number by themselves where none was asked for.
const FEWEST_UNASKED: usize = 7;

/// What stands before a number that is told from its beginning.
const NAMES: [&str; 12] =
    ["number is", "numbers", "number", "phone is", "電話", "电话", "號碼", "号码", "手機", "手机", "打給我", "打给我"];
/// And speaks of its end instead.
const ENDS: [&str; 9] = ["rest", "last", "ends", "ending", "missing", "剩下", "後面", "后面", "最後"];

pub(super) fn read(
    country: Option<Country>,
    fewest: usize,
    said: &Said<'_>,
    locale: Locale,
    so_far: Option<&Part>,
    asked: Asked,
) -> Option<Candidate> {
    let country = country.unwrap_or(Country::of(locale));
    if asked == Asked::Yes {
        let before = if let Some(Part::Digits { told, .. }) = so_far { told.as_str() } else { "" };
        if let Some(number) = by_sound::telephone(said.text, before, locale).filter(|number| country.length(number) == Length::Whole) {
            return judged(country, fewest, number, 0..said.text.len());
        }
    }
    let restart = said.restart();
    let length = |digits: &str| digits.trim_start_matches('+').len();
    let all = runs(said.text, locale.language()).into_iter().filter(|run| !said.denied(run.place.start));
    // The longest, of the last attempt if that has any worth the name; the first of equals.
    let key = |digits: &str, place: &Range<usize>| {
        (place.start >= restart && length(digits) >= FEWEST_OF_PART, length(digits), std::cmp::Reverse(place.start))
    };
    let run = all.max_by_key(|run| key(&run.digits, &run.place))?;
    if asked == Asked::No {
        return (length(&run.digits) >= FEWEST_UNASKED.max(fewest)).then(|| judged(country, fewest, run.digits, run.place)).flatten();
    }
    let named = || said.first(&NAMES).is_some_and(|name| name.end <= run.place.start) && names(said);
    let told = match so_far {
        Some(Part::Digits { told, .. }) if !named() => joined(told, &run.digits, country),
        _ => run.digits.clone(),
    };
    let alone = said.text.get(..run.place.start).is_some_and(|before| !before.contains(char::is_alphanumeric));
    if length(&told) < FEWEST_OF_PART && !alone {
        return None;
    }
    judged(country, fewest, told, run.place)
}

/// Whether a number is spoken of, and not only its end.
pub(in super::super) fn names(said: &Said<'_>) -> bool {
    said.first(&NAMES).is_some() && said.first(&ENDS).is_none()
}

/// That there is none, in words that the recogniser listens for, too.
static REFUSAL_EN: LazyLock<Option<Grammar>> = LazyLock::new(|| common::refusal(Language::En).ok());
static REFUSAL_ZH: LazyLock<Option<Grammar>> = LazyLock::new(|| common::refusal(Language::Zh).ok());

/// Whether a caller who was asked for a number says that they give none, and nothing else.
#[must_use]
pub fn declined(said: &str, locale: Locale) -> bool {
    let refusal = if locale.language() == Language::En { &REFUSAL_EN } else { &REFUSAL_ZH };
    refusal.as_ref().is_some_and(|refusal| refusal.read(Said::new(said).text).is_some())
}

/// Whether digits are all that was said.
#[must_use]
pub fn is_nothing_else(said: &str, locale: Locale) -> bool {
    let said = Said::new(said);
    let runs = runs(said.text, locale.language());
    let outside = |(at, c): (usize, char)| c.is_alphanumeric() && !runs.iter().any(|run| run.place.contains(&at));
    !runs.is_empty() && !said.text.char_indices().any(outside)
}

/// What the digits are with those that were told before: the rest of them, unless it is plain that they are the number itself.
fn joined(told: &str, said: &str, country: Country) -> String {
    let together = format!("{told}{}", said.trim_start_matches('+'));
    let anew = country.length(said) == Length::Whole || begins_again(told, said) || country.length(&together) == Length::TooLong;
    if anew { said.to_owned() } else { together }
}

fn judged(country: Country, fewest: usize, number: String, place: Range<usize>) -> Option<Candidate> {
    let length = number.trim_start_matches('+').len();
    let value = |number| Value::Phone { number, country };
    Some(match country.length(&number) {
        Length::Whole => Candidate::found(value(number), vec![place], Sure::Told),
        Length::Unknown if length >= fewest => Candidate::found(value(number), vec![place], Sure::Inferred),
        Length::Unknown => {
            let missing = fewest.checked_sub(length).filter(|_| country != Country::Other);
            Candidate::part(Part::Digits { told: number, missing }, vec![place])
        }
        Length::Missing(missing) => Candidate::part(Part::Digits { told: number, missing: Some(missing) }, vec![place]),
        Length::TooLong => Candidate::outside(value(number), vec![place], Bound::TooLong),
        Length::Headless => return None,
    })
}
