//! Sentences, and what the front ends speak: it comes back as the value it came from.
#![allow(clippy::unwrap_used, reason = "tests")]

use jiff::civil::{Date, date};
use proptest::prelude::*;

use super::*;
use crate::Locale;
use crate::text::english::normalised as spoken_english;
use crate::text::english::numbers::{cardinal, digit, year};
use crate::text::mandarin::normalised as spoken_mandarin;

/// A Wednesday.
const TODAY: Date = date(2026, 11, 25);

/// Each value as a word and the place that says it.
fn found(text: &str, language: Language) -> Vec<(String, &str)> {
    let shown = |found: Found| (show(&found.value), text.get(found.place).unwrap());
    values(text, language, TODAY).into_iter().map(shown).collect()
}

fn show(value: &Value) -> String {
    match value {
        Value::Number(number) => number.to_string(),
        Value::Digits(digits) => format!("digits {digits}"),
        Value::Date(date) => date.to_string(),
        Value::Time(Time::Exact { hour, minute }) => format!("{hour}:{minute:02}"),
        Value::Time(Time::EitherHalf { hour, minute }) => format!("{hour}:{minute:02}?"),
        Value::Money { amount, currency } => format!("{amount} {currency:?}"),
        Value::Phone(digits) => format!("phone {digits}"),
    }
}

fn check(language: Language, sentences: &[(&str, &[(&str, &str)])]) {
    for (text, expected) in sentences {
        let found = found(text, language);
        let found: Vec<(&str, &str)> = found.iter().map(|(value, place)| (value.as_str(), *place)).collect();
        assert_eq!(&found, expected, "{text}");
    }
}

#[test]
fn english_sentences_have_these_values() {
    check(
        Language::En,
        &[
            (
                "call me on oh two, five five five five, one two three four.",
                &[("phone 0255551234", "oh two, five five five five, one two three four")],
            ),
            ("It's 02-555-1234, extension 12.", &[("phone 025551234", "02-555-1234"), ("12", "12")]),
            (
                "zero two triple five and then one two double three",
                &[("phone 025551233", "zero two triple five and then one two double three")],
            ),
            ("plus 44 20 7946 0958", &[("phone +442079460958", "plus 44 20 7946 0958")]),
            ("the code is double three five", &[("digits 335", "double three five")]),
            ("oh eight hundred one two three four five six", &[("phone 0800123456", "oh eight hundred one two three four five six")]),
            ("nine or ten people in the year 2026", &[("9", "nine"), ("10", "ten"), ("2026", "2026")]),
            ("the fourteenth of March at half past two", &[("2027-03-14", "the fourteenth of March"), ("2:30?", "half past two")]),
            ("March 14th, 2026, at 2:30 p.m.", &[("2026-03-14", "March 14th, 2026"), ("14:30", "2:30 p.m.")]),
            ("december first, twenty twenty-six", &[("2026-12-01", "december first, twenty twenty-six")]),
            ("next Tuesday at ten o'clock in the morning", &[("2026-12-01", "next Tuesday"), ("10:00", "ten o'clock in the morning")]),
            ("on Friday or tomorrow at noon", &[("2026-11-27", "Friday"), ("2026-11-26", "tomorrow"), ("12:00", "noon")]),
            ("in three days, or the day after tomorrow", &[("2026-11-28", "in three days"), ("2026-11-27", "the day after tomorrow")]),
            ("a quarter to three or twenty past nine pm", &[("2:45?", "a quarter to three"), ("21:20", "twenty past nine pm")]),
            ("seven oh five P.M.", &[("19:05", "seven oh five P.M.")]),
            ("I come at five.", &[("5:00?", "five")]),
            ("two thirty would be fine", &[("2:30?", "two thirty")]),
            ("three hundred and fifty dollars", &[("350 Dollar", "three hundred and fifty dollars")]),
            (
                "it was $1,500.50, not twelve pounds and five pence",
                &[("1500.5 Dollar", "$1,500.50"), ("12.05 Pound", "twelve pounds and five pence")],
            ),
            ("two and a half million, minus three point one four", &[("2.5", "two and a half"), ("-3.14", "minus three point one four")]),
            ("one thousand, two hundred and thirty-four", &[("1234", "one thousand, two hundred and thirty-four")]),
            ("Monday the seventh, or on the fourteenth", &[("2026-12-07", "Monday the seventh"), ("2026-12-14", "the fourteenth")]),
            ("five to six people from nine to five", &[("5", "five"), ("6", "six"), ("9", "nine"), ("5", "five")]),
            ("at five to six", &[("5:55?", "five to six")]),
            ("on the second floor, for the third time", &[]),
            ("please call nine one one", &[("digits 911", "nine one one")]),
            ("since nineteen ninety nine, or twenty twenty-six", &[("1999", "nineteen ninety nine"), ("2026", "twenty twenty-six")]),
            ("the 3rd of December, a Thursday", &[("2026-12-03", "the 3rd of December, a Thursday")]),
            ("I may march in, maybe second", &[]),
            ("Oh, I see. So do you.", &[]),
        ],
    );
}

#[test]
fn mandarin_sentences_have_these_values() {
    check(
        Language::Zh,
        &[
            ("我的電話是零二 二五五五 一二三四", &[("phone 0225551234", "零二 二五五五 一二三四")]),
            ("洞二二五五五么二三四", &[("phone 0225551234", "洞二二五五五么二三四")]),
            ("幺三八，幺二三四，五六七八", &[("phone 13812345678", "幺三八，幺二三四，五六七八")]),
            ("02-2555-1234轉12", &[("phone 0225551234", "02-2555-1234"), ("12", "12")]),
            ("分機是三二一", &[("digits 321", "三二一")]),
            ("兩點半", &[("2:30?", "兩點半")]),
            ("下午三點十五分到五點", &[("15:15", "下午三點十五分"), ("5:00?", "五點")]),
            ("明天早上九點零五分", &[("2026-11-26", "明天"), ("9:05", "早上九點零五分")]),
            ("今晚八点一刻", &[("2026-11-25", "今"), ("20:15", "晚八点一刻")]),
            ("晚上十二点，中午十二点，中午一点", &[("0:00", "晚上十二点"), ("12:00", "中午十二点"), ("13:00", "中午一点")]),
            ("14:30或十四点三十分", &[("14:30", "14:30"), ("14:30", "十四点三十分")]),
            ("三月十四號下午", &[("2027-03-14", "三月十四號")]),
            ("二零二六年十二月一日", &[("2026-12-01", "二零二六年十二月一日")]),
            ("民國一百一十六年一月二號", &[("2027-01-02", "民國一百一十六年一月二號")]),
            ("下週二或星期三，這週五", &[("2026-12-01", "下週二"), ("2026-12-02", "星期三"), ("2026-11-27", "這週五")]),
            ("三天後，兩個星期以後", &[("2026-11-28", "三天後"), ("2026-12-09", "兩個星期以後")]),
            ("十二月二十五日星期五，11/25（三）", &[("2026-12-25", "十二月二十五日星期五"), ("2026-11-25", "11/25（三）")]),
            ("星期五，十二月二十五號", &[("2026-12-25", "星期五，十二月二十五號")]),
            ("我十四號去，12/25也可以", &[("2026-12-14", "十四號"), ("2026-12-25", "12/25")]),
            ("十四號可以嗎", &[("2026-12-14", "十四號")]),
            ("一百二十塊", &[("120 Yuan", "一百二十塊")]),
            ("新台幣一千五百元，十二块五", &[("1500 TaiwanDollar", "新台幣一千五百元"), ("12.5 Yuan", "十二块五")]),
            ("一點零五元，一點零五", &[("1.05 Yuan", "一點零五元"), ("1:05?", "一點零五")]),
            ("三萬五，一百二，一百零二", &[("35000", "三萬五"), ("120", "一百二"), ("102", "一百零二")]),
            ("兩個人，三點五公斤，負五", &[("2", "兩"), ("3.5", "三點五"), ("-5", "負五")]),
            ("我一定會去，十分感謝，一起來", &[]),
            ("有一點問題，什麼時候，差一點", &[]),
            ("我有兩點建議，一點半到", &[("2", "兩"), ("1:30?", "一點半")]),
            ("住在中山路二十號三樓", &[("20", "二十"), ("3", "三")]),
            ("下午2點30分，1,500元，3万人", &[("14:30", "下午2點30分"), ("1500 Yuan", "1,500元"), ("30000", "3万")]),
        ],
    );
}

fn show_moment(moment: Moment) -> String {
    match moment {
        Moment::Day(date) => date.to_string(),
        Moment::Stretch(from, to) => format!("{from}..{to}"),
        Moment::Time(time) => show(&Value::Time(time)),
        Moment::Part(part, None) => format!("{part:?}"),
        Moment::Part(part, Some(date)) => format!("{part:?} {date}"),
        Moment::Ahead(minutes) => format!("+{minutes}"),
    }
}

fn check_moments(language: Language, sentences: &[(&str, &str)]) {
    for (text, expected) in sentences {
        let found = moments(text, language, TODAY);
        let found: Vec<_> =
            found.iter().map(|found| format!("{}{}", show_moment(found.moment), if found.bare { "*" } else { "" })).collect();
        assert_eq!(found.join(", "), *expected, "{text}");
    }
}

#[test]
fn a_number_is_one_where_it_is_expected() {
    assert_eq!(number("一點零五", Language::Zh), Number::new(105, 2));
    assert_eq!(number("two point five", Language::En), Number::new(25, 1));
    assert_eq!(number("two people", Language::En), None);
}

#[test]
fn english_says_when_in_these_ways() {
    check_moments(
        Language::En,
        &[
            ("the third", "2026-12-03*"),
            ("the third at ten, please", "2026-12-03*, 10:00?"),
            ("Third.", "2026-12-03*"),
            ("the third floor", ""),
            ("Ten.", "10:00?*"),
            ("10.30 or 1430", "10:30?*, 14:30*"),
            ("half two", "2:30?*"),
            ("four people next Tuesday at ten", "2026-12-01, 10:00?"),
            ("at ten next Tuesday", "10:00?, 2026-12-01"),
            ("tomorrow morning", "2026-11-26, Morning"),
            ("tonight, or this afternoon", "Evening 2026-11-25, Afternoon 2026-11-25"),
            ("next week, in the afternoon", "2026-11-30..2026-12-06, Afternoon"),
            ("this weekend", "2026-11-28..2026-11-29"),
            ("some time next month", "2026-12-01..2026-12-31"),
            ("in half an hour or in two hours", "+30, +120"),
            ("Friday week", "2026-12-04"),
            ("a week on Friday", "2026-12-04"),
            ("two weeks from Friday", "2026-12-11"),
            ("the Friday after next", "2026-12-04"),
            ("a week from tomorrow", "2026-12-03"),
            ("the third of next month at three in the afternoon", "2026-12-03, 15:00"),
            ("the end of the month", "2026-11-30"),
            ("in two weeks, in a month, in a fortnight", "2026-12-09, 2026-12-25, 2026-12-09"),
            ("Good morning, my number is oh nine one two three four five six seven eight", ""),
            ("ten dollars", ""),
        ],
    );
}

#[test]
fn mandarin_says_when_in_these_ways() {
    check_moments(
        Language::Zh,
        &[
            ("下週二下午三點", "2026-12-01, 15:00"),
            ("大後天早上", "2026-11-28, Morning"),
            ("十點", "10:00?"),
            ("十。", "10:00?*"),
            ("月底，或下個月三號", "2026-11-30, 2026-12-03"),
            ("下個月底", "2026-12-31"),
            ("下週，這個週末", "2026-11-30..2026-12-06, 2026-11-28..2026-11-29"),
            ("半小時後，兩個鐘頭以後", "+30, +120"),
            ("中午", "12:00"),
            ("三個月後", "2027-02-25"),
            ("我們四位，禮拜五晚上七點", "2026-11-27, 19:00"),
            ("零九一二三四五六七八", ""),
        ],
    );
}

#[test]
fn a_telephone_number_is_found_where_one_is_expected() {
    for text in [
        "It's zero two, uh, five five five, one two three four, I think, at 9.",
        "call me back on zero two, five five five, one two three four.",
        "Please ask her to call me back on 02-555-1234.",
        "on 0 2 5 5 5 1 2 3 4",
        "zero two, triple five, and then one two three four",
        "at nine, on oh two five five five twelve thirty-four",
    ] {
        assert_eq!(telephone(text, Language::En, 6).as_deref(), Some("025551234"), "{text}");
    }
    assert_eq!(telephone("at 9 or 10 in the year 2026", Language::En, 6), None);
    assert_eq!(telephone("九點打給我，零二五五五一二三四", Language::Zh, 6).as_deref(), Some("025551234"));
}

/// The only value in `text`, if it has one.
fn only(text: &str, language: Language) -> Option<Value> {
    let mut found = values(text, language, TODAY);
    let value = found.pop().map(|found| found.value);
    if found.is_empty() { value } else { None }
}

/// The digits of a text as words, the rest as it is.
fn in_words(text: &str) -> String {
    text.chars().map(|c| if c.is_ascii_digit() { digit(c).to_owned() } else { c.to_string() }).collect()
}

prop_compose! {
    fn any_day()(day in 0_i32..40_000) -> Date {
        use jiff::ToSpan as _;
        date(1950, 1, 1).checked_add(day.days()).unwrap()
    }
}

#[test]
fn where_a_telephone_number_is_expected_what_sounds_like_a_digit_is_one() {
    for heard in ["請它回電我的電話是022734567吧", "零二二七三四五六七八", "零二，二七三四，五六七爸。"] {
        assert_eq!(telephone(heard, Language::Zh, 6).as_deref(), Some("0227345678"), "{heard}");
    }
    assert_eq!(telephone("我们八点吧，久了就不行", Language::Zh, 6), None);
    let elsewhere = Some(Value::Number(Number::from(120_u64)));
    assert_eq!(only("一百二十吧", Language::Zh), elsewhere, "elsewhere, it is the word that it is");
}

proptest! {
    #[test]
    fn what_english_speaks_of_a_telephone_number_comes_back(area in "0[1-9]{1,2}", middle in "[0-9]{3,4}", last in "[0-9]{4}") {
        let spoken = spoken_english(&format!("({area}) {middle}-{last}"));
        let number = Some(Value::Phone(format!("{area}{middle}{last}")));
        prop_assert_eq!(only(&in_words(&spoken), Language::En), number.clone());
        prop_assert_eq!(only(&spoken, Language::En), number);
    }

    #[test]
    fn what_english_speaks_of_a_time_comes_back(hour in 1_u8..=12, minute in 0_u8..60, half in prop_oneof![Just("a.m."), Just("p.m.")]) {
        let spoken = spoken_english(&format!("{hour}:{minute:02} {half}"));
        let half = if half == "a.m." { Half::Morning } else { Half::Afternoon };
        prop_assert_eq!(only(&spoken, Language::En), Some(Value::Time(Time::EitherHalf { hour, minute }.in_half(half))), "{}", spoken);
        let spoken = spoken_english(&format!("{hour}:{minute:02}"));
        prop_assert_eq!(only(&spoken, Language::En), Some(Value::Time(Time::EitherHalf { hour, minute })), "{}", spoken);
    }

    #[test]
    fn what_english_speaks_of_an_hour_after_noon_comes_back(hour in 13_u8..20, minute in 0_u8..60) {
        let spoken = spoken_english(&format!("{hour}:{minute:02}"));
        prop_assert_eq!(only(&spoken, Language::En), Some(Value::Time(Time::Exact { hour, minute })), "{}", spoken);
    }

    #[test]
    fn what_english_speaks_of_a_date_comes_back(day in any_day()) {
        let spoken = spoken_english(&day.to_string());
        prop_assert_eq!(only(&spoken, Language::En), Some(Value::Date(day)), "{}", spoken);
        let (head, figures) = spoken.rsplit_once(' ').unwrap();
        let in_words = format!("{head} {}", year(figures.parse().unwrap()));
        prop_assert_eq!(only(&in_words, Language::En), Some(Value::Date(day)), "{}", in_words);
    }

    #[test]
    fn what_english_speaks_of_a_number_comes_back(number in prop_oneof![0_u64..2_000, 0_u64..10_000_000_000_000]) {
        let spoken = cardinal(u128::from(number));
        prop_assert_eq!(only(&spoken, Language::En), Some(Value::Number(Number::from(number))), "{}", spoken);
    }

    #[test]
    fn what_english_speaks_of_money_comes_back(dollars in 1_u64..100_000, cents in 1_u64..100) {
        let spoken = format!("{} dollars and {} cents", cardinal(u128::from(dollars)), cardinal(u128::from(cents)));
        let amount = Number::new(i128::from(dollars * 100 + cents), 2).unwrap();
        prop_assert_eq!(only(&spoken, Language::En), Some(Value::Money { amount, currency: Currency::Dollar }), "{}", spoken);
    }

    #[test]
    fn what_mandarin_speaks_of_a_telephone_number_comes_back(area in "0[2-8]", middle in "[0-9]{3,4}", last in "[0-9]{4}", mobile in "09[0-9]{8}") {
        let spoken = spoken_mandarin(&format!("{area}-{middle}-{last}"));
        prop_assert_eq!(only(&spoken, Language::Zh), Some(Value::Phone(format!("{area}{middle}{last}"))), "{}", spoken);
        let spoken = spoken_mandarin(&mobile);
        prop_assert_eq!(only(&spoken, Language::Zh), Some(Value::Phone(mobile)), "{}", spoken);
    }

    #[test]
    fn what_mandarin_speaks_of_a_time_comes_back(hour in 0_u8..24, minute in 0_u8..60) {
        let spoken = spoken_mandarin(&format!("{hour}:{minute:02}"));
        let expected = if (1..=12).contains(&hour) { Time::EitherHalf { hour, minute } } else { Time::Exact { hour, minute } };
        prop_assert_eq!(only(&spoken, Language::Zh), Some(Value::Time(expected)), "{}", spoken);
    }

    #[test]
    fn what_mandarin_speaks_of_a_date_comes_back(day in any_day()) {
        let spoken = spoken_mandarin(&day.to_string());
        prop_assert_eq!(only(&spoken, Language::Zh), Some(Value::Date(day)), "{}", spoken);
    }

    #[test]
    fn what_mandarin_speaks_of_a_number_comes_back(number in prop_oneof![10_u64..2_000, 10_u64..10_000_000_000_000_000]) {
        let spoken = spoken_mandarin(&number.to_string());
        prop_assert_eq!(only(&spoken, Language::Zh), Some(Value::Number(Number::from(number))), "{}", spoken);
    }

    #[test]
    fn what_mandarin_speaks_of_money_comes_back(amount in 1_u64..10_000_000, tenths in 1_u64..10) {
        let spoken = spoken_mandarin(&format!("NT${amount}"));
        let whole = Value::Money { amount: Number::from(amount), currency: Currency::TaiwanDollar };
        prop_assert_eq!(only(&spoken, Language::Zh), Some(whole), "{}", spoken);
        let spoken = spoken_mandarin(&format!("¥{amount}.{tenths}"));
        let parts = Number::new(i128::from(amount * 10 + tenths), 1).unwrap();
        prop_assert_eq!(only(&spoken, Language::Zh), Some(Value::Money { amount: parts, currency: Currency::Yuan }), "{}", spoken);
    }

    #[test]
    fn what_is_read_out_is_heard_as_the_same_number(number in "\\+?[0-9]{6,15}") {
        for locale in Locale::ALL {
            prop_assert_eq!(telephone(&read_out(&number, locale), locale.language(), 6), Some(number.clone()));
        }
    }

    #[test]
    fn no_text_is_too_odd_and_every_place_is_in_it(
        text in "\\PC{0,80}|([0-9]{1,3}|[,.:/$ -]|one|two|oh|twenty|hundred|half|past|may|first|dollars|next|tuesday|double| ){0,24}\
                 |[0-9一二两三十百千万亿零点半分月日号年周块元下午后天个幺么洞，： -]{0,40}",
    ) {
        for language in [Language::En, Language::Zh] {
            let mut last = 0;
            for found in values(&text, language, TODAY) {
                prop_assert!(text.get(found.place.clone()).is_some_and(|said| !said.is_empty()) && found.place.start >= last);
                last = found.place.end;
            }
            let places = moments(&text, language, TODAY).into_iter().map(|found| found.place);
            for place in places.chain(runs(&text, language).into_iter().map(|run| run.place)) {
                prop_assert!(text.get(place).is_some_and(|said| !said.is_empty()));
            }
            let _ = telephone(&text, language, 1);
        }
    }
}
