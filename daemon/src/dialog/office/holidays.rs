//! Days that are otherwise than their weekday says: closed, or open at other hours.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::Deserialize;
use serde_saphyr::Spanned;
use switchhook_models::Locale;

use super::{Fault, names};
use crate::dialog::scenario::line_of;
use crate::week::{RawShifts, Shift, parts};

/// No office has more.
const MOST: usize = 1_000;

/// A holiday as it is written.
#[derive(Clone, Debug, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Holiday")]
pub(in crate::dialog) struct RawHoliday {
    /// The day: `2026-12-25`, `12-25` for every year, or `2027-02-05 to 2027-02-10`.
    #[schemars(with = "String")]
    date: Spanned<String>,
    /// How it is called, by language: `{en: Christmas, zh-TW: 聖誕節}`.
    #[serde(default)]
    name: BTreeMap<String, String>,
    /// When the office is open all the same. Without it, it is closed all day.
    hours: Option<RawShifts>,
}

/// Which days.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Days {
    /// From one to the other, both included.
    Between(Date, Date),
    /// Every year.
    Yearly { month: i8, day: i8 },
}

/// One of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Holiday {
    days: Days,
    /// How it is called, if the scenario says.
    pub(super) name: Option<String>,
    pub(super) shifts: Vec<Shift>,
}

/// All of an office's.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Holidays(Vec<Holiday>);

impl Holidays {
    /// The holiday that a day is; of several the one that was written last.
    pub(super) fn on(&self, date: Date) -> Option<&Holiday> {
        let is = |days: Days| match days {
            Days::Between(first, last) => first <= date && date <= last,
            Days::Yearly { month, day } => (date.month(), date.day()) == (month, day),
        };
        self.0.iter().rev().find(|holiday| is(holiday.days))
    }

    /// # Errors
    /// The line, what is wrong, and how it is written.
    pub(super) fn read(written: &[RawHoliday], locale: Locale) -> Result<Self, Fault> {
        let one = |RawHoliday { date, name, hours }: &RawHoliday| {
            let fault = |what| Fault { line: line_of(date), what };
            let days = days(&date.value).map_err(&fault)?;
            let shifts = hours.as_ref().map(parts).transpose().map_err(&fault)?.unwrap_or_default();
            let called = name.iter().map(|(tag, name)| (tag.clone(), vec![name.clone()])).collect();
            let name = names(&called, locale).map_err(&fault)?.into_iter().next();
            Ok(Holiday { days, name, shifts })
        };
        match written.get(MOST) {
            Some(one_more) => {
                Err(Fault { line: line_of(&one_more.date), what: format!("holidays: more than {MOST}; take out those that are past") })
            }
            None => written.iter().map(one).collect::<Result<_, _>>().map(Self),
        }
    }
}

fn days(written: &str) -> Result<Days, String> {
    let wrong = || format!("holidays: {written:?}: write a day as 2026-12-25, as 12-25 for every year, or as 2027-02-05 to 2027-02-10");
    if let Some((first, last)) = written.split_once(" to ") {
        let date = |text: &str| text.trim().parse::<Date>().map_err(|_| wrong());
        let (first, last) = (date(first)?, date(last)?);
        return if first <= last { Ok(Days::Between(first, last)) } else { Err(wrong()) };
    }
    if let Ok(date) = written.trim().parse::<Date>() {
        return Ok(Days::Between(date, date));
    }
    let (month, day) = written.trim().split_once('-').ok_or_else(wrong)?;
    let (month, day) = month.parse().ok().zip(day.parse().ok()).ok_or_else(wrong)?;
    // A leap year has every day that there is.
    Date::new(2024, month, day).map(|_| Days::Yearly { month, day }).map_err(|_| wrong())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use jiff::civil::date;

    use super::*;

    fn read(yaml: &str, locale: Locale) -> Result<Holidays, Fault> {
        Holidays::read(&serde_saphyr::from_str::<Vec<RawHoliday>>(yaml).unwrap(), locale)
    }

    #[test]
    fn a_day_is_a_holiday_once_every_year_or_within_a_stretch() {
        let all =
            read("- {date: 2026-12-31, hours: 9:00-12:00}\n- {date: 12-25}\n- {date: 2027-02-05 to 2027-02-10}\n", Locale::En).unwrap();
        assert_eq!(all.on(date(2026, 12, 31)).unwrap().shifts, [Shift { from: 540, to: 720 }]);
        assert!(all.on(date(2027, 12, 31)).is_none());
        assert!(all.on(date(2031, 12, 25)).is_some_and(|holiday| holiday.shifts.is_empty()));
        assert!(all.on(date(2027, 2, 5)).is_some() && all.on(date(2027, 2, 10)).is_some() && all.on(date(2027, 2, 11)).is_none());
    }

    #[test]
    fn a_holiday_is_called_as_the_language_calls_it() {
        let name = |locale| {
            let all = read("- {date: 2027-02-06, name: {en: New Year, zh-TW: 農曆新年}}\n", locale).unwrap();
            all.on(date(2027, 2, 6)).unwrap().name.clone()
        };
        assert_eq!(name(Locale::En).as_deref(), Some("New Year"));
        assert_eq!(name(Locale::ZhTw).as_deref(), Some("農曆新年"));
        assert_eq!(name(Locale::ZhCn).as_deref(), Some("农历新年"));
    }

    #[test]
    fn what_is_no_day_is_told_with_its_line() {
        for yaml in [
            "- {date: 12-25}\n- {date: Christmas}\n",
            "- {date: 12-25}\n- {date: 02-30}\n",
            "- {date: 12-25}\n- {date: 2027-02-10 to 2027-02-05}\n",
        ] {
            let fault = read(yaml, Locale::En).unwrap_err();
            assert_eq!(fault.line, Some(2));
            assert!(fault.what.contains("for every year"), "{fault:?}");
        }
    }
}
