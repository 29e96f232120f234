//! Sentences, and what they fill.
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

use jiff::civil::{date, time};
use jiff::tz::TimeZone;
use jiff::{ToSpan as _, Zoned};
use proptest::prelude::*;

use super::*;
use crate::dialog::slots::{Choice, Limits, Pattern, When, Window};
use switchhook_models::text::values::Currency;

/// A Wednesday, a quarter past nine in the morning.
fn now() -> Zoned {
    date(2026, 11, 25).at(9, 15, 0, 0).to_zoned(TimeZone::get("Asia/Taipei").unwrap()).unwrap()
}

pub(in crate::dialog::slots) fn patterns(shapes: &[&str]) -> Kind {
    Kind::Pattern(shapes.iter().map(|shape| Pattern::try_from((*shape).to_owned()).unwrap()).collect())
}

pub(in crate::dialog::slots) fn service() -> Kind {
    Kind::Choice(vec![
        Choice::new("cleaning", &[(Locale::En, &["teeth cleaning", "cleaning"]), (Locale::ZhTw, &["洗牙"])]),
        Choice::new("check-up", &[(Locale::En, &["check-up", "examination"]), (Locale::ZhTw, &["檢查", "健檢"])]),
        Choice::new("whitening", &[(Locale::En, &["teeth whitening", "laser whitening"]), (Locale::ZhTw, &["美白"])]),
    ])
}

/// A reading in a word: `2026-12-03T14:30`, `part ...`, `outside ...`, with `?` and `??` for less than told.
fn show(reading: &Reading) -> String {
    match reading {
        Reading::Found { value, sure: Sure::Told, .. } => value.written(),
        Reading::Found { value, sure: Sure::Inferred, .. } => format!("{}?", value.written()),
        Reading::Found { value, sure: Sure::Guessed, .. } => format!("{}??", value.written()),
        Reading::Part(Part::When(when), _) => format!("part {}", show_when(when)),
        Reading::Part(Part::Digits { told, missing }, _) => format!("part {told} {missing:?}"),
        Reading::Part(Part::OneOf(ids), _) => format!("part {}", ids.join("|")),
        Reading::Part(Part::Code { told, missing }, _) => format!("part {told} {missing}"),
        Reading::Outside { value, bound, .. } => format!("{bound:?} {}", value.written()),
        Reading::DontKnow => "don't know".to_owned(),
        Reading::None => "none".to_owned(),
    }
}

fn show_when(when: &When) -> String {
    let date = when.date.map(|date| date.to_string());
    let stretch = when.stretch.map(|(from, to)| format!("{from}..{to}"));
    let time = when.time.map(|time| format!("{time:?}"));
    let part = when.part.map(|part| format!("{part:?}"));
    [date, stretch, time, part].into_iter().flatten().collect::<Vec<_>>().join(" ")
}

fn check(kind: &Kind, locale: Locale, sentences: &[(&str, &str)]) {
    let now = now();
    let context = Context::at(&now).likely(time(9, 0, 0, 0)..time(17, 0, 0, 0));
    for (said, expected) in sentences {
        assert_eq!(show(&read(kind, said, locale, &context)), *expected, "{said}");
    }
}

#[test]
fn a_day_and_a_time_are_read() {
    let kind = Kind::DateTime(Window { earliest: Some(0.seconds()), latest: Some(60.days()) });
    check(
        &kind,
        Locale::En,
        &[
            ("Next Tuesday at ten, please.", "2026-12-01T10:00?"),
            ("the third at half past two", "2026-12-03T14:30?"),
            ("tomorrow at three in the afternoon", "2026-11-26T15:00"),
            ("in the afternoon, at three, on Friday", "2026-11-27T15:00"),
            ("today at ten", "2026-11-25T10:00?"),
            ("today at nine", "TooEarly 2026-11-25T09:00"),
            ("in two hours", "2026-11-25T11:15"),
            ("this Friday", "part 2026-11-27"),
            ("tomorrow morning", "part 2026-11-26 Morning"),
            ("at half past two", "part Exact { hour: 14, minute: 30 }"),
            ("some time next week", "part 2026-11-30..2026-12-06"),
            ("tomorrow at seven", "part 2026-11-26 EitherHalf { hour: 7, minute: 0 }"),
            ("Tuesday, no wait, Wednesday at ten", "2026-12-02T10:00?"),
            ("Tuesday at ten, sorry, Wednesday", "2026-12-02T10:00?"),
            ("not Tuesday, Thursday at ten", "2026-11-26T10:00?"),
            ("yesterday at ten", "TooEarly 2026-11-24T10:00"),
            ("in three months at noon", "TooLate 2027-02-25T12:00"),
            ("I don't know yet", "don't know"),
            ("I don't know, maybe Friday at ten", "2026-11-27T10:00?"),
            ("What do you mean?", "none"),
        ],
    );
    check(
        &kind,
        Locale::ZhTw,
        &[
            ("下週二下午三點", "2026-12-01T15:00"),
            ("大後天早上十點半", "2026-11-28T10:30"),
            ("這禮拜五", "part 2026-11-27"),
            ("三天後，下午，兩點", "2026-11-28T14:00"),
            ("月底十點", "2026-11-30T10:00?"),
            ("明天晚上", "part 2026-11-26 Evening"),
            ("禮拜二，不對，禮拜三下午兩點", "2026-12-02T14:00"),
            ("不是星期二，是星期四下午兩點", "2026-11-26T14:00"),
            ("我不知道", "don't know"),
            ("不記得了", "don't know"),
        ],
    );
}

#[test]
fn the_next_answer_completes_a_part() {
    let now = now();
    let context = Context::at(&now).likely(time(9, 0, 0, 0)..time(17, 0, 0, 0));
    let kind = Kind::DateTime(Window::default());
    let all = |answers: &[&str], kind: &Kind, locale| {
        let mut so_far: Option<Part> = None;
        let mut last = String::new();
        for answer in answers {
            let context = Context { so_far: so_far.as_ref(), ..context.clone() };
            let reading = read(kind, answer, locale, &context);
            last = show(&reading);
            if let Reading::Part(part, _) = reading {
                so_far = Some(part);
            }
        }
        last
    };
    for (answers, expected) in [
        (&["next Tuesday", "ten"] as &[&str], "2026-12-01T10:00?"),
        (&["at half past two", "the third"], "2026-12-03T14:30?"),
        (&["next week", "Tuesday", "in the afternoon", "three"], "2026-12-01T15:00?"),
        (&["next week", "Friday", "noon"], "2026-12-04T12:00"),
        (&["tomorrow at seven", "in the evening"], "2026-11-26T19:00"),
    ] {
        assert_eq!(all(answers, &kind, Locale::En), expected, "{answers:?}");
    }
    let phone = Kind::phone();
    assert_eq!(all(&["零九一二三四五", "六七八"], &phone, Locale::ZhTw), "+886912345678");
    assert_eq!(all(&["two one two", "five five five", "one two three four"], &phone, Locale::En), "+12125551234");
    for (answers, expected) in [
        (&["096668841", "我的電話是0966", "688411"] as &[&str], "+886966688411"),
        (&["096668841", "我的電話是0966", "電話是0966688441"], "+886966688441"),
        (&["096668841", "0966688441"], "+886966688441"),
        (&["0966", "0966", "688441"], "+886966688441"),
    ] {
        assert_eq!(all(answers, &phone, Locale::ZhTw), expected, "who begins again has told nothing before: {answers:?}");
    }
    assert_eq!(all(&["849-6623.", "My number is 415.", "849-6623."], &phone, Locale::En), "+14158496623");
    assert_eq!(all(&["415 849", "The rest of the number is 6623."], &phone, Locale::En), "+14158496623");
    let plate = patterns(&["AA-0000"]);
    assert_eq!(all(&["A B", "one two three four"], &plate, Locale::En), "AB-1234");
}

#[test]
fn days_and_times_alone_are_read() {
    let born = Kind::Date(Window { earliest: Some((-120).years()), latest: Some((-1).days()) });
    check(&born, Locale::En, &[("the third of March 1985", "1985-03-03"), ("tomorrow", "TooLate 2026-11-26")]);
    let day = Kind::Date(Window::default());
    check(
        &day,
        Locale::En,
        &[("the twenty-first", "2026-12-21?"), ("Friday week", "2026-12-04"), ("next month", "part 2026-12-01..2026-12-31")],
    );
    check(&Kind::Time, Locale::En, &[("ten", "10:00?"), ("around 1430", "14:30?"), ("seven", "part EitherHalf { hour: 7, minute: 0 }")]);
    check(&Kind::Time, Locale::ZhTw, &[("十點半", "10:30?"), ("中午", "12:00"), ("晚上七點", "19:00")]);
}

#[test]
fn numbers_are_read_within_their_limits() {
    let people = Kind::Number(Limits { least: Some(1), most: Some(12) });
    check(
        &people,
        Locale::En,
        &[
            ("There will be four of us.", "4"),
            ("just me", "1"),
            ("a couple", "2"),
            ("half a dozen", "6"),
            ("Twenty.", "TooLarge 20"),
            ("zero", "TooSmall 0"),
            ("four, no wait, five", "5"),
            ("two or three", "2?"),
            ("that one", "none"),
            ("no idea", "don't know"),
        ],
    );
    check(&people, Locale::ZhTw, &[("四位", "4"), ("我們兩個人", "2"), ("三", "3"), ("就我自己", "1"), ("二十個人", "TooLarge 20")]);
}

#[test]
fn sums_are_read_in_the_currency_of_the_slot() {
    let sum = Kind::Money { currency: Currency::TaiwanDollar, limits: Limits { least: Some(1), most: None } };
    check(
        &sum,
        Locale::En,
        &[("fifteen hundred NT dollars", "1500 TWD"), ("two hundred", "200 TWD?"), ("ten euros", "OtherCurrency 10 EUR")],
    );
    check(&sum, Locale::ZhTw, &[("一千五百塊", "1500 TWD"), ("三萬五", "35000 TWD?"), ("一百美金", "OtherCurrency 100 USD")]);
}

#[test]
fn telephone_numbers_are_read_by_the_habits_of_the_country() {
    check(
        &Kind::phone(),
        Locale::En,
        &[
            ("It's two one two, five five five, one two three four.", "+12125551234"),
            ("555 1234", "part 5551234 Some(3)"),
            ("oh two, five five five, one two three four", "025551234?"),
            ("plus 44 20 7946 0958", "+442079460958?"),
            ("at nine", "none"),
            ("I don't remember it", "don't know"),
        ],
    );
    check(
        &Kind::phone(),
        Locale::ZhTw,
        &[
            ("我的電話是零九一二，三四五，六七八", "+886912345678"),
            ("零九一二三四五", "part 0912345 Some(3)"),
            ("02-2734-5678", "+886227345678"),
            ("014328", "none"),
        ],
    );
    let abroad = [
        ("一三八零零一三八零零零", "+8613800138000"),
        ("加八六一三八零零一三八零零零", "+8613800138000"),
        ("八六，一三八，零零一三，八零零零", "+8613800138000"),
        ("我在大陸的手機是一三八零零一三", "part 1380013 Some(4)"),
    ];
    check(&Kind::phone(), Locale::ZhTw, &abroad);
    check(&Kind::phone(), Locale::ZhCn, &[("幺三八，零零幺三，八零零零", "+8613800138000"), ("幺三八零零幺三", "part 1380013 Some(4)")]);
}

#[test]
fn a_yes_and_a_no_are_read() {
    check(
        &Kind::YesNo,
        Locale::En,
        &[("Yes, please.", "yes"), ("no, that's wrong", "no"), ("Yes, but on Monday", "yes?"), ("maybe", "none")],
    );
    check(&Kind::YesNo, Locale::ZhTw, &[("對", "yes"), ("沒錯", "yes"), ("不是", "no"), ("沒錯，就是這樣", "yes?"), ("不用麻煩了", "no?")]);
}

#[test]
fn a_choice_is_read_by_its_names_its_words_and_its_place() {
    check(
        &service(),
        Locale::En,
        &[
            ("I'd like a cleaning", "cleaning"),
            ("the laser one", "whitening?"),
            ("teeth, please", "part cleaning|whitening"),
            ("the second one", "check-up?"),
            ("the last one", "whitening?"),
            ("not a cleaning, a check-up", "check-up"),
            ("cleaning, I mean whitening", "cleaning"),
            ("examinations", "check-up"),
            ("a haircut", "none"),
            ("I'm not sure", "don't know"),
        ],
    );
    check(&service(), Locale::ZhTw, &[("我要洗牙", "cleaning"), ("第二個", "check-up?"), ("不是洗牙，是健檢", "check-up")]);
}

#[test]
fn names_are_read() {
    check(
        &Kind::Name,
        Locale::En,
        &[
            ("My name is Maria Chen.", "Maria Chen"),
            ("Maria Chen", "Maria Chen??"),
            ("It's Maria Chen, thank you", "Maria Chen?"),
            ("This is Dr. Chen", "Dr. Chen?"),
            ("um, Chen", "Chen??"),
            ("my name is Maria and I need an appointment", "Maria"),
            ("yes", "none"),
            ("What is this about?", "none"),
            ("I don't know", "don't know"),
        ],
    );
    check(
        &Kind::Name,
        Locale::ZhTw,
        &[("我叫陳美玲", "陳美玲"), ("我姓陳", "陳"), ("陳小姐", "陳小姐??"), ("我是陳美玲，想預約", "陳美玲?"), ("林志明", "林志明??")],
    );
}

#[test]
fn addresses_are_kept_as_they_are_said() {
    check(
        &Kind::Address,
        Locale::En,
        &[
            ("It's 12 Long Street, Springfield.", "12 Long Street, Springfield?"),
            ("I live at 5 Hill Road", "5 Hill Road"),
            ("no idea", "don't know"),
        ],
    );
    check(&Kind::Address, Locale::ZhTw, &[("我住在台北市中山路二十號三樓", "台北市中山路二十號三樓"), ("中山路二十號", "中山路二十號?")]);
}

#[test]
fn plates_and_part_numbers_are_read_however_they_are_spelt() {
    let plate = patterns(&["AA-0000", "AAA-0000"]);
    check(
        &plate,
        Locale::En,
        &[
            ("A B, one two three four", "AB-1234"),
            ("ABC-1234", "ABC-1234"),
            ("my plate is abc1234", "ABC-1234"),
            ("A as in alpha, B for Bravo, twelve thirty-four", "AB-1234"),
            ("alpha bravo charlie one oh double three", "ABC-1033"),
            ("it's double u oh, one two three four", "WO-1234"),
            ("A B one two", "part AB-12 2"),
            ("I forgot it", "don't know"),
            ("hello there", "none"),
        ],
    );
    check(&plate, Locale::ZhTw, &[("A B 一二三四", "AB-1234"), ("車牌是欸逼西，洞幺二三", "ABC-0123"), ("ABC一二三四", "ABC-1234")]);
}

#[test]
fn words_are_kept_where_words_are_asked_for() {
    check(&Kind::Text, Locale::En, &[("\"Memor,\"", "Memor??")]);
    check(&Kind::Name, Locale::En, &[("No, the name is \"anishmith\".", "anishmith"), ("\"Anna Schmidt\"", "Anna Schmidt??")]);
    check(&Kind::Text, Locale::En, &[(" My tooth hurts. ", "My tooth hurts.??"), ("I don't know", "don't know"), ("...", "none")]);
}

#[test]
fn one_sentence_fills_several_slots() {
    let now = now();
    let context = Context::at(&now).likely(time(9, 0, 0, 0)..time(17, 0, 0, 0));
    let when = Kind::DateTime(Window::default());
    let people = Kind::Number(Limits { least: Some(1), most: Some(12) });
    let (service, name, phone) = (service(), Kind::Name, Kind::phone());
    let slots = [&service, &when, &name, &phone, &people];
    for (said, asked, locale, expected) in [
        (
            "I'd like a cleaning next Tuesday at ten, my name is Maria Chen",
            None,
            Locale::En,
            "0 cleaning, 1 2026-12-01T10:00?, 2 Maria Chen",
        ),
        ("Maria Chen, next Tuesday at ten", Some(2), Locale::En, "1 2026-12-01T10:00?, 2 Maria Chen??"),
        ("on Friday, for four people", None, Locale::En, "1 part 2026-11-27, 4 4"),
        (
            "tomorrow at noon, my number is two one two five five five one two three four",
            None,
            Locale::En,
            "1 2026-11-26T12:00, 3 +12125551234",
        ),
        (
            "我叫陳美玲，下週二下午三點想洗牙，電話零九一二三四五六七八",
            None,
            Locale::ZhTw,
            "0 cleaning, 1 2026-12-01T15:00, 2 陳美玲, 3 +886912345678",
        ),
        ("I don't know", Some(1), Locale::En, "1 don't know"),
        ("What are your opening hours?", None, Locale::En, ""),
    ] {
        let found = read_all(&slots, asked, said, locale, &context);
        let found: Vec<_> = found.iter().map(|(slot, reading)| format!("{slot} {}", show(reading))).collect();
        assert_eq!(found.join(", "), expected, "{said}");
    }
}

#[test]
fn each_word_is_used_once() {
    let now = now();
    let day = Kind::Date(Window::default());
    let found = read_all(&[&day, &day], None, "from Monday to Wednesday", Locale::En, &Context::at(&now));
    let found: Vec<_> = found.iter().map(|(slot, reading)| format!("{slot} {}", show(reading))).collect();
    assert_eq!(found, ["0 2026-11-30", "1 2026-12-02"]);
}

/// Every kind once.
pub(in crate::dialog::slots) fn kinds() -> Vec<Kind> {
    vec![
        Kind::Text,
        Kind::Name,
        Kind::Number(Limits { least: Some(1), most: Some(100) }),
        Kind::phone(),
        Kind::Date(Window::default()),
        Kind::Time,
        Kind::DateTime(Window { earliest: Some(0.seconds()), latest: Some(60.days()) }),
        Kind::Money { currency: Currency::TaiwanDollar, limits: Limits::default() },
        Kind::YesNo,
        service(),
        Kind::Address,
        patterns(&["AA-0000", "0000-AA"]),
    ]
}

/// Rubbish, and words that the rules look for in any order.
pub(in crate::dialog::slots) const ODD: &str = "\\PC{0,60}|((no|not|the|third|ten|at|half|past|next|tuesday|my|name|is|A|B|oh|double|five|twenty|two|dollars|yes|İ|ẞ|,|\\.|-|in|sorry|for|week|the first|street|[0-9]{1,4}) ?){0,14}|[不是對我叫姓零一二兩三十百點半月號日下午週星期二後天底塊元路街住在，。A-D0-9陳 ]{0,30}";

proptest! {
    #[test]
    fn no_answer_is_too_odd_and_spans_are_in_it(said in ODD) {
        let now = now();
        let context = Context::at(&now).likely(time(9, 0, 0, 0)..time(17, 0, 0, 0));
        let kinds = kinds();
        for locale in Locale::ALL {
            for kind in &kinds {
                match read(kind, &said, locale, &context) {
                    Reading::Found { span, .. } | Reading::Part(_, span) | Reading::Outside { span, .. } => {
                        prop_assert!(said.get(span).is_some_and(|words| !words.is_empty()));
                    }
                    Reading::DontKnow | Reading::None => {}
                }
            }
            let slots: Vec<&Kind> = kinds.iter().collect();
            for (slot, reading) in read_all(&slots, Some(1), &said, locale, &context) {
                prop_assert!(slot < kinds.len());
                if let Reading::Found { span, .. } = reading {
                    prop_assert!(said.get(span).is_some());
                }
            }
        }
    }
}

#[test]
fn a_one_of_mandarin_idioms_counts_nothing() {
    let marks = Kind::Number(Limits { least: Some(1), most: Some(5) });
    let now = now();
    for said in ["請再說一次", "慶再降一次", "等一下", "講慢一點"] {
        assert!(matches!(read(&marks, said, Locale::ZhTw, &Context::at(&now)), Reading::None), "{said}");
    }
    assert!(matches!(read(&marks, "一分", Locale::ZhTw, &Context::at(&now)), Reading::Found { .. }));
}
