//! A calendar that people and the robot keep together.
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

use jiff::civil::date;

use super::*;
use crate::lookups::query::{LookUp, Place};
use crate::week::Week;

/// A Thursday, in Taipei.
fn now() -> Zoned {
    date(2026, 11, 26).at(10, 0, 0, 0).in_tz("Asia/Taipei").unwrap()
}

struct Bench {
    dir: tempfile::TempDir,
}

impl Bench {
    /// A calendar with these events.
    fn with(events: &str) -> Self {
        let bench = Self { dir: tempfile::tempdir().unwrap() };
        let events = events.replace('\n', "\r\n");
        fs::write(bench.path(), format!("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{events}END:VCALENDAR\r\n")).unwrap();
        bench
    }

    fn path(&self) -> PathBuf {
        self.dir.path().join("a.ics")
    }

    fn text(&self) -> String {
        fs::read_to_string(self.path()).unwrap()
    }

    fn does(&self, does: Does, inputs: &[(&str, &str)]) -> Found {
        self.tries(does, inputs).unwrap()
    }

    fn tries(&self, does: Does, inputs: &[(&str, &str)]) -> Result<Found, LookUpError> {
        let minutes = |minutes: u64| Duration::from_secs(60 * minutes);
        let calendar = Calendar {
            file: "a.ics".into(),
            does,
            hours: Week::read([("mon-fri", "09:00-12:00, 13:00-17:00")]).unwrap(),
            every: minutes(15),
            lengths: BTreeMap::from([("cleaning".to_owned(), minutes(45))]),
            length: minutes(30),
        };
        let of = LookUp {
            name: "c".into(),
            at: Place::Calendar(calendar.clone()),
            inputs: vec![],
            outputs: vec![],
            within: minutes(1),
            slow: false,
        };
        let inputs = inputs.iter().map(|&(name, value)| (name.to_owned(), value.to_owned())).collect();
        let query = Query { number: 1, of: Arc::new(of), inputs, now: now() };
        carry_out(&self.path(), &self.path(), &calendar, &query, Instant::now() + minutes(1))
    }

    /// What is free instead of this: "nothing", or an empty list if this is.
    fn instead_of(&self, start: &str) -> Vec<String> {
        match self.does(Does::Free, &[("start", start)]) {
            Found::One(_) => Vec::new(),
            Found::OneOf(rows) => rows.into_iter().map(|row| row["start"].clone()).collect(),
            Found::Nothing => vec!["nothing".to_owned()],
            other => panic!("{other:?}"),
        }
    }
}

fn event(lines: &str) -> String {
    format!("BEGIN:VEVENT\nUID:{}\n{lines}\nEND:VEVENT\n", lines.len())
}

const MARIA: [(&str, &str); 2] = [("name", "Maria Chen"), ("phone", "0227345678")];

#[test]
fn what_is_booked_is_taken_found_moved_and_cancelled() {
    let bench = Bench::with("");
    let book = |start| bench.does(Does::Book, &[("start", start), ("service", "cleaning"), MARIA[0], MARIA[1]]);
    let Found::One(booked) = book("2026-12-01T10:00") else { panic!("not booked") };
    assert!(bench.text().contains("DTSTART:20261201T020000Z\r\nDTEND:20261201T024500Z"), "{}", bench.text());
    assert_eq!(bench.instead_of("2026-12-01T10:30"), ["2026-12-01T09:30", "2026-12-01T10:45", "2026-12-01T11:15"]);
    assert!(matches!(book("2026-12-01T10:30"), Found::OneOf(_)));

    let found = |phone, name| bench.does(Does::Find, &[("name", name), ("phone", phone)]);
    let Found::One(row) = found("+886227345678", "maria chan") else { panic!("not found") };
    assert_eq!((&row["uid"], row["start"].as_str(), row["service"].as_str()), (&booked["uid"], "2026-12-01T10:00", "cleaning"));
    assert_eq!(found("0227345679", "Maria Chen"), Found::Nothing);
    assert_eq!(found("0227345678", "Peter Miller"), Found::Nothing);

    let uid = ("uid", booked["uid"].as_str());
    assert!(matches!(bench.does(Does::Move, &[uid, ("start", "2026-12-01T10:15")]), Found::One(_)), "its own time is not in its way");
    assert!(bench.text().contains("DTSTART:20261201T021500Z\r\nDTEND:20261201T030000Z"), "{}", bench.text());
    assert!(bench.text().contains("SEQUENCE:1\r\n"), "{}", bench.text());
    assert!(matches!(bench.does(Does::Cancel, &[uid]), Found::One(_)));
    assert_eq!(bench.does(Does::Cancel, &[uid]), Found::Nothing);
    assert!(bench.text().contains("STATUS:CANCELLED") && bench.instead_of("2026-12-01T10:30").is_empty());
}

#[test]
fn what_people_wrote_keeps_busy_as_they_wrote_it() {
    for (lines, start, free) in [
        ("DTSTART;TZID=Asia/Taipei:20261201T100000\nDTEND;TZID=Asia/Taipei:20261201T110000", "2026-12-01T10:30", false),
        ("DTSTART;TZID=Europe/Berlin:20261201T030000\nDURATION:PT1H", "2026-12-01T10:30", false),
        ("DTSTART;TZID=/example.org/20/Europe/Berlin:20261201T030000\nDURATION:PT1H", "2026-12-01T10:30", false),
        ("DTSTART;TZID=\"Our: own time\":20261201T100000\nDURATION:PT1H", "2026-12-01T10:30", false),
        ("DTSTART:20261201T100000\nDTEND:20261201T110000", "2026-12-01T11:00", true),
        ("DTSTART:20261201T100000\nDTEND:20261201T110000\nTRANSP:TRANSPARENT", "2026-12-01T10:30", true),
        ("DTSTART:20261201T100000\nDTEND:20261201T110000\nSTATUS:CANCELLED", "2026-12-01T10:30", true),
        ("DTSTART;VALUE=DATE:20261201", "2026-12-01T16:30", false),
        ("DTSTART;VALUE=DATE:20261130\nDTEND;VALUE=DATE:20261202", "2026-12-01T09:00", false),
        ("DTSTART;VALUE=DATE:20261130", "2026-12-01T09:00", true),
        ("DTSTART;TZID=Asia/Taipei:20250107T100000\nDURATION:PT1H\nRRULE:FREQ=WEEKLY;BYDAY=TU", "2026-12-01T10:30", false),
        ("DTSTART;TZID=Asia/Taipei:20250107T100000\nDURATION:PT1H\nRRULE:FREQ=WEEKLY;BYDAY=TU", "2026-12-02T10:30", true),
        (
            "DTSTART;TZID=Asia/Taipei:20250107T100000\nDURATION:PT1H\nRRULE:FREQ=WEEKLY\nEXDATE;TZID=Asia/Taipei:20261201T100000",
            "2026-12-01T10:30",
            true,
        ),
        ("DTSTART:20251201T100000\nDURATION:PT1H\nRDATE:20261202T100000,20261201T100000", "2026-12-01T10:30", false),
        ("DTSTART:20251201T100000\nDURATION:PT1H\nRRULE:FREQ=WEEKLY;BYHOUR=9,15;X=Y", "2026-12-01T16:30", false),
    ] {
        let bench = Bench::with(&event(lines));
        assert_eq!(bench.instead_of(start).is_empty(), free, "{lines} {start}");
    }
}

#[test]
fn a_recurrence_that_was_moved_is_where_it_was_moved_to() {
    let bench = Bench::with(
        "BEGIN:VEVENT\nUID:m\nDTSTART;TZID=Asia/Taipei:20250107T100000\nDURATION:PT1H\nRRULE:FREQ=WEEKLY\nEND:VEVENT\n\
         BEGIN:VEVENT\nUID:m\nRECURRENCE-ID;TZID=Asia/Taipei:20261201T100000\nDTSTART;TZID=Asia/Taipei:20261201T150000\nDURATION:PT1H\nEND:VEVENT\n",
    );
    assert!(bench.instead_of("2026-12-01T10:30").is_empty());
    assert!(!bench.instead_of("2026-12-01T15:30").is_empty());
}

#[test]
fn nobody_is_booked_outside_the_hours_or_before_now() {
    let bench = Bench::with("");
    assert_eq!(bench.instead_of("2026-12-05T10:00"), ["2026-12-04T15:30", "2026-12-04T16:00", "2026-12-04T16:30"]);
    assert_eq!(bench.instead_of("2026-12-01T11:45"), ["2026-12-01T10:30", "2026-12-01T11:00", "2026-12-01T11:30"]);
    assert_eq!(bench.instead_of("2026-11-26T09:30"), ["2026-11-26T10:15", "2026-11-26T10:45", "2026-11-26T11:15"]);
}

#[test]
fn whose_event_a_person_wrote_is_found_by_its_words() {
    let bench = Bench::with(&event(
        "DTSTART:20261201T020000Z\nDURATION:PT30M\nSUMMARY:Maria Chen\\, check-up\nDESCRIPTION:tel. 02 2734-5678\nX-COLOUR:red",
    ));
    let Found::One(found) = bench.does(Does::Find, &MARIA) else { panic!("not found") };
    assert!(matches!(bench.does(Does::Move, &[("uid", found["uid"].as_str()), ("start", "2026-12-02T14:00")]), Found::One(_)));
    assert!(
        bench.text().contains("X-COLOUR:red\r\n") && bench.text().contains("DTSTART:20261202T060000Z\r\nDURATION:PT30M"),
        "{}",
        bench.text()
    );
}

#[test]
fn a_recurring_event_is_no_caller_s_to_change() {
    let bench = Bench::with(
        "BEGIN:VEVENT\nUID:m\nDTSTART:20261201T020000Z\nRRULE:FREQ=WEEKLY\nX-SWITCHHOOK-NAME:Maria Chen\nX-SWITCHHOOK-PHONE:0227345678\nEND:VEVENT\n",
    );
    assert_eq!(bench.does(Does::Find, &MARIA), Found::Nothing);
    assert!(bench.tries(Does::Cancel, &[("uid", "m")]).is_err());
}

#[test]
fn of_many_calls_that_want_the_same_time_one_gets_it_and_nothing_is_lost() {
    let bench = Arc::new(Bench::with(&event("DTSTART:20261203T020000Z\nDURATION:PT30M\nX-OURS:kept")));
    let callers: Vec<_> = (0..8)
        .map(|caller| {
            let bench = Arc::clone(&bench);
            std::thread::spawn(move || {
                let phone = format!("02273456{caller}0");
                let same = bench.does(Does::Book, &[("start", "2026-12-01T10:00"), ("name", "A"), ("phone", &phone)]);
                let own = format!("2026-12-02T{}:00", [9, 10, 11, 13, 14, 15, 16, 16][caller]).replace("T9", "T09");
                let own = bench.does(Does::Book, &[("start", &own), ("name", "A"), ("phone", &phone)]);
                (matches!(same, Found::One(_)), matches!(own, Found::One(_)))
            })
        })
        .collect();
    let came: Vec<(bool, bool)> = callers.into_iter().map(|caller| caller.join().unwrap()).collect();
    assert_eq!(came.iter().filter(|(same, _)| *same).count(), 1);
    assert_eq!(came.iter().filter(|(_, own)| *own).count(), 7, "two wanted four in the afternoon");
    let document = Document::parse(&bench.text()).unwrap();
    assert_eq!(document.events().len(), 1 + 1 + 7);
    assert!(bench.text().contains("X-OURS:kept"));
    let left: Vec<_> = fs::read_dir(bench.dir.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left.len(), 2, "the calendar and its lock: {left:?}");
}

#[test]
fn what_is_late_is_not_written() {
    let bench = Bench::with("");
    let before = bench.text();
    let late = store::change(&bench.path(), &bench.path(), Instant::now(), |document| {
        document.add_event(vec![Line::new("UID", "late")]);
        Ok(((), true))
    });
    assert!(matches!(late, Err(LookUpError::Late)));
    assert_eq!(bench.text(), before);
}

#[test]
fn a_calendar_that_was_cut_off_is_left_alone() {
    let bench = Bench::with("");
    let cut = "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTART:2026";
    fs::write(bench.path(), cut).unwrap();
    assert!(bench.tries(Does::Book, &[("start", "2026-12-01T10:00"), MARIA[0], MARIA[1]]).is_err());
    assert_eq!(bench.text(), cut);
}

proptest::proptest! {
    #[test]
    fn no_calendar_is_too_odd(lines in proptest::collection::vec("(DTSTART|DTEND|DURATION|RRULE|RDATE|EXDATE|UID|RECURRENCE-ID|BEGIN|END)(;TZID=[A-Z/\"]{0,8}|;VALUE=DATE)?:[A-Z0-9=;,TZP-]{0,24}", 0..12)) {
        let bench = Bench::with(&event(&lines.join("\n")));
        let _ = bench.tries(Does::Book, &[("start", "2026-12-01T10:00"), MARIA[0], MARIA[1]]);
        let _ = bench.tries(Does::Find, &MARIA);
    }
}
