//! How the same thing is asked again, and what is said before it.
#![allow(clippy::unwrap_used)]

use std::fs;
use std::sync::Arc;

use switchhook_models::Locale;

use crate::dialog::wording::Line;
use crate::dialog::{Circumstances, Dialog, Input, Scenario, Step};
use crate::lines::Key;

/// Cars are fetched from a workshop. The questions have no other words.
const WORKSHOP: &str = "
goal: The car is fetched.
languages: [en, zh-TW, zh-CN]
person: workshop
attempts: 3
slots:
  visit: {kind: date, earliest: 0 days, latest: 60 days}
  cars: {kind: number, least: 2, most: 4}
flows:
  collection: [{collect: [visit, cars]}, {end: told}]
";

/// Somebody on a Thursday who wants to fetch cars, and was asked on which day.
fn asked_for_a_day(locale: Locale) -> Dialog {
    let dir = tempfile::tempdir().unwrap();
    fs::create_dir(dir.path().join("lang")).unwrap();
    let write = |name: &str, text: &str| fs::write(dir.path().join(name), text).unwrap();
    write("scenario.yaml", WORKSHOP);
    write("lang/en.ftl", "ask-visit = When do you come?\nask-cars = How many cars?\n");
    write("lang/zh-TW.ftl", "ask-visit = 哪一天來？\nask-cars = 幾輛車？\n");
    write("lang/en.yaml", "flows: {collection: {means: fetch a car, words: [fetch]}}\n");
    write("lang/zh-TW.yaml", "flows: {collection: {means: 取車, words: [取]}}\n");
    let scenario = Arc::new(Scenario::load(dir.path(), locale).unwrap());
    let mut dialog = Dialog::new(scenario, Circumstances::at("2026-11-26T10:00[UTC]".parse().unwrap()));
    dialog.on(Input::Disclosed);
    say(&mut dialog, "I want to fetch my cars.", "我要取");
    dialog
}

fn say(dialog: &mut Dialog, english: &str, mandarin: &str) -> Step {
    dialog.on(Input::heard(if dialog.scenario.language == Locale::En { english } else { mandarin }))
}

/// This line, and behind it the question as it was asked at first.
fn first_asked(dialog: &Dialog, line: Line, question: &str) -> String {
    format!("{} {}", dialog.line(line), dialog.message(question))
}

#[test]
fn what_was_understood_and_is_out_of_range_is_not_said_to_be_not_understood() {
    for locale in Locale::ALL {
        let mut dialog = asked_for_a_day(locale);
        for (english, mandarin, why) in [("Yesterday.", "昨天", Line::TooEarly), ("On the first of June.", "六月一號", Line::TooLate)]
        {
            let step = say(&mut dialog, english, mandarin);
            assert_eq!(step.said(), first_asked(&dialog, why, "ask-visit"), "{locale}: {step:?}");
        }
        say(&mut dialog, "Tomorrow.", "明天");
        for (english, mandarin, why) in [("One.", "一個", Line::TooSmall), ("Nine.", "九個", Line::TooLarge)] {
            let step = say(&mut dialog, english, mandarin);
            assert_eq!(step.said(), first_asked(&dialog, why, "ask-cars"), "{locale}: {step:?}");
        }
    }
}

#[test]
fn nor_is_what_was_pressed() {
    for locale in Locale::ALL {
        let mut dialog = asked_for_a_day(locale);
        say(&mut dialog, "Tomorrow.", "明天");
        // A number is pressed as far as the hash key, unless no more digits could make it right.
        let pressed = ['9', '#'].map(|key| dialog.on(Input::Key(Key::new(key).unwrap())));
        let step = pressed.iter().find(|step| !step.said().is_empty()).unwrap();
        assert_eq!(step.said(), first_asked(&dialog, Line::TooLarge, "ask-cars"), "{locale}: {step:?}");
    }
}

#[test]
fn what_is_not_understood_before_or_after_it_is_said_to_be() {
    for locale in Locale::ALL {
        let mut dialog = asked_for_a_day(locale);
        let step = say(&mut dialog, "Purple elephants.", "紫色大象");
        assert_eq!(step.said(), first_asked(&dialog, Line::NotThat, "ask-visit"), "{locale}");
        let step = say(&mut dialog, "Yesterday.", "昨天");
        assert_eq!(step.said(), first_asked(&dialog, Line::TooEarly, "ask-visit"), "{locale}");

        let mut dialog = asked_for_a_day(locale);
        say(&mut dialog, "Yesterday.", "昨天");
        let step = say(&mut dialog, "Purple elephants.", "紫色大象");
        assert_eq!(step.said(), first_asked(&dialog, Line::NotThat, "ask-visit"), "{locale}");
    }
}
