//! Mandarin with English in it, read by both front ends. These tests need `mandarin` and `hibari` installed.
#![allow(missing_docs, clippy::unwrap_used, reason = "tests")]

use std::sync::Arc;

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
