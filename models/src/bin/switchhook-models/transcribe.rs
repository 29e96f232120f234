//! `transcribe`: what is said in WAV files.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use clap::Args;
use serde::Serialize;
use switchhook_models::asr::Recognizer;
use switchhook_models::audio::{resample, split, wav};
use switchhook_models::catalog::{Store, Task};
use switchhook_models::{Cancel, Language, Result, open};

use crate::Done;
use crate::output::Output;

/// What recognisers take, in hertz.
const RATE: u32 = 16_000;
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
    let mut recognizer = open::recognizer(store, &model)?;
    let mut done = Done::All;
    for file in &arguments.files {
        match transcribe(recognizer.as_mut(), file, arguments.language) {
            Ok(heard) => {
                let text = match arguments.files.len() {
                    1 => heard.text.clone(),
                    _ => format!("{}: {}", file.display(), heard.text),
                };
                output.result(&Report { file, heard }, || text)?;
            }
            Err(fault) => {
                done = Done::NotAll;
                let error = fault.to_string();
                eprintln!("switchhook-models: {}: {error}", file.display());
                if output.is_json() {
                    output.result(&Failure { file, error }, String::new)?;
                }
            }
        }
    }
    Ok(done)
}

fn transcribe(recognizer: &mut dyn Recognizer, file: &Path, language: Option<Language>) -> Result<Heard> {
    let sound = wav::read(file)?;
    let started = Instant::now();
    let samples = if sound.rate == RATE { &sound.samples } else { &resample::resample(&sound.samples, sound.rate, RATE)? };
    let mut text = String::new();
    let mut found = language;
    for piece in split::at_pauses(samples, RATE, LONGEST) {
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
