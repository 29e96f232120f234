//! What the dialog's retrieval makes of questions that its weights were not fitted to (`retrieval/held-out`), by text and by sound. By meaning too,
//! the example `retrieval` judges, with the embedding model.

mod offices;
mod verdicts;

use std::sync::Arc;

use switchhook::dialog::Scenario;
use switchhook::dialog::retrieval::{Query, ReadAloud, Verdict};
use switchhook_models::catalog::Store;
use switchhook_models::embed::Embedder;
use switchhook_models::{Cancel, Language, Locale, open};

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

/// Of the pairs of sentences that are put into one group, the share that means the same; and of the pairs that mean the same, the share that is put together.
fn grouped(office: &Office, sounds: &ReadAloud, meaning: Option<&dyn Embedder>) -> (f64, f64) {
    let questions: Vec<_> = office.questions.iter().filter(|question| question.means.is_some()).collect();
    let cancel = Cancel::new();
    let embed = |text: &str| meaning.map(|meaning| meaning.embed(text, &cancel)).transpose();
    let latest = questions.iter().map(|question| question.text.clone()).collect();
    let dir = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/survey");
    let locale = if office.language == Language::En { Locale::En } else { Locale::ZhTw };
    let scenario = Scenario::load(&dir, locale).unwrap().read_aloud_by(Arc::clone(sounds));
    let scenario = match meaning {
        Some(meaning) => scenario.embedded_by(|text| meaning.embed(text, &cancel)).unwrap(),
        None => scenario,
    };
    let candidates = scenario.candidates(latest, embed).unwrap();
    let mut groups = vec![Vec::new(); candidates.len()];
    for (group, candidate) in groups.iter_mut().zip(&candidates) {
        group.extend(candidate.said.iter().filter_map(|said| questions.iter().find(|question| question.text == *said)?.means));
    }
    let pairs = |count: usize| count * count.saturating_sub(1) / 2;
    let same =
        |group: &[usize]| (0..office.names.len()).map(|name| pairs(group.iter().filter(|&&means| means == name).count())).sum::<usize>();
    let right: usize = groups.iter().map(|group| same(group)).sum();
    let together: usize = groups.iter().map(|group| pairs(group.len())).sum();
    let all = same(&groups.concat());
    println!("{:?}: {right} of {together} pairs in {} groups mean the same, of {all}", office.language, groups.len());
    (right as f64 / together.max(1) as f64, right as f64 / all.max(1) as f64)
}

#[test]
fn questions_that_are_put_together_mostly_mean_the_same() {
    let sounds = aloud();
    let meaning = open::embedder(&Store::default_place(), "all-minilm-l6-v2").unwrap();
    let (precision, share) = grouped(&Office::held_out(Locale::En), &sounds, Some(&*meaning));
    assert!(precision >= 0.8 && share >= 0.4, "{precision} {share}");
    // There is no model of Mandarin meanings: by characters and sounds.
    let (precision, share) = grouped(&Office::held_out(Locale::ZhTw), &sounds, None);
    assert!(precision >= 0.45 && share >= 0.1, "{precision} {share}");
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
