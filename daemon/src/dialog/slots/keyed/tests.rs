//! Keys, and what they fill.
#![allow(clippy::unwrap_used, reason = "tests")]

use jiff::civil::{date, time};
use jiff::tz::TimeZone;
use jiff::{ToSpan as _, Zoned};
use proptest::prelude::*;
use switchhook_models::text::values::Currency;

use super::*;
use crate::dialog::slots::reading::{kinds, patterns, service};
use crate::dialog::slots::{Limits, Window};

/// A Wednesday, a quarter past nine in the morning.
fn now() -> Zoned {
    date(2026, 11, 25).at(9, 15, 0, 0).to_zoned(TimeZone::get("Asia/Taipei").unwrap()).unwrap()
}

fn pressed(kind: &Kind, keys: &str, locale: Locale, so_far: Option<&Part>) -> String {
    let now = now();
    match read_keys(kind, keys, locale, &Context { so_far, ..Context::at(&now) }) {
        Keyed::More => "more".to_owned(),
        Keyed::Nothing => "nothing".to_owned(),
        Keyed::Is(Reading::Found { value, .. }) => value.written(),
        Keyed::Is(Reading::Outside { bound, .. }) => format!("{bound:?}"),
        Keyed::Is(reading) => format!("{reading:?}"),
    }
}

#[test]
fn every_kind_that_can_be_keyed_is() {
    let money = Kind::Money { currency: Currency::UsDollar, limits: Limits::default() };
    let people = Kind::Number(Limits { least: Some(1), most: Some(12) });
    let both = Kind::DateTime(Window { earliest: Some(0.seconds()), latest: Some(60.days()) });
    let day = Kind::Date(Window::default());
    let born = Kind::Date(Window { earliest: None, latest: Some((-1).days()) });
    for (kind, keys, expected) in [
        (&service(), "2", "check-up"),
        (&service(), "4", "nothing"),
        (&service(), "", "more"),
        (&Kind::YesNo, "1", "yes"),
        (&Kind::YesNo, "2", "no"),
        (&Kind::YesNo, "3", "nothing"),
        (&people, "4", "more"),
        (&people, "4#", "4"),
        (&people, "40#", "TooLarge"),
        (&people, "#", "nothing"),
        (&money, "12*50#", "12.5 USD"),
        (&Kind::phone(), "212555123", "more"),
        (&Kind::phone(), "2125551234", "+12125551234"),
        (&Kind::phone(), "5551234#", "5551234"),
        (&Kind::phone(), "12#", "nothing"),
        (&day, "120", "more"),
        (&day, "1203", "2026-12-03"),
        (&day, "3112", "2026-12-31"),
        (&day, "1332", "nothing"),
        (&day, "0229", "2028-02-29"),
        (&born, "1224", "2025-12-24"),
        (&Kind::Time, "1430", "14:30"),
        (&Kind::Time, "2430", "nothing"),
        (&both, "1203", "more"),
        (&both, "12031430", "2026-12-03T14:30"),
        (&both, "06031430", "TooLate"),
        (&patterns(&["00-000"]), "12345#", "12-345"),
        (&patterns(&["AA-000"]), "12345#", "nothing"),
        (&Kind::Name, "1", "nothing"),
    ] {
        assert_eq!(pressed(kind, keys, Locale::En, None), expected, "{kind:?} {keys}");
    }
    assert_eq!(pressed(&Kind::phone(), "0912345678", Locale::ZhTw, None), "+886912345678");
}

#[test]
fn keys_complete_what_was_said() {
    let both = Kind::DateTime(Window::default());
    let day = Part::When(When { date: Some(date(2026, 12, 3)), ..When::default() });
    assert_eq!(how(&both, Locale::En, Some(&day)), How::HourAndMinute);
    assert_eq!(pressed(&both, "1430", Locale::En, Some(&day)), "2026-12-03T14:30");
    let hour = Part::When(When { time: Some(told_exactly(time(14, 30, 0, 0))), ..When::default() });
    assert_eq!(how(&both, Locale::En, Some(&hour)), How::MonthAndDay);
    assert_eq!(pressed(&both, "1203", Locale::En, Some(&hour)), "2026-12-03T14:30");
}

proptest! {
    #[test]
    fn no_keys_are_too_odd(keys in "[0-9*#]{0,40}|\\PC{0,10}") {
        for locale in Locale::ALL {
            for kind in kinds() {
                let _ = pressed(&kind, &keys, locale, None);
            }
        }
    }
}
