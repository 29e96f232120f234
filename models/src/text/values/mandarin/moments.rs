//! When something is to be, where that is expected: 明天下午三點, 下週, 半小時後, 晚上.

use jiff::ToSpan as _;
use jiff::civil::Date;

use super::super::moments::{month, week};
use super::super::{FoundMoment, Moment, Time};
use super::chars::{Reader, Reading, chars, place};
use super::{dates, digits, money, numbers, times};

pub(in super::super) fn moments(text: &str, today: Date) -> Vec<FoundMoment> {
    let chars = chars(text);
    let mut out = Vec::new();
    let mut here = Reader { chars: &chars, at: 0 };
    while here.peek().is_some() {
        let Some((moment, end)) = moment(here, today) else {
            here.at += 1;
            continue;
        };
        let found = |(moment, bare)| Some(FoundMoment { moment, place: place(&chars, here.at, end.at)?, bare });
        out.extend(moment.and_then(found));
        here = end;
    }
    out
}

/// What is here, and whether it is a moment only because one is expected; nothing for a value of another kind, which is stepped over.
fn moment<'a>(here: Reader<'a>, today: Date) -> Reading<'a, Option<(Moment, bool)>> {
    let sure = |(moment, end)| (Some((moment, false)), end);
    let date = || dates::date(here, today).map(|(date, end)| (Moment::Day(date), end));
    let time = || times::time(here).or_else(|| times::noon(here)).map(|(time, end)| (Moment::Time(time), end));
    let part = || times::part(here).map(|(part, end)| (Moment::Part(part, None), end));
    let money = || money::sum(here).map(|(_, end)| (None, end));
    let run = || digits::run(here).map(|(_, end)| (None, end));
    let number = || numbers::number(here).map(|(_, end)| (None, end));
    let whole = ahead(here).or_else(date).or_else(time).or_else(|| stretch(here, today)).or_else(part).map(sure);
    whole.or_else(money).or_else(|| bare_hour(here).map(|(hour, end)| (Some((hour, true)), end))).or_else(run).or_else(number)
}

/// 半小时后, 两个钟头以后, 三十分钟后.
fn ahead(here: Reader<'_>) -> Reading<'_, Moment> {
    let mut end = here;
    let (minutes, mut end) = if end.choose(&[("半个小时", ()), ("半小时", ()), ("半个钟头", ())]).is_some() {
        (30, end)
    } else {
        let (count, mut end) = dates::small(here)?;
        let half = end.eat("个半");
        let _ = end.eat("个");
        let minutes = end.choose(&[("小时", 60), ("钟头", 60), ("分钟", 1)])?;
        (i64::from(count) * minutes + if half { minutes / 2 } else { 0 }, end)
    };
    end.eat_any(&["以后", "之后", "后"])?;
    Some((Moment::Ahead(u32::try_from(minutes).ok()?), end))
}

/// 下周, 这个礼拜, 这个周末, 下个月.
fn stretch(here: Reader<'_>, today: Date) -> Reading<'_, Moment> {
    let mut end = here;
    if end.eat("周末") {
        return weekend(today, 0, end);
    }
    let ahead = end.choose(&[("下下个", 2_i64), ("下下", 2), ("下个", 1), ("下", 1), ("这个", 0), ("这", 0), ("本", 0)])?;
    if end.eat("周末") {
        return weekend(today, ahead, end);
    }
    let (from, to) = if end.eat_any(&["星期", "礼拜", "周"]).is_some() {
        week(today, ahead)?
    } else if end.eat("月") {
        month(today, ahead)?
    } else {
        return None;
    };
    Some((Moment::Stretch(from.max(today), to), end))
}

fn weekend(today: Date, ahead: i64, end: Reader<'_>) -> Reading<'_, Moment> {
    let (_, sunday) = week(today, ahead)?;
    Some((Moment::Stretch(sunday.checked_sub(1.day()).ok()?.max(today), sunday), end))
}

/// 十, 10: an hour of a clock that stands by itself.
fn bare_hour(here: Reader<'_>) -> Reading<'_, Moment> {
    let (hour, end) = dates::small(here).filter(|(hour, _)| (1..=24).contains(hour))?;
    let apart = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric() && !"-:/.%".contains(c));
    let alone = apart(here.previous()) && apart(end.peek());
    let time = Time::told(u64::try_from(hour).ok()?, 0, None)?;
    alone.then_some((Moment::Time(time), end))
}
