//! Times of day: 兩點半, 下午三點十五分, 十四点零五分, 14:30.

use super::super::{DayPart, Half, Time};
use super::chars::{Reader, Reading};
use super::numbers::{digit, whole};

/// A part of the day, as far as it decides between the hours of a clock's face.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Morning,
    Noon,
    Afternoon,
    /// Evening and night: twelve is midnight.
    Night,
}

const PARTS: [(&str, Part); 17] = [
    ("凌晨", Part::Morning),
    ("清晨", Part::Morning),
    ("早上", Part::Morning),
    ("早晨", Part::Morning),
    ("上午", Part::Morning),
    ("中午", Part::Noon),
    ("正午", Part::Noon),
    ("下午", Part::Afternoon),
    ("午后", Part::Afternoon),
    ("傍晚", Part::Afternoon),
    ("晚上", Part::Night),
    ("夜里", Part::Night),
    ("深夜", Part::Night),
    ("半夜", Part::Night),
    ("午夜", Part::Night),
    ("早", Part::Morning),
    ("晚", Part::Night),
];

/// 上午, 晚上: a part of the day without an hour.
pub(super) fn part(here: Reader<'_>) -> Reading<'_, DayPart> {
    let mut end = here;
    let part = match end.choose(&PARTS)? {
        Part::Morning => DayPart::Morning,
        Part::Noon => return None,
        Part::Afternoon => DayPart::Afternoon,
        Part::Night => DayPart::Evening,
    };
    Some((part, end))
}

/// 中午 without an hour.
pub(super) fn noon(here: Reader<'_>) -> Reading<'_, Time> {
    let mut end = here;
    end.eat_any(&["中午", "正午"]).map(|_| (Time::Exact { hour: 12, minute: 0 }, end))
}

pub(super) fn time(here: Reader<'_>) -> Reading<'_, Time> {
    let mut start = here;
    let part = start.choose(&PARTS);
    start.spaces();
    let ((hour, minute), end) = colon(start).or_else(|| spoken(start, part.is_some()))?;
    told(hour, minute, part).map(|time| (time, end))
}

fn told(hour: u64, minute: u64, part: Option<Part>) -> Option<Time> {
    let half = match (part, hour) {
        (None, _) | (Some(Part::Noon), 10..=12) | (_, 13..) => None,
        (Some(Part::Morning), _) | (Some(Part::Night), 12 | 0..5) => Some(Half::Morning),
        (Some(Part::Noon | Part::Afternoon | Part::Night), _) => Some(Half::Afternoon),
    };
    let time = Time::told(hour, minute, half)?;
    Some(if part == Some(Part::Noon) { time.in_half(if hour < 12 { Half::Morning } else { Half::Afternoon }) } else { time })
}

/// "14:30".
fn colon(here: Reader<'_>) -> Reading<'_, (u64, u64)> {
    let mut end = here;
    let hour = end.figures().filter(|figures| figures.len() <= 2)?;
    let minute = end.eat(":").then(|| end.figures()).flatten().filter(|figures| figures.len() == 2)?;
    Some(((hour.parse().ok()?, minute.parse().ok()?), end))
}

fn small(here: Reader<'_>) -> Reading<'_, u64> {
    let mut end = here;
    match end.figures() {
        Some(figures) => figures.parse().ok().filter(|value| *value < 60).map(|value| (value, end)),
        None => whole(here).filter(|(value, _)| *value < 60),
    }
}

fn spoken(here: Reader<'_>, part: bool) -> Reading<'_, (u64, u64)> {
    let (hour, mut end) = small(here).filter(|(hour, _)| *hour <= 24)?;
    if !end.eat("点") {
        return clock_style(hour, end);
    }
    let _ = end.eat("钟") || end.eat("整");
    let after_hour = end;
    let minute = end.choose(&[("半", 30), ("一刻", 15), ("三刻", 45)]).map(|minute| (minute, end)).or_else(|| minutes(end));
    if let Some((minute, end)) = minute {
        return Some(((hour, minute), end));
    }
    // 三点五 is a number, unless a part of the day says that it is a time.
    let decimal = after_hour.peek().is_some_and(|c| digit(c).is_some() || c.is_ascii_digit());
    // 差一点 is "almost" and 有一点 "a little".
    let before = here.previous().is_none_or(|c| !c.is_alphanumeric() || "在到从是约改于".contains(c));
    let little = here.peek() == Some('一') && hour == 1 && !before;
    let points = ["意见", "意見", "建议", "建議", "问题", "問題", "要求", "要说", "要說"].iter().any(|noun| {
        let mut ahead = after_hour;
        ahead.eat(noun)
    });
    (part || !(decimal || little || points)).then_some(((hour, 0), after_hour))
}

/// 零五分, 十五, 二十分; 五分.
fn minutes(here: Reader<'_>) -> Reading<'_, u64> {
    let mut start = here;
    let zero = start.eat("零");
    let (minute, mut end) = small(start)?;
    let marked = end.eat("分");
    let _ = marked && end.eat("钟");
    let two_digits = minute >= 10 || zero;
    // 三点一四: two single digits are decimals, not minutes.
    // So are those of a sum: 一点零五元.
    let counted =
        |mut end: Reader<'_>| end.peek().is_some_and(|c| "元块美港欧镑公米度倍".contains(c)) || end.eat("英镑") || end.eat("日元");
    let more = !marked && (end.peek().is_some_and(|c| digit(c).is_some()) || counted(end));
    if marked {
        let mut seconds = end;
        if small(seconds).is_some_and(|(_, after)| {
            seconds = after;
            seconds.eat("秒")
        }) {
            end = seconds;
        }
    }
    ((two_digits || marked) && !more).then_some((minute, end))
}

/// 十四时三十分.
fn clock_style(hour: u64, here: Reader<'_>) -> Reading<'_, (u64, u64)> {
    let mut end = here;
    let (minute, mut end) = end.eat("时").then(|| small(end)).flatten()?;
    end.eat("分").then_some(((hour, minute), end))
}
