//! `transcribe --grammar`: which of a grammar's answers is said in WAV files.

use std::path::Path;
use std::str::FromStr;

use serde::Serialize;
use switchhook_models::asr::grammar::{Choice, Grammar, common};
use switchhook_models::{Error, Language, Result};

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

impl Expected {
    /// The grammar for speech of this language.
    pub fn grammar(&self, language: Language) -> Result<Grammar> {
        match self {
            Self::YesOrNo => common::yes_or_no(language),
            Self::Digits => common::digits(language, 1, 20),
            Self::Day => common::day(language),
            Self::Written(path) => {
                let unreadable = |fault| Error::Input(format!("--grammar {path}: {fault}; give `yes-no`, `digits`, `day`, or a file"));
                common::written(&std::fs::read_to_string(path).map_err(unreadable)?)
            }
        }
    }
}

/// What was chosen, for programs.
#[derive(Serialize)]
pub struct Report<'a> {
    file: &'a Path,
    choice: &'static str,
    meaning: Vec<String>,
    text: String,
    confidence: f32,
    audio_seconds: f64,
    seconds: f64,
}

impl<'a> Report<'a> {
    pub fn new(file: &'a Path, choice: Choice, audio_seconds: f64, seconds: f64) -> Self {
        let (choice, meaning, text, confidence) = match choice {
            Choice::Said(answer) => ("said", answer.meaning, answer.text, answer.confidence),
            Choice::Outside(heard) => ("outside", Vec::new(), heard.text, heard.confidence),
            Choice::Nothing => ("nothing", Vec::new(), String::new(), 0.0),
        };
        Self { file, choice, meaning, text, confidence, audio_seconds, seconds }
    }

    /// The same for people.
    pub fn line(&self) -> String {
        match self.choice {
            "said" => format!("{}  ({:.0} % sure, from {:?})", self.meaning.join(" "), 100.0 * self.confidence, self.text),
            "outside" => format!("none of the answers: {:?}", self.text),
            _ => "no words".to_owned(),
        }
    }
}
