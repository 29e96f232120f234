//! Mandarin in either script: 兩點半, 下午三點十五分, 三月十四號, 一百二十塊, 零二 二五五五 一二三四.

mod chars;
mod dates;
mod digits;
mod moments;
mod money;
mod numbers;
mod times;

use jiff::civil::Date;

pub(super) use moments::moments;

use super::{Found, Number, Run, Value, told};
use chars::{Reader, Reading, chars, place};

pub(super) fn values(text: &str, today: Date) -> Vec<Found> {
    let chars = chars(text);
    let mut out = Vec::new();
    let mut here = Reader { chars: &chars, at: 0 };
    while here.peek().is_some() {
        let found = value(here, today).and_then(|(value, end)| Some((Found { value, place: place(&chars, here.at, end.at)? }, end)));
        match found {
            Some((found, end)) => {
                out.push(found);
                here = end;
            }
            None => here.at += 1,
        }
    }
    out
}

fn value<'a>(here: Reader<'a>, today: Date) -> Reading<'a, Value> {
    let date = || dates::date(here, today).map(|(date, end)| (Value::Date(date), end));
    let time = || times::time(here).map(|(time, end)| (Value::Time(time), end));
    let money = || money::sum(here).map(|((amount, currency), end)| (Value::Money { amount, currency }, end));
    let run = || digits::run(here).map(|(run, end)| (told(run), end));
    let number = || numbers::number(here).map(|(number, end)| (Value::Number(number), end));
    date().or_else(time).or_else(money).or_else(run).or_else(number)
}

/// The number that the whole text is.
pub(super) fn number(text: &str) -> Option<Number> {
    let chars = chars(text);
    let (number, end) = numbers::number(Reader { chars: &chars, at: 0 })?;
    end.peek().is_none().then_some(number)
}

/// Every run of digits, whatever else it could be, as where a telephone number is expected: there, what sounds like a digit behind a digit is
/// one.
pub(super) fn runs(text: &str) -> Vec<Run> {
    let mut chars = chars(text);
    digits::take_at_their_sound(&mut chars);
    let mut out = Vec::new();
    let mut here = Reader { chars: &chars, at: 0 };
    while here.peek().is_some() {
        match digits::any_run(here) {
            Some((digits, end)) => {
                out.extend(place(&chars, here.at, end.at).map(|place| Run { digits, place }));
                here = end;
            }
            None => here.at += 1,
        }
    }
    out
}
