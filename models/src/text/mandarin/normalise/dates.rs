//! Dates: the year digit by digit, month and day as numbers.

use super::super::numbers::{One, cardinal, digits};
use super::{Cursor, Said, joined};

fn in_range(figures: &str, most: u64) -> Option<u64> {
    figures.parse().ok().filter(|n| (1..=most).contains(n))
}

/// "2026-11-25", "2026/11/25", "2026.11.25", "2026/11".
pub(super) fn full(at: Cursor<'_>) -> Said<'_> {
    if !at.not_after(joined) {
        return None;
    }
    let mut end = at;
    let year = end.digits(4, 4).filter(|year| year.starts_with("19") || year.starts_with("20"))?;
    let mark = end.one(|c| matches!(c, '-' | '/' | '.'))?;
    let month = in_range(&end.digits(1, 2)?, 12)?;
    let mut longer = end;
    let day = longer.eat(mark).then(|| longer.digits(1, 2)).flatten().and_then(|day| in_range(&day, 31));
    let said = format!("{}年{}月", digits(&year, One::Yi), cardinal(month));
    match day {
        Some(day) if longer.not_before(goes_on) => Some((format!("{said}{}日", cardinal(day)), longer)),
        None if mark == '/' && end.not_before(goes_on) => Some((said, end)),
        _ => None,
    }
}

fn goes_on(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '/' | '%')
}

/// "2026年": digit by digit. A shorter year, as in "民国115年", is a number like any other.
pub(super) fn year(at: Cursor<'_>) -> Said<'_> {
    if !at.not_after(joined) {
        return None;
    }
    let mut end = at;
    let year = end.digits(4, 4)?;
    (!end.not_before(|c| c == '年')).then(|| (digits(&year, One::Yi), end))
}

/// "11/25": what is no fraction and can be a date.
pub(super) fn month_day(at: Cursor<'_>) -> Said<'_> {
    if !at.not_after(joined) {
        return None;
    }
    let mut end = at;
    let month = in_range(&end.digits(1, 2)?, 12)?;
    let day = end.eat('/').then(|| end.digits(1, 2)).flatten().and_then(|day| in_range(&day, 31))?;
    end.not_before(goes_on).then(|| (format!("{}月{}日", cardinal(month), cardinal(day)), end))
}
