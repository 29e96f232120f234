//! What is spoken is read again as the same value.
#![allow(clippy::unwrap_used, reason = "tests")]

use jiff::civil::{date, time};
use jiff::tz::TimeZone;
use jiff::{ToSpan as _, Zoned};
use proptest::prelude::*;
use switchhook_models::text::values::{Currency, Number};

use super::*;
use crate::dialog::slots::{Choice, Country, Limits, Reading, Window, read};

/// A Wednesday, a quarter past nine in the morning.
fn now() -> Zoned {
    date(2026, 11, 25).at(9, 15, 0, 0).to_zoned(TimeZone::get("Asia/Taipei").unwrap()).unwrap()
}

fn money(currency: Currency) -> Kind {
    Kind::Money { currency, limits: Limits::default() }
}

#[test]
fn values_are_said_as_people_say_them() {
    let now = now();
    let office = Context::at(&now).likely(time(9, 0, 0, 0)..time(17, 0, 0, 0));
    let window = Kind::DateTime(Window::default());
    let at = |month, day, hour, minute| Value::DateTime(date(2026, month, day).at(hour, minute, 0, 0));
    for (value, kind, locale, said) in [
        (at(12, 3, 14, 30), &window, Locale::En, "Thursday the third of December at half past two"),
        (at(11, 26, 10, 0), &window, Locale::En, "tomorrow at ten"),
        (at(11, 26, 20, 5), &window, Locale::En, "tomorrow at eight oh five in the evening"),
        (at(11, 26, 12, 0), &window, Locale::En, "tomorrow at noon"),
        (at(12, 3, 14, 30), &window, Locale::ZhTw, "十二月三號星期四下午兩點半"),
        (at(12, 3, 14, 30), &window, Locale::ZhCn, "十二月三号星期四下午两点半"),
        (at(11, 27, 10, 0), &window, Locale::ZhTw, "後天上午十點"),
        (
            Value::Date(date(2028, 2, 29)),
            &Kind::Date(Window::default()),
            Locale::En,
            "Tuesday the twenty-ninth of February, twenty twenty-eight",
        ),
        (Value::Time(time(10, 0, 0, 0)), &Kind::Time, Locale::En, "ten o'clock"),
        (Value::Number(Number::from(4)), &Kind::Number(Limits::default()), Locale::En, "four"),
        (
            Value::Money { amount: Number::new(125, 1).unwrap(), currency: Currency::UsDollar },
            &money(Currency::UsDollar),
            Locale::En,
            "twelve dollars and fifty cents",
        ),
        (
            Value::Money { amount: Number::from(20_000), currency: Currency::TaiwanDollar },
            &money(Currency::TaiwanDollar),
            Locale::ZhTw,
            "兩萬元",
        ),
        (Value::Phone { number: "0912345678".into(), country: Country::Taiwan }, &Kind::phone(), Locale::ZhTw, "零九一二，三四五，六七八"),
        (Value::Code("AB-1234".into()), &Kind::Text, Locale::En, "A B, one two three four"),
        (Value::Code("AB-1234".into()), &Kind::Text, Locale::ZhCn, "A B，幺 二 三 四"),
        (Value::YesNo(true), &Kind::YesNo, Locale::ZhTw, "是的"),
    ] {
        assert_eq!(value.spoken(kind, locale, &office), said);
    }
    let options = Kind::Choice(vec![Choice::new("cleaning", &[(Locale::En, &["teeth cleaning"]), (Locale::ZhTw, &["洗牙"])])]);
    assert_eq!(Value::Choice("cleaning".into()).spoken(&options, Locale::ZhTw, &office), "洗牙");
    assert_eq!(Value::Choice("cleaning".into()).spoken(&options, Locale::ZhCn, &office), "cleaning");
}

/// What is said and read again.
fn again(value: &Value, kind: &Kind, locale: Locale, context: &Context<'_>) -> (String, Option<Value>) {
    let said = value.spoken(kind, locale, context);
    let reading = read(kind, &said, locale, context);
    let value = match reading {
        Reading::Found { value, .. } => Some(value),
        Reading::Part(..) | Reading::Outside { .. } | Reading::DontKnow | Reading::None => None,
    };
    (said, value)
}

fn check(value: &Value, kind: &Kind) -> Result<(), TestCaseError> {
    let now = now();
    for context in [Context::at(&now), Context::at(&now).likely(time(9, 0, 0, 0)..time(17, 30, 0, 0))] {
        for locale in Locale::ALL {
            let (said, read) = again(value, kind, locale, &context);
            prop_assert_eq!(read.as_ref(), Some(value), "{}", said);
        }
    }
    Ok(())
}

proptest! {
    #[test]
    fn a_day_and_a_time_come_back(days in 0_i64..2000, hour in 0_i8..24, minute in 0_i8..60) {
        let at = date(2026, 11, 25).checked_add(days.days()).unwrap().at(hour, minute, 0, 0);
        check(&Value::DateTime(at), &Kind::DateTime(Window::default()))?;
        check(&Value::Time(at.time()), &Kind::Time)?;
    }

    #[test]
    fn a_day_comes_back(days in -20_000_i64..4000) {
        let day = date(2026, 11, 25).checked_add(days.days()).unwrap();
        check(&Value::Date(day), &Kind::Date(Window::default()))?;
    }

    #[test]
    fn a_number_comes_back(unscaled in prop_oneof![-50_i128..200, -1_000_000_i128..100_000_000], decimals in 0_u32..3) {
        let number = Number::new(unscaled, decimals).unwrap();
        check(&Value::Number(number), &Kind::Number(Limits::default()))?;
    }

    #[test]
    fn a_sum_comes_back(hundredths in 1_i128..100_000_000) {
        for currency in [
            Currency::TaiwanDollar, Currency::Renminbi, Currency::UsDollar, Currency::HongKongDollar, Currency::Euro, Currency::Pound, Currency::Yen,
        ] {
            for amount in [Number::new(hundredths, 2).unwrap(), Number::new(hundredths, 0).unwrap()] {
                check(&Value::Money { amount, currency }, &money(currency))?;
            }
        }
    }

    #[test]
    fn a_telephone_number_comes_back(number in "09[0-9]{8}|02[2-8][0-9]{7}|03[1-6][0-9]{6}|\\+8869[0-9]{8}") {
        check(
            &Value::Phone { number, country: Country::Taiwan },
            &Kind::Phone { country: Some(Country::Taiwan), fewest: 6 },
        )?;
    }

    #[test]
    fn a_mainland_number_comes_back(number in "1[3-9][0-9]{9}|010[1-9][0-9]{7}") {
        check(
            &Value::Phone { number, country: Country::China },
            &Kind::Phone { country: Some(Country::China), fewest: 6 },
        )?;
    }

    #[test]
    fn an_american_number_comes_back(number in "[2-9][0-9]{9}|1[2-9][0-9]{9}") {
        check(
            &Value::Phone { number, country: Country::UnitedStates },
            &Kind::Phone { country: Some(Country::UnitedStates), fewest: 6 },
        )?;
    }
}
