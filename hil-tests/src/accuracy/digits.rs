//! Single digits under the digit grammar: the shortest of what callers say, with nothing around it to help.

use anyhow::{Context as _, ensure};
use switchhook_models::asr::grammar::{Choice, common};
use switchhook_models::{Cancel, Language};

use super::clips::recordings;
use super::results::Digits;
use super::voices::{Voices, speakers};
use super::{Bench, Part, bar};

/// The most digits that the grammar allows, as where a telephone number is expected.
const MOST: usize = 20;
/// How fast our voices say them, as multiples of their own pace.
const SPEEDS: [f32; 3] = [0.85, 1.0, 1.2];

/// Digits of one kind.
struct Set {
    name: String,
    language: Language,
    clips: Vec<Clip>,
}

struct Clip {
    name: String,
    /// `0` to `9`.
    digit: String,
    sound: Vec<f32>,
}

pub fn measure(bench: &Bench<'_>) -> anyhow::Result<Vec<Digits>> {
    let mut sets = vec![recorded(bench)?];
    for language in [Language::En, Language::Zh] {
        sets.push(spoken(bench, language)?);
    }
    let mut found = Vec::new();
    for listed in bench.listed {
        let mut recogniser = listed.open(bench.store)?;
        for Set { name, language, clips } in sets.iter().filter(|set| listed.languages.contains(&set.language)) {
            let bar = bar(Part::Digits, &format!("{}, {name}", listed.name), clips.len());
            let grammar = common::digits(*language, 1, MOST)?;
            let mut wrong = Vec::new();
            for clip in clips {
                let choice = recogniser.choose(&clip.sound, Some(*language), &grammar, &Cancel::new())?;
                let heard = match choice {
                    Choice::Said(answer) if answer.meaning == [clip.digit.as_str()] => None,
                    Choice::Said(answer) => Some(answer.meaning.join(" ")),
                    Choice::Outside(heard) => Some(format!("outside: {}", heard.text)),
                    Choice::Nothing => Some("nothing".to_owned()),
                };
                wrong.extend(heard.map(|heard| (clip.name.clone(), heard)));
                bar.inc(1);
            }
            bar.finish_and_clear();
            let right = clips.len() - wrong.len();
            found.push(Digits {
                recogniser: listed.name.clone(),
                set: name.clone(),
                language: *language,
                clips: clips.len(),
                right,
                wrong,
            });
        }
    }
    Ok(found)
}

/// People's, at 8 kHz; the first character of a file's name is its digit.
fn recorded(bench: &Bench<'_>) -> anyhow::Result<Set> {
    let mut clips = Vec::new();
    for (name, sound) in recordings(&bench.audio.join("digits8k"))? {
        let digit = name
            .chars()
            .next()
            .filter(char::is_ascii_digit)
            .with_context(|| format!("digits8k/{name}.wav does not begin with its digit"))?;
        clips.push(Clip { digit: digit.to_string(), name, sound });
    }
    ensure!(!clips.is_empty(), "digits8k/ has no digits");
    Ok(Set { name: "recorded people".to_owned(), language: Language::En, clips })
}

/// Our voices', over the line. 1 and 2 have two names in Mandarin.
fn spoken(bench: &Bench<'_>, language: Language) -> anyhow::Result<Set> {
    let words: &[(&str, &str)] = match language {
        Language::En => &[
            ("0", "Zero."),
            ("1", "One."),
            ("2", "Two."),
            ("3", "Three."),
            ("4", "Four."),
            ("5", "Five."),
            ("6", "Six."),
            ("7", "Seven."),
            ("8", "Eight."),
            ("9", "Nine."),
        ],
        Language::Zh => &[
            ("0", "零。"),
            ("1", "一。"),
            ("1", "幺。"),
            ("2", "二。"),
            ("2", "两。"),
            ("3", "三。"),
            ("4", "四。"),
            ("5", "五。"),
            ("6", "六。"),
            ("7", "七。"),
            ("8", "八。"),
            ("9", "九。"),
        ],
    };
    let speakers = speakers(language);
    let bar = bar(Part::Digits, &format!("speaking {language}"), words.len() * speakers.len() * SPEEDS.len());
    let mut voices = Voices::new(bench.store);
    let mut clips = Vec::new();
    for speaker in speakers {
        for speed in SPEEDS.into_iter().filter(|speed| speaker.has_speeds() || *speed == 1.0) {
            for (digit, word) in words {
                let sound = voices.over_the_line(speaker, speaker.has_speeds().then_some(speed), word)?;
                clips.push(Clip { name: format!("{word} by {} at {speed}", speaker.name()), digit: (*digit).to_owned(), sound });
                bar.inc(1);
            }
        }
    }
    bar.finish_and_clear();
    Ok(Set { name: format!("our voices, {}", if language == Language::En { "English" } else { "Mandarin" }), language, clips })
}
