//! The names that language models find in callers' answers: in the half of the sentences on which nothing was chosen.

mod sentences;

use switchhook::dialog::{Calibration, Quote, Quoted};
use switchhook::speech::thinking;
use switchhook_models::catalog::Store;
use switchhook_models::{Cancel, Locale, open};

use sentences::Sentence;

/// So many of twelve names are found, so many words are taken for one that are not, and so many are invented where there is none.
fn check(model: &str, locale: Locale, found: usize, wrong: usize) {
    let language = locale.language();
    let calibration = Calibration::of(model, language).unwrap();
    let mut model = open::language_model(&Store::default_place(), model).unwrap();
    let judged = sentences::of(language).into_iter().skip(1).step_by(2);
    let (mut right, mut taken_wrongly, mut invented) = (Vec::new(), Vec::new(), Vec::new());
    for Sentence { said, name } in judged {
        let quote = Quote { said, language, calibration };
        let quotation = thinking::quote(model.as_mut(), &quote, &Cancel::new()).unwrap();
        if let Some(quotation) = &quotation {
            assert!(quote.said.contains(&quotation.words), "{quotation:?} of {}", quote.said);
        }
        match (sentences::believed(&quote, quotation, locale), name) {
            (Quoted::Words(words), Some(name)) if words == name => right.push(words),
            (Quoted::Words(words), Some(_)) => taken_wrongly.push(words),
            (Quoted::Words(words), None) => invented.push(words),
            (Quoted::Nothing | Quoted::Unknown, _) => {}
        }
    }
    assert!(right.len() >= found, "{right:?}");
    assert!(taken_wrongly.len() <= wrong, "{taken_wrongly:?}");
    assert!(invented.is_empty(), "{invented:?}");
}

#[test]
fn names_in_english_sentences_are_found_and_none_is_invented() {
    check("smollm2-135m-instruct", Locale::En, 11, 1);
}

#[test]
fn names_in_mandarin_sentences_are_found_and_none_is_invented() {
    check("qwen2.5-0.5b-instruct", Locale::ZhTw, 11, 1);
}

#[test]
fn the_grammar_alone_finds_few_of_them() {
    for (locale, most) in [(Locale::En, 3), (Locale::ZhTw, 1)] {
        let judged = sentences::of(locale.language()).into_iter().skip(1).step_by(2);
        let found = judged.filter(|sentence| sentence.name.is_some() && sentences::name(&sentence.said, locale) == sentence.name).count();
        assert!(found <= most, "{locale}: {found}: a better grammar is good news: tell decision 0019");
    }
}
