//! English: "oh two five five five", "half past two", "the fourteenth of March", "three hundred and fifty dollars".

mod dates;
mod digits;
mod moments;
mod money;
mod numbers;
mod times;
mod tokens;

use jiff::civil::Date;

pub(super) use moments::moments;

use super::{Found, Number, Run, Value, told};
use tokens::{Reader, Reading, tokens};

/// A run of at least so many digits is digits whatever else its first words could be.
const LONG: usize = 6;

pub(super) fn values(text: &str, today: Date) -> Vec<Found> {
    let tokens = tokens(text);
    let mut out = Vec::new();
    let mut here = Reader { tokens: &tokens, at: 0 };
    while let Some(first) = here.token() {
        let Some((value, end)) = value(here, today).filter(|(_, end)| end.at > here.at) else {
            here.at += 1;
            continue;
        };
        let last = tokens.get(end.at - 1).unwrap_or(first);
        out.push(Found { value, place: first.place.start..last.place.end });
        here = end;
    }
    out
}

fn value<'a>(here: Reader<'a>, today: Date) -> Reading<'a, Value> {
    let date = || dates::date(here, today).map(|(date, end)| (Value::Date(date), end));
    let run = |fewest| digits::run(here).filter(|(run, _)| run.len() >= fewest).map(|(run, end)| (told(run), end));
    let time = || times::time(here).map(|(time, end)| (Value::Time(time), end));
    let money = || money::sum(here).map(|((amount, currency), end)| (Value::Money { amount, currency }, end));
    let number = || numbers::number(here).map(|(number, end)| (Value::Number(number), end));
    let year = || {
        let (year, end) = dates::in_halves(here)?;
        Some((Value::Number(Number::new(year, 0)?), end))
    };
    date().or_else(|| run(LONG)).or_else(time).or_else(money).or_else(year).or_else(|| run(2)).or_else(number)
}

/// The number that the whole text is.
pub(super) fn number(text: &str) -> Option<Number> {
    let tokens = tokens(text);
    let (number, end) = numbers::number(Reader { tokens: &tokens, at: 0 })?;
    end.token().is_none().then_some(number)
}

/// Every run of digits, whatever else its words could be.
pub(super) fn runs(text: &str) -> Vec<Run> {
    let tokens = tokens(text);
    let mut out = Vec::new();
    let mut here = Reader { tokens: &tokens, at: 0 };
    while let Some(first) = here.token() {
        match digits::any_run(here).filter(|(_, end)| end.at > here.at) {
            Some((digits, end)) => {
                let last = tokens.get(end.at - 1).unwrap_or(first);
                out.push(Run { digits, place: first.place.start..last.place.end });
                here = end;
            }
            None => here.at += 1,
        }
    }
    out
}
