//! When something is to be, where that is expected: "the third at ten", "tomorrow morning", "next week", "in half an hour".

use jiff::ToSpan as _;
use jiff::civil::Date;

use super::super::moments::{month, week};
use super::super::{DayPart, FoundMoment, Moment};
use super::tokens::{Reader, Reading, tokens};
use super::{LONG, dates, digits, money, numbers, times};

pub(in super::super) fn moments(text: &str, today: Date) -> Vec<FoundMoment> {
    let tokens = tokens(text);
    let mut out = Vec::new();
    let mut here = Reader { tokens: &tokens, at: 0 };
    while let Some(first) = here.token() {
        let Some((moment, end)) = moment(here, today).filter(|(_, end)| end.at > here.at) else {
            here.at += 1;
            continue;
        };
        let last = tokens.get(end.at - 1).unwrap_or(first);
        out.extend(moment.map(|(moment, bare)| FoundMoment { moment, place: first.place.start..last.place.end, bare }));
        here = end;
    }
    out
}

/// What is here, and whether it is a moment only because one is expected; nothing for a value of another kind, which is stepped over.
fn moment<'a>(here: Reader<'a>, today: Date) -> Reading<'a, Option<(Moment, bool)>> {
    let sure = |(moment, end)| (Some((moment, false)), end);
    let date = || dates::date(here, today).map(|(date, end)| (Moment::Day(date), end));
    let time = || times::time(here).map(|(time, end)| (Moment::Time(time), end));
    let other = |end| (None, end);
    let long = || digits::run(here).filter(|(run, _)| run.len() >= LONG).map(|(_, end)| other(end));
    let money = || money::sum(here).map(|(_, end)| other(end));
    let number = || numbers::number(here).map(|(_, end)| other(end));
    let bare_day = || dates::bare_day(here, today).map(|(date, end)| (Some((Moment::Day(date), true)), end));
    let bare_time = || times::bare(here).map(|(time, end)| (Some((Moment::Time(time), true)), end));
    ahead(here)
        .or_else(|| stretch_of_weekend(here, today))
        .or_else(date)
        .map(sure)
        .or_else(long)
        .or_else(|| time().map(sure))
        .or_else(money)
        .or_else(|| part(here, today).or_else(|| stretch(here, today)).map(sure))
        .or_else(bare_day)
        .or_else(bare_time)
        .or_else(number)
}

/// "in two hours", "half an hour from now".
fn ahead(here: Reader<'_>) -> Reading<'_, Moment> {
    let mut end = here;
    let within = end.eat("in");
    let (minutes, mut end) = if end.eat_all(&["half", "an", "hour"]) {
        (30, end)
    } else if end.eat_all(&["a", "quarter", "of", "an", "hour"]) {
        (15, end)
    } else {
        let (count, mut end) = if end.eat_any(&["an", "one", "a"]) { (1, end) } else { dates::counted(end)? };
        let minutes = end.take(|word| match word {
            "minute" | "minutes" => Some(1),
            "hour" | "hours" => Some(60),
            _ => None,
        })?;
        let half = end.eat_all(&["and", "a", "half"]) && minutes == 60;
        (count * minutes + if half { 30 } else { 0 }, end)
    };
    let from_now = end.eat_all(&["from", "now"]);
    (within || from_now).then(|| Some((Moment::Ahead(u32::try_from(minutes).ok()?), end))).flatten()
}

/// "in the afternoon", "this evening", "tonight", "morning".
fn part(here: Reader<'_>, today: Date) -> Reading<'_, Moment> {
    let mut end = here;
    if end.eat("tonight") {
        return Some((Moment::Part(DayPart::Evening, Some(today)), end));
    }
    let this = end.eat("this");
    let _ = !this && (end.eat_all(&["in", "the"]) || end.eat("at") || end.eat("the"));
    let _ = end.eat_any(&["early", "late"]);
    let part = end.take(|word| {
        Some(match word {
            "morning" | "mornings" => DayPart::Morning,
            "afternoon" | "afternoons" => DayPart::Afternoon,
            "evening" | "evenings" => DayPart::Evening,
            "night" => DayPart::Night,
            _ => return None,
        })
    })?;
    // "Good morning" says nothing of when.
    if here.previous() == Some("good") {
        return None;
    }
    Some((Moment::Part(part, this.then_some(today)), end))
}

/// "next week", "sometime this month".
fn stretch(here: Reader<'_>, today: Date) -> Reading<'_, Moment> {
    let mut end = here;
    let ahead = if end.eat("next") {
        1
    } else if end.eat_any(&["this", "later"]) {
        let _ = end.eat("this");
        0
    } else {
        return None;
    };
    let (from, to) = if end.eat("week") {
        week(today, ahead)?
    } else if end.eat("month") {
        month(today, ahead)?
    } else {
        return None;
    };
    Some((Moment::Stretch(from.max(today), to), end))
}

/// "at the weekend", "next weekend".
fn stretch_of_weekend(here: Reader<'_>, today: Date) -> Reading<'_, Moment> {
    let mut end = here;
    let next = end.eat("next");
    let _ = !next && end.eat_any(&["this", "the"]);
    if !end.eat("weekend") {
        return None;
    }
    let (_, sunday) = week(today, i64::from(next))?;
    Some((Moment::Stretch(sunday.checked_sub(1.day()).ok()?.max(today), sunday), end))
}
