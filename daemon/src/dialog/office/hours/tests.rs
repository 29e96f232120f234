#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

use proptest::prelude::{Strategy, prop_assert, prop_assert_eq};

use super::*;
use crate::dialog::office::holidays::RawHoliday;
use crate::dialog::office::raw;
use switchhook_models::Locale;

fn hours(week: &str, holidays: &str) -> Hours {
    let week = raw::week(&serde_saphyr::from_str(week).unwrap()).unwrap();
    let holidays: Vec<RawHoliday> = serde_saphyr::from_str(holidays).unwrap();
    Hours::new(week, Arc::new(Holidays::read(&holidays, Locale::En).unwrap()))
}

fn at(zoned: &str) -> Zoned {
    zoned.parse().unwrap()
}

fn office() -> Hours {
    hours(
        "mon-fri: \"9:00-12:30, 13:30-17:30\"\nsat: 10:00-14:00\n",
        "[{date: 2026-12-25, name: {en: Christmas}}, {date: 2026-12-31, hours: 9:00-12:00}]",
    )
}

fn open_until(until: &str) -> Doors {
    Doors::Open { until: Some(at(until)) }
}

fn closed_until(until: &str) -> Doors {
    Doors::Closed { until: Some(at(until)) }
}

#[test]
fn an_office_is_open_from_its_hour_on_until_its_hour() {
    let office = office();
    for (now, doors) in [
        ("2026-11-26T09:00[Asia/Taipei]", open_until("2026-11-26T12:30[Asia/Taipei]")),
        ("2026-11-26T08:59:59[Asia/Taipei]", closed_until("2026-11-26T09:00[Asia/Taipei]")),
        ("2026-11-26T12:30[Asia/Taipei]", closed_until("2026-11-26T13:30[Asia/Taipei]")),
        ("2026-11-26T17:30[Asia/Taipei]", closed_until("2026-11-27T09:00[Asia/Taipei]")),
        ("2026-11-28T14:00[Asia/Taipei]", closed_until("2026-11-30T09:00[Asia/Taipei]")),
    ] {
        assert_eq!(office.at(&at(now)), doors, "{now}");
    }
}

#[test]
fn a_holiday_is_closed_or_has_hours_of_its_own() {
    let office = office();
    assert_eq!(office.at(&at("2026-12-24T18:00[Asia/Taipei]")), closed_until("2026-12-26T10:00[Asia/Taipei]"));
    assert_eq!(office.at(&at("2026-12-31T11:00[Asia/Taipei]")), open_until("2026-12-31T12:00[Asia/Taipei]"));
    assert_eq!(office.holiday(jiff::civil::date(2026, 12, 25)), Some("Christmas"));
}

#[test]
fn what_goes_over_midnight_is_one_opening() {
    let night = hours("fri: 22:00-6:00\nsat: 6:00-8:00\n", "[]");
    assert_eq!(night.at(&at("2026-11-28T01:00[Asia/Taipei]")), open_until("2026-11-28T08:00[Asia/Taipei]"));
    let always = hours("daily: 0:00-24:00\n", "[]");
    assert_eq!(always.at(&at("2026-11-28T01:00[Asia/Taipei]")), Doors::Open { until: None });
    assert_eq!(hours("mon: closed\n", "[]").at(&at("2026-11-28T01:00[Asia/Taipei]")), Doors::Closed { until: None });
}

#[test]
fn the_clock_on_the_wall_counts_when_the_clocks_change() {
    // New York: 8 March 2026 has no 2:30, 1 November 2026 has two 1:30.
    let night = hours("daily: 2:15-2:45\n", "[]");
    assert_eq!(night.at(&at("2026-03-08T00:00[America/New_York]")), closed_until("2026-03-08T03:15[America/New_York]"));
    let early = hours("daily: 1:30-9:00\n", "[]");
    let Doors::Closed { until: Some(opens) } = early.at(&at("2026-11-01T00:00[America/New_York]")) else { panic!("closed") };
    assert_eq!(opens.to_string(), "2026-11-01T01:30:00-04:00[America/New_York]");
    assert_eq!(office().at(&at("2026-11-01T12:00[America/New_York]")), closed_until("2026-11-02T09:00[America/New_York]"));
}

#[test]
fn a_promise_is_counted_in_opening_time_and_said_in_half_hours() {
    let office = office();
    let within = SignedDuration::from_hours(4);
    for (now, promised) in [
        ("2026-11-26T09:00[Asia/Taipei]", "2026-11-26T14:00[Asia/Taipei]"),
        ("2026-11-26T09:10:20[Asia/Taipei]", "2026-11-26T14:30[Asia/Taipei]"),
        ("2026-11-26T20:00[Asia/Taipei]", "2026-11-27T14:00[Asia/Taipei]"),
        ("2026-11-28T13:00[Asia/Taipei]", "2026-11-30T12:00[Asia/Taipei]"),
    ] {
        assert_eq!(office.after(&at(now), within), Some(at(promised)), "{now}");
    }
    assert_eq!(hours("mon: closed\n", "[]").after(&at("2026-11-26T09:00[Asia/Taipei]"), within), None);
    let odd = hours("daily: 9:00-17:20\n", "[]");
    assert_eq!(
        odd.after(&at("2026-11-26T13:10[Asia/Taipei]"), within),
        Some(at("2026-11-26T17:20[Asia/Taipei]")),
        "nobody is called after closing time"
    );
}

#[test]
fn people_come_between_the_earliest_and_the_latest_hour() {
    assert_eq!(office().likely(), Some(jiff::civil::time(9, 0, 0, 0)..jiff::civil::time(17, 30, 0, 0)));
    assert_eq!(hours("daily: 22:00-6:00\n", "[]").likely(), None);
}

/// Weeks of any kind, in quarters of hours.
fn weeks() -> impl Strategy<Value = String> {
    let shifts = proptest::collection::vec((0u32..96, 1u32..96), 1..3);
    proptest::collection::vec(shifts, 7).prop_map(|days| {
        let clock = |quarter: u32| format!("{}:{:02}", quarter / 4, quarter % 4 * 15);
        let names = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
        let lines = names.iter().zip(days).map(|(name, shifts)| {
            let mut end = 0;
            let mut parts = Vec::new();
            for (from, long) in shifts {
                let from = from.max(end);
                if from >= 96 {
                    break;
                }
                end = from + long;
                parts.push(format!("\"{}-{}\"", clock(from), clock(if end > 96 { end - 96 } else { end })));
            }
            format!("{name}: [{}]\n", parts.join(", "))
        });
        lines.collect::<String>()
    })
}

const ZONES: [&str; 5] = ["Asia/Taipei", "America/New_York", "Europe/Berlin", "Australia/Lord_Howe", "UTC"];

fn moments() -> impl Strategy<Value = Zoned> {
    (0i64..366 * 24 * 60, 0..ZONES.len()).prop_map(|(minute, zone)| {
        let begin: jiff::Timestamp = "2026-01-01T00:00:00Z".parse().unwrap();
        begin.checked_add(SignedDuration::from_mins(minute)).unwrap().in_tz(ZONES[zone]).unwrap()
    })
}

proptest::proptest! {
    /// Until the moment that is told nothing changes, and then it does.
    #[test]
    fn what_is_told_holds_until_the_moment_that_is_told(week in weeks(), now in moments(), part in 0.0f64..1.0) {
        let hours = hours(&week, "[{date: 07-04}, {date: 03-08, hours: 1:00-23:00}]");
        let doors = hours.at(&now);
        let open = doors.are_open();
        if let Some(until) = doors.until() {
            prop_assert!(until > now);
            prop_assert_eq!(hours.are_now(&until), !open);
            let between = now.duration_until(&until).as_secs_f64() * part;
            let between = now.checked_add(SignedDuration::from_secs_f64(between.floor())).unwrap();
            prop_assert_eq!(hours.are_now(&between), open);
            let last = until.checked_sub(SignedDuration::from_nanos(1)).unwrap();
            prop_assert_eq!(hours.are_now(&last), open);
        }
    }

    /// Where the clocks never change, being open is a matter of the minute of the week.
    #[test]
    fn the_minute_of_the_week_tells_it_where_clocks_never_change(week in weeks(), minute in 0i64..7 * 24 * 60) {
        let hours = hours(&week, "[]");
        let monday: Zoned = "2026-03-02T00:00[Asia/Taipei]".parse().unwrap();
        let now = monday.checked_add(SignedDuration::from_mins(minute)).unwrap();
        let read = raw::week(&serde_saphyr::from_str(&week).unwrap()).unwrap();
        let days = [jiff::civil::Weekday::Monday, jiff::civil::Weekday::Tuesday, jiff::civil::Weekday::Wednesday, jiff::civil::Weekday::Thursday,
            jiff::civil::Weekday::Friday, jiff::civil::Weekday::Saturday, jiff::civil::Weekday::Sunday];
        let open = days.iter().enumerate().any(|(day, weekday)| read.of(*weekday).iter().any(|shift| {
            let begins = day as i64 * 1_440 + i64::from(shift.from);
            let long = i64::from(shift.to - shift.from);
            (minute - begins).rem_euclid(7 * 1_440) < long
        }));
        prop_assert_eq!(hours.are_now(&now), open);
    }

    /// A promise comes when somebody is there, or the moment they leave; later for whoever calls later.
    #[test]
    fn a_promise_is_kept_in_opening_time(week in weeks(), now in moments(), minutes in 1i64..600) {
        let hours = hours(&week, "[]");
        if let Some(promised) = hours.after(&now, SignedDuration::from_mins(minutes)) {
            prop_assert!(promised > now);
            let before = promised.checked_sub(SignedDuration::from_mins(30)).unwrap();
            let just_before = promised.checked_sub(SignedDuration::from_nanos(1)).unwrap();
            prop_assert!(hours.are_now(&just_before) || hours.are_now(&before) || hours.are_now(&promised));
        }
    }
}
