//! What is only close to a wish, in the scenarios that ship and in one of a workshop.
#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::Path;
use std::sync::Arc;

use switchhook_models::Locale;
use switchhook_models::text::script::Script;

use crate::dialog::words;
use crate::dialog::{Circumstances, Dialog, Input, Scenario, Step};

/// Who calls a workshop is asked which part of the car it is about, and what is wrong with it. It knows the robot's manners, and some ways of its own to say what is to
/// become of what was said.
const WORKSHOP: &str = "
goal: The car is booked in.
languages: [en, zh-TW, zh-CN]
person: workshop
attempts: 3
slots:
  part: {kind: choice, options: [{id: engine, names: {en: [the engine], zh-TW: [引擎]}}, {id: door, names: {en: [a door], zh-TW: [車門]}}]}
  fault: {kind: text}
flows:
  repair: [{collect: [part, fault]}, {end: told}]
";

const OWN_ENGLISH: &str = "
flows: {repair: {means: repair, words: [repair]}}
intents:
  opt-out: {examples: [Please strike my number from your book]}
  privacy: {examples: [How long do you keep the tape?]}
  abuse: {examples: [You are a tin can]}
";

const OWN_MANDARIN: &str = "
flows: {repair: {means: 修理, words: [修理]}}
intents:
  opt-out: {examples: [把我的號碼拿掉]}
  privacy: {examples: [錄音會放多久]}
  abuse: {examples: [你這個鐵罐子]}
";

fn workshop(locale: Locale) -> Arc<Scenario> {
    let dir = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| {
        let path = dir.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    write("scenario.yaml", WORKSHOP);
    write("lang/en.ftl", "ask-part = Which part?\nask-fault = What is wrong?\n");
    write("lang/zh-TW.ftl", "ask-part = 哪一個部分？\nask-fault = 怎麼了？\n");
    write("lang/en.yaml", OWN_ENGLISH);
    write("lang/zh-TW.yaml", OWN_MANDARIN);
    Arc::new(Scenario::load(dir.path(), locale).unwrap())
}

fn shipped(name: &str, locale: Locale) -> Arc<Scenario> {
    Arc::new(Scenario::load(&Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios").join(name), locale).unwrap())
}

/// A caller who was greeted and has said all this; the last step is what came of it. Of several meanings the closest stands.
fn call(scenario: &Arc<Scenario>, said: &[&str]) -> Step {
    let written = |said: &str| match scenario.language {
        Locale::ZhCn => Script::Simplified.converter().unwrap().convert(said),
        Locale::En | Locale::ZhTw => said.to_owned(),
    };
    // A Thursday.
    let mut dialog = Dialog::new(Arc::clone(scenario), Circumstances::at("2026-11-26T10:00[UTC]".parse().unwrap()));
    let mut step = dialog.on(Input::Disclosed);
    for said in said {
        step = dialog.on(Input::heard(written(said)));
        if step.action_name() == "classify" {
            step = dialog.on(Input::Classified(Some(0)));
        }
    }
    step
}

/// The workshop, and every scenario that ships and is called.
fn all(locale: Locale) -> Vec<Arc<Scenario>> {
    let shipped = ["appointment", "overflow", "reception", "after-hours"].map(|name| shipped(name, locale));
    [workshop(locale)].into_iter().chain(shipped).collect()
}

/// In this language: English, or Mandarin in the script of Taiwan, into whose other script a caller's words are put.
fn said<'a>(locale: Locale, english: &'a [&'a str], mandarin: &'a [&'a str]) -> &'a [&'a str] {
    if locale == Locale::En { english } else { mandarin }
}

/// The first words of whoever has something to be repaired, and what they answer to the first question.
fn repair(locale: Locale) -> &'static [&'static str] {
    said(locale, &["I need a repair.", "The engine."], &["我要修理", "引擎"])
}

const HARMLESS: &[&str] =
    &["The building.", "In the building.", "Somebody.", "Is somebody there?", "Somebody is waiting.", "Is there a car in the building?"];
const HARMLESS_MANDARIN: &[&str] =
    &["車子", "我的車", "煞車", "這裡", "需要", "有人在嗎", "有人嗎", "需要修車", "護士", "需要保養", "這裡是哪裡", "火車站在哪裡"];

const DANGERS: &[&str] = &[
    "Fire!",
    "The building is burning",
    "Somebody got hurt",
    "Somebody is badly hurt",
    "Somebody was injured in your building",
    "There is smoke in the building",
    "Somebody is bleeding",
    "Someone is hurt",
    "The house is burning",
    "Somebody is lying on the floor and not breathing",
];
const DANGERS_MANDARIN: &[&str] = &[
    "著火",
    "火很大",
    "有人受重傷",
    "有人流血",
    "有人昏倒了",
    "需要救護",
    "需要急救",
    "這裡有火",
    "這裡冒煙了",
    "廚房著火",
    "我受傷了",
    "有人被車撞了",
    "這裡出事了",
    "房子燒起來了",
    "他沒有呼吸",
];

#[test]
fn harmless_words_of_an_example_are_no_emergency() {
    for locale in Locale::ALL {
        for said in said(locale, HARMLESS, HARMLESS_MANDARIN) {
            for scenario in all(locale) {
                assert_ne!(call(&scenario, &[said]).understood, "emergency", "{locale}, {}: {said}", scenario.name);
            }
        }
    }
}

#[test]
fn nor_are_they_where_something_was_asked() {
    for locale in Locale::ALL {
        let (workshop, repair) = (workshop(locale), repair(locale));
        for said in said(locale, HARMLESS, HARMLESS_MANDARIN) {
            for before in [&repair[..1], repair] {
                let step = call(&workshop, &[before, &[said]].concat());
                assert_ne!(step.understood, "emergency", "{locale}, after {before:?}: {said}");
            }
        }
    }
}

#[test]
fn a_danger_is_understood_in_other_words_than_the_examples_at_the_opening_and_where_something_was_asked() {
    for locale in Locale::ALL {
        let (workshop, repair) = (workshop(locale), repair(locale));
        for said in said(locale, DANGERS, DANGERS_MANDARIN) {
            for scenario in all(locale) {
                assert_eq!(call(&scenario, &[said]).understood, "emergency", "{locale}, {}: {said}", scenario.name);
            }
            let step = call(&workshop, &[&repair[..1], &[said]].concat());
            assert_eq!(step.understood, "emergency", "{locale}, where a part was asked for: {said}");
        }
    }
}

#[test]
fn who_praises_does_not_complain() {
    for locale in Locale::ALL {
        for (praise, complaint) in [("Thank you for your service", "Very unhappy"), ("你們的服務很好", "我不太滿意")] {
            let (mandarin, scenario) = (words::is_han(praise.chars().next().unwrap()), shipped("reception", locale));
            if mandarin == (locale != Locale::En) {
                assert_ne!(call(&scenario, &[praise]).understood, "complaint", "{locale}");
                assert_eq!(call(&scenario, &[complaint]).understood, "complaint", "{locale}");
            }
        }
    }
}

#[test]
fn a_word_or_two_that_answer_are_no_wish_that_ends_the_flow() {
    let english = ["Unhappy.", "Bad service.", "My number.", "Your book.", "The tape.", "A can."];
    let mandarin = ["不滿意", "服務", "號碼", "錄音", "罐子"];
    for locale in Locale::ALL {
        let (workshop, repair) = (workshop(locale), repair(locale));
        for said in said(locale, &english, &mandarin) {
            for before in [&repair[..1], repair] {
                let step = call(&workshop, &[before, &[said]].concat());
                let wishes = ["complaint", "opt-out", "privacy", "abuse"];
                assert!(!wishes.contains(&step.understood.as_str()), "{locale}, after {before:?}: {said}: {step:?}");
            }
        }
    }
}

#[test]
fn a_whole_sentence_is_that_wish_in_the_middle_of_a_flow_too() {
    let english = [
        ("Please strike my number from your book", "opt-out"),
        ("How long do you keep the tape?", "privacy"),
        ("You are a tin can", "abuse"),
    ];
    let mandarin = [("把我的號碼拿掉", "opt-out"), ("錄音會放多久", "privacy"), ("你這個鐵罐子", "abuse")];
    for locale in Locale::ALL {
        for (said, wish) in if locale == Locale::En { english } else { mandarin } {
            let step = call(&workshop(locale), &[repair(locale)[0], said]);
            assert_eq!(step.understood, wish, "{locale}: {said}");
        }
    }
}

#[test]
fn a_danger_that_was_written_as_it_sounds_is_one() {
    // 著火 and 著貨 sound the same; 車子 sounds like no danger.
    let syllable = |c: char| match c {
        '這' => "zhe4",
        '裡' => "li3",
        '著' => "zhao2",
        '火' => "huo3",
        '貨' => "huo4",
        '了' => "le5",
        _ => "a1",
    };
    let read_aloud = move |text: &str| text.chars().map(|c| syllable(c).to_owned()).collect();
    let scenario = Scenario::clone(&workshop(Locale::ZhTw)).read_aloud_by(Arc::new(read_aloud));
    assert_eq!(call(&Arc::new(scenario), &["這裡著貨了"]).understood, "emergency");
    assert_ne!(call(&workshop(Locale::ZhTw), &["這裡著貨了"]).understood, "emergency", "without its sound it is none");
}
