//! Telephone numbers, also in several answers: "zero nine one two, three four five" - "six seven eight".

use std::ops::Range;

use switchhook_models::Locale;
use switchhook_models::text::values::runs;

use super::{Asked, Bound, Candidate, Sure};
use crate::dialog::slots::by_sound;
use crate::dialog::slots::context::Context;
use crate::dialog::slots::country::{Country, Length};
use crate::dialog::slots::part::Part;
use crate::dialog::slots::phrases::Said;
use crate::dialog::slots::value::Value;

/// Fewer digits than this are no part of a number unless they are all that was said.
const FEWEST_OF_PART: usize = 3;
/// And no number by themselves where none was asked for.
const FEWEST_UNASKED: usize = 7;

pub(super) fn read(
    country: Option<Country>,
    fewest: usize,
    said: &Said<'_>,
    locale: Locale,
    context: &Context<'_>,
    asked: Asked,
) -> Option<Candidate> {
    let country = country.unwrap_or(Country::of(locale));
    if asked == Asked::Yes {
        let before = if let Some(Part::Digits { told, .. }) = context.so_far { told.as_str() } else { "" };
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
    let whole = |digits: &str| country.length(digits) == Length::Whole;
    let told = match context.so_far {
        Some(Part::Digits { told, .. }) if !whole(&run.digits) => format!("{told}{}", run.digits.trim_start_matches('+')),
        _ => run.digits.clone(),
    };
    let alone = said.text.get(..run.place.start).is_some_and(|before| !before.contains(char::is_alphanumeric));
    if length(&told) < FEWEST_OF_PART && !alone {
        return None;
    }
    judged(country, fewest, told, run.place)
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
    })
}
