//! From our voices to our recognisers over a line: sentences of an office, with their numbers, dates, times, sums and names.
//!
//! A recogniser writes "2:30 p.m." or "half past two"; a value counts as right if it is the value that was written to be spoken.

use jiff::civil::Date;
use switchhook_models::text::score::{Scorer, distance};
use switchhook_models::{Cancel, Language};

use super::results::RoundTrip;
use super::score::Tally;
use super::told::told;
use super::voices::{Voices, speakers};
use super::{Bench, Part, bar};

/// One to a line. In Mandarin every other line is in simplified characters.
const ENGLISH: &str = include_str!("../../speech/office/en.txt");
const MANDARIN: &str = include_str!("../../speech/office/zh.txt");
/// A day without a year is the next from here.
const TODAY: Date = Date::constant(2026, 1, 15);

/// A sentence as it arrives.
struct Spoken {
    text: &'static str,
    sound: Vec<f32>,
}

pub fn measure(bench: &Bench<'_>) -> anyhow::Result<Vec<RoundTrip>> {
    let scorer = Scorer::new()?;
    let mut found = Vec::new();
    for language in [Language::En, Language::Zh] {
        let listed: Vec<_> = bench.listed.iter().filter(|listed| listed.languages.contains(&language)).collect();
        if listed.is_empty() {
            continue;
        }
        let spoken = spoken(bench, language)?;
        for listed in listed {
            let mut recogniser = listed.open(bench.store)?;
            let bar = bar(Part::RoundTrip, &format!("{} {language}", listed.name), spoken.len());
            let (mut words, mut characters, mut values, mut misheard) = (Tally::default(), Tally::default(), Tally::default(), Vec::new());
            for Spoken { text, sound } in &spoken {
                let heard = recogniser.transcribe(sound, Some(language), &Cancel::new())?.text;
                let (said, understood) = (scorer.values(text, language, TODAY), scorer.values(&heard, language, TODAY));
                let wrong = distance(&said, &understood);
                words.add(said.len(), wrong);
                let letters = |units: &[String]| units.concat().chars().collect::<Vec<_>>();
                characters.add(letters(&said).len(), distance(&letters(&said), &letters(&understood)));
                let (meant, caught) = (told(text, language, TODAY), told(&heard, language, TODAY));
                values.add(meant.len(), missing(&meant, &caught));
                if wrong > 0 {
                    misheard.push(((*text).to_owned(), heard));
                }
                bar.inc(1);
            }
            bar.finish_and_clear();
            found.push(RoundTrip {
                recogniser: listed.name.clone(),
                language,
                voices: speakers(language).into_iter().map(super::voices::Speaker::name).collect(),
                sentences: spoken.len(),
                words: (language == Language::En).then(|| words.rate()),
                characters: characters.rate(),
                values: values.rate(),
                misheard,
            });
        }
    }
    Ok(found)
}

/// Each sentence by one of the voices, by turns.
fn spoken(bench: &Bench<'_>, language: Language) -> anyhow::Result<Vec<Spoken>> {
    let sentences = match language {
        Language::En => ENGLISH,
        Language::Zh => MANDARIN,
    };
    let bar = bar(Part::RoundTrip, &format!("speaking {language}"), sentences.lines().count());
    let speakers = speakers(language);
    let mut voices = Voices::new(bench.store);
    let mut spoken = Vec::new();
    for (text, &speaker) in sentences.lines().zip(speakers.iter().cycle()) {
        spoken.push(Spoken { text, sound: voices.over_the_line(speaker, None, text)? });
        bar.inc(1);
    }
    bar.finish_and_clear();
    Ok(spoken)
}

/// How many of the values that were meant are not among those that were caught.
fn missing(meant: &[String], caught: &[String]) -> usize {
    let mut left = caught.to_vec();
    let found = |value: &&String| match left.iter().position(|other| other == *value) {
        Some(at) => {
            left.swap_remove(at);
            true
        }
        None => false,
    };
    meant.len() - meant.iter().filter(found).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_are_sixty_sentences_in_each_language_and_most_have_a_value() {
        for (sentences, language) in [(ENGLISH, Language::En), (MANDARIN, Language::Zh)] {
            assert_eq!(sentences.lines().count(), 60);
            let valued = sentences.lines().filter(|text| !told(text, language, TODAY).is_empty()).count();
            assert!(valued > 40, "{language}: {valued}");
        }
    }

    #[test]
    fn a_value_that_was_said_twice_has_to_be_heard_twice() {
        let values = |text: &str| text.split(' ').map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(missing(&values("a b a"), &values("a b c")), 1);
        assert_eq!(missing(&values("a b a"), &values("b a a")), 0);
    }
}
