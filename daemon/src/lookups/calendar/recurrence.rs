//! When something recurs (RFC 5545, section 3.3.10): the rules that people make by hand. A rule of which a part is not understood is *vague*: it recurs on
//! every day, so that nobody is booked into it.

use jiff::ToSpan as _;
use jiff::civil::{Date, DateTime, Weekday};

/// No rule is followed further than so many periods.
const MOST_PERIODS: usize = 50_000;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Every {
    Day,
    Week,
    Month,
    Year,
}

/// A rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Rule {
    every: Every,
    interval: i32,
    count: Option<usize>,
    until: Option<DateTime>,
    /// Weekdays, the how manieth of the month or year each, if that is said.
    days: Vec<(Option<i8>, Weekday)>,
    month_days: Vec<i8>,
    months: Vec<i8>,
    places: Vec<i16>,
    week_begins: Weekday,
    vague: bool,
}

impl Rule {
    /// As it is written. What cannot be read is vague.
    pub(super) fn read(value: &str) -> Self {
        let mut rule = Self {
            every: Every::Day,
            interval: 1,
            count: None,
            until: None,
            days: Vec::new(),
            month_days: Vec::new(),
            months: Vec::new(),
            places: Vec::new(),
            week_begins: Weekday::Monday,
            vague: false,
        };
        let understood =
            value.trim().split(';').filter(|part| !part.is_empty()).all(|part| {
                part.split_once('=').is_some_and(|(name, value)| rule.take(&name.to_uppercase(), &value.to_uppercase()).is_some())
            });
        let numbered_days = rule.days.iter().any(|(place, _)| place.is_some());
        // In a year without months, weekdays are those of all its weeks: nobody writes that.
        let odd = (rule.every == Every::Year && rule.months.is_empty() && !rule.days.is_empty())
            || (numbered_days && matches!(rule.every, Every::Day | Every::Week))
            || (!rule.places.is_empty() && matches!(rule.every, Every::Day | Every::Week));
        if !understood || odd || !value.to_uppercase().contains("FREQ=") {
            return Self {
                every: Every::Day,
                interval: 1,
                count: None,
                vague: true,
                days: Vec::new(),
                month_days: Vec::new(),
                months: Vec::new(),
                places: Vec::new(),
                ..rule
            };
        }
        rule
    }

    fn take(&mut self, name: &str, value: &str) -> Option<()> {
        fn list<T: std::str::FromStr>(value: &str) -> Option<Vec<T>> {
            value.split(',').map(|one| one.trim_start_matches('+').parse().ok()).collect()
        }
        match name {
            "FREQ" => {
                self.every = match value {
                    "DAILY" => Every::Day,
                    "WEEKLY" => Every::Week,
                    "MONTHLY" => Every::Month,
                    "YEARLY" => Every::Year,
                    _ => return None,
                };
            }
            "INTERVAL" => self.interval = value.parse().ok().filter(|interval| (1..=1_000).contains(interval))?,
            "COUNT" => self.count = Some(value.parse().ok()?),
            // A day in UTC may be the day before or after: a little late is busy, which is safe.
            "UNTIL" => {
                let day = value.get(..8)?;
                self.until = Some(Date::strptime("%Y%m%d", day).ok()?.checked_add(1.day()).ok()?.at(0, 0, 0, 0));
                if value.len() > 8 && !value.ends_with('Z') {
                    self.until = Some(DateTime::strptime("%Y%m%dT%H%M%S", value).ok()?);
                }
            }
            "BYDAY" => self.days = value.split(',').map(numbered_day).collect::<Option<_>>()?,
            "BYMONTHDAY" => self.month_days = list(value)?,
            "BYMONTH" => self.months = list(value)?,
            "BYSETPOS" => self.places = list(value)?,
            "WKST" => self.week_begins = weekday(value)?,
            _ => return None,
        }
        Some(())
    }

    pub(super) fn is_vague(&self) -> bool {
        self.vague
    }

    /// When it begins anew, between these moments; `first` is when it does for the first time.
    pub(super) fn starts(&self, first: DateTime, from: DateTime, until: DateTime) -> Vec<DateTime> {
        let end = self.until.map_or(until, |own| own.min(until));
        let mut starts = Vec::new();
        let mut counted = 0;
        for period in 0..MOST_PERIODS {
            let Some(days) = self.period(first.date(), period) else { break };
            let begins_late = self.begin(first.date(), period).is_none_or(|begin| begin.at(0, 0, 0, 0) > end);
            if begins_late {
                break;
            }
            for day in days {
                let at = day.to_datetime(first.time());
                if at < first {
                    continue;
                }
                if at > end || self.count.is_some_and(|count| counted >= count) {
                    return starts;
                }
                counted += 1;
                if at >= from {
                    starts.push(at);
                }
            }
        }
        starts
    }

    /// Where a period begins.
    fn begin(&self, first: Date, period: usize) -> Option<Date> {
        let steps = i32::try_from(period).ok()?.checked_mul(self.interval)?;
        match self.every {
            Every::Day => first.checked_add(i64::from(steps).days()).ok(),
            Every::Week => {
                let into = i64::from(first.weekday().since(self.week_begins));
                first.checked_sub(into.days()).ok()?.checked_add(i64::from(steps).weeks()).ok()
            }
            Every::Month => first.first_of_month().checked_add(steps.months()).ok(),
            Every::Year => first.first_of_year().checked_add(steps.years()).ok(),
        }
    }

    /// The days of a period, in order.
    fn period(&self, first: Date, period: usize) -> Option<Vec<Date>> {
        let begin = self.begin(first, period)?;
        let in_months = |day: &Date| self.months.is_empty() || self.months.contains(&day.month());
        let in_month_days = |day: &Date| {
            let back = day.day() - day.days_in_month() - 1;
            self.month_days.is_empty() || self.month_days.contains(&day.day()) || self.month_days.contains(&back)
        };
        let on_weekdays = |day: &Date| self.days.is_empty() || self.days.iter().any(|(_, weekday)| *weekday == day.weekday());
        let days: Vec<Date> = match self.every {
            Every::Day => vec![begin].into_iter().filter(|day| in_months(day) && in_month_days(day) && on_weekdays(day)).collect(),
            Every::Week => {
                let week = begin.series(1.day()).take(7);
                let wanted = |day: &Date| if self.days.is_empty() { day.weekday() == first.weekday() } else { on_weekdays(day) };
                week.filter(|day| wanted(day) && in_months(day)).collect()
            }
            Every::Month => self.of_month(begin, first).into_iter().filter(in_months).collect(),
            Every::Year => {
                let months = begin.series(1.month()).take(12);
                let wanted = |month: &Date| match (self.months.is_empty(), self.month_days.is_empty()) {
                    (true, true) => month.month() == first.month(),
                    (true, false) => true,
                    (false, _) => self.months.contains(&month.month()),
                };
                months.filter(wanted).flat_map(|month| self.of_month(month, first)).collect()
            }
        };
        if self.places.is_empty() {
            return Some(days);
        }
        let length = i16::try_from(days.len()).ok()?;
        let at = |place: i16| if place > 0 { place - 1 } else { length + place };
        let chosen = (0..length).filter(|place| self.places.iter().any(|wanted| at(*wanted) == *place));
        Some(chosen.filter_map(|place| days.get(usize::try_from(place).ok()?).copied()).collect())
    }

    fn of_month(&self, month: Date, first: Date) -> Vec<Date> {
        let all = month.first_of_month().series(1.day()).take(usize::try_from(month.days_in_month()).unwrap_or(31));
        let fits = |day: &Date| {
            let back = day.day() - day.days_in_month() - 1;
            let by_day = |(place, weekday): &(Option<i8>, Weekday)| {
                let nth = (day.day() - 1) / 7 + 1;
                let last = -((day.days_in_month() - day.day()) / 7 + 1);
                *weekday == day.weekday() && place.is_none_or(|place| place == nth || place == last)
            };
            match (self.days.is_empty(), self.month_days.is_empty()) {
                (true, true) => day.day() == first.day(),
                (no_days, no_month_days) => {
                    (no_days || self.days.iter().any(by_day))
                        && (no_month_days || self.month_days.contains(&day.day()) || self.month_days.contains(&back))
                }
            }
        };
        all.filter(fits).collect()
    }
}

fn numbered_day(written: &str) -> Option<(Option<i8>, Weekday)> {
    let (place, day) = written.trim().split_at_checked(written.trim().len().checked_sub(2)?)?;
    let place = if place.is_empty() { None } else { Some(place.trim_start_matches('+').parse().ok()?) };
    Some((place, weekday(day)?))
}

fn weekday(written: &str) -> Option<Weekday> {
    Some(match written {
        "MO" => Weekday::Monday,
        "TU" => Weekday::Tuesday,
        "WE" => Weekday::Wednesday,
        "TH" => Weekday::Thursday,
        "FR" => Weekday::Friday,
        "SA" => Weekday::Saturday,
        "SU" => Weekday::Sunday,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use jiff::civil::date;

    use super::*;

    /// The days on which a rule begins anew, from the first on, in two years.
    fn days(rule: &str, first: Date) -> Vec<String> {
        let until = first.checked_add(2.years()).unwrap().at(0, 0, 0, 0);
        let at = first.at(9, 0, 0, 0);
        Rule::read(rule).starts(at, at, until).into_iter().take(5).map(|at| at.date().to_string()).collect()
    }

    // The examples of RFC 5545, section 3.8.5.3, as far as people write them.
    #[test]
    fn rules_recur_as_the_standard_s_examples_do() {
        let first = date(1997, 9, 2);
        for (rule, first, expected) in [
            ("FREQ=DAILY;COUNT=3", first, ["1997-09-02", "1997-09-03", "1997-09-04"].as_slice()),
            ("FREQ=DAILY;INTERVAL=10;COUNT=3", first, &["1997-09-02", "1997-09-12", "1997-09-22"]),
            ("FREQ=WEEKLY;UNTIL=19970930T000000Z", first, &["1997-09-02", "1997-09-09", "1997-09-16", "1997-09-23", "1997-09-30"]),
            ("FREQ=WEEKLY;COUNT=4;WKST=SU;BYDAY=TU,TH", first, &["1997-09-02", "1997-09-04", "1997-09-09", "1997-09-11"]),
            ("FREQ=WEEKLY;INTERVAL=2;COUNT=4;WKST=SU;BYDAY=TU,TH", first, &["1997-09-02", "1997-09-04", "1997-09-16", "1997-09-18"]),
            (
                "FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=MO",
                date(1997, 8, 5),
                &["1997-08-05", "1997-08-10", "1997-08-19", "1997-08-24"],
            ),
            (
                "FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=SU",
                date(1997, 8, 5),
                &["1997-08-05", "1997-08-17", "1997-08-19", "1997-08-31"],
            ),
            ("FREQ=MONTHLY;COUNT=3;BYDAY=1FR", date(1997, 9, 5), &["1997-09-05", "1997-10-03", "1997-11-07"]),
            ("FREQ=MONTHLY;COUNT=3;BYDAY=-2MO", date(1997, 9, 22), &["1997-09-22", "1997-10-20", "1997-11-17"]),
            ("FREQ=MONTHLY;COUNT=4;BYMONTHDAY=-3", date(1997, 9, 28), &["1997-09-28", "1997-10-29", "1997-11-28", "1997-12-29"]),
            ("FREQ=MONTHLY;COUNT=3;BYDAY=TU,WE,TH;BYSETPOS=3", date(1997, 9, 4), &["1997-09-04", "1997-10-07", "1997-11-06"]),
            ("FREQ=MONTHLY;COUNT=3;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-2", date(1997, 9, 29), &["1997-09-29", "1997-10-30", "1997-11-27"]),
            ("FREQ=MONTHLY;COUNT=3", date(1997, 1, 31), &["1997-01-31", "1997-03-31", "1997-05-31"]),
            ("FREQ=YEARLY;COUNT=4;BYMONTH=6,7", date(1997, 6, 10), &["1997-06-10", "1997-07-10", "1998-06-10", "1998-07-10"]),
        ] {
            assert_eq!(days(rule, first), expected, "{rule}");
        }
    }

    #[test]
    fn what_is_not_understood_recurs_on_every_day() {
        for rule in [
            "FREQ=HOURLY",
            "FREQ=WEEKLY;BYHOUR=9,15",
            "FREQ=YEARLY;BYWEEKNO=20",
            "FREQ=YEARLY;BYDAY=20MO",
            "nonsense",
            "",
            "FREQ=DAILY;INTERVAL=x",
        ] {
            assert!(Rule::read(rule).is_vague(), "{rule}");
            assert_eq!(days(rule, date(1997, 9, 2)).len(), 5, "{rule}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_rule_is_too_odd(rule in "(FREQ=(DAILY|WEEKLY|MONTHLY|YEARLY|SECONDLY))?(;(INTERVAL|COUNT|UNTIL|BYDAY|BYMONTHDAY|BYMONTH|BYSETPOS|WKST)=[-+0-9A-Z,]{0,8}){0,4}") {
            let first = date(2020, 2, 29).at(9, 0, 0, 0);
            let starts = Rule::read(&rule).starts(first, first, date(2030, 1, 1).at(0, 0, 0, 0));
            proptest::prop_assert!(starts.is_sorted() && starts.iter().all(|at| *at >= first));
        }
    }
}
