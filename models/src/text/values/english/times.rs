//! Times of day: "half past two", "two thirty p.m.", "14:30", "noon".

use super::super::{Half, Time};
use super::dates;
use super::numbers::{below_hundred, unit};
use super::tokens::{Reader, Reading};

pub(super) fn time(here: Reader<'_>) -> Reading<'_, Time> {
    named(here).or_else(|| past_or_to(here)).or_else(|| figures(here)).or_else(|| words(here))
}

/// Noon and midnight.
fn named(here: Reader<'_>) -> Reading<'_, Time> {
    let mut end = here;
    if end.eat_any(&["noon", "midday"]) {
        return Some((Time::Exact { hour: 12, minute: 0 }, end));
    }
    end.eat("midnight").then_some((Time::Exact { hour: 0, minute: 0 }, end))
}

/// "a.m.", "pm", "in the evening", "at night".
fn half(here: Reader<'_>) -> (Option<Half>, Reader<'_>) {
    if let Some((half, end)) = abbreviated(here) {
        return (Some(half), end);
    }
    let mut end = here;
    let _ = end.eat(",");
    if end.eat_all(&["in", "the"]) {
        let half = end.take(|word| match word {
            "morning" => Some(Half::Morning),
            "afternoon" | "evening" => Some(Half::Afternoon),
            _ => None,
        });
        return half.map_or((None, here), |half| (Some(half), end));
    }
    if end.eat_all(&["at", "night"]) || end.eat("tonight") { (Some(Half::Afternoon), end) } else { (None, here) }
}

/// "am", "a m", "a.m.": a period behind the "m" belongs to it only if one stands behind the "a".
fn abbreviated(here: Reader<'_>) -> Reading<'_, Half> {
    let mut end = here;
    let half = end.take(|word| match word {
        "am" => Some((Half::Morning, true)),
        "pm" => Some((Half::Afternoon, true)),
        "a" => Some((Half::Morning, false)),
        "p" => Some((Half::Afternoon, false)),
        _ => None,
    });
    let (half, whole) = half?;
    if whole {
        return Some((half, end));
    }
    let dotted = end.eat_joined(".");
    if !end.eat("m") {
        return None;
    }
    let _ = dotted && end.eat_joined(".");
    Some((half, end))
}

fn finished(hour: u64, minute: u64, here: Reader<'_>) -> Reading<'_, Time> {
    let (half, end) = half(here);
    Time::told(hour, minute, half).map(|time| (time, end))
}

/// The hour of a clock's face or of a day, in words or figures.
fn hour(here: Reader<'_>) -> Reading<'_, u64> {
    let mut end = here;
    if let Some(figures) = end.figures(false) {
        return figures.parse().ok().filter(|hour| *hour <= 24).map(|hour| (hour, end));
    }
    below_hundred(here).filter(|(hour, _)| *hour <= 24)
}

/// "half past two", "a quarter to three", "ten after four", "twenty-five minutes to five".
fn past_or_to(here: Reader<'_>) -> Reading<'_, Time> {
    let mut end = here;
    let mut quarter = here;
    let _ = quarter.eat("a");
    let minutes = if end.eat("half") {
        30
    } else if quarter.eat("quarter") {
        end = quarter;
        15
    } else {
        let (minutes, after) = hour_or_minutes(here)?;
        end = after;
        let _ = end.eat_any(&["minutes", "minute"]);
        minutes
    };
    let past = end.eat_any(&["past", "after"]);
    let to = !past && minutes != 30 && end.eat_any(&["to", "till", "before"]);
    if !(past || to) {
        return None;
    }
    let (hour, mut end) = hour(end).filter(|(hour, _)| (1..=12).contains(hour))?;
    // "Five to six people" is no time, nor is "nine to five".
    let clock = end.eat("o'clock") || minutes == 15 || matches!(here.previous(), Some("at" | "about" | "around" | "by" | "until" | "it's"));
    if !past && !clock && !(minutes % 5 == 0 && (stops(end) || half(end).0.is_some())) {
        return None;
    }
    if past {
        return finished(hour, minutes, end);
    }
    finished(if hour == 1 { 12 } else { hour - 1 }, 60_u64.checked_sub(minutes)?, end)
}

fn hour_or_minutes(here: Reader<'_>) -> Reading<'_, u64> {
    let mut end = here;
    if let Some(figures) = end.figures(false) {
        return figures.parse().ok().filter(|minutes| (1..60).contains(minutes)).map(|minutes| (minutes, end));
    }
    below_hundred(here).filter(|(minutes, _)| (1..60).contains(minutes))
}

/// "2:30", "14:30:05", "2 p.m.".
fn figures(here: Reader<'_>) -> Reading<'_, Time> {
    let mut end = here;
    let hour: u64 = end.figures(false).filter(|figures| figures.len() <= 2)?.parse().ok()?;
    let mut ahead = end;
    if let Some(minute) = ahead.eat_joined(":").then(|| ahead.figures(true)).flatten().filter(|figures| figures.len() == 2) {
        let mut seconds = ahead;
        if seconds.eat_joined(":") && seconds.figures(true).is_some_and(|figures| figures.len() == 2) {
            ahead = seconds;
        }
        return finished(hour, minute.parse().ok()?, ahead);
    }
    alone(here, hour, end)
}

/// An hour without minutes: with "o'clock", a half of the day, or behind "at".
fn alone<'a>(here: Reader<'a>, hour: u64, mut end: Reader<'a>) -> Reading<'a, Time> {
    if hour > 24 {
        return None;
    }
    if end.eat("o'clock") {
        return finished(hour, 0, end);
    }
    if let (Some(half), after) = half(end) {
        return Time::told(hour, 0, Some(half)).map(|time| (time, after));
    }
    (here.previous() == Some("at") && (stops(end) || goes_elsewhere(end)) && (1..=12).contains(&hour))
        .then(|| finished(hour, 0, end))
        .flatten()
}

/// Whether what follows is about something else: "at ten next Tuesday", "at seven for four people".
fn goes_elsewhere(end: Reader<'_>) -> bool {
    let next = end.peek();
    next.is_some_and(|next| matches!(next, "next" | "this" | "the" | "for" | "with" | "if" | "and" | "my" | "under" | "then" | "not"))
        || dates::day_of_week(end).is_some()
}

/// An hour, or an hour and minutes, where a time is expected: "ten", "10.30", "1030", "half two".
pub(super) fn bare(here: Reader<'_>) -> Reading<'_, Time> {
    let mut end = here;
    if end.eat("half") {
        let (hour, end) = hour(end).filter(|(hour, _)| (1..=12).contains(hour))?;
        return finished(hour, 30, end);
    }
    let mut run = here;
    if let Some(figures) = run.figures(false) {
        let mut dotted = run;
        if let Some(minute) = dotted.eat_joined(".").then(|| dotted.figures(true)).flatten().filter(|minute| minute.len() == 2) {
            return finished(figures.parse().ok()?, minute.parse().ok()?, dotted);
        }
        if let 3..=4 = figures.len() {
            let (hour, minute) = figures.split_at_checked(figures.len() - 2)?;
            let minute = minute.parse().ok().filter(|minute| minute % 5 == 0)?;
            return Some(run).filter(|end| !counts(*end)).and_then(|end| finished(hour.parse().ok()?, minute, end));
        }
    }
    let (hour, end) = hour(here).filter(|(hour, _)| (1..=24).contains(hour))?;
    let marked = end.peek().is_some_and(|next| matches!(next, "-" | ":" | "/" | "th" | "st" | "nd" | "rd" | "%"));
    if marked || counts(end) {
        return None;
    }
    finished(hour, 0, end)
}

/// Whether a noun follows that a number would count.
fn counts(end: Reader<'_>) -> bool {
    let next = end.peek().filter(|next| next.starts_with(char::is_alphabetic));
    next.is_some_and(|next| !(BEHIND_AN_HOUR.contains(&next) || dates::day_of_week(end).is_some()))
}

/// What stands behind an hour that counts nothing.
const BEHIND_AN_HOUR: [&str; 30] = [
    "or", "on", "tomorrow", "today", "please", "next", "this", "the", "for", "with", "if", "and", "my", "under", "then", "not", "would",
    "is", "works", "sharp", "ish", "thanks", "thank", "in", "at", "i", "so", "um", "uh", "exactly",
];

/// Whether nothing follows that an hour could count.
fn stops(end: Reader<'_>) -> bool {
    end.peek().is_none_or(|next| matches!(next, "." | "," | "?" | "!" | "or" | "on" | "tomorrow" | "today" | "please"))
}

/// "nine thirty", "seven oh five p.m.", "nine o'clock", "two p.m.".
fn words(here: Reader<'_>) -> Reading<'_, Time> {
    let (hour, after) = below_hundred(here).filter(|(hour, _)| *hour <= 24).or_else(|| zero(here))?;
    let mut end = after;
    if end.token().is_some_and(|token| token.text == "-") {
        return None;
    }
    let minute = if end.eat_any(&["oh", "o", "zero"]) {
        end.take(unit)
    } else {
        let minutes = below_hundred(end).filter(|(minutes, _)| (10..60).contains(minutes));
        minutes.map(|(minutes, after)| {
            end = after;
            minutes
        })
    };
    let Some(minute) = minute else { return seconds(hour, after).or_else(|| alone(here, hour, after)) };
    let goes_on = end.peek().is_some_and(|word| {
        matches!(word, "hundred" | "thousand" | "million" | "percent" | "dollars" | "pounds" | "euros" | "cents" | "point" | "oh" | "zero")
            || unit(word).is_some()
    });
    // "Twenty twenty-six" is a year unless somebody comes at that time.
    let year = hour >= 20 && here.previous() != Some("at") && half(end).0.is_none();
    if goes_on || year {
        return None;
    }
    finished(hour, minute, end)
}

/// "twelve and thirty seconds".
fn seconds(hour: u64, after: Reader<'_>) -> Reading<'_, Time> {
    let mut end = after;
    let (_, mut end) = end.eat("and").then(|| below_hundred(end)).flatten()?;
    end.eat_any(&["seconds", "second"]).then(|| finished(hour, 0, end)).flatten()
}

fn zero(here: Reader<'_>) -> Reading<'_, u64> {
    let mut end = here;
    end.eat("zero").then_some((0, end))
}
