#![allow(clippy::unwrap_used)]
use std::convert::Infallible;
use std::path::Path;

use switchhook_models::Locale;

use super::*;

fn reception(locale: Locale) -> Scenario {
    Scenario::load(&Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/reception"), locale).unwrap()
}

fn candidates(locale: Locale, said: &[&str]) -> Vec<Candidate> {
    let latest = said.iter().map(|&said| said.to_owned()).collect();
    reception(locale).candidates(latest, |_| Ok::<_, Infallible>(None)).unwrap()
}

#[test]
fn what_several_callers_asked_in_other_words_is_one_candidate() {
    let found = candidates(
        Locale::En,
        &[
            "do you sell gift vouchers",
            "can i bring my dog",
            "do you have gift vouchers",
            "may i bring my dog along",
            "gift vouchers do you sell any",
        ],
    );
    let said: Vec<&[String]> = found.iter().map(|candidate| &candidate.said[..]).collect();
    assert_eq!(found.iter().map(|candidate| candidate.times).collect::<Vec<_>>(), [3, 2], "{said:?}");
    assert!(said[0].iter().all(|said| said.contains("voucher")) && said[1].iter().all(|said| said.contains("dog")), "{said:?}");
}

#[test]
fn mandarin_sentences_are_grouped_by_their_characters() {
    let found = candidates(Locale::ZhTw, &["你們有賣禮券嗎", "可以帶狗去嗎", "有沒有賣禮券", "能帶狗嗎"]);
    assert_eq!(found.iter().map(|candidate| candidate.times).collect::<Vec<_>>(), [2, 2], "{found:?}");
}

#[test]
fn the_same_words_are_counted_and_shown_once() {
    let found = candidates(Locale::En, &["Do you sell gift vouchers?", "do you sell gift vouchers", "Do you sell gift vouchers!"]);
    assert_eq!((found[0].times, &found[0].said[..]), (3, &["Do you sell gift vouchers?".to_owned()][..]));
}

#[test]
fn what_is_understood_by_now_is_no_candidate() {
    assert_eq!(candidates(Locale::En, &["Where can I park?", "I want to speak to a person"]), []);
}

#[test]
fn a_word_alone_says_too_little() {
    assert_eq!(candidates(Locale::En, &["vouchers"]), []);
}

#[test]
fn what_is_nearest_in_the_scenario_is_named() {
    let found = candidates(Locale::En, &["is the parking space large enough for my caravan trailer"]);
    assert!(found[0].near.iter().any(|near| near == "office.md#parking"), "{found:?}");
}
