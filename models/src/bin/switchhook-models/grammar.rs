//! `transcribe --grammar`: which of a grammar's answers is said in WAV files.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;
use std::str::FromStr;

use serde::Serialize;
use switchhook_models::asr::grammar::common::{self, Listed};
use switchhook_models::asr::grammar::{Choice, Grammar, Piece};
use switchhook_models::catalog::Store;
use switchhook_models::{Error, Language, Result};

use crate::sounds::BySound;

/// What is expected, as it was asked for.
#[derive(Clone, Debug)]
pub enum Expected {
    YesOrNo,
    Digits,
    Day,
    /// What is written in this file.
    Written(String),
}

impl FromStr for Expected {
    type Err = std::convert::Infallible;

    fn from_str(text: &str) -> std::result::Result<Self, Self::Err> {
        Ok(match text {
            "yes-no" => Self::YesOrNo,
            "digits" => Self::Digits,
            "day" => Self::Day,
            path => Self::Written(path.to_owned()),
        })
    }
}

/// A grammar, and for a list that is written down its names by their sound.
pub struct Expectation<'a> {
    pub grammar: Grammar,
    names: Option<BySound<'a>>,
}

impl Expected {
    /// What is expected of speech in one of these languages; the first counts where the answers themselves are meant.
    pub fn ready<'a>(&self, store: &'a Store, languages: &[Language]) -> Result<Expectation<'a>> {
        let language = languages.first().copied().unwrap_or(Language::En);
        let fixed = |grammar: Result<Grammar>| Ok(Expectation { grammar: grammar?, names: None });
        match self {
            Self::YesOrNo => fixed(common::yes_or_no(language)),
            Self::Digits => fixed(common::digits(language, 1, 20)),
            Self::Day => fixed(common::day(language)),
            Self::Written(path) => {
                let list = common::read_list(&read(path)?)?;
                let grammar = Grammar::new(&Piece::OneOf(list.iter().map(entry).collect()))?;
                Ok(Expectation { grammar, names: Some(BySound::of(store, list, languages)?) })
            }
        }
    }
}

/// More than any list that can be searched in time.
const LONGEST_LIST: u64 = 1 << 20;

fn read(path: &str) -> Result<String> {
    let unreadable = |fault: std::io::Error| Error::Input(format!("--grammar {path}: {fault}; give `yes-no`, `digits`, `day`, or a file"));
    let mut text = String::new();
    let read = File::open(path).map_err(unreadable)?.take(LONGEST_LIST + 1).read_to_string(&mut text).map_err(unreadable)?;
    if read as u64 > LONGEST_LIST {
        return Err(Error::Input(format!("--grammar {path}: it is longer than the {LONGEST_LIST} bytes that are read")));
    }
    Ok(text)
}

fn entry(listed: &Listed) -> Piece {
    Piece::OneOf(listed.ways.iter().map(Piece::words).collect()).means(&listed.meaning)
}

/// How an answer was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Found {
    /// Its words were heard.
    Heard,
    /// Other words were heard that sound like it.
    Sound,
}

impl Expectation<'_> {
    /// What the grammar leaves outside may be a name by its sound.
    pub fn by_sound(&mut self, choice: Choice) -> Result<(Choice, Found)> {
        Ok(match (choice, &mut self.names) {
            (Choice::Outside(heard), Some(names)) => match names.closest(&heard)? {
                Some(answer) => (Choice::Said(answer), Found::Sound),
                None => (Choice::Outside(heard), Found::Heard),
            },
            (choice, _) => (choice, Found::Heard),
        })
    }
}

/// What was chosen, for programs.
#[derive(Serialize)]
pub struct Report<'a> {
    file: &'a Path,
    choice: &'static str,
    meaning: Vec<String>,
    text: String,
    /// Of what was said alone.
    #[serde(flatten)]
    said: Option<Said>,
    confidence: f32,
    audio_seconds: f64,
    seconds: f64,
}

#[derive(Serialize)]
struct Said {
    /// How it was found.
    found: Found,
    /// What was written without the grammar.
    freely: String,
}

impl<'a> Report<'a> {
    pub fn new(file: &'a Path, (choice, found): (Choice, Found), audio_seconds: f64, seconds: f64) -> Self {
        let (choice, meaning, text, said, confidence) = match choice {
            Choice::Said(answer) => ("said", answer.meaning, answer.text, Some(Said { found, freely: answer.freely }), answer.confidence),
            Choice::Outside(heard) => ("outside", Vec::new(), heard.text, None, heard.confidence),
            Choice::Nothing => ("nothing", Vec::new(), String::new(), None, 0.0),
        };
        Self { file, choice, meaning, text, said, confidence, audio_seconds, seconds }
    }

    /// The same for people.
    pub fn line(&self) -> String {
        let Self { choice, text, .. } = self;
        let (meaning, sure) = (self.meaning.join(" "), 100.0 * self.confidence);
        match &self.said {
            Some(Said { found: Found::Heard, .. }) => format!("{meaning}  ({sure:.0} % sure, from {text:?})"),
            Some(Said { found: Found::Sound, freely }) => format!("{meaning}  ({sure:.0} % sure, by the sound of {freely:?})"),
            None if *choice == "outside" => format!("none of the answers: {text:?}"),
            None => "no words".to_owned(),
        }
    }
}
