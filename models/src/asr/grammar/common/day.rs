//! A day, by its name or its date.

use super::super::{Grammar, Piece};
use crate::{Language, Result};

/// A day: a weekday, a day of a month, today or tomorrow. Means `weekday:1` to `weekday:7` with `next` before it if it was said, `month:3` and
/// `day:14`, `today`, `tomorrow`, `day-after-tomorrow`.
///
/// # Errors
/// Never in practice: the grammar is fixed.
pub fn day(language: Language) -> Result<Grammar> {
    Grammar::new(&match language {
        Language::En => english_day(),
        Language::Zh => mandarin_day(),
    })
}

fn english_day() -> Piece {
    const WEEKDAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
    const MONTHS: [&str; 12] =
        ["january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december"];
    const ORDINALS: [&str; 31] = [
        "first",
        "second",
        "third",
        "fourth",
        "fifth",
        "sixth",
        "seventh",
        "eighth",
        "ninth",
        "tenth",
        "eleventh",
        "twelfth",
        "thirteenth",
        "fourteenth",
        "fifteenth",
        "sixteenth",
        "seventeenth",
        "eighteenth",
        "nineteenth",
        "twentieth",
        "twenty first",
        "twenty second",
        "twenty third",
        "twenty fourth",
        "twenty fifth",
        "twenty sixth",
        "twenty seventh",
        "twenty eighth",
        "twenty ninth",
        "thirtieth",
        "thirty first",
    ];
    let weekday = numbered(&WEEKDAYS, "weekday");
    let month = numbered(&MONTHS, "month");
    let day = Piece::OneOf(
        (1..)
            .zip(ORDINALS)
            .map(|(day, ordinal): (u32, _)| {
                let suffix = match day {
                    1 | 21 | 31 => "st",
                    2 | 22 => "nd",
                    3 | 23 => "rd",
                    _ => "th",
                };
                Piece::OneOf(vec![Piece::words(ordinal), Piece::words(format!("{day}{suffix}")), Piece::words(day.to_string())])
                    .means(format!("day:{day}"))
            })
            .collect(),
    );
    let of_month = Piece::Sequence(vec![Piece::words("the").maybe(), day.clone(), Piece::words("of").maybe(), month.clone()]);
    let month_first = Piece::Sequence(vec![month, Piece::words("the").maybe(), day.clone()]);
    let dated = Piece::OneOf(vec![of_month, month_first, Piece::Sequence(vec![Piece::words("the"), day])]);
    let next = Piece::words("next").means("next");
    let named = Piece::Sequence(vec![Piece::any(&["on", "this"]).maybe(), next.maybe(), weekday.clone()]);
    Piece::Sequence(vec![
        Piece::OneOf(vec![
            Piece::words("the day after tomorrow").means("day-after-tomorrow"),
            Piece::words("tomorrow").means("tomorrow"),
            Piece::words("today").means("today"),
            Piece::Sequence(vec![named.clone().maybe(), Piece::words("on").maybe(), dated]),
            named,
        ]),
        Piece::any(&["please", "if possible"]).maybe(),
    ])
}

fn mandarin_day() -> Piece {
    const FIGURES: [&str; 31] = [
        "一",
        "二",
        "三",
        "四",
        "五",
        "六",
        "七",
        "八",
        "九",
        "十",
        "十一",
        "十二",
        "十三",
        "十四",
        "十五",
        "十六",
        "十七",
        "十八",
        "十九",
        "二十",
        "二十一",
        "二十二",
        "二十三",
        "二十四",
        "二十五",
        "二十六",
        "二十七",
        "二十八",
        "二十九",
        "三十",
        "三十一",
    ];
    let figure = |most: usize, unit: &[&str], what: &str| {
        let numbers = (1..).zip(FIGURES).take(most).map(|(number, figure): (u32, _)| {
            Piece::OneOf(vec![Piece::words(figure), Piece::words(number.to_string())]).means(format!("{what}:{number}"))
        });
        Piece::Sequence(vec![Piece::OneOf(numbers.collect()), Piece::any(unit)])
    };
    let weekdays = (1..).zip(["一", "二", "三", "四", "五", "六"]).map(|(number, name): (u32, _)| {
        Piece::OneOf(vec![Piece::words(name), Piece::words(number.to_string())]).means(format!("weekday:{number}"))
    });
    let weekdays = weekdays.chain([Piece::any(&["日", "天"]).means("weekday:7")]).collect();
    let next = Piece::any(&["下个", "下個", "下"]).means("next");
    let this = Piece::any(&["这个", "這個", "这", "這", "本"]);
    Piece::OneOf(vec![
        Piece::any(&["大后天", "大後天"]).means("in-three-days"),
        Piece::any(&["后天", "後天"]).means("day-after-tomorrow"),
        Piece::any(&["明天", "明日"]).means("tomorrow"),
        Piece::any(&["今天", "今日"]).means("today"),
        Piece::Sequence(vec![figure(12, &["月"], "month"), figure(31, &["号", "號", "日"], "day")]),
        figure(31, &["号", "號"], "day"),
        Piece::Sequence(vec![
            Piece::OneOf(vec![next, this]).maybe(),
            Piece::any(&["星期", "礼拜", "禮拜", "周", "週"]),
            Piece::OneOf(weekdays),
        ]),
    ])
}

/// Each word means `what:N`, by its place from 1 on.
fn numbered(words: &[&str], what: &str) -> Piece {
    Piece::OneOf((1..).zip(words).map(|(number, &word): (u32, _)| Piece::words(word).means(format!("{what}:{number}"))).collect())
}
