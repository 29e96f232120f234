//! Numbers in characters and figures.

use super::super::Number;
use super::chars::{Reader, Reading};

/// What a lone 一 or 三 counts, so that it is a number and not a part of 一定 or 三思.
const COUNTED: &str = "个位名人次天年周块元件张台部份间家条种通封只瓶杯箱包层楼组套期倍秒岁趟段号室斤把本辆双月日点";

/// 0 to 9, with 两 for 2.
pub(super) fn digit(c: char) -> Option<u64> {
    if c == '两' {
        return Some(2);
    }
    "零一二三四五六七八九".chars().position(|known| known == c).and_then(|digit| u64::try_from(digit).ok())
}

fn unit(c: char) -> Option<u64> {
    Some(match c {
        '十' => 10,
        '百' => 100,
        '千' => 1000,
        _ => return None,
    })
}

/// A number in characters.
pub(super) fn whole(here: Reader<'_>) -> Reading<'_, u64> {
    let (high, end, _) = below_hundred_million(here, false)?;
    let mut scaled = end;
    if !scaled.eat("亿") {
        return Some((high, end));
    }
    let total = high.checked_mul(100_000_000)?;
    Some(match below_hundred_million(scaled, true) {
        // 两亿五: the digit counts what comes after the unit before it.
        Some((rest, end, short)) => (total.checked_add(rest * if short { 10_000_000 } else { 1 })?, end),
        None => (total, scaled),
    })
}

/// As [`below_ten_thousand`], with 万. `inner`: digits come before it.
fn below_hundred_million(here: Reader<'_>, inner: bool) -> Option<(u64, Reader<'_>, bool)> {
    let (high, end, short) = below_ten_thousand(here, inner)?;
    let mut scaled = end;
    if !scaled.eat("万") {
        return Some((high, end, short));
    }
    Some(match below_ten_thousand(scaled, true) {
        Some((rest, end, short)) => (high * 10_000 + rest * if short { 1000 } else { 1 }, end, false),
        None => (high * 10_000, scaled, false),
    })
}

/// The number, its end, and whether it is a single digit without a unit.
fn below_ten_thousand(here: Reader<'_>, inner: bool) -> Option<(u64, Reader<'_>, bool)> {
    let mut end = here;
    let (mut total, mut last) = (0, 10_000);
    let mut read = false;
    loop {
        let mut ahead = end;
        let zero = (read || inner) && ahead.eat("零");
        let digit = ahead.take(digit);
        let unit = ahead.take(unit).filter(|unit| *unit < last);
        match (digit, unit) {
            (Some(digit), Some(unit)) => (total, last) = (total + digit * unit, unit),
            (None, Some(10)) => (total, last) = (total + 10, 10),
            (Some(digit), None) => {
                // 一百二 is 120, 一百零二 102.
                let mut after = end;
                let _ = zero && after.eat("零");
                after.at += 1;
                let short = read && !zero && last >= 100;
                if after.peek().is_some_and(|c| self::digit(c).is_some()) {
                    break;
                }
                return Some((total + digit * if short { last / 10 } else { 1 }, after, !read && !zero));
            }
            _ => break,
        }
        (read, end) = (true, ahead);
    }
    read.then_some((total, end, false))
}

/// "1,500", "3.14".
pub(super) fn figures(here: Reader<'_>) -> Reading<'_, Number> {
    let mut end = here;
    let mut text = end.figures()?;
    loop {
        let mut ahead = end;
        let Some(group) = ahead.eat(",").then(|| ahead.figures()).flatten().filter(|group| group.len() == 3 && text.len() < 16) else {
            break;
        };
        text.push_str(&group);
        end = ahead;
    }
    let mut ahead = end;
    if let Some(fraction) = ahead.eat(".").then(|| ahead.figures()).flatten() {
        text = format!("{text}.{fraction}");
        end = ahead;
    }
    let number = Number::parse(&text)?;
    let mut scaled = end;
    let scale = scaled.choose(&[("万亿", 1_000_000_000_000), ("亿", 100_000_000), ("万", 10_000), ("千", 1000), ("百", 100)]);
    Some(match scale.and_then(|scale| number.times(scale)) {
        Some(number) => (number, scaled),
        None => (number, end),
    })
}

/// A number without a sign, also a lone digit.
pub(super) fn unsigned(here: Reader<'_>) -> Reading<'_, Number> {
    if let Some(reading) = figures(here) {
        return Some(reading);
    }
    let (value, end) = whole(here)?;
    let mut ahead = end;
    let mut fraction = String::new();
    if ahead.eat("点") {
        while let Some(digit) = ahead.take(digit).and_then(|digit| char::from_digit(u32::try_from(digit).ok()?, 10)) {
            fraction.push(digit);
        }
    }
    if fraction.is_empty() {
        return Some((Number::from(value), end));
    }
    // 三点五亿.
    let number = Number::parse(&format!("{value}.{fraction}"))?;
    let mut scaled = ahead;
    let scale = scaled.choose(&[("亿", 100_000_000), ("万", 10_000)]);
    Some(match scale.and_then(|scale| number.times(scale)) {
        Some(number) => (number, scaled),
        None => (number, ahead),
    })
}

/// 一百二十, 负三点五, 三个: a lone digit only before what it counts, or alone in the text.
pub(super) fn number(here: Reader<'_>) -> Reading<'_, Number> {
    let mut end = here;
    if end.eat("负") || (end.eat("-") && !here.previous().is_some_and(char::is_alphanumeric)) {
        return unsigned(end).map(|(number, end)| (number.negative(), end));
    }
    let (number, end) = unsigned(here)?;
    let lone = end.at == here.at + 1 && here.peek().is_some_and(|c| !c.is_ascii_digit());
    let counts = end.peek().is_some_and(|c| COUNTED.contains(c) || c == '公' || c == '小' || c == '分');
    let apart = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric());
    let ordinal = here.previous() == Some('第');
    let alone = apart(here.previous()) && apart(end.peek());
    // 十分 is "very", 一点 "a little".
    let idiom = matches!((here.peek(), end.peek()), (Some('十'), Some('分')) | (Some('一'), Some('点')));
    (!lone || ((counts || ordinal || alone) && !idiom)).then_some((number, end))
}
