//! Yes or no, in the words of the recogniser's closed grammar, and by the first word of a longer answer.

use std::sync::LazyLock;

use switchhook_models::asr::grammar::{Grammar, common};
use switchhook_models::{Language, Locale};

use super::{Asked, Candidate, Sure};
use crate::dialog::slots::phrases::Said;
use crate::dialog::slots::value::Value;

static ENGLISH: LazyLock<Option<Grammar>> = LazyLock::new(|| common::yes_or_no(Language::En).ok());
static MANDARIN: LazyLock<Option<Grammar>> = LazyLock::new(|| common::yes_or_no(Language::Zh).ok());

/// What a longer answer begins with.
const YES_EN: [&str; 12] = ["yes", "yeah", "yep", "yup", "sure", "correct", "right", "okay", "ok", "exactly", "absolutely", "certainly"];
const NO_EN: [&str; 6] = ["no", "nope", "nah", "not", "never", "wrong"];
const YES_ZH: [&str; 10] = ["是", "对", "對", "好", "可以", "没错", "沒錯", "嗯", "行", "没问题"];
const NO_ZH: [&str; 4] = ["不", "没", "沒", "错"];

pub(super) fn read(said: &Said<'_>, locale: Locale, asked: Asked) -> Option<Candidate> {
    if asked == Asked::No {
        return None;
    }
    let whole = said.place(&(0..said.words.len()))?;
    if let Some(yes) = just(said.text, locale) {
        return Some(Candidate::found(Value::YesNo(yes), vec![whole], Sure::Told));
    }
    let (yes, no): (&[&str], &[&str]) = match locale.language() {
        Language::En => (&YES_EN, &NO_EN),
        Language::Zh => (&YES_ZH, &NO_ZH),
    };
    let begins = |phrases: &[&str]| said.first(phrases).filter(|place| place.start == whole.start);
    let (yes, no) = (begins(yes), begins(no));
    let (answer, place) = match (yes, no) {
        // 没错 begins with 没.
        (Some(yes), Some(no)) if yes.end > no.end => (true, yes),
        (_, Some(no)) => (false, no),
        (Some(yes), None) => (true, yes),
        (None, None) => return None,
    };
    Some(Candidate::found(Value::YesNo(answer), vec![place], Sure::Inferred))
}

/// A yes or a no and nothing else.
pub(in super::super) fn just(text: &str, locale: Locale) -> Option<bool> {
    let grammar = match locale.language() {
        Language::En => ENGLISH.as_ref()?,
        Language::Zh => MANDARIN.as_ref()?,
    };
    match grammar.read(text)?.as_slice() {
        answers if !answers.is_empty() && answers.iter().all(|answer| answer == "yes") => Some(true),
        answers if !answers.is_empty() && answers.iter().all(|answer| answer == "no") => Some(false),
        _ => None,
    }
}
