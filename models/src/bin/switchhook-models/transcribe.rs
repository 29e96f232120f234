//! `transcribe`: what is said in WAV files.

use std::borrow::Cow;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use clap::Args;
use serde::Serialize;
use switchhook_models::asr::{Recognizer, Word};
use switchhook_models::audio::{resample, split, wav};
use switchhook_models::catalog::{Store, Task};
use switchhook_models::text::script::{Converter, Script};
use switchhook_models::{Cancel, Error, Language, Locale, Result, open};

use crate::Done;
use crate::grammar::{self, Expectation, Expected};
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
    /// The language that is spoken, `en` or `zh` [default: decided from the sound by a --model that knows both, else `en`]
    #[arg(long)]
    language: Option<Language>,
    /// Which recogniser [default: the standard profile's for the language]
    #[arg(long, value_name = "MODEL")]
    model: Option<String>,
    /// Write Mandarin in this script, `traditional` (as in Taiwan) or `simplified` [default: as the recogniser writes it]
    #[arg(long)]
    script: Option<Script>,
    /// Expect one of these answers: `yes-no`, `digits`, `day`, or a file with a line `MEANING = WORDS | OTHER WORDS` for each, which is also found by its
    /// sound
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
    words: Vec<Spoken>,
}

/// A word, with its time in seconds from the beginning of the file.
#[derive(Serialize)]
struct Spoken {
    word: String,
    start: f64,
    end: f64,
    confidence: f32,
}

impl Spoken {
    /// A word of a piece that begins at `begin`.
    fn new(word: Word, begin: f64) -> Self {
        // Milliseconds: the recogniser tells no more.
        let time = |time: Duration| ((begin + time.as_secs_f64()) * 1000.0).round() / 1000.0;
        Self { word: word.text, start: time(word.span.start), end: time(word.span.end), confidence: word.confidence }
    }
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
    let language = arguments.language;
    // Both ways to write Mandarin are heard by the same model.
    let locale = if language == Some(Language::Zh) { Locale::ZhTw } else { Locale::En };
    let model = arguments.model.clone().map_or_else(|| open::default_model(store, Task::Recognition, locale), Ok)?;
    if arguments.partial {
        return partials(store, &model, arguments, output);
    }
    let mut recognizer = open::recognizer(store, &model)?;
    let languages = match language {
        Some(language) => vec![language],
        None => store.catalog()?.entry(&model)?.languages.clone(),
    };
    let mut expectation = arguments.grammar.as_ref().map(|expected| expected.ready(store, &languages)).transpose()?;
    let script = arguments.script.map(Script::converter).transpose()?;
    let mut done = Done::All;
    for file in &arguments.files {
        let line = |text: &str| if arguments.files.len() == 1 { text.to_owned() } else { format!("{}: {text}", file.display()) };
        let result = match &mut expectation {
            Some(expectation) => choose(recognizer.as_mut(), file, language, expectation, script.as_ref()).map(Told::Chosen),
            None => transcribe(recognizer.as_mut(), file, language, script.as_ref()).map(|heard| Told::Written(Report { file, heard })),
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
    let recognizer = open::recognizer(store, model)?;
    let whole = || Error::Input(format!("`{model}` only hears whole turns; `moonshine-base` hears them as they grow"));
    let recognizer = recognizer.streaming().ok_or_else(whole)?;
    let mut done = Done::All;
    for file in &arguments.files {
        if let Err(fault) = partial::hear(recognizer, file, arguments.language, output) {
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
    expectation: &mut Expectation<'_>,
    script: Option<&Converter>,
) -> Result<grammar::Report<'a>> {
    let sound = wav::read(file)?;
    let started = Instant::now();
    let choice = recognizer.choose(&samples(&sound)?, language, &expectation.grammar, &Cancel::new())?;
    let (choice, found) = expectation.by_sound(choice)?;
    let choice = match script {
        Some(script) if language == Some(Language::Zh) => choice.in_script(script),
        _ => choice,
    };
    Ok(grammar::Report::new(file, (choice, found), sound.seconds(), started.elapsed().as_secs_f64()))
}

fn transcribe(recognizer: &mut dyn Recognizer, file: &Path, language: Option<Language>, script: Option<&Converter>) -> Result<Heard> {
    let sound = wav::read(file)?;
    let started = Instant::now();
    let samples = samples(&sound)?;
    let (mut text, mut words) = (String::new(), Vec::new());
    let mut found = language;
    for piece in split::at_pauses(&samples, RATE, LONGEST) {
        let begin = piece.start as f64 / f64::from(RATE);
        let heard = recognizer.transcribe(samples.get(piece).unwrap_or_default(), language, &Cancel::new())?;
        let heard = if let Some(script) = script { heard.in_script(script) } else { heard };
        if heard.text.is_empty() {
            continue;
        }
        // Mandarin is written without spaces.
        if !text.is_empty() && heard.language != Language::Zh {
            text.push(' ');
        }
        text.push_str(&heard.text);
        found = found.or(Some(heard.language));
        words.extend(heard.words.into_iter().map(|word| Spoken::new(word, begin)));
    }
    Ok(Heard { text, language: found, audio_seconds: sound.seconds(), seconds: started.elapsed().as_secs_f64(), words })
}
