//! "Thursday the third of December at half past two", "twelve dollars and fifty cents".

use jiff::civil::{Date, Time, Weekday};
use switchhook_models::text::english::numbers::{cardinal, decimal, ordinal, year};
use switchhook_models::text::values::{Currency, Number};

use super::Context;
use crate::dialog::slots::context::on_the_clock;
use crate::dialog::slots::value::Value;

const MONTHS: [&str; 12] =
    ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];

pub(super) fn said(value: &Value, context: &Context<'_>) -> String {
    match value {
        Value::Number(amount) => number(*amount),
        Value::Money { amount, currency } => money(*amount, *currency),
        Value::Date(date) => day(*date, context),
        Value::Time(at) => time(*at, None, true, context),
        Value::DateTime(when) => format!("{} at {}", day(when.date(), context), time(when.time(), Some(when.date()), false, context)),
        Value::YesNo(yes) => (if *yes { "yes" } else { "no" }).to_owned(),
        Value::Text(words) | Value::Name(words) | Value::Address(words) | Value::Choice(words) | Value::Code(words) => words.clone(),
        Value::Phone { number, .. } => number.clone(),
    }
}

fn number(amount: Number) -> String {
    let figures = amount.to_string();
    match figures.strip_prefix('-') {
        Some(positive) => format!("minus {}", decimal(positive).unwrap_or_default()),
        None => decimal(&figures).unwrap_or(figures),
    }
}

/// The currency's name for one and for many, and that of its hundredth part if it has one that people say.
fn names(currency: Currency) -> ([&'static str; 2], Option<&'static str>) {
    match currency {
        Currency::Dollar | Currency::UsDollar => (["dollar", "dollars"], Some("cents")),
        Currency::TaiwanDollar => (["Taiwan dollars", "Taiwan dollars"], None),
        Currency::HongKongDollar => (["Hong Kong dollars", "Hong Kong dollars"], None),
        Currency::Euro => (["euro", "euros"], Some("cents")),
        Currency::Pound => (["pound", "pounds"], Some("pence")),
        Currency::Yen => (["yen", "yen"], None),
        Currency::Yuan | Currency::Renminbi => (["yuan", "yuan"], None),
    }
}

fn money(amount: Number, currency: Currency) -> String {
    let ([one, many], hundredths) = names(currency);
    let name = |whole: i128| if whole == 1 { one } else { many };
    let figures = amount.to_string();
    let fraction = figures.split_once('.').map(|(_, fraction)| format!("{fraction:0<2}")).filter(|fraction| fraction.len() == 2);
    match (fraction.and_then(|fraction| fraction.parse().ok()), hundredths) {
        (Some(parts), Some(part)) if amount.whole() >= 0 && !figures.starts_with('-') => {
            let whole = amount.whole();
            format!("{} {} and {} {part}", cardinal(whole.unsigned_abs()), name(whole), cardinal(parts))
        }
        _ => format!("{} {}", number(amount), amount.as_whole().map_or(many, name)),
    }
}

fn day(date: Date, context: &Context<'_>) -> String {
    let today = context.today();
    if date == today {
        return "today".to_owned();
    }
    if today.tomorrow().is_ok_and(|tomorrow| tomorrow == date) {
        return "tomorrow".to_owned();
    }
    let weekday = match date.weekday() {
        Weekday::Monday => "Monday",
        Weekday::Tuesday => "Tuesday",
        Weekday::Wednesday => "Wednesday",
        Weekday::Thursday => "Thursday",
        Weekday::Friday => "Friday",
        Weekday::Saturday => "Saturday",
        Weekday::Sunday => "Sunday",
    };
    let place = |n: i8| u128::try_from(n).unwrap_or_default();
    let month = usize::try_from(date.month() - 1).ok().and_then(|month| MONTHS.get(month)).copied().unwrap_or_default();
    let said = format!("{weekday} the {} of {month}", ordinal(place(date.day())));
    if super::needs_year(date, today) { format!("{said}, {}", year(u128::try_from(date.year()).unwrap_or_default())) } else { said }
}

/// `alone`: nothing before it says that it is a time.
fn time(time: Time, date: Option<Date>, alone: bool, context: &Context<'_>) -> String {
    let clock = |hour: i8| cardinal(u128::try_from(if hour % 12 == 0 { 12 } else { hour % 12 }).unwrap_or_default());
    let (hour, minute) = (time.hour(), time.minute());
    let known = context.settled(on_the_clock(time), date) == Some(time);
    let said = match minute {
        0 if hour == 0 => return "midnight".to_owned(),
        0 if hour == 12 => return "noon".to_owned(),
        0 if alone && known => format!("{} o'clock", clock(hour)),
        0 => clock(hour),
        15 => format!("a quarter past {}", clock(hour)),
        30 => format!("half past {}", clock(hour)),
        45 => format!("a quarter to {}", clock(hour + 1)),
        1..10 => format!("{} oh {}", clock(hour), cardinal(u128::try_from(minute).unwrap_or_default())),
        _ => format!("{} {}", clock(hour), cardinal(u128::try_from(minute).unwrap_or_default())),
    };
    match hour {
        _ if known => said,
        0..12 => format!("{said} in the morning"),
        12..18 => format!("{said} in the afternoon"),
        18..21 => format!("{said} in the evening"),
        _ => format!("{said} at night"),
    }
}
