//! What callers answer to a read-back.
#![allow(clippy::unwrap_used, reason = "tests")]

use jiff::Zoned;
use jiff::civil::{date, time};
use jiff::tz::TimeZone;
use proptest::prelude::*;
use switchhook_models::text::values::Number;

use super::*;
use crate::dialog::slots::{Choice, Country, Limits, Window};

/// A Wednesday, a quarter past nine in the morning.
fn now() -> Zoned {
    date(2026, 11, 25).at(9, 15, 0, 0).to_zoned(TimeZone::get("Asia/Taipei").unwrap()).unwrap()
}

const SERVICE: usize = 0;
const WHEN: usize = 1;
const NAME: usize = 2;
const PHONE: usize = 3;
const PEOPLE: usize = 4;

/// A booking for four on Thursday the third of December at two.
fn booking() -> Vec<(Kind, Value)> {
    let service = Kind::Choice(vec![
        Choice::new("cleaning", &[(Locale::En, &["cleaning"]), (Locale::ZhTw, &["洗牙"])]),
        Choice::new("check-up", &[(Locale::En, &["check-up"]), (Locale::ZhTw, &["檢查"])]),
    ]);
    vec![
        (service, Value::Choice("cleaning".into())),
        (Kind::DateTime(Window::default()), Value::DateTime(date(2026, 12, 3).at(14, 0, 0, 0))),
        (Kind::Name, Value::Name("Maria Chan".into())),
        (Kind::phone(), Value::Phone { number: "2125551234".into(), country: Country::UnitedStates }),
        (Kind::Number(Limits { least: Some(1), most: Some(12) }), Value::Number(Number::from(3))),
    ]
}

fn corrected(said: &str, read_back: Option<usize>, locale: Locale) -> String {
    let now = now();
    let context = Context::at(&now).likely(time(9, 0, 0, 0)..time(17, 0, 0, 0));
    let booking = booking();
    let slots: Vec<Held<'_>> = booking.iter().map(|(kind, value)| Held { kind, value: Some(value) }).collect();
    match correct(&slots, read_back, said, locale, &context) {
        Some(Correction::To { slot, value }) => format!("{slot} {}", value.written()),
        Some(Correction::Part { slot, part }) => format!("{slot} part {part:?}"),
        Some(Correction::Outside { slot, bound, .. }) => format!("{slot} {bound:?}"),
        Some(Correction::Wrong { slot }) => format!("{slot} wrong"),
        None => "none".to_owned(),
    }
}

#[test]
fn what_is_corrected_changes_and_the_rest_stays() {
    for (said, read_back, expected) in [
        ("No, Thursday", WHEN, "none"),
        ("not Thursday, Friday", WHEN, "1 2026-12-04T14:00"),
        ("No, next Tuesday.", WHEN, "1 2026-12-01T14:00"),
        ("No, Friday.", WHEN, "1 2026-12-04T14:00"),
        ("not the third, the thirteenth", WHEN, "1 2026-12-13T14:00"),
        ("I said ten thirty", WHEN, "1 2026-12-03T10:30"),
        ("no, at three", WHEN, "1 2026-12-03T15:00"),
        ("make that four people", WHEN, "4 4"),
        ("Make it four people.", PEOPLE, "4 4"),
        ("Friday", WHEN, "1 2026-12-04T14:00"),
        ("actually, a check-up", WHEN, "0 check-up"),
        ("not a cleaning, a check-up", WHEN, "0 check-up"),
        ("no, Maria Chen", NAME, "2 Maria Chen"),
        ("it's Chen, not Chan", NAME, "2 Chen"),
        ("sorry, my name is Mary Chan", WHEN, "2 Mary Chan"),
        ("no, it's two one two, five five five, one two four three", PHONE, "3 +12125551243"),
        ("the last two are four three", PHONE, "3 +12125551243"),
        ("not three four, four three", PHONE, "3 +12125551243"),
        ("no, twenty people", PEOPLE, "4 TooLarge"),
        ("not the third", WHEN, "1 wrong"),
        ("no", WHEN, "none"),
        ("yes, that's right", WHEN, "none"),
    ] {
        assert_eq!(corrected(said, Some(read_back), Locale::En), expected, "{said}");
    }
    assert_eq!(corrected("no, Friday in the morning", Some(WHEN), Locale::En).split(' ').take(2).collect::<Vec<_>>(), ["1", "part"]);
}

#[test]
fn what_speaks_of_the_number_corrects_the_number() {
    let part = r#"3 part Digits { told: "415", missing: Some(7) }"#;
    assert_eq!(corrected("No, the number is 415.", None, Locale::En), part, "it is no quarter past four");
    assert_eq!(corrected("No, the number is wrong.", None, Locale::En), "3 wrong");
    assert_eq!(corrected("不對，電話不對", None, Locale::ZhTw), "3 wrong");
    assert_eq!(corrected("No, at 4:15.", None, Locale::En), "1 2026-12-03T16:15");
}

#[test]
fn mandarin_corrects_in_the_same_way() {
    for (said, read_back, expected) in [
        ("不是星期四，是星期五", WHEN, "1 2026-12-04T14:00"),
        ("我說的是十點半", WHEN, "1 2026-12-03T10:30"),
        ("改成四位", WHEN, "4 4"),
        ("不對，是檢查", WHEN, "0 check-up"),
        ("不是三號，是十三號", WHEN, "1 2026-12-13T14:00"),
        ("不是", WHEN, "none"),
    ] {
        assert_eq!(corrected(said, Some(read_back), Locale::ZhTw), expected, "{said}");
    }
}

#[test]
fn without_a_read_back_a_word_has_to_say_that_something_is_corrected() {
    assert_eq!(corrected("Friday", None, Locale::En), "none");
    assert_eq!(corrected("actually, make it Friday", None, Locale::En), "1 2026-12-04T14:00");
    assert_eq!(corrected("are you open on Friday?", None, Locale::En), "none");
}

#[test]
fn slots_without_a_value_are_not_corrected() {
    let now = now();
    let kind = Kind::DateTime(Window::default());
    assert_eq!(correct(&[Held { kind: &kind, value: None }], Some(SERVICE), "no, Friday", Locale::En, &Context::at(&now)), None);
    assert_eq!(correct(&[], Some(7), "no, Friday", Locale::En, &Context::at(&now)), None);
}

proptest! {
    #[test]
    fn no_correction_is_too_odd(said in crate::dialog::slots::reading::ODD, read_back in proptest::option::of(0_usize..8)) {
        for locale in Locale::ALL {
            let _ = corrected(&said, read_back, locale);
        }
    }
}
