//! `transcribe`: what is said in WAV files.

use std::borrow::Cow;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use clap::Args;
use serde::Serialize;
use switchhook_models::asr::Recognizer;
use switchhook_models::asr::grammar::Grammar;
use switchhook_models::audio::{resample, split, wav};
use switchhook_models::catalog::{Store, Task};
use switchhook_models::{Cancel, Error, Language, Result, open};

use crate::Done;
use crate::grammar::{self, Expected};
use crate::output::Output;
use crate::partial;

/// What recognisers take, in hertz.
pub const RATE: u32 = 16_000;
/// Longer recordings are cut at pauses: recognisers take no more than 30 s.
const LONGEST: Duration = Duration::from_secs(28);

#[derive(Debug, Args)]
pub struct Arguments {
    /// WAV files of any rate, with one channel or more
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// The language that is spoken, `en` or `zh` [default: decided from the sound]
    #[arg(long)]
    language: Option<Language>,
    /// Which recogniser [default: the catalog's]
    #[arg(long, value_name = "MODEL")]
    model: Option<String>,
    /// Expect one of these answers: `yes-no`, `digits`, `day`, or a file with a line `MEANING = WORDS | OTHER WORDS` for each
    #[arg(long, value_name = "GRAMMAR")]
    grammar: Option<Expected>,
    /// Hear each file as it would arrive, in frames of 20 ms, and tell every hypothesis that differs from the one before it
    #[arg(long, conflicts_with = "grammar")]
    partial: bool,
}

#[derive(Serialize)]
struct Heard {
    text: String,
    language: Option<Language>,
    audio_seconds: f64,
    seconds: f64,
}

#[derive(Serialize)]
struct Report<'a> {
    file: &'a Path,
    #[serde(flatten)]
    heard: Heard,
}

#[derive(Serialize)]
struct Failure<'a> {
    file: &'a Path,
    error: String,
}

pub fn run(store: &Store, arguments: &Arguments, output: &mut Output) -> Result<Done> {
    let model = arguments.model.clone().map_or_else(|| open::default_model(store, Task::Recognition), Ok)?;
    let language = arguments.language;
    if arguments.partial {
        return partials(store, &model, arguments, output);
    }
    let mut recognizer = open::recognizer(store, &model)?;
    let grammar = arguments.grammar.as_ref().map(|expected| expected.grammar(language.unwrap_or(Language::En))).transpose()?;
    let mut done = Done::All;
    for file in &arguments.files {
        let line = |text: &str| if arguments.files.len() == 1 { text.to_owned() } else { format!("{}: {text}", file.display()) };
        let result = match &grammar {
            Some(grammar) => choose(recognizer.as_mut(), file, language, grammar).map(Told::Chosen),
            None => transcribe(recognizer.as_mut(), file, language).map(|heard| Told::Written(Report { file, heard })),
        };
        match result {
            Ok(told) => output.result(&told, || line(&told.text()))?,
            Err(fault) => {
                done = Done::NotAll;
                failed(file, &fault, output)?;
            }
        }
    }
    Ok(done)
}

fn partials(store: &Store, model: &str, arguments: &Arguments, output: &mut Output) -> Result<Done> {
    let recognizer = open::streaming_recognizer(store, model)?;
    let mut done = Done::All;
    for file in &arguments.files {
        if let Err(fault) = partial::hear(recognizer.as_ref(), file, arguments.language, output) {
            done = Done::NotAll;
            failed(file, &fault, output)?;
        }
    }
    Ok(done)
}

fn failed(file: &Path, fault: &Error, output: &mut Output) -> Result<()> {
    let error = fault.to_string();
    eprintln!("switchhook-models: {}: {error}", file.display());
    if output.is_json() {
        output.result(&Failure { file, error }, String::new)?;
    }
    Ok(())
}

/// What is told of a file.
#[derive(Serialize)]
#[serde(untagged)]
enum Told<'a> {
    Written(Report<'a>),
    Chosen(grammar::Report<'a>),
}

impl Told<'_> {
    fn text(&self) -> String {
        match self {
            Self::Written(report) => report.heard.text.clone(),
            Self::Chosen(report) => report.line(),
        }
    }
}

pub fn samples(sound: &wav::Sound) -> Result<Cow<'_, [f32]>> {
    Ok(if sound.rate == RATE { (&sound.samples).into() } else { resample::resample(&sound.samples, sound.rate, RATE)?.into() })
}

fn choose<'a>(
    recognizer: &mut dyn Recognizer,
    file: &'a Path,
    language: Option<Language>,
    grammar: &Grammar,
) -> Result<grammar::Report<'a>> {
    let sound = wav::read(file)?;
    let started = Instant::now();
    let choice = recognizer.choose(&samples(&sound)?, language, grammar, &Cancel::new())?;
    Ok(grammar::Report::new(file, choice, sound.seconds(), started.elapsed().as_secs_f64()))
}

fn transcribe(recognizer: &mut dyn Recognizer, file: &Path, language: Option<Language>) -> Result<Heard> {
    let sound = wav::read(file)?;
    let started = Instant::now();
    let samples = samples(&sound)?;
    let mut text = String::new();
    let mut found = language;
    for piece in split::at_pauses(&samples, RATE, LONGEST) {
        let heard = recognizer.transcribe(samples.get(piece).unwrap_or_default(), language, &Cancel::new())?;
        if heard.text.is_empty() {
            continue;
        }
        // Mandarin is written without spaces.
        if !text.is_empty() && heard.language != Language::Zh {
            text.push(' ');
        }
        text.push_str(&heard.text);
        found = found.or(Some(heard.language));
    }
    Ok(Heard { text, language: found, audio_seconds: sound.seconds(), seconds: started.elapsed().as_secs_f64() })
}
