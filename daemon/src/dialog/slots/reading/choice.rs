//! Which of several things: by a name, by a word that only one of them has, or by its place in the list.

use std::ops::Range;

use switchhook_models::{Language, Locale};

use super::{Asked, Candidate, Sure};
use crate::dialog::slots::choice::Choice;
use crate::dialog::slots::part::Part;
use crate::dialog::slots::phrases::Said;
use crate::dialog::slots::value::Value;
use crate::dialog::words::{stem, words};

/// A match of an option.
#[derive(Clone, Debug)]
struct Match {
    option: usize,
    /// Which words.
    words: Range<usize>,
}

/// What callers say for a place in the list.
const PLACES_EN: [&[&str]; 5] = [
    &["the first", "first one", "number one", "option one"],
    &["the second", "second one", "number two", "option two"],
    &["the third", "third one", "number three", "option three"],
    &["the fourth", "fourth one", "number four", "option four"],
    &["the fifth", "fifth one", "number five", "option five"],
];
const PLACES_ZH: [&[&str]; 5] = [&["第一"], &["第二"], &["第三"], &["第四"], &["第五"]];
const LAST: [&str; 3] = ["the last", "last one", "最后"];
const LAST_ZH: [&str; 1] = ["最後"];

/// Words that tell no option from another.
const COMMON: [&str; 12] = ["a", "an", "the", "of", "for", "and", "or", "to", "in", "my", "with", "on"];

pub(super) fn read(options: &[Choice], said: &Said<'_>, locale: Locale, asked: Asked) -> Option<Candidate> {
    let language = locale.language();
    let stems = stems(&said.words, language);
    let whole = by_name(options, &stems, locale);
    let (mut found, sure) = if !whole.is_empty() {
        (whole, Sure::Told)
    } else if let Some(partly) = Some(by_a_word(options, &stems, locale)).filter(|found| !found.is_empty() && asked == Asked::Yes) {
        (partly, Sure::Inferred)
    } else {
        return if asked == Asked::Yes { by_place(options, said, language) } else { None };
    };
    let start = |found: &Match| said.place(&found.words).map_or(0, |place| place.start);
    found.retain(|found| !said.denied(start(found)));
    let restart = said.restart();
    if found.iter().any(|found| start(found) >= restart) {
        found.retain(|found| start(found) >= restart);
    }
    let places = |found: &[Match]| found.iter().filter_map(|found| said.place(&found.words)).collect::<Vec<_>>();
    let first = found.first()?;
    if found.iter().all(|other| other.option == first.option) {
        let id = options.get(first.option)?.id.clone();
        return Some(Candidate::found(Value::Choice(id), places(&found), sure));
    }
    let mut several: Vec<usize> = found.iter().map(|found| found.option).collect();
    several.sort_unstable();
    several.dedup();
    let ids = several.iter().filter_map(|&option| options.get(option)).map(|option| option.id.clone()).collect();
    Some(Candidate::part(Part::OneOf(ids), places(&found)))
}

fn stems(words: &[String], language: Language) -> Vec<String> {
    match language {
        Language::En => words.iter().map(|word| stem(word)).collect(),
        Language::Zh => words.to_vec(),
    }
}

/// Every name that was said, unless it stands inside a longer one.
fn by_name(options: &[Choice], said: &[String], locale: Locale) -> Vec<Match> {
    let mut all = Vec::new();
    for (option, choice) in options.iter().enumerate() {
        for name in choice.names(locale) {
            let name = stems(&words(name), locale.language());
            let starts = said.windows(name.len().max(1)).enumerate().filter(|(_, window)| *window == name.as_slice());
            all.extend(starts.map(|(start, _)| Match { option, words: start..start + name.len() }));
        }
    }
    let inside = |a: &Range<usize>, b: &Range<usize>| a.len() < b.len() && b.start <= a.start && a.end <= b.end;
    let longest: Vec<Match> = all.iter().filter(|a| !all.iter().any(|b| inside(&a.words, &b.words))).cloned().collect();
    let mut longest = longest;
    longest.sort_by_key(|found| found.words.start);
    longest
}

/// Words that are in the names of options, and not in those of all: "teeth" for "teeth cleaning".
fn by_a_word(options: &[Choice], said: &[String], locale: Locale) -> Vec<Match> {
    if locale.language() == Language::Zh {
        return Vec::new();
    }
    let names: Vec<Vec<String>> = options
        .iter()
        .map(|option| option.names(locale).iter().flat_map(|name| stems(&words(name), locale.language())).collect())
        .collect();
    let mut found = Vec::new();
    for (at, word) in said.iter().enumerate().filter(|(_, word)| !COMMON.contains(&word.as_str()) && word.len() > 2) {
        let having: Vec<usize> = names.iter().enumerate().filter(|(_, name)| name.contains(word)).map(|(option, _)| option).collect();
        if having.len() < options.len() {
            found.extend(having.into_iter().map(|option| Match { option, words: at..at + 1 }));
        }
    }
    // An option that has all the words that were said beats those that have some.
    let count = |option: usize| found.iter().filter(|found| found.option == option).count();
    let most = found.iter().map(|found| count(found.option)).max().unwrap_or_default();
    let keep: Vec<usize> = (0..options.len()).filter(|&option| count(option) == most).collect();
    found.retain(|found| keep.contains(&found.option));
    found
}

fn by_place(options: &[Choice], said: &Said<'_>, language: Language) -> Option<Candidate> {
    let (places, last): (&[&[&str]], &[&str]) = match language {
        Language::En => (&PLACES_EN, &LAST),
        Language::Zh => (&PLACES_ZH, if said.text.contains('後') { &LAST_ZH } else { &LAST }),
    };
    let listed = places.iter().zip(options).find_map(|(names, option)| Some((said.first(names)?, option)));
    let (place, option) = listed.or_else(|| Some((said.first(last)?, options.last()?)))?;
    Some(Candidate::found(Value::Choice(option.id.clone()), vec![place], Sure::Inferred))
}
