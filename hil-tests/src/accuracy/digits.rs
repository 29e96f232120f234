//! Digits under the digit grammar: single ones, the shortest of what callers say, with nothing around them to help; telephone numbers of Mandarin; and short Mandarin
//! answers that are no digits and must not be taken for any.

use std::ops::RangeInclusive;

use anyhow::{Context as _, ensure};
use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};
use switchhook_models::asr::grammar::{Choice, common};
use switchhook_models::{Cancel, Language};

use super::clips::recordings;
use super::results::Digits;
use super::voices::{Voices, speakers};
use super::{Bench, Part, bar};

/// The most digits that the grammar allows, as where a telephone number is expected.
const MOST: usize = 20;
/// The digits of a telephone number, as the dialog expects them.
const TELEPHONE: RangeInclusive<usize> = 6..=15;
/// Telephone numbers that are said.
const NUMBERS: usize = 40;
/// How fast our voices say digits, as multiples of their own pace.
const SPEEDS: [f32; 3] = [0.85, 1.0, 1.2];

/// Answers of one kind.
struct Set {
    name: String,
    language: Language,
    /// Digits that the grammar allows.
    allowed: RangeInclusive<usize>,
    clips: Vec<Clip>,
}

struct Clip {
    name: String,
    /// Of `0` to `9`; empty if none was said.
    digits: String,
    sound: Vec<f32>,
}

pub fn measure(bench: &Bench<'_>) -> anyhow::Result<Vec<Digits>> {
    let mut sets = vec![recorded(bench)?];
    for language in [Language::En, Language::Zh] {
        sets.push(spoken(bench, language)?);
    }
    sets.push(telephone_numbers(bench)?);
    sets.push(no_digits(bench)?);
    let mut found = Vec::new();
    for listed in bench.listed {
        let mut recogniser = listed.open(bench.store)?;
        for Set { name, language, allowed, clips } in sets.iter().filter(|set| listed.languages.contains(&set.language)) {
            let bar = bar(Part::Digits, &format!("{}, {name}", listed.name), clips.len());
            let grammar = common::digits(*language, *allowed.start(), *allowed.end())?;
            let mut wrong = Vec::new();
            for clip in clips {
                let choice = recogniser.choose(&clip.sound, Some(*language), &grammar, &Cancel::new())?;
                let heard = match choice {
                    Choice::Said(answer) if answer.meaning.concat() == clip.digits => None,
                    Choice::Said(answer) => Some(answer.meaning.join(" ")),
                    Choice::Outside(_) | Choice::Nothing if clip.digits.is_empty() => None,
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
        clips.push(Clip { digits: digit.to_string(), name, sound });
    }
    ensure!(!clips.is_empty(), "digits8k/ has no digits");
    Ok(Set { name: "recorded people".to_owned(), language: Language::En, allowed: 1..=MOST, clips })
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
                clips.push(Clip { name: format!("{word} by {} at {speed}", speaker.name()), digits: (*digit).to_owned(), sound });
                bar.inc(1);
            }
        }
    }
    bar.finish_and_clear();
    let name = format!("our voices, {}", if language == Language::En { "English" } else { "Mandarin" });
    Ok(Set { name, language, allowed: 1..=MOST, clips })
}

/// Mandarin numbers of 8 to 11 digits by our voices in turn, in groups as people say them, every other with 幺 for 1.
fn telephone_numbers(bench: &Bench<'_>) -> anyhow::Result<Set> {
    const GROUP: usize = 4;
    let bar = bar(Part::Digits, "speaking telephone numbers", NUMBERS);
    let mut random = StdRng::seed_from_u64(11);
    let mut voices = Voices::new(bench.store);
    let mut clips = Vec::new();
    for (number, speaker) in (0..NUMBERS).zip(speakers(Language::Zh).into_iter().cycle()) {
        let length = 8 + number / 2 % 4;
        let digits: String = (0..length).map(|_| char::from(b'0' + random.random_range(0..10_u8))).collect();
        // The first group is the short one, as an area or a network has it.
        let spoken: String = digits
            .char_indices()
            .map(|(place, digit)| {
                let pause = if place > 0 && (length - place) % GROUP == 0 { "，" } else { "" };
                format!("{pause}{}", name_of(digit, number % 2 == 0))
            })
            .collect();
        let sound = voices.over_the_line(speaker, None, &format!("{spoken}。"))?;
        clips.push(Clip { name: format!("{digits} by {}", speaker.name()), digits, sound });
        bar.inc(1);
    }
    bar.finish_and_clear();
    Ok(Set { name: "telephone numbers, Mandarin".to_owned(), language: Language::Zh, allowed: TELEPHONE, clips })
}

/// What a digit is called in a telephone number of Mandarin.
fn name_of(digit: char, yao: bool) -> char {
    const NAMES: [char; 10] = ['零', '一', '二', '三', '四', '五', '六', '七', '八', '九'];
    match digit {
        '1' if yao => '幺',
        _ => digit.to_digit(10).and_then(|digit| NAMES.get(digit as usize)).copied().unwrap_or(digit),
    }
}

/// What callers say instead of a digit, by each of our Mandarin voices.
fn no_digits(bench: &Bench<'_>) -> anyhow::Result<Set> {
    const ANSWERS: [&str; 16] = [
        "是的。",
        "不是。",
        "对。",
        "好。",
        "没有。",
        "喂？",
        "你好。",
        "谢谢。",
        "不知道。",
        "等一下。",
        "什么？",
        "我不要。",
        "再见。",
        "转人工。",
        "听不清楚。",
        "可以吗？",
    ];
    let speakers = speakers(Language::Zh);
    let bar = bar(Part::Digits, "speaking other answers", ANSWERS.len() * speakers.len());
    let mut voices = Voices::new(bench.store);
    let mut clips = Vec::new();
    for speaker in speakers {
        for answer in ANSWERS {
            let sound = voices.over_the_line(speaker, None, answer)?;
            clips.push(Clip { name: format!("{answer} by {}", speaker.name()), digits: String::new(), sound });
            bar.inc(1);
        }
    }
    bar.finish_and_clear();
    Ok(Set { name: "answers that are no digits, Mandarin".to_owned(), language: Language::Zh, allowed: 1..=MOST, clips })
}
