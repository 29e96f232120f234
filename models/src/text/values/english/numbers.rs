//! Numbers in words and figures.

use super::super::Number;
use super::tokens::{Reader, Reading};

/// One to nine.
pub(super) fn unit(word: &str) -> Option<u64> {
    position(&["one", "two", "three", "four", "five", "six", "seven", "eight", "nine"], word).map(|n| n + 1)
}

fn teen(word: &str) -> Option<u64> {
    const TEENS: [&str; 10] =
        ["ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"];
    position(&TEENS, word).map(|n| n + 10)
}

fn tens(word: &str) -> Option<u64> {
    if word == "fourty" {
        return Some(40);
    }
    position(&["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"], word).map(|n| (n + 2) * 10)
}

fn position(words: &[&str], word: &str) -> Option<u64> {
    words.iter().position(|known| *known == word).and_then(|n| u64::try_from(n).ok())
}

fn scale(word: &str) -> Option<i128> {
    Some(match word {
        "thousand" => 1_000,
        "million" => 1_000_000,
        "billion" => 1_000_000_000,
        "trillion" => 1_000_000_000_000,
        "quadrillion" => 1_000_000_000_000_000,
        _ => return None,
    })
}

/// "twenty-three", "thirteen", "three".
pub(super) fn below_hundred(here: Reader<'_>) -> Reading<'_, u64> {
    let mut end = here;
    if let Some(small) = end.take(|word| teen(word).or_else(|| unit(word))) {
        return Some((small, end));
    }
    let tens = end.take(tens)?;
    let mut ahead = end;
    ahead.eat_joined("-");
    Some(match ahead.take(unit) {
        Some(unit) => (tens + unit, ahead),
        None => (tens, end),
    })
}

/// "one hundred and twenty-three", "a hundred", "twelve hundred".
fn below_ten_thousand(here: Reader<'_>) -> Reading<'_, u64> {
    let mut end = here;
    let (count, after) = if end.eat("a") { (1, end) } else { below_hundred(here)? };
    end = after;
    if !end.eat("hundred") {
        return (here.peek() != Some("a") || end.peek().is_some_and(|word| scale(word).is_some())).then_some((count, after));
    }
    let mut ahead = end;
    let _ = ahead.eat("and");
    Some(match below_hundred(ahead) {
        Some((rest, end)) => (count * 100 + rest, end),
        None => (count * 100, end),
    })
}

/// "one million, two hundred thousand and five"; "zero".
pub(super) fn whole(here: Reader<'_>) -> Reading<'_, i128> {
    let mut end = here;
    if end.eat_any(&["zero", "nought"]) {
        return Some((0, end));
    }
    let (mut total, mut last) = (0, i128::MAX);
    let mut group = below_ten_thousand(here)?;
    loop {
        let (count, mut after) = group;
        let Some(times) = after.take(scale).filter(|scale| *scale < last) else {
            return Some((total + i128::from(count), group.1));
        };
        total += i128::from(count) * times;
        last = times;
        let mut ahead = after;
        let comma = ahead.eat(",");
        let and = ahead.eat("and");
        // A small number behind a comma alone is the next of a list.
        let next = below_ten_thousand(ahead).filter(|(count, end)| {
            let scaled = end.peek().and_then(scale);
            scaled.is_some_and(|scale| scale < last) || (scaled.is_none() && *count < 1000 && (!comma || and || *count >= 100))
        });
        match next {
            Some(next) => group = next,
            None => return Some((total, after)),
        }
    }
}

/// "1,500", "3.14".
pub(super) fn figures(here: Reader<'_>) -> Reading<'_, Number> {
    let mut end = here;
    let mut text = end.figures(false)?.to_owned();
    for (mark, repeated) in [(",", true), (".", false)] {
        loop {
            let mut ahead = end;
            let more = ahead.eat_joined(mark).then(|| ahead.figures(true)).flatten();
            let Some(more) = more.filter(|more| mark == "." || (more.len() == 3 && text.len() < 16)) else { break };
            if mark == "." {
                text.push('.');
            }
            text.push_str(more);
            end = ahead;
            if !repeated {
                break;
            }
        }
    }
    Some((Number::parse(&text)?, end))
}

/// A number of either kind, without a sign.
pub(super) fn unsigned(here: Reader<'_>) -> Reading<'_, Number> {
    if let Some((number, end)) = figures(here) {
        let mut scaled = end;
        return Some(match scaled.take(scale).and_then(|scale| number.times(scale)) {
            Some(number) => (number, scaled),
            None => (number, end),
        });
    }
    let mut start = here;
    let (value, mut end) = if start.eat("point") { (0, here) } else { whole(here)? };
    let mut ahead = end;
    if ahead.eat_all(&["and", "a", "half"]) {
        return Some((Number::new(value.checked_mul(10)?.checked_add(5)?, 1)?, ahead));
    }
    let mut fraction = String::new();
    if ahead.eat("point") {
        while let Some(digit) = ahead.take(decimal) {
            fraction.push(digit);
            end = ahead;
        }
    }
    let number = Number::parse(&format!("{value}.{fraction}"))?;
    (end.at > here.at).then_some((number, end))
}

fn decimal(word: &str) -> Option<char> {
    let value = if matches!(word, "zero" | "oh" | "o") { 0 } else { unit(word)? };
    char::from_digit(u32::try_from(value).ok()?, 10)
}

/// "minus five", "-5", "three point one four".
pub(super) fn number(here: Reader<'_>) -> Reading<'_, Number> {
    let mut end = here;
    let dash = here.token().is_some_and(|token| token.spaced) && here.tokens.get(here.at + 1).is_some_and(|next| !next.spaced);
    if end.eat_any(&["minus", "negative"]) || (dash && end.eat("-")) {
        return unsigned(end).map(|(number, end)| (number.negative(), end));
    }
    unsigned(here)
}
