//! Hours of the days of a week, as a calendar's appointments have them.
//!
//! ```yaml
//! hours: {mon-fri: "09:00-12:00, 13:30-17:00", sat: "09:00-12:00"}
//! ```

use std::collections::BTreeMap;
use std::ops::Range;

use jiff::civil::{DateTime, Time, Weekday};

/// The days by their names, from Monday on.
const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
/// No day has more parts than this.
const MOST_PARTS: usize = 8;

/// By day, Monday first: from when to when, in order, without overlaps.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Week {
    days: [Vec<Range<Time>>; 7],
}

impl Week {
    /// The hours of a weekday.
    #[must_use]
    pub fn of(&self, day: Weekday) -> &[Range<Time>] {
        let place = usize::try_from(day.to_monday_zero_offset()).unwrap_or_default();
        self.days.get(place).map(Vec::as_slice).unwrap_or_default()
    }

    /// Whether a moment is within them.
    #[must_use]
    pub fn holds(&self, at: DateTime) -> bool {
        self.of(at.weekday()).iter().any(|hours| hours.contains(&at.time()))
    }

    /// As it is written: by days, their hours.
    ///
    /// # Errors
    /// Says what is wrong, and how it is written.
    pub fn read<'a>(written: impl IntoIterator<Item = (&'a str, &'a str)>) -> Result<Self, String> {
        let mut week = Self::default();
        for (days, hours) in written {
            let parts = parts(hours)?;
            for day in self::days(days)? {
                match week.days.get_mut(day) {
                    Some(there) if there.is_empty() => there.clone_from(&parts),
                    _ => {
                        return Err(format!(
                            "hours: {days}: that day is written twice: join its hours, as in \"09:00-12:00, 13:00-17:00\""
                        ));
                    }
                }
            }
        }
        if week.days.iter().all(Vec::is_empty) {
            return Err("hours: there are none; write them by day, as in {mon-fri: \"09:00-17:00\"}".into());
        }
        Ok(week)
    }

    /// The same of a mapping.
    ///
    /// # Errors
    /// As [`Self::read`].
    pub fn of_map(written: &BTreeMap<String, String>) -> Result<Self, String> {
        Self::read(written.iter().map(|(days, hours)| (days.as_str(), hours.as_str())))
    }
}

fn days(written: &str) -> Result<std::ops::RangeInclusive<usize>, String> {
    let day = |name: &str| DAYS.iter().position(|day| *day == name.trim());
    let (first, last) = written.split_once('-').unwrap_or((written, written));
    match (day(first), day(last)) {
        (Some(first), Some(last)) if first <= last => Ok(first..=last),
        _ => Err(format!("hours: {written:?}: write days as `mon`, or as `mon-fri`; the days are {}", DAYS.join(", "))),
    }
}

fn parts(written: &str) -> Result<Vec<Range<Time>>, String> {
    let wrong = || format!("hours: {written:?}: write from when to when in 24 hours, as in \"09:00-12:00, 13:30-17:00\", in order");
    let time = |text: &str| {
        let (hour, minute) = text.trim().split_once(':')?;
        Time::new(hour.parse().ok()?, minute.parse().ok()?, 0, 0).ok()
    };
    let mut parts: Vec<Range<Time>> = Vec::new();
    for part in written.split(',') {
        let ends = part.split_once('-').and_then(|(from, to)| time(from).zip(time(to)));
        let Some((from, to)) = ends.filter(|(from, to)| from < to) else { return Err(wrong()) };
        if parts.last().is_some_and(|last| last.end > from) || parts.len() >= MOST_PARTS {
            return Err(wrong());
        }
        parts.push(from..to);
    }
    Ok(parts)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use jiff::civil::time;

    use super::*;

    #[test]
    fn a_day_has_the_hours_that_were_written_for_it() {
        let week = Week::read([("mon-fri", "09:00-12:00, 13:30-17:00"), ("sat", "9:00-12:00")]).unwrap();
        assert_eq!(week.of(Weekday::Wednesday), [time(9, 0, 0, 0)..time(12, 0, 0, 0), time(13, 30, 0, 0)..time(17, 0, 0, 0)]);
        assert_eq!(week.of(Weekday::Saturday).len(), 1);
        assert!(week.of(Weekday::Sunday).is_empty());
    }

    #[test]
    fn what_is_wrong_is_told_with_how_it_is_written() {
        for (days, hours, told) in [
            ("monday", "09:00-17:00", "as `mon-fri`"),
            ("fri-mon", "09:00-17:00", "as `mon-fri`"),
            ("mon", "9-17", "in 24 hours"),
            ("mon", "17:00-09:00", "in 24 hours"),
            ("mon", "09:00-12:00, 11:00-17:00", "in order"),
        ] {
            let fault = Week::read([(days, hours)]).unwrap_err();
            assert!(fault.contains(told), "{fault}");
        }
        assert!(Week::read([("mon-fri", "09:00-17:00"), ("fri", "09:00-12:00")]).unwrap_err().contains("twice"));
        assert!(Week::read([]).unwrap_err().contains("none"));
    }
}
