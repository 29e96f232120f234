//! The hours of a week, as offices write them: by day, from when to when.
//!
//! ```yaml
//! mon-fri: "9:00-12:30, 13:30-17:30"
//! sat: 10:00-14:00
//! fri: 22:00-6:00        # until Saturday morning
//! ```

use std::collections::BTreeMap;

use jiff::civil::{Date, DateTime, Weekday};
use serde::Deserialize;

/// The days as they are written, from Monday on; each may be written out.
const DAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
/// A name of a day has no fewer letters than this.
const SHORTEST: usize = 3;
/// Every day.
const DAILY: &str = "daily";
/// No hours, where hours could be written.
const CLOSED: &str = "closed";
/// No day has more parts than this.
const MOST_PARTS: usize = 12;
/// The minutes of a day by the clock.
pub(crate) const DAY: u16 = 24 * 60;

/// From when to when, in minutes by the clock from midnight on. What ends after midnight belongs to the day on which it began.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Shift {
    pub(crate) from: u16,
    /// Above `from`, and no more than a day above it.
    pub(crate) to: u16,
}

/// By day, Monday first: shifts in order, none over another of the same day; nothing for a day that was not written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Week {
    days: [Option<Vec<Shift>>; 7],
}

/// Hours as they are written: one part or several.
#[derive(Clone, Debug, Deserialize, schemars::JsonSchema)]
#[serde(untagged)]
#[schemars(rename = "Shifts")]
pub(crate) enum RawShifts {
    /// `9:00-17:00`, or several with commas between them, or `closed`.
    One(String),
    /// The same as a list.
    More(Vec<String>),
}

impl Week {
    /// The shifts that begin on a weekday.
    pub(crate) fn of(&self, day: Weekday) -> &[Shift] {
        let place = usize::try_from(day.to_monday_zero_offset()).unwrap_or_default();
        self.days.get(place).and_then(Option::as_deref).unwrap_or_default()
    }

    /// Whether all of the time between two moments is within one shift.
    #[must_use]
    pub fn holds(&self, from: DateTime, to: DateTime) -> bool {
        let day = from.date();
        // What began the day before may go on.
        [Some(day), day.yesterday().ok()].into_iter().flatten().any(|day| {
            let (from, to) = (minutes(day, from), minutes(day, to));
            self.of(day.weekday())
                .iter()
                .any(|shift| i64::from(shift.from) <= from && from < i64::from(shift.to) && to <= i64::from(shift.to))
        })
    }

    /// The minute of the day at which the earliest shift begins, and that at which the latest ends, if none goes over midnight.
    pub(crate) fn extent(&self) -> Option<(u16, u16)> {
        let shifts = || self.days.iter().flatten().flatten();
        let (first, last) = (shifts().map(|shift| shift.from).min()?, shifts().map(|shift| shift.to).max()?);
        (last <= DAY).then_some((first, last))
    }

    /// The same with these days, as they are written, and their hours.
    ///
    /// # Errors
    /// Says what is wrong, and how it is written.
    pub(crate) fn with(mut self, days: &str, shifts: &RawShifts) -> Result<Self, String> {
        let parts = parts(shifts)?;
        for day in self::days(days)? {
            let Some(there) = self.days.get_mut(day) else { continue };
            if there.replace(parts.clone()).is_some() {
                let day = DAYS.get(day).copied().unwrap_or_default();
                return Err(format!("hours: {days}: {day} is written twice; join its hours, as in \"9:00-12:00, 13:00-17:00\""));
            }
        }
        Ok(self)
    }

    /// A week that is open at some time, as it is written: by days, their hours.
    ///
    /// # Errors
    /// Says what is wrong, and how it is written.
    pub fn read<'a>(written: impl IntoIterator<Item = (&'a str, &'a str)>) -> Result<Self, String> {
        let add = |week: Self, (days, hours): (&str, &str)| week.with(days, &RawShifts::One(hours.to_owned()));
        let week = written.into_iter().try_fold(Self::default(), add)?;
        if week.days.iter().flatten().all(Vec::is_empty) {
            return Err("hours: there are none; write them by day, as in {mon-fri: \"9:00-17:00\"}".into());
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

/// How many minutes of the clock lie between a day's midnight and a moment; what is no whole minute is rounded up.
fn minutes(day: Date, at: DateTime) -> i64 {
    let days = i64::from(day.until(at.date()).map(|span| span.get_days()).unwrap_or_default());
    let (hour, minute) = (i64::from(at.hour()), i64::from(at.minute()) + i64::from(at.second() > 0 || at.subsec_nanosecond() > 0));
    (days * 24 + hour) * 60 + minute
}

/// The places of the days that are named: `mon`, `mon-fri`, `fri-mon`, `mon, wed`, `daily`.
fn days(written: &str) -> Result<Vec<usize>, String> {
    let wrong = || format!("hours: {written:?}: write days as `mon`, `mon-fri`, `mon, wed` or `{DAILY}`");
    let day = |name: &str| {
        let name = name.trim().to_lowercase();
        DAYS.iter().position(|day| name.len() >= SHORTEST && day.starts_with(&name)).ok_or_else(wrong)
    };
    if written.trim().eq_ignore_ascii_case(DAILY) {
        return Ok((0..DAYS.len()).collect());
    }
    let mut all = Vec::new();
    for part in written.split(',') {
        let (first, last) = part.split_once('-').unwrap_or((part, part));
        let (first, last) = (day(first)?, day(last)?);
        let count = (last + DAYS.len() - first) % DAYS.len();
        all.extend((0..=count).map(|step| (first + step) % DAYS.len()));
    }
    Ok(all)
}

/// The shifts of a day, in order.
pub(crate) fn parts(written: &RawShifts) -> Result<Vec<Shift>, String> {
    let texts = match written {
        RawShifts::One(text) => std::slice::from_ref(text),
        RawShifts::More(texts) => texts,
    };
    if let [only] = texts
        && only.trim() == CLOSED
    {
        return Ok(Vec::new());
    }
    let mut shifts: Vec<Shift> = Vec::new();
    for part in texts.iter().flat_map(|text| text.split(',')) {
        let ends = part.split_once('-').and_then(|(from, to)| minute(from).zip(minute(to)));
        let Some((from, to)) = ends.filter(|(from, _)| *from < DAY) else {
            return Err(format!("hours: {part:?}: write from when to when in 24 hours, as in 9:00-17:00, or `{CLOSED}`"));
        };
        let to = if to > from { to } else { to + DAY };
        if shifts.last().is_some_and(|last| last.to > from) {
            return Err(format!("hours: {part:?} begins before the part in front of it ends; write the parts in order"));
        }
        if shifts.len() >= MOST_PARTS {
            return Err(format!("hours: more than {MOST_PARTS} parts in a day"));
        }
        shifts.push(Shift { from, to });
    }
    Ok(shifts)
}

/// `9:00` to `24:00`, in minutes.
fn minute(text: &str) -> Option<u16> {
    let (hour, minute) = text.trim().split_once(':')?;
    let figures =
        |text: &str| (text.len() <= 2 && text.bytes().all(|byte| byte.is_ascii_digit())).then(|| text.parse::<u16>().ok()).flatten();
    let (hour, minute) = (figures(hour)?, figures(minute)?);
    (minute < 60 && hour * 60 + minute <= DAY).then_some(hour * 60 + minute)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use jiff::civil::date;

    use super::*;

    #[test]
    fn a_day_has_the_hours_that_were_written_for_it() {
        let several = RawShifts::More(vec!["10:00-14:00".into()]);
        let week = Week::read([("mon-fri", "9:00-12:30, 13:30-17:30"), ("sun", "closed")]).unwrap().with("Saturday", &several).unwrap();
        let shifts = |day| week.of(day).iter().map(|shift| (shift.from, shift.to)).collect::<Vec<_>>();
        assert_eq!(shifts(Weekday::Wednesday), [(540, 750), (810, 1_050)]);
        assert_eq!(shifts(Weekday::Saturday), [(600, 840)]);
        assert!(week.of(Weekday::Sunday).is_empty());
        assert_eq!(week.extent(), Some((540, 1_050)));
    }

    #[test]
    fn hours_go_over_midnight_and_days_over_sunday() {
        let week = Week::read([("fri-mon", "22:00-6:00")]).unwrap();
        assert_eq!(week.of(Weekday::Sunday), [Shift { from: 1_320, to: 1_800 }]);
        assert!(week.of(Weekday::Tuesday).is_empty());
        assert_eq!(week.extent(), None);
    }

    #[test]
    fn a_time_is_within_hours_from_their_beginning_to_their_end() {
        let week = Week::read([("thu", "9:00-12:00, 22:00-6:00")]).unwrap();
        // A Thursday.
        let at = |day, hour, minute| date(2026, 11, day).at(hour, minute, 0, 0);
        assert!(week.holds(at(26, 9, 0), at(26, 12, 0)));
        assert!(week.holds(at(26, 23, 30), at(27, 0, 30)) && week.holds(at(27, 5, 0), at(27, 6, 0)));
        assert!(!week.holds(at(26, 8, 59), at(26, 9, 30)) && !week.holds(at(26, 11, 30), at(26, 12, 30)));
        assert!(!week.holds(at(26, 12, 0), at(26, 12, 0)) && !week.holds(at(27, 9, 0), at(27, 9, 30)));
    }

    #[test]
    fn what_is_wrong_is_told_with_how_it_is_written() {
        for (days, hours, told) in [
            ("freitag", "9:00-12:00", "`mon-fri`"),
            ("mon", "9-17", "in 24 hours"),
            ("mon", "25:00-26:00", "in 24 hours"),
            ("mon", "9:00-12:00, 11:00-17:00", "in order"),
            ("mon", "closed", "there are none"),
        ] {
            let fault = Week::read([(days, hours)]).unwrap_err();
            assert!(fault.contains(told), "{fault}");
        }
        let twice = Week::read([("mon-fri", "9:00-17:00"), ("wed", "9:00-12:00")]).unwrap_err();
        assert!(twice.contains("wednesday is written twice"), "{twice}");
        assert!(Week::read([]).unwrap_err().contains("none"));
    }

    proptest::proptest! {
        #[test]
        fn no_text_is_too_odd(days in "\\PC{0,20}|[a-z,-]{0,12}", hours in "\\PC{0,20}|[0-9:,-]{0,20}") {
            let _ = self::days(&days);
            if let Ok(shifts) = parts(&RawShifts::One(hours)) {
                proptest::prop_assert!(shifts.iter().all(|shift| shift.from < shift.to && shift.to <= shift.from + DAY));
            }
        }
    }
}
