//! Times of day and dates.

use super::super::chars::is_word;
use super::super::numbers::{cardinal, ordinal};
use super::cursor::{Cursor, Said};

const MONTHS: [&str; 12] =
    ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];

/// "9:30", "7:05 p.m.", "12:00:30": "nine thirty", "seven oh five P.M.", "twelve and thirty seconds".
pub(super) fn time(at: Cursor<'_>) -> Said<'_> {
    let mut clock = at;
    if !clock.is_boundary() {
        return None;
    }
    let hour = clock.digits(1, 2)?;
    if !clock.eat(':') {
        return None;
    }
    let minute = clock.digits(2, 2)?;
    let mut longer = clock;
    let second = if longer.eat(':') { longer.digits(2, 2) } else { None };
    let (second, half, end) = second
        .and_then(|s| half_of_day(longer).map(|(half, end)| (Some(s), half, end)))
        .or_else(|| half_of_day(clock).map(|(half, end)| (None, half, end)))?;
    Some((said_time(&hour, &minute, second.as_deref(), half, end).unwrap_or_else(|| at.until(end)), end))
}

/// "am", " p.m." or nothing, not run into further letters or digits.
fn half_of_day(at: Cursor<'_>) -> Option<(Option<char>, Cursor<'_>)> {
    let not_digit = |c: Cursor<'_>| c.not_before(|c| c.is_ascii_digit());
    let mut ahead = at;
    ahead.eat_space();
    if let Some(half) = ahead.one(|c| matches!(c, 'A' | 'a' | 'P' | 'p')) {
        ahead.eat('.');
        if ahead.one(|c| matches!(c, 'M' | 'm')).is_some() {
            let mut dotted = ahead;
            let ends = if dotted.eat('.') { [Some(dotted), Some(ahead)] } else { [Some(ahead), None] };
            let ended = ends.into_iter().flatten().find(|e| e.not_before(|c| c.is_ascii_alphabetic()) && not_digit(*e));
            if let Some(end) = ended {
                return Some((Some(half.to_ascii_uppercase()), end));
            }
        }
    }
    not_digit(at).then_some((None, at))
}

fn said_time(hour: &str, minute: &str, second: Option<&str>, half: Option<char>, end: Cursor<'_>) -> Option<String> {
    let (hour, minute): (u128, u128) = (hour.parse().ok()?, minute.parse().ok()?);
    let second: Option<u128> = second.and_then(|s| s.parse().ok());
    if hour > 24 || minute > 59 || second.is_some_and(|s| s > 59) {
        return None;
    }
    let mut said = cardinal(hour);
    said += &match minute {
        0 if half.is_some() || second.is_some() => String::new(),
        0 => " o'clock".to_owned(),
        1..10 => format!(" oh {}", cardinal(minute)),
        _ => format!(" {}", cardinal(minute)),
    };
    if let Some(second) = second {
        said += &format!(" and {} second{}", cardinal(second), if second == 1 { "" } else { "s" });
    }
    if let Some(half) = half {
        // With a period between them, the lexicon spells the letters.
        said += &format!(" {half}.M{}", if end.next() == Some('.') { "" } else { "." });
    }
    Some(said)
}

/// "2019-10-12": "October twelfth, 2019".
pub(super) fn iso_date(at: Cursor<'_>) -> Said<'_> {
    let mut end = at;
    if !end.is_boundary() {
        return None;
    }
    let year = end.digits(4, 4)?;
    let month = end.eat('-').then(|| end.digits(2, 2))??;
    let day = end.eat('-').then(|| end.digits(2, 2))??;
    if !end.is_boundary() {
        return None;
    }
    Some((date(Some(&year), &month, &day).unwrap_or_else(|| at.until(end)), end))
}

/// "10/12/2019": "October twelfth, 2019"; the day first if it can be no month.
pub(super) fn slashed_date(at: Cursor<'_>) -> Said<'_> {
    let mut end = at;
    if !end.is_boundary() {
        return None;
    }
    let first = end.digits(1, 2)?;
    let second = end.eat('/').then(|| end.digits(1, 2))??;
    let year = end.eat('/').then(|| end.digits(2, 4))??;
    if year.len() == 3 || !end.is_boundary() {
        return None;
    }
    let year = match year.parse::<u32>() {
        Ok(short) if year.len() == 2 => format!("{}{year}", if short > 30 { "19" } else { "20" }),
        _ => year,
    };
    let (month, day) = if first.parse::<u32>().ok()? <= 12 { (&first, &second) } else { (&second, &first) };
    Some((date(Some(&year), month, day).unwrap_or_else(|| at.until(end)), end))
}

/// "October twelfth, 2019", if there are such a month and day.
pub(super) fn date(year: Option<&str>, month: &str, day: &str) -> Option<String> {
    let name = MONTHS.get(month.parse::<usize>().ok()?.checked_sub(1)?)?;
    let day = ordinal(day_of_month(day)?);
    Some(year.map_or_else(|| format!("{name} {day}"), |year| format!("{name} {day}, {year}")))
}

fn day_of_month(day: &str) -> Option<u128> {
    day.parse().ok().filter(|d| (1..=31).contains(d))
}

/// A month's name or its first letters, longest first, and the month.
fn month(at: Cursor<'_>) -> impl Iterator<Item = (&'static str, Cursor<'_>)> {
    let full = MONTHS.iter().filter(|m| m.len() > 4).map(|m| (*m, *m));
    let four = [("Sept", "September"), ("June", "June"), ("July", "July")];
    let short = MONTHS.iter().map(|m| (&m[..3], *m));
    full.chain(four).chain(short).filter_map(move |(written, name)| {
        let mut end = at;
        end.eat_all(written).then_some((name, end))
    })
}

/// "Jan. 5th, 2020": "January fifth, 2020".
pub(super) fn month_day(at: Cursor<'_>) -> Said<'_> {
    if !at.is_boundary() {
        return None;
    }
    month(at).find_map(|(name, mut end)| {
        end.eat('.');
        let day = end.eat(' ').then(|| end.digits(1, 2))??;
        let _ = ["st", "nd", "rd", "th"].iter().any(|suffix| end.eat_all(suffix));
        if !end.is_boundary() || !end.not_before(|c| c.is_ascii_digit() || matches!(c, ':' | '%')) {
            return None;
        }
        let dated = end;
        if let Some(after) = year_after(end) {
            end = after;
        }
        let said = day_of_month(&day).map(|d| format!("{name} {}{}", ordinal(d), dated.until(end)));
        Some((said.unwrap_or_else(|| at.until(end)), end))
    })
}

fn year_after(mut at: Cursor<'_>) -> Option<Cursor<'_>> {
    at.eat(',');
    at.eat(' ').then(|| at.digits(4, 4))??;
    at.is_boundary().then_some(at)
}

/// "12 October", "the 3rd of" excepted: "the twelfth of October".
pub(super) fn day_month(at: Cursor<'_>) -> Said<'_> {
    if !at.is_boundary() {
        return None;
    }
    let mut end = at;
    end.eat_all("the ");
    let day = end.digits(1, 2)?;
    if !end.eat(' ') {
        return None;
    }
    end.eat_all("of ");
    let (name, mut end) = month(end).find(|(_, end)| end.not_before(is_word))?;
    end.eat('.');
    Some((day_of_month(&day).map_or_else(|| at.until(end), |d| format!("the {} of {name}", ordinal(d))), end))
}
