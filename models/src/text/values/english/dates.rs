//! Days: "the fourteenth of March", "March 14th, 2026", "2026-03-14", "next Tuesday", "in three days".

use jiff::ToSpan as _;
use jiff::civil::{Date, Weekday};

use super::super::found::{next_in_calendar, next_in_month};
use super::numbers::{below_hundred, unit, whole};
use super::tokens::{Reader, Reading};

const MONTHS: [&str; 12] =
    ["january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december"];

pub(super) fn date(here: Reader<'_>, today: Date) -> Reading<'_, Date> {
    let whole = relative(here, today).or_else(|| counted_from(here, today)).or_else(|| ends_of_month(here, today));
    let whole = whole.or_else(|| dated(here, today)).or_else(|| of_next_month(here, today)).or_else(|| of_month(here, today));
    whole.or_else(|| weekday(here, today)).or_else(|| figures(here))
}

/// A day of a month where a day is expected: "the third", "3rd", "third" as the first word.
pub(super) fn bare_day(here: Reader<'_>, today: Date) -> Reading<'_, Date> {
    let mut start = here;
    let the = start.eat("the");
    let (day, end) = day(start, true)?;
    let alone = the || here.at == 0 || start.figures_here();
    let stops = end.peek().is_none_or(|next| !next.starts_with(char::is_alphabetic) || BEHIND_A_DAY.contains(&next));
    (alone && stops).then(|| next_in_month(today, day).map(|date| (date, end))).flatten()
}

/// What stands behind a day that is no noun which it counts.
const BEHIND_A_DAY: [&str; 14] =
    ["at", "or", "and", "please", "in", "would", "is", "works", "if", "not", "then", "around", "about", "thanks"];

fn month(here: Reader<'_>) -> Reading<'_, i8> {
    let mut end = here;
    let word = end.take(Some)?;
    let known =
        MONTHS.iter().position(|month| *month == word || (word.len() >= 3 && word != "mar" && word.len() <= 4 && month.starts_with(word)));
    let _ = word.len() < 5 && end.eat_joined(".");
    Some((i8::try_from(known? + 1).ok()?, end))
}

/// "fourteenth", "twenty-first", "14th"; "14" and "fourteen" too unless `strict`.
fn day(here: Reader<'_>, strict: bool) -> Reading<'_, i8> {
    const ORDINALS: [(&str, i8); 20] = [
        ("first", 1),
        ("second", 2),
        ("third", 3),
        ("fourth", 4),
        ("fifth", 5),
        ("sixth", 6),
        ("seventh", 7),
        ("eighth", 8),
        ("ninth", 9),
        ("tenth", 10),
        ("eleventh", 11),
        ("twelfth", 12),
        ("thirteenth", 13),
        ("fourteenth", 14),
        ("fifteenth", 15),
        ("sixteenth", 16),
        ("seventeenth", 17),
        ("eighteenth", 18),
        ("nineteenth", 19),
        ("twentieth", 20),
    ];
    let ordinal = |word: &str| ORDINALS.iter().find(|(known, _)| *known == word).map(|(_, day)| *day);
    let mut end = here;
    if let Some(day) = end.take(ordinal) {
        return Some((day, end));
    }
    if end.eat("thirtieth") {
        return Some((30, end));
    }
    let mut ahead = here;
    if let Some(tens) = ahead.take(|word| [("twenty", 20), ("thirty", 30)].into_iter().find(|(known, _)| *known == word).map(|(_, n)| n)) {
        ahead.eat_joined("-");
        if let Some(unit) = ahead.take(ordinal).filter(|unit| *unit < 10) {
            return Some((tens + unit, ahead));
        }
    }
    if let Some(figures) = end.figures(false) {
        let marked = ["st", "nd", "rd", "th"].iter().any(|suffix| end.eat_joined(suffix));
        return figures.parse().ok().filter(|day| (1..=31).contains(day) && (marked || !strict)).map(|day| (day, end));
    }
    let (day, end) = below_hundred(here).filter(|(day, _)| !strict && (1..=31).contains(day))?;
    Some((i8::try_from(day).ok()?, end))
}

/// "2026", "twenty twenty-six", "nineteen oh five", "two thousand and five".
fn year(here: Reader<'_>) -> Reading<'_, i16> {
    let mut end = here;
    let _ = end.eat(",");
    let start = end;
    let is_year = |year: i128| (1800..2200).contains(&year);
    if let Some(figures) = end.figures(false) {
        return figures.parse().ok().filter(|year: &i16| is_year(i128::from(*year)) && figures.len() == 4).map(|year| (year, end));
    }
    let (year, end) = in_halves(start).or_else(|| whole(start)).filter(|(year, _)| is_year(*year))?;
    Some((i16::try_from(year).ok()?, end))
}

/// "twenty twenty-six", "nineteen oh five".
pub(super) fn in_halves(here: Reader<'_>) -> Reading<'_, i128> {
    let (century, mut end) = below_hundred(here).filter(|(century, _)| (18..22).contains(century))?;
    let low = if end.eat_any(&["oh", "o"]) {
        let _ = end.eat_joined("-");
        end.take(unit)?
    } else {
        let (low, after) = below_hundred(end).filter(|(low, _)| *low >= 10)?;
        end = after;
        low
    };
    Some((i128::from(century * 100 + low), end))
}

/// Day and month in either order, with or without a year, perhaps behind the name of the day.
fn dated(here: Reader<'_>, today: Date) -> Reading<'_, Date> {
    let mut start = here;
    if let Some((_, after)) = day_of_week(here) {
        start = after;
        let _ = start.eat(",");
    }
    let (month, day, end) = month_first(start).or_else(|| day_first(start))?;
    if let Some((year, end)) = year(end) {
        return Date::new(year, month, day).ok().map(|date| (date, past_weekday(end)));
    }
    next_in_calendar(today, month, day).map(|date| (date, past_weekday(end)))
}

/// The name of the day behind a date tells nothing more.
fn past_weekday(here: Reader<'_>) -> Reader<'_> {
    let mut end = here;
    let _ = end.eat(",");
    let _ = end.eat("a");
    day_of_week(end).map_or(here, |(_, end)| end)
}

fn month_first(here: Reader<'_>) -> Option<(i8, i8, Reader<'_>)> {
    let (month, mut end) = month(here)?;
    // "May" and "march" are verbs before a plain number.
    let verb = matches!(here.peek(), Some("may" | "march"));
    let the = end.eat("the");
    let (day, end) = day(end, the || verb && end.token().is_some_and(|token| !token.text.starts_with(|c: char| c.is_ascii_digit())))?;
    Some((month, day, end))
}

fn day_first(here: Reader<'_>) -> Option<(i8, i8, Reader<'_>)> {
    let mut start = here;
    let the = start.eat("the");
    let (day, mut end) = day(start, the)?;
    let of = end.eat("of");
    let verb = matches!(end.peek(), Some("may" | "march"));
    let ordinal = self::day(start, true).is_some();
    let (month, end) = month(end).filter(|_| of || ordinal || !verb || start.figures_here())?;
    Some((month, day, end))
}

impl Reader<'_> {
    fn figures_here(mut self) -> bool {
        self.figures(false).is_some()
    }
}

/// "Monday the seventh", "on the fourteenth": the next day of that number.
fn of_month(here: Reader<'_>, today: Date) -> Reading<'_, Date> {
    let start = day_of_week(here).map(|(_, end)| end);
    let mut end = start.unwrap_or(here);
    let the = end.eat("the");
    let (day, end) = day(end, true).filter(|_| the)?;
    // "On the second floor" is no day.
    let stops =
        end.peek().is_none_or(|next| !next.starts_with(char::is_alphabetic) || matches!(next, "at" | "or" | "and" | "please" | "in"));
    if start.is_none() && !(here.previous() == Some("on") && stops) {
        return None;
    }
    next_in_month(today, day).map(|date| (date, end))
}

/// "the third of next month".
fn of_next_month(here: Reader<'_>, today: Date) -> Reading<'_, Date> {
    let mut start = here;
    let _ = start.eat("on");
    let _ = start.eat("the");
    let (day, mut end) = day(start, true)?;
    let _ = end.eat("of");
    let months = if end.eat_all(&["next", "month"]) {
        1
    } else if end.eat_all(&["this", "month"]) {
        0
    } else {
        return None;
    };
    let month = today.first_of_month().checked_add(months.months()).ok()?;
    month.with().day(day).build().ok().map(|date| (date, end))
}

/// "the end of the month", "the last day of next month".
fn ends_of_month(here: Reader<'_>, today: Date) -> Reading<'_, Date> {
    let mut end = here;
    let _ = end.eat("the");
    if !(end.eat_all(&["end", "of"]) || end.eat_all(&["last", "day", "of"])) {
        return None;
    }
    let months = if end.eat_all(&["next", "month"]) {
        1
    } else if end.eat_all(&["the", "month"]) || end.eat_all(&["this", "month"]) {
        0
    } else {
        return None;
    };
    let month = today.first_of_month().checked_add(months.months()).ok()?;
    Some((month.last_of_month(), end))
}

/// "Friday week", "a week on Friday", "two weeks from Friday", "a week from tomorrow", "the Friday after next".
fn counted_from(here: Reader<'_>, today: Date) -> Reading<'_, Date> {
    let mut after_next = here;
    let _ = after_next.eat("the");
    if let Some((day, mut end)) = day_of_week(after_next)
        && end.eat_all(&["after", "next"])
    {
        let next = today.nth_weekday(1, day).ok()?;
        return next.checked_add(7.days()).ok().map(|date| (date, end));
    }
    if let Some((day, mut end)) = day_of_week(here)
        && end.eat("week")
    {
        let next = today.nth_weekday(1, day).ok()?;
        return next.checked_add(7.days()).ok().map(|date| (date, end));
    }
    let mut end = here;
    let weeks = if end.eat_any(&["a", "one"]) {
        1
    } else {
        let (weeks, after) = counted(here)?;
        end = after;
        weeks
    };
    if !end.eat_any(&["week", "weeks"]) || !end.eat_any(&["on", "from", "after"]) {
        return None;
    }
    let (from, end) =
        day_of_week(end).and_then(|(day, end)| Some((today.nth_weekday(1, day).ok()?, end))).or_else(|| relative(end, today))?;
    from.checked_add((weeks * 7).days()).ok().map(|date| (date, end))
}

pub(super) fn day_of_week(here: Reader<'_>) -> Reading<'_, Weekday> {
    let mut end = here;
    let day = end.take(|word| {
        Some(match word {
            "monday" => Weekday::Monday,
            "tuesday" => Weekday::Tuesday,
            "wednesday" => Weekday::Wednesday,
            "thursday" => Weekday::Thursday,
            "friday" => Weekday::Friday,
            "saturday" => Weekday::Saturday,
            "sunday" => Weekday::Sunday,
            _ => return None,
        })
    })?;
    Some((day, end))
}

/// "Tuesday": the next one. "Next Tuesday" and "Tuesday next week": that of the week after this one. "Last Tuesday": the one before today.
fn weekday(here: Reader<'_>, today: Date) -> Reading<'_, Date> {
    let mut start = here;
    let next = start.eat("next");
    let last = !next && start.eat("last");
    let _ = !next && !last && start.eat_any(&["this", "coming"]);
    let (day, mut end) = day_of_week(start)?;
    let week = !next && !last && (end.eat_all(&["next", "week"]) || end.eat_all(&["of", "next", "week"]));
    let date = if next || week {
        let days = 7 - i64::from(today.weekday().to_monday_zero_offset()) + i64::from(day.to_monday_zero_offset());
        today.checked_add(days.days())
    } else if last {
        today.nth_weekday(-1, day)
    } else {
        today.nth_weekday(1, day)
    };
    date.ok().map(|date| (date, end))
}

/// "today", "the day after tomorrow", "in three days", "two weeks from today".
fn relative(here: Reader<'_>, today: Date) -> Reading<'_, Date> {
    const DAYS: [(&[&str], i64); 7] = [
        (&["the", "day", "after", "tomorrow"], 2),
        (&["day", "after", "tomorrow"], 2),
        (&["the", "day", "before", "yesterday"], -2),
        (&["day", "before", "yesterday"], -2),
        (&["today"], 0),
        (&["tomorrow"], 1),
        (&["yesterday"], -1),
    ];
    let mut end = here;
    if let Some((_, days)) = DAYS.iter().find(|(words, _)| end.eat_all(words)) {
        return today.checked_add(days.days()).ok().map(|date| (date, end));
    }
    let within = end.eat("in");
    let start = end;
    let couple = end.eat_all(&["a", "couple", "of"]);
    let (count, mut end) = if couple {
        (2, end)
    } else if end.eat_any(&["a", "one"]) {
        (1, end)
    } else {
        counted(start)?
    };
    let days = end.take(|word| match word {
        "day" | "days" => Some(1),
        "week" | "weeks" => Some(7),
        "fortnight" => Some(14),
        "month" | "months" => Some(0),
        _ => None,
    })?;
    let from = end.eat_all(&["from", "today"]) || end.eat_all(&["from", "now"]);
    if !within && !from {
        return None;
    }
    if days == 0 {
        return today.checked_add(count.months()).ok().map(|date| (date, end));
    }
    today.checked_add((count * days).days()).ok().map(|date| (date, end))
}

pub(super) fn counted(here: Reader<'_>) -> Reading<'_, i64> {
    let mut end = here;
    if let Some(figures) = end.figures(false) {
        return figures.parse().ok().filter(|count| *count < 1000).map(|count| (count, end));
    }
    below_hundred(here).and_then(|(count, end)| Some((i64::try_from(count).ok()?, end)))
}

/// "2026-03-14", "3/14/2026".
fn figures(here: Reader<'_>) -> Reading<'_, Date> {
    let mut end = here;
    let first = end.figures(false)?;
    let mark = ["-", "/"].into_iter().find(|mark| end.eat_joined(mark))?;
    let second = end.figures(true)?;
    let third = end.eat_joined(mark).then(|| end.figures(true)).flatten()?;
    let (year, month, day) = match (first.len(), third.len(), mark) {
        (4, 1..=2, _) => (first, second, third),
        (1..=2, 4, "/") if first.parse::<u8>().ok()? > 12 => (third, second, first),
        (1..=2, 4, "/") => (third, first, second),
        _ => return None,
    };
    Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok().map(|date| (date, end))
}
