//! Numbers and sums: "four of us", "just me", 兩位, "three hundred and fifty dollars".

use std::ops::Range;

use switchhook_models::text::values::{self, Currency, Number, values as values_in};
use switchhook_models::{Language, Locale};

use super::{Asked, Bound, Candidate, Sure};
use crate::dialog::slots::context::Context;
use crate::dialog::slots::kind::Limits;
use crate::dialog::slots::phrases::Said;
use crate::dialog::slots::value::Value;

/// Numbers that are no numerals.
const WORDS: [(&str, u64); 14] = [
    ("a couple", 2),
    ("a pair", 2),
    ("half a dozen", 6),
    ("two dozen", 24),
    ("a dozen", 12),
    ("just me", 1),
    ("only me", 1),
    ("just myself", 1),
    ("by myself", 1),
    ("只有我", 1),
    ("就我自己", 1),
    ("我自己", 1),
    ("我一个人", 1),
    ("我一個人", 1),
];

pub(super) fn read(limits: Limits, said: &Said<'_>, locale: Locale, context: &Context<'_>, asked: Asked) -> Option<Candidate> {
    let mut all = in_figures(said, locale, context, asked);
    let named =
        WORDS.iter().flat_map(|(words, number)| said.all(words).into_iter().map(|place| (Number::from(*number), place, Sure::Told)));
    // "Half a dozen" holds "a dozen": the longest of those that begin anywhere inside each other stands.
    let mut named: Vec<_> = named.collect();
    named.sort_by_key(|(_, place, _)| std::cmp::Reverse(place.len()));
    for (number, place, sure) in named {
        all.retain(|(_, other, _)| !(place.start <= other.start && other.end <= place.end));
        if !all.iter().any(|(_, other, _)| other.start < place.end && place.start < other.end) {
            all.push((number, place, sure));
        }
    }
    let (number, place, sure) = chosen(all, said)?;
    Some(limited(Value::Number(number), number, limits, place, sure))
}

fn in_figures(said: &Said<'_>, locale: Locale, context: &Context<'_>, asked: Asked) -> Vec<(Number, Range<usize>, Sure)> {
    let found = values_in(said.text, locale.language(), context.today()).into_iter();
    found
        .filter_map(|found| {
            let (number, sure) = match found.value {
                values::Value::Number(number) => (number, Sure::Told),
                // Digits one by one count nothing unless a number was asked for.
                values::Value::Digits(digits) | values::Value::Phone(digits) if asked == Asked::Yes => {
                    (Number::from(digits.parse::<u64>().ok()?), Sure::Inferred)
                }
                values::Value::Time(values::Time::EitherHalf { hour, minute: 0 }) if asked == Asked::Yes => {
                    (Number::from(u64::from(hour)), Sure::Guessed)
                }
                // 一點零五.
                values::Value::Time(_) if asked == Asked::Yes => {
                    let whole = said.text.get(found.place.clone()).and_then(|text| values::number(text, locale.language()));
                    (whole?, Sure::Inferred)
                }
                values::Value::Digits(_)
                | values::Value::Phone(_)
                | values::Value::Time(_)
                | values::Value::Date(_)
                | values::Value::Money { .. } => return None,
            };
            // "The first one" counts nothing.
            let counts_nothing = number == Number::from(1)
                && match locale.language() {
                    Language::En => is_pronoun(said, &found.place),
                    Language::Zh => is_idiom(said, &found.place),
                };
            (!counts_nothing).then_some((number, found.place, sure))
        })
        .collect()
}

/// 再說一次, 等一下, 慢一點.
fn is_idiom(said: &Said<'_>, place: &Range<usize>) -> bool {
    let (before, behind) = (said.text.get(..place.start).unwrap_or_default(), said.from(place.end).trim_start());
    let again = before.contains('再') && behind.starts_with(['次', '遍']);
    again || behind.starts_with(['下', '點', '点', '些', '樣', '样', '起', '直', '定', '般'])
}

/// "That one", "no one", "the one", "one of those".
fn is_pronoun(said: &Said<'_>, place: &Range<usize>) -> bool {
    const BEFORE: [&str; 9] = ["that", "this", "the", "which", "no", "first", "last", "any", "another"];
    let before = said.text.get(..place.start).unwrap_or_default();
    let word = before.split_whitespace().next_back().unwrap_or_default().to_lowercase();
    let of = said.text.get(place.end..).unwrap_or_default().split_whitespace().next().is_some_and(|word| word.eq_ignore_ascii_case("of"));
    said.text.get(place.clone()).is_some_and(|text| text.eq_ignore_ascii_case("one")) && (of || BEFORE.contains(&word.as_str()))
}

/// The first number of the last attempt that is not denied; of several different ones, none is sure.
fn chosen<T: Copy + PartialEq>(all: Vec<(T, Range<usize>, Sure)>, said: &Said<'_>) -> Option<(T, Range<usize>, Sure)> {
    let restart = said.restart();
    let mut all: Vec<_> = all.into_iter().filter(|(_, place, _)| !said.denied(place.start)).collect();
    if all.iter().any(|(_, place, _)| place.start >= restart) {
        all.retain(|(_, place, _)| place.start >= restart);
    }
    let (number, place, sure) = all.iter().max_by_key(|(_, place, sure)| (*sure, std::cmp::Reverse(place.start)))?.clone();
    let several = all.iter().any(|(other, _, _)| *other != number);
    Some((number, place, if several { sure.min(Sure::Inferred) } else { sure }))
}

fn limited(value: Value, number: Number, limits: Limits, place: Range<usize>, sure: Sure) -> Candidate {
    if limits.too_small(number) {
        Candidate::outside(value, vec![place], Bound::TooSmall)
    } else if limits.too_large(number) {
        Candidate::outside(value, vec![place], Bound::TooLarge)
    } else {
        Candidate::found(value, vec![place], sure)
    }
}

pub(super) fn read_money(
    currency: Currency,
    limits: Limits,
    said: &Said<'_>,
    locale: Locale,
    context: &Context<'_>,
    asked: Asked,
) -> Option<Candidate> {
    let found = values_in(said.text, locale.language(), context.today()).into_iter();
    let sums = found.filter_map(|found| match found.value {
        values::Value::Money { amount, currency } => Some(((amount, Some(currency)), found.place, Sure::Told)),
        values::Value::Number(amount) if asked == Asked::Yes => Some(((amount, None), found.place, Sure::Inferred)),
        values::Value::Number(_) | values::Value::Digits(_) | values::Value::Phone(_) | values::Value::Time(_) | values::Value::Date(_) => {
            None
        }
    });
    let ((amount, named), place, sure) = chosen(sums.collect(), said)?;
    match named.filter(|named| !fits(*named, currency)) {
        Some(other) => Some(Candidate::outside(Value::Money { amount, currency: other }, vec![place], Bound::OtherCurrency)),
        None => Some(limited(Value::Money { amount, currency }, amount, limits, place, sure)),
    }
}

/// Whether a currency as it was called can be the slot's: a dollar and a yuan are of the place where they are said.
fn fits(named: Currency, slot: Currency) -> bool {
    use Currency::{Dollar, HongKongDollar, Renminbi, TaiwanDollar, UsDollar, Yuan};
    named == slot
        || match named {
            Dollar => matches!(slot, TaiwanDollar | UsDollar | HongKongDollar),
            Yuan => matches!(slot, TaiwanDollar | Renminbi | HongKongDollar),
            _ => false,
        }
}
