//! Mandarin with English in it, read by both front ends, and what the dictionaries say of a grammar's characters. These tests need `mandarin` and `hibari` installed.

use std::sync::Arc;

use switchhook_models::Language;
use switchhook_models::asr::grammar::common;
use switchhook_models::catalog::Store;
use switchhook_models::catalog::convert::hibari::{TABLES, UNKNOWN};
use switchhook_models::text::english::English;
use switchhook_models::text::english::tables::Tables;
use switchhook_models::text::mandarin::{Mandarin, NAME};

#[test]
fn english_words_are_read_and_not_spelt_and_an_english_clause_has_english_figures() {
    let store = Store::default_place();
    let voice = store.open("hibari").unwrap();
    let english = Arc::new(English::open(&Tables::read(&voice.file(TABLES)).unwrap(), &voice.file(UNKNOWN)).unwrap());
    let mandarin = Mandarin::open(&store.open(NAME).unwrap(), Some(Arc::clone(&english))).unwrap();
    for (text, words) in [("請用email聯絡", "email"), ("我們的VIP會員", "VIP"), ("中文請按1，press 2 for English.", "press 2 for English.")]
    {
        let phonemes = mandarin.phonemes(text).unwrap();
        assert!(phonemes.contains(english.phonemes(words).unwrap().trim()), "{text}: {phonemes}");
    }
    assert!(mandarin.phonemes("密碼是A2").unwrap().ends_with("ɚ↘"));
}

#[test]
fn a_character_spells_a_digit_only_if_it_is_read_like_one_of_its_names() {
    const NAMES: [&[&str]; 10] = [
        &["ling", "lin", "dong"],
        &["yi", "yao"],
        &["er", "liang"],
        &["san"],
        &["si"],
        &["wu"],
        &["liu", "lu"],
        &["qi", "guai"],
        &["ba"],
        &["jiu", "gou"],
    ];
    let mandarin = Mandarin::open(&Store::default_place().open(NAME).unwrap(), None).unwrap();
    let grammar = common::digits(Language::Zh, 1, 1).unwrap();
    let mut spelling = 0;
    for character in '\u{4e00}'..='\u{9fff}' {
        let Some(digit) = grammar.read(&character.to_string()) else { continue };
        let [digit] = digit.as_slice() else { panic!("{character} is {digit:?}") };
        let read = mandarin.pinyin(&character.to_string()).concat();
        let names = NAMES[digit.parse::<usize>().unwrap()];
        assert!(names.contains(&read.trim_end_matches(|tone: char| tone.is_ascii_digit())), "{character} is {digit}, but is read {read}");
        spelling += 1;
    }
    assert!(spelling > 200, "{spelling}");
}
