//! What the dialog's retrieval makes of questions that its weights were not fitted to (`retrieval/held-out`), by text and by sound. By meaning too,
//! the example `retrieval` judges, with the embedding model.
#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

#[path = "retrieval/offices.rs"]
mod offices;
#[path = "retrieval/verdicts.rs"]
mod verdicts;

use std::sync::Arc;

use switchhook::dialog::retrieval::{Query, ReadAloud, Verdict};
use switchhook_models::catalog::Store;
use switchhook_models::{Language, Locale, open};

use offices::Office;
use verdicts::{Verdicts, judged};

fn aloud() -> ReadAloud {
    let mandarin = open::pronunciation(&Store::default_place(), "mandarin").unwrap();
    Arc::new(move |text| mandarin.pinyin(text))
}

fn of(locale: Locale, sounds: Option<&ReadAloud>) -> Verdicts {
    let office = Office::held_out(locale);
    let verdicts = judged(&office, &office.retrieval(sounds, None), None, |_, _, _| ());
    println!("{locale}: {verdicts:?}");
    verdicts
}

/// At least so many are understood, and at most so many wrong answers are given at once.
fn check(verdicts: Verdicts, understood: usize, wrong: usize, doubted: usize) {
    assert!(verdicts.sure_right + verdicts.first >= understood, "{verdicts:?}");
    assert!(verdicts.sure_wrong + verdicts.invented <= wrong, "{verdicts:?}");
    assert!(verdicts.doubted + verdicts.amiss <= doubted, "{verdicts:?}");
}

#[test]
fn english_questions_in_other_words_are_seldom_understood_wrongly_by_text_alone() {
    check(of(Locale::En, None), 19, 3, 9);
}

#[test]
fn mandarin_questions_in_other_words_are_understood_in_either_script() {
    let sounds = aloud();
    for locale in [Locale::ZhTw, Locale::ZhCn] {
        check(of(locale, None), 34, 8, 12);
        check(of(locale, Some(&sounds)), 34, 7, 12);
    }
}

#[test]
fn what_the_office_wrote_is_understood_as_it_is_written() {
    for locale in [Locale::En, Locale::ZhTw, Locale::ZhCn] {
        let office = Office::held_out(locale);
        let retrieval = office.retrieval(None, None);
        for (place, entry) in office.entries.iter().enumerate() {
            for text in &entry.asked {
                let hits = retrieval.search(&Query { text, vector: None });
                // "How can I pay?" and the like hold few words that say something.
                assert_eq!(hits.first().map(|hit| hit.entry), Some(place), "{text}: {hits:?}");
                assert_ne!(Verdict::of(&hits), Verdict::Nothing, "{text}: {hits:?}");
            }
        }
    }
}

#[test]
fn a_robot_is_found_in_what_a_recogniser_writes_for_it() {
    let office = Office::held_out(Locale::ZhTw);
    let sounds = aloud();
    let robot = office.names.iter().position(|name| name == "robot").unwrap();
    for heard in ["你是急起人嗎", "是急起人嗎"] {
        let hits = office.retrieval(Some(&sounds), None).search(&Query { text: heard, vector: None });
        assert_eq!(Verdict::of(&hits), Verdict::Sure(robot), "{heard}: {hits:?}");
    }
}

#[test]
fn no_question_is_both_fitted_to_and_judged() {
    for (language, locale) in [(Language::En, Locale::En), (Language::Zh, Locale::ZhTw)] {
        let fitted: Vec<String> =
            Office::fitted(language).into_iter().flat_map(|office| office.questions).map(|question| question.text).collect();
        let held_out = Office::held_out(locale).questions;
        assert!(held_out.iter().all(|question| !fitted.contains(&question.text)));
        let nothing = held_out.iter().filter(|question| question.means.is_none()).count();
        assert!(nothing * 10 >= held_out.len() * 4, "{nothing} of {} fit nothing", held_out.len());
    }
}
