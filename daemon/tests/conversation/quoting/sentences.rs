//! What callers answer who were asked for a name, read from files beside this one: a sentence, and behind `=>` the name, if it holds one.
//!
//! What is believed of a model was chosen on every other sentence, and is judged on the rest.
#![allow(dead_code, reason = "whoever includes it uses a part of it")]

use std::path::Path;

use jiff::Zoned;
use switchhook::dialog::slots::{Context, Kind, Reading, Value, read};
use switchhook::dialog::{Quotation, Quote, Quoted};
use switchhook_models::{Language, Locale};

/// An answer.
pub struct Sentence {
    pub said: String,
    pub name: Option<String>,
}

/// The sentences of a language.
pub fn of(language: Language) -> Vec<Sentence> {
    let file = if language == Language::En { "en.txt" } else { "zh.txt" };
    let text = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/conversation/quoting").join(file)).unwrap();
    let sentence = |line: &str| match line.split_once(" => ") {
        Some((said, name)) => Sentence { said: said.to_owned(), name: Some(name.to_owned()) },
        None => Sentence { said: line.to_owned(), name: None },
    };
    text.lines().map(sentence).collect()
}

/// What a dialog takes of a quotation: all of it is a name by the grammar of names.
pub fn believed(quote: &Quote, quotation: Option<Quotation>, locale: Locale) -> Quoted {
    match quote.verified(quotation) {
        Quoted::Words(words) if name(&words, locale).as_ref() == Some(&words) => Quoted::Words(words),
        Quoted::Words(_) => Quoted::Nothing,
        other => other,
    }
}

/// The name that the grammar alone reads.
pub fn name(said: &str, locale: Locale) -> Option<String> {
    match read(&Kind::Name, said, locale, &Context::at(&Zoned::now())) {
        Reading::Found { value: Value::Name(name), .. } => Some(name),
        _ => None,
    }
}
