//! Turns with a pause inside: what people and our voices say, cut at a silence between two words.

use std::time::Duration;

use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};
use serde::{Deserialize, Serialize};
use switchhook::dialog::slots::Kind;
use switchhook::dialog::{Expected, Patience};
use switchhook_models::asr::{Recognizer, Word};
use switchhook_models::{Cancel, Language};

use crate::accuracy::clips::{self, RATE};
use crate::accuracy::voices::{Voices, speakers};

/// Pauses that are tried in each sentence, at different places.
const BREAKS: usize = 2;
/// A pause is no nearer than this to the first and the last word: who says one word and stops has often finished.
const MARGIN: usize = RATE as usize * 3 / 10;
/// What lies between two words is looked for this far into both.
const AROUND: usize = RATE as usize * 4 / 100;
/// The quietest stretch of so many samples is where a pause is put: 60 ms, longer than the closure of a consonant within a word.
const STRETCH: usize = RATE as usize * 6 / 100;
/// Telephone numbers of each language.
const NUMBERS: usize = 20;

/// Where a turn comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Set {
    /// Recorded people, and callers' sentences by voices that the robot does not have.
    Clips,
    /// Office sentences by our voices.
    Office,
    /// Telephone numbers by our voices, where one is asked for.
    Numbers,
    /// Days with times by our voices, where they are asked for.
    Days,
}

/// Something that is said without a pause.
pub struct Sentence {
    pub set: Set,
    /// At 16 kHz.
    pub sound: Vec<f32>,
}

impl Set {
    pub const ALL: [Self; 4] = [Self::Clips, Self::Office, Self::Numbers, Self::Days];

    /// What was asked before.
    pub fn asked(self) -> Option<Kind> {
        match self {
            Self::Clips | Self::Office => None,
            Self::Numbers => Some(Kind::phone()),
            Self::Days => Some(Kind::date_time_from_now()),
        }
    }

    /// How the caller is listened to.
    pub fn patience(self) -> Patience {
        if self == Self::Numbers { Patience::DICTATION } else { Patience::SHORT }
    }

    /// What the recogniser is told to expect.
    pub fn expected(self) -> Expected {
        if self == Self::Numbers { Expected::Telephone } else { Expected::Anything }
    }

    /// What the page calls it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Clips => "recorded and callers' sentences",
            Self::Office => "office sentences",
            Self::Numbers => "telephone numbers",
            Self::Days => "days with times",
        }
    }
}

const OFFICE_EN: &str = include_str!("../../speech/office/en.txt");
const OFFICE_ZH: &str = include_str!("../../speech/office/zh.txt");
const DAYS_EN: [&str; 10] = [
    "Tuesday the fifteenth of December at half past two.",
    "Could I come next Monday at ten o'clock in the morning?",
    "The third of December at four in the afternoon, please.",
    "Tomorrow at a quarter past nine in the morning.",
    "I would prefer Friday afternoon at three o'clock.",
    "On the twenty first of January at eleven in the morning.",
    "Next Thursday, if possible at five p.m.",
    "How about Wednesday at half past ten?",
    "The day after tomorrow at eight in the morning.",
    "Monday, December the seventh, at two in the afternoon.",
];
const DAYS_ZH: [&str; 10] = [
    "下星期二下午兩點半。",
    "十二月十五號早上十點。",
    "明天上午九點一刻可以嗎？",
    "星期五下午三點鐘。",
    "一月二十一號上午十一點。",
    "我想約後天早上八點。",
    "下星期四，下午五點左右。",
    "星期三早上十點半好嗎？",
    "十二月七號星期一，下午兩點。",
    "下個星期一上午十點。",
];

/// What is said in a language, by everybody.
pub fn sentences(audio: &std::path::Path, voices: &mut Voices<'_>, language: Language) -> anyhow::Result<Vec<Sentence>> {
    let clips = clips::clips(audio)?.into_iter().filter(|clip| clip.language == language);
    let mut all: Vec<Sentence> = clips.map(|clip| Sentence { set: Set::Clips, sound: clip.samples }).collect();
    let (office, days) = match language {
        Language::En => (OFFICE_EN, DAYS_EN),
        Language::Zh => (OFFICE_ZH, DAYS_ZH),
    };
    let office = office.lines().map(|text| (Set::Office, text.to_owned()));
    let days = days.iter().map(|text| (Set::Days, (*text).to_owned()));
    let numbers = numbers(language).into_iter().map(|text| (Set::Numbers, text));
    for ((set, text), speaker) in office.chain(days).chain(numbers).zip(speakers(language).into_iter().cycle()) {
        all.push(Sentence { set, sound: voices.spoken(speaker, None, &text)? });
    }
    Ok(all)
}

/// Telephone numbers as they are read: in groups. In English of ten digits, three, three and four; in Mandarin mobile numbers of Taiwan and of China in turn.
fn numbers(language: Language) -> Vec<String> {
    let mut random = StdRng::seed_from_u64(17);
    let names = |language| match language {
        Language::En => ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"],
        Language::Zh => ["零", "一", "二", "三", "四", "五", "六", "七", "八", "九"],
    };
    let read = |digits: &str, space: &str| {
        let names = digits.chars().filter_map(|digit| names(language).get(digit.to_digit(10)? as usize).copied());
        names.collect::<Vec<_>>().join(space)
    };
    let mut some = |count: usize| (0..count).map(|_| char::from(b'0' + random.random_range(2..10_u8))).collect::<String>();
    (0..NUMBERS)
        .map(|number| match language {
            Language::En => [some(3), some(3), some(4)].map(|group| read(&group, " ")).join(", ") + ".",
            Language::Zh if number % 2 == 0 => {
                ["09".to_owned() + &some(2), some(3), some(3)].map(|group| read(&group, "")).join("，") + "。"
            }
            Language::Zh => ["13".to_owned() + &some(1), some(4), some(4)].map(|group| read(&group, "")).join("，") + "。",
        })
        .collect()
}

/// Where somebody might pause in a sentence: at the quietest moments between two words, the quietest first. A person's pause is between phrases, where the voice
/// sinks; recognised words tell where words end, and a sign behind one is as good as silence. Of digits, which recognisers write as one word, the quietest moments
/// anywhere.
pub fn breaks(sentence: &Sentence, language: Language, recogniser: &mut dyn Recognizer) -> anyhow::Result<Vec<usize>> {
    let sound = sentence.sound.as_slice();
    let words = recogniser.transcribe(sound, Some(language), &Cancel::new())?.words;
    let place = |time: Duration| (time.as_secs_f64() * f64::from(RATE)) as usize;
    let (Some(first), Some(last)) = (words.first(), words.last()) else { return Ok(Vec::new()) };
    let within = place(first.span.start) + MARGIN..place(last.span.end).min(sound.len()).saturating_sub(MARGIN);
    let mut found: Vec<(f32, usize)> = match sentence.set {
        Set::Numbers => within.clone().step_by(STRETCH).filter_map(|from| quietest(sound, from..from + STRETCH)).collect(),
        Set::Clips | Set::Office | Set::Days => words
            .windows(2)
            .filter_map(|pair| if let [before, after] = pair { between(sound, before, after, &place) } else { None })
            .collect(),
    };
    found.retain(|(_, at)| within.contains(at));
    found.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut places: Vec<usize> = Vec::new();
    for (_, at) in found {
        if places.len() < BREAKS && places.iter().all(|taken| taken.abs_diff(at) > MARGIN) {
            places.push(at);
        }
    }
    Ok(places)
}

/// The quietest stretch between two words.
fn between(sound: &[f32], before: &Word, after: &Word, place: &dyn Fn(Duration) -> usize) -> Option<(f32, usize)> {
    let (power, at) = quietest(sound, place(before.span.end).saturating_sub(AROUND)..place(after.span.start) + AROUND)?;
    let signed = before.text.ends_with([',', '.', ';', ':', '，', '、', '。']);
    Some((if signed { power / 100.0 } else { power }, at))
}

/// The power and the middle of the quietest stretch that begins there.
fn quietest(sound: &[f32], begins: std::ops::Range<usize>) -> Option<(f32, usize)> {
    let power = |at: usize| Some(sound.get(at..at + STRETCH)?.iter().map(|sample| sample * sample).sum::<f32>());
    begins.step_by(STRETCH / 6).filter_map(|at| Some((power(at)?, at + STRETCH / 2))).min_by(|a, b| a.0.total_cmp(&b.0))
}
