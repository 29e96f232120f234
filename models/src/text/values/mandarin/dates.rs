//! Days: 二零二六年三月十四號, 三月十四號, 12/25, 明天, 下週二, 三天後.

use jiff::ToSpan as _;
use jiff::civil::Date;

use super::super::found::{next_in_calendar, next_in_month};
use super::chars::{Reader, Reading};
use super::numbers::{digit, whole};

pub(super) fn date(here: Reader<'_>, today: Date) -> Reading<'_, Date> {
    let date = |here| dated(here, today).or_else(|| figures(here, today));
    if let Some((day, end)) = weekday(here, today) {
        // 星期五，十二月二十五号: the date says more.
        let mut ahead = end;
        let _ = ahead.eat(",");
        ahead.spaces();
        return Some(date(ahead).unwrap_or((day, end)));
    }
    let (date, end) = relative(here, today).or_else(|| date(here))?;
    // 十二月二十五日星期五, 11/25（三）: the name of the day says nothing more.
    let mut ahead = end;
    ahead.spaces();
    let bracket = ahead.eat("(");
    let named = ahead.eat_any(&["星期", "礼拜", "周"]).is_some() || bracket;
    let named = named && ahead.take(day_of_week).is_some() && (!bracket || ahead.eat(")"));
    Some((date, if named { ahead } else { end }))
}

pub(super) fn small(here: Reader<'_>) -> Reading<'_, i8> {
    let mut end = here;
    match end.figures() {
        Some(figures) => figures.parse().ok().map(|value| (value, end)),
        None => whole(here).and_then(|(value, end)| Some((i8::try_from(value).ok()?, end))),
    }
}

/// 二零二六年, 2026年, 民国一百一十五年.
fn year(here: Reader<'_>) -> Reading<'_, i16> {
    let mut end = here;
    if end.eat("民国") {
        let (year, mut end) = match end.figures() {
            Some(figures) => (figures.parse().ok()?, end),
            None => whole(end).and_then(|(year, end)| Some((i16::try_from(year).ok()?, end)))?,
        };
        return end.eat("年").then_some((year.checked_add(1911)?, end));
    }
    let figures = end.figures().or_else(|| {
        let digits = std::iter::from_fn(|| end.take(digit).and_then(|digit| char::from_digit(u32::try_from(digit).ok()?, 10)));
        Some(digits.take(4).collect())
    })?;
    let year = figures.parse().ok().filter(|_| figures.len() == 4)?;
    end.eat("年").then_some((year, end))
}

/// A month and a day, with or without a year, or a day of the month alone.
fn dated(here: Reader<'_>, today: Date) -> Reading<'_, Date> {
    let (year, start) = match year(here) {
        Some((year, end)) => (Some(year), end),
        None => (None, here),
    };
    let Some((month, mut end)) = small(start).filter(|(_, end)| end.peek() == Some('月')) else {
        return if year.is_none() { of_month(here, today) } else { None };
    };
    end.at += 1;
    let (day, mut end) = small(end)?;
    let marked = end.eat_any(&["日", "号"]).is_some();
    if !marked && end.peek().is_some_and(char::is_alphanumeric) {
        return None;
    }
    let date = match year {
        Some(year) => Date::new(year, month, day).ok(),
        None => next_in_calendar(today, month, day),
    };
    date.map(|date| (date, end))
}

/// 十四号: the next one. A house or a telephone has a 号 too, and something before it or behind it.
fn of_month(here: Reader<'_>, today: Date) -> Reading<'_, Date> {
    let (day, mut end) = small(here)?;
    let before = here.previous().is_some_and(|c| c.is_ascii_alphanumeric() || "路街巷弄段道第之".contains(c));
    let behind = |end: Reader<'_>| end.peek().is_some_and(|c| "楼室房之线码门馆院机店厅".contains(c));
    if before || !end.eat("号") || behind(end) {
        return None;
    }
    next_in_month(today, day).map(|date| (date, end))
}

/// 今天, 明晚, 后天, 三天后, 两个星期以后.
fn relative(here: Reader<'_>, today: Date) -> Reading<'_, Date> {
    const DAYS: [(&str, i64); 9] =
        [("大后天", 3), ("大前天", -3), ("今天", 0), ("今日", 0), ("明天", 1), ("明日", 1), ("后天", 2), ("昨天", -1), ("前天", -2)];
    let mut end = here;
    if let Some(days) = end.choose(&DAYS) {
        return today.checked_add(days.days()).ok().map(|date| (date, end));
    }
    let mut near = here;
    if let Some(days) = near.choose(&[("今", 0), ("明", 1)]).filter(|_| near.peek().is_some_and(|c| c == '早' || c == '晚')) {
        return today.checked_add(i64::from(days).days()).ok().map(|date| (date, near));
    }
    if let Some(found) = of_a_month(here, today) {
        return Some(found);
    }
    let (count, mut end) = small(here)?;
    let months = end.eat("个月");
    if months && end.eat_any(&["以后", "之后", "后"]).is_some() {
        return today.checked_add(i64::from(count).months()).ok().map(|date| (date, end));
    }
    let _ = end.eat("个");
    let days = end.choose(&[("天", 1), ("星期", 7), ("礼拜", 7), ("周", 7)])?;
    end.eat_any(&["以后", "之后", "后"])?;
    today.checked_add((i64::from(count) * days).days()).ok().map(|date| (date, end))
}

/// 月底, 下个月底; 下个月三号, 这个月十五号.
fn of_a_month(here: Reader<'_>, today: Date) -> Reading<'_, Date> {
    let mut end = here;
    let named = end.choose(&[("下个月", 1_i64), ("下月", 1), ("这个月", 0), ("这月", 0), ("本月", 0)]);
    // 三月底 names its month, which is not this one.
    let unnamed =
        named.is_none() && !here.previous().is_some_and(|c| c.is_alphanumeric() && super::numbers::digit(c).is_some() || c == '十');
    let month = today.first_of_month().checked_add(named.unwrap_or_default().months()).ok()?;
    if (named.is_some() && end.eat("底")) || (unnamed && end.eat("月底")) {
        return Some((month.last_of_month(), end));
    }
    named?;
    let _ = end.eat("的");
    let (day, mut end) = small(end)?;
    end.eat_any(&["号", "日"])?;
    month.with().day(day).build().ok().map(|date| (date, end))
}

/// Days since Monday.
fn day_of_week(c: char) -> Option<i64> {
    "一二三四五六日天".chars().position(|known| known == c).and_then(|day| i64::try_from(day.min(6)).ok())
}

/// 星期二: the next one. 这周二, 下周二, 下下周二: of this week, of the next, of the one after, which begin on Monday.
fn weekday(here: Reader<'_>, today: Date) -> Reading<'_, Date> {
    let mut end = here;
    let weeks =
        end.choose(&[("下下个", 2_i64), ("下下", 2), ("下个", 1), ("下", 1), ("上个", -1), ("上", -1), ("这个", 0), ("这", 0), ("本", 0)]);
    end.eat_any(&["星期", "礼拜", "周"])?;
    let day = end.take(day_of_week)?;
    // 周一 in 周一天 counts nothing here, but 三周一次 does.
    if end.peek() == Some('次') {
        return None;
    }
    let since_monday = i64::from(today.weekday().to_monday_zero_offset());
    let ahead = match weeks {
        Some(weeks) => weeks * 7 + day - since_monday,
        None => (day - since_monday - 1).rem_euclid(7) + 1,
    };
    today.checked_add(ahead.days()).ok().map(|date| (date, end))
}

/// "2026-03-14", "2026/3/14", "3/14".
fn figures(here: Reader<'_>, today: Date) -> Reading<'_, Date> {
    if here.previous().is_some_and(|c| c.is_ascii_alphanumeric() || c == '/' || c == '-') {
        return None;
    }
    let mut end = here;
    let first = end.figures()?;
    let mark = end.eat_any(&["-", "/"])?;
    let second = end.figures()?;
    let mut longer = end;
    let third = longer.eat(mark).then(|| longer.figures()).flatten();
    match (first.len(), third) {
        (4, Some(day)) => Date::new(first.parse().ok()?, second.parse().ok()?, day.parse().ok()?).ok().map(|date| (date, longer)),
        (1..=2, None) if mark == "/" => next_in_calendar(today, first.parse().ok()?, second.parse().ok()?).map(|date| (date, end)),
        _ => None,
    }
}
