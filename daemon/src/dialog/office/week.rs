//! The hours of a week: by day, from when to when.
//!
//! ```yaml
//! mon-fri: "9:00-12:30, 13:30-17:30"
//! sat: 10:00-14:00
//! fri: 22:00-6:00        # until Saturday morning
//! ```

use std::collections::BTreeMap;

use jiff::civil::Weekday;
use serde::Deserialize;
use serde_saphyr::Spanned;

use super::Fault;
use crate::dialog::scenario::line_of;

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
const DAY: u16 = 24 * 60;

/// From when to when, in minutes by the clock from midnight on. What ends after midnight belongs to the day on which it began.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Shift {
    pub(super) from: u16,
    /// Above `from`, and no more than a day above it.
    pub(super) to: u16,
}

/// By day, Monday first: shifts in order, none over another of the same day.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Week {
    days: [Vec<Shift>; 7],
}

/// Hours as they are written: one part or several.
#[derive(Clone, Debug, Deserialize, schemars::JsonSchema)]
#[serde(untagged)]
#[schemars(rename = "Shifts")]
pub(in crate::dialog) enum RawShifts {
    /// `9:00-17:00`, or several with commas between them, or `closed`.
    One(String),
    /// The same as a list.
    More(Vec<String>),
}

/// A week as it is written: `mon-fri: 9:00-17:00`.
pub(in crate::dialog) type RawWeek = BTreeMap<String, Spanned<RawShifts>>;

impl Week {
    /// The shifts that begin on a weekday.
    pub(super) fn of(&self, day: Weekday) -> &[Shift] {
        let place = usize::try_from(day.to_monday_zero_offset()).unwrap_or_default();
        self.days.get(place).map(Vec::as_slice).unwrap_or_default()
    }

    /// The minute of the day at which the earliest shift begins, and that at which the latest ends, if none goes over midnight.
    pub(super) fn extent(&self) -> Option<(u16, u16)> {
        let shifts = || self.days.iter().flatten();
        let (first, last) = (shifts().map(|shift| shift.from).min()?, shifts().map(|shift| shift.to).max()?);
        (last <= DAY).then_some((first, last))
    }

    /// # Errors
    /// The line, what is wrong, and how it is written.
    pub(super) fn read(written: &RawWeek) -> Result<Self, Fault> {
        let mut week = Self::default();
        let mut written_before = [false; 7];
        for (days, shifts) in written {
            let fault = |what: String| Fault { line: line_of(shifts), what };
            let parts = parts(&shifts.value).map_err(&fault)?;
            for day in self::days(days).map_err(&fault)? {
                let (Some(there), Some(before)) = (week.days.get_mut(day), written_before.get_mut(day)) else { continue };
                if std::mem::replace(before, true) {
                    let day = DAYS.get(day).copied().unwrap_or_default();
                    return Err(fault(format!("hours: {days}: {day} is written twice; join its hours, as in \"9:00-12:00, 13:00-17:00\"")));
                }
                there.clone_from(&parts);
            }
        }
        Ok(week)
    }
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
pub(super) fn parts(written: &RawShifts) -> Result<Vec<Shift>, String> {
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
    use super::*;

    fn week(yaml: &str) -> Result<Week, Fault> {
        Week::read(&serde_saphyr::from_str(yaml).unwrap())
    }

    #[test]
    fn a_day_has_the_hours_that_were_written_for_it() {
        let week = week("mon-fri: \"9:00-12:30, 13:30-17:30\"\nSaturday: [10:00-14:00]\nsun: closed\n").unwrap();
        let shifts = |day| week.of(day).iter().map(|shift| (shift.from, shift.to)).collect::<Vec<_>>();
        assert_eq!(shifts(Weekday::Wednesday), [(540, 750), (810, 1_050)]);
        assert_eq!(shifts(Weekday::Saturday), [(600, 840)]);
        assert!(week.of(Weekday::Sunday).is_empty());
        assert_eq!(week.extent(), Some((540, 1_050)));
    }

    #[test]
    fn hours_go_over_midnight_and_days_over_sunday() {
        let week = week("fri-mon: 22:00-6:00\n").unwrap();
        assert_eq!(week.of(Weekday::Sunday), [Shift { from: 1_320, to: 1_800 }]);
        assert!(week.of(Weekday::Tuesday).is_empty());
        assert_eq!(week.extent(), None);
    }

    #[test]
    fn what_is_wrong_is_told_with_its_line_and_how_it_is_written() {
        for (yaml, at, told) in [
            ("mon-fri: 9:00-17:00\nfreitag: 9:00-12:00\n", 2, "`mon-fri`"),
            ("mon: 9-17\n", 1, "in 24 hours"),
            ("mon: 25:00-26:00\n", 1, "in 24 hours"),
            ("mon: \"9:00-12:00, 11:00-17:00\"\n", 1, "in order"),
            ("mon-fri: 9:00-17:00\nwed: 9:00-12:00\n", 2, "wednesday is written twice"),
        ] {
            let fault = week(yaml).unwrap_err();
            assert_eq!(fault.line, Some(at), "{yaml}");
            assert!(fault.what.contains(told), "{fault:?}");
        }
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
