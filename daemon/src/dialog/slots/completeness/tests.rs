//! What ends a turn, and what does not.
#![allow(clippy::unwrap_used, reason = "tests")]

use jiff::Zoned;
use jiff::civil::{date, time};
use jiff::tz::TimeZone;
use proptest::prelude::*;

use super::Completeness::{Complete, MoreToCome, Unknown};
use super::*;
use crate::dialog::slots::reading::{ODD, kinds, patterns, service};
use crate::dialog::slots::{Limits, Window};

/// A Wednesday, a quarter past nine in the morning.
fn now() -> Zoned {
    date(2026, 11, 25).at(9, 15, 0, 0).to_zoned(TimeZone::get("Asia/Taipei").unwrap()).unwrap()
}

fn check(kind: &Kind, locale: Locale, sentences: &[(&str, Completeness)]) {
    let now = now();
    let context = Context::at(&now).likely(time(9, 0, 0, 0)..time(17, 0, 0, 0));
    for (said, expected) in sentences {
        assert_eq!(completeness(kind, said, locale, &context), *expected, "{said}");
    }
}

#[test]
fn the_last_digit_ends_the_turn() {
    check(
        &Kind::phone(),
        Locale::En,
        &[
            ("My number is", MoreToCome),
            ("two one two", MoreToCome),
            ("five", MoreToCome),
            ("two one two, five five five, one two three", MoreToCome),
            ("two one two, five five five, one two three four", Complete),
            ("oh two, five five five, one two three four", Unknown),
            ("two one two, five five five, one two three four, and", MoreToCome),
            ("I don't know it", Complete),
            ("why do you ask?", Unknown),
        ],
    );
    check(
        &Kind::phone(),
        Locale::ZhTw,
        &[
            ("我的電話是", MoreToCome),
            ("零九一二三四五", MoreToCome),
            ("零九一二，三四五，六七八", Complete),
            ("零二，二七三四，五六七八", Complete),
            ("零二，二七三四，", MoreToCome),
            ("我不知道", Complete),
        ],
    );
    check(&Kind::phone(), Locale::ZhCn, &[("幺三八零零幺三八零零", MoreToCome), ("幺三八零零幺三八零零零", Complete)]);
}

#[test]
fn a_number_that_is_begun_in_a_correction_goes_on() {
    for (locale, said, expected) in [
        (Locale::En, "No, the number is four one five,", Some(MoreToCome)),
        (Locale::En, "No, the number is 415.", Some(MoreToCome)),
        (Locale::En, "No, the number is four", Some(MoreToCome)),
        (Locale::En, "No, the number is 415-849-6623.", Some(Complete)),
        (Locale::En, "No, at four fifteen.", None),
        (Locale::En, "Yes.", None),
        (Locale::ZhTw, "不是，是零九六零", Some(MoreToCome)),
        (Locale::ZhTw, "不對電話是0960132511", Some(Complete)),
        (Locale::ZhTw, "不對", None),
    ] {
        assert_eq!(completeness_of_correction(said, locale), expected, "{said}");
    }
}

#[test]
fn a_yes_a_no_and_a_choice_are_whole() {
    check(&Kind::YesNo, Locale::En, &[("Yes.", Complete), ("no thank you", Complete), ("yes, but", MoreToCome), ("well", MoreToCome)]);
    check(&Kind::YesNo, Locale::ZhTw, &[("是", Complete), ("不是", Complete), ("嗯", Complete), ("那個", MoreToCome)]);
    check(&service(), Locale::En, &[("a cleaning", Complete), ("a cleaning and", MoreToCome), ("I'd like", Unknown)]);
    check(&service(), Locale::ZhTw, &[("洗牙", Complete), ("洗牙，然後", MoreToCome), ("我要", MoreToCome)]);
}

#[test]
fn a_day_is_whole_unless_a_time_is_asked_for_too() {
    let both = Kind::DateTime(Window::default());
    check(
        &both,
        Locale::En,
        &[
            ("next Tuesday", MoreToCome),
            ("next Tuesday at", MoreToCome),
            ("next Tuesday at ten", Complete),
            ("at half past", MoreToCome),
            ("at half past two", MoreToCome),
            ("tomorrow morning", Unknown),
            ("some time next week", Unknown),
        ],
    );
    check(
        &both,
        Locale::ZhTw,
        &[("下週二", MoreToCome), ("下週二下午三點", Complete), ("下週二下午三點然後", MoreToCome), ("下", MoreToCome)],
    );
    let day = Kind::Date(Window::default());
    check(&day, Locale::En, &[("next Tuesday", Complete), ("the third", Unknown), ("the third of December", Complete)]);
    check(&Kind::Time, Locale::En, &[("ten", Unknown), ("half past ten", Complete)]);
}

#[test]
fn what_is_dictated_goes_on_behind_a_comma() {
    check(&Kind::Text, Locale::En, &[("My tooth hurts,", MoreToCome), ("My tooth hurts and", MoreToCome), ("My tooth hurts.", Unknown)]);
    check(&Kind::Text, Locale::ZhTw, &[("我牙齒痛，", MoreToCome), ("我牙齒痛，還有", MoreToCome), ("我牙齒痛。", Unknown)]);
    check(&Kind::Name, Locale::En, &[("my name is", MoreToCome), ("um", MoreToCome), ("Maria", Unknown)]);
}

#[test]
fn numbers_and_codes_end_where_nothing_longer_is_allowed() {
    let people = Kind::Number(Limits { least: Some(1), most: Some(12) });
    check(&people, Locale::En, &[("four", Complete), ("four people", Complete)]);
    check(&Kind::Number(Limits::default()), Locale::En, &[("four", Unknown)]);
    check(
        &patterns(&["AA-00", "AA-0000"]),
        Locale::En,
        &[("A B one", MoreToCome), ("A B one two", Unknown), ("A B one two three four", Complete)],
    );
}

proptest! {
    #[test]
    fn no_words_are_too_odd(said in ODD) {
        let now = now();
        for locale in Locale::ALL {
            for kind in kinds() {
                let _ = completeness(&kind, &said, locale, &Context::at(&now));
            }
        }
    }
}
