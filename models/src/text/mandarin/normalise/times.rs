//! Times of day.
//!
//! "14:30" is 下午两点半, as people say it to each other, and not 十四点三十分, which is for timetables: a caller writes down the former. What a text
//! says itself (上午, 晚上, PM) stands instead of what the hour would give.

use super::super::numbers::cardinal;
use super::{Cursor, Said, goes_on};

/// Words for a part of the day that may stand before a time.
const PARTS: [&str; 17] = [
    "上午", "下午", "早上", "晚上", "中午", "凌晨", "清晨", "傍晚", "半夜", "午夜", "深夜", "夜里", "今早", "今晚", "明早", "明晚", "早晨",
];

/// "9:30", "14:00", "2:30 PM", "12:00:05".
pub(super) fn clock(at: Cursor<'_>) -> Said<'_> {
    if !at.not_after(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | ':' | '：' | '/')) {
        return None;
    }
    let mut end = at;
    let hour = end.digits(1, 2)?;
    let minute = colon(&mut end).then(|| end.digits(2, 2)).flatten()?;
    let mut longer = end;
    let second = colon(&mut longer).then(|| longer.digits(2, 2)).flatten();
    if second.is_some() {
        end = longer;
    }
    if !end.not_before(|c| c.is_ascii_digit() || c == ':') {
        return None;
    }
    let (half, end) = half_of_day(end);
    let (hour, minute): (u64, u64) = (hour.parse().ok()?, minute.parse().ok()?);
    let second: Option<u64> = second.and_then(|second| second.parse().ok());
    let known = PARTS.iter().any(|part| at.is_after(part) || at.is_after(&format!("{part} ")));
    Some((said(hour, minute, second, half, known)?, end))
}

fn colon(at: &mut Cursor<'_>) -> bool {
    at.one(|c| c == ':' || c == '：').is_some()
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Half {
    Morning,
    Afternoon,
}

fn half_of_day(at: Cursor<'_>) -> (Option<Half>, Cursor<'_>) {
    let mut end = at;
    end.eat_space();
    let half = match end.one(|c| matches!(c, 'A' | 'a' | 'P' | 'p')) {
        Some('A' | 'a') => Half::Morning,
        Some(_) => Half::Afternoon,
        None => return (None, at),
    };
    end.eat('.');
    let whole = end.one(|c| matches!(c, 'M' | 'm')).is_some();
    end.eat('.');
    if whole && end.not_before(goes_on) { (Some(half), end) } else { (None, at) }
}

fn said(hour: u64, minute: u64, second: Option<u64>, half: Option<Half>, known: bool) -> Option<String> {
    if hour > 24 || minute > 59 || second.is_some_and(|second| second > 59) {
        return None;
    }
    let hour = match half {
        Some(Half::Afternoon) if hour < 12 => hour + 12,
        Some(Half::Morning) if hour == 12 => 0,
        _ => hour,
    };
    let (part, hour) = match hour {
        0 if !known => ("凌晨", 0),
        1..12 if half.is_some() => ("上午", hour),
        12 if half.is_some() => ("中午", 12),
        13..18 => ("下午", hour - 12),
        18..24 => ("晚上", hour - 12),
        _ => ("", hour),
    };
    let mut said = if known { String::new() } else { part.to_owned() };
    said += &if hour == 2 { "两".to_owned() } else { cardinal(hour) };
    said += "点";
    said += &match (minute, second) {
        (0, None) => String::new(),
        (30, None) => "半".to_owned(),
        (1..10, _) => format!("零{}分", cardinal(minute)),
        _ => format!("{}分", cardinal(minute)),
    };
    if let Some(second) = second {
        said += &format!("{}秒", cardinal(second));
    }
    Some(said)
}
