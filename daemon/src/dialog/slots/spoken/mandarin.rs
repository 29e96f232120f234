//! 十二月三號星期四下午兩點半, 一千五百元.

use jiff::civil::{Date, Time};
use switchhook_models::Locale;
use switchhook_models::text::mandarin::numbers;
use switchhook_models::text::values::{Currency, Number};

use super::Context;
use crate::dialog::slots::value::Value;

pub(super) fn said(value: &Value, locale: Locale, context: &Context<'_>) -> String {
    let said = match value {
        Value::Number(amount) => number(*amount),
        Value::Money { amount, currency } => money(*amount, *currency, locale),
        Value::Date(date) => day(*date, context),
        Value::Time(at) => time(*at),
        Value::DateTime(when) => format!("{}{}", day(when.date(), context), time(when.time())),
        Value::YesNo(yes) => (if *yes { "是的" } else { "不是" }).to_owned(),
        Value::Text(words) | Value::Name(words) | Value::Address(words) | Value::Choice(words) | Value::Code(words) => {
            return words.clone();
        }
        Value::Phone { number, .. } => return number.clone(),
    };
    in_script(&said, locale)
}

/// What is written here in simplified characters, as the language writes it. The words of this file are all that is converted, so a handful
/// of characters is enough.
fn in_script(said: &str, locale: Locale) -> String {
    const SIMPLE: &str = "两万亿点号后个负币块圆欧镑国";
    const FORMS: &str = "兩萬億點號後個負幣塊圓歐鎊國";
    match locale {
        Locale::ZhTw => {
            let form = |c: char| SIMPLE.chars().zip(FORMS.chars()).find(|(simple, _)| *simple == c).map_or(c, |(_, form)| form);
            said.chars().map(form).collect()
        }
        Locale::ZhCn | Locale::En => said.to_owned(),
    }
}

fn number(amount: Number) -> String {
    let figures = amount.to_string();
    match figures.strip_prefix('-') {
        Some(positive) => format!("负{}", numbers::number(positive)),
        None => numbers::number(&figures),
    }
}

fn money(amount: Number, currency: Currency, locale: Locale) -> String {
    let amount = if amount == Number::from(2) { "两".to_owned() } else { number(amount) };
    match (currency, locale) {
        (Currency::Dollar | Currency::Yuan, _) | (Currency::TaiwanDollar, Locale::ZhTw) | (Currency::Renminbi, Locale::ZhCn) => {
            format!("{amount}元")
        }
        (Currency::TaiwanDollar, _) => format!("{amount}元台币"),
        (Currency::Renminbi, _) => format!("{amount}元人民币"),
        (Currency::UsDollar, _) => format!("{amount}美元"),
        (Currency::HongKongDollar, _) => format!("{amount}港币"),
        (Currency::Euro, _) => format!("{amount}欧元"),
        (Currency::Pound, _) => format!("{amount}英镑"),
        (Currency::Yen, _) => format!("{amount}日圆"),
    }
}

fn day(date: Date, context: &Context<'_>) -> String {
    let today = context.today();
    let near = [("今天", 0), ("明天", 1), ("后天", 2)];
    let at = |days: i64| today.checked_add(jiff::ToSpan::days(days));
    if let Some((name, _)) = near.iter().find(|(_, days)| at(*days).is_ok_and(|near| near == date)) {
        return (*name).to_owned();
    }
    let figure = |n: i8| numbers::cardinal(u64::try_from(n).unwrap_or_default());
    let place = usize::try_from(date.weekday().to_monday_zero_offset()).unwrap_or_default();
    let weekday = ["一", "二", "三", "四", "五", "六", "日"].get(place).copied().unwrap_or_default();
    let said = format!("{}月{}号星期{weekday}", figure(date.month()), figure(date.day()));
    if super::needs_year(date, today) {
        let digit = |c: char| c.to_digit(10).map(|digit| numbers::cardinal(u64::from(digit)));
        format!("{}年{said}", date.year().to_string().chars().filter_map(digit).collect::<String>())
    } else {
        said
    }
}

fn time(time: Time) -> String {
    let (hour, minute) = (time.hour(), time.minute());
    let part = match hour {
        0..6 => "凌晨",
        6..12 => "上午",
        12 => "中午",
        13..18 => "下午",
        _ => "晚上",
    };
    let figure = |n: i8| numbers::cardinal(u64::try_from(n).unwrap_or_default());
    let on_the_face = if hour > 12 { hour - 12 } else { hour };
    let hour = if on_the_face == 2 { "两".to_owned() } else { figure(on_the_face) };
    let minutes = match minute {
        0 => String::new(),
        30 => "半".to_owned(),
        1..10 => format!("零{}分", figure(minute)),
        _ => format!("{}分", figure(minute)),
    };
    format!("{part}{hour}点{minutes}")
}
