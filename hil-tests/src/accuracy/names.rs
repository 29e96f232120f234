//! Names from a list, and names that are not in it.

use switchhook_models::asr::grammar::{Choice, common};
use switchhook_models::{Cancel, Language, open};

use super::results::Names;
use super::voices::{Voices, speakers};
use super::{Bench, Part, bar};

/// One to a line: as many that are in the list as are not.
const ENGLISH: &str = include_str!("../../speech/office/names-en.txt");
const MANDARIN: &str = include_str!("../../speech/office/names-zh.txt");
const LISTED: usize = 20;
/// Speakers for each name.
const TIMES: usize = 2;

pub fn measure(bench: &Bench<'_>) -> anyhow::Result<Vec<Names>> {
    let mut found = Vec::new();
    for language in [Language::En, Language::Zh] {
        let names: Vec<&str> = if language == Language::En { ENGLISH } else { MANDARIN }.lines().collect();
        let entries: Vec<(&str, [&str; 1])> = names.iter().take(LISTED).map(|name| (*name, [*name])).collect();
        let entries = || entries.iter().map(|(meaning, ways)| (*meaning, ways.as_slice()));
        let (grammar, by_sound) = (common::list(entries())?, open::names(bench.store, language, entries())?);
        let spoken = spoken(bench, language, &names)?;
        for listed in bench.listed.iter().filter(|listed| listed.languages.contains(&language)) {
            let mut recogniser = listed.open(bench.store)?;
            let bar = bar(Part::Names, &format!("{} {language}", listed.name), spoken.len());
            let mut row = Names::none_yet(&listed.name, language);
            for (number, name, sound) in &spoken {
                let led = recogniser.choose(sound, Some(language), &grammar, &Cancel::new())?;
                let heard = match &led {
                    Choice::Outside(heard) => heard.text.clone(),
                    Choice::Said(answer) => answer.text.clone(),
                    Choice::Nothing => String::new(),
                };
                let both = by_sound.heard_in(led.clone())?;
                if *number < LISTED {
                    row.inside += 1;
                    row.right_led += usize::from(meaning(&led) == Some(name));
                    row.right_by_sound += usize::from(meaning(&both) == Some(name));
                } else {
                    row.outside += 1;
                    row.accepted_led += usize::from(meaning(&led).is_some());
                    row.accepted_by_sound += usize::from(meaning(&both).is_some());
                }
                let right = if *number < LISTED { Some(*name) } else { None };
                if meaning(&both) != right {
                    row.wrong.push(((*name).to_owned(), heard, meaning(&both).unwrap_or("none").to_owned()));
                }
                bar.inc(1);
            }
            bar.finish_and_clear();
            found.push(row);
        }
    }
    Ok(found)
}

fn meaning(choice: &Choice) -> Option<&str> {
    match choice {
        Choice::Said(answer) => answer.meaning.first().map(String::as_str),
        Choice::Outside(_) | Choice::Nothing => None,
    }
}

/// Each name by some of the voices, with its number.
fn spoken<'a>(bench: &Bench<'_>, language: Language, names: &[&'a str]) -> anyhow::Result<Vec<(usize, &'a str, Vec<f32>)>> {
    let speakers = speakers(language);
    let bar = bar(Part::Names, &format!("speaking {language}"), TIMES * names.len());
    let mut voices = Voices::new(bench.store);
    let mut spoken = Vec::new();
    for (number, name) in names.iter().enumerate() {
        for &speaker in speakers.iter().cycle().skip(number).take(TIMES) {
            spoken.push((number, *name, voices.over_the_line(speaker, None, name)?));
            bar.inc(1);
        }
    }
    bar.finish_and_clear();
    Ok(spoken)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_many_names_lie_outside_the_list_as_in_it_and_none_is_there_twice() {
        for names in [ENGLISH, MANDARIN] {
            let names: Vec<&str> = names.lines().collect();
            assert_eq!(names.len(), 2 * LISTED);
            let distinct: std::collections::BTreeSet<&str> = names.iter().copied().collect();
            assert_eq!(distinct.len(), names.len());
        }
    }
}
