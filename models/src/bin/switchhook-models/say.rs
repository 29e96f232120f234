//! `say`: a text, spoken into a WAV file.

use std::io::Read;
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::time::Instant;

use clap::Args;
use serde::Serialize;
use switchhook_models::audio::{resample, wav};
use switchhook_models::catalog::{Store, Task};
use switchhook_models::tts::Manner;
use switchhook_models::{Cancel, Error, Locale, Result, open};

use crate::Done;
use crate::output::Output;

#[derive(Debug, Args)]
pub struct Arguments {
    /// What to say; `-` reads it from standard input
    #[arg(required = true, value_name = "TEXT", allow_hyphen_values = true)]
    text: String,
    /// The WAV file to write, 16-bit mono
    #[arg(short, long, value_name = "FILE")]
    output: PathBuf,
    /// Samples per second: 8000, 16000 or 24000 [default: what the voice speaks at]
    #[arg(long, value_parser = rate, value_name = "HERTZ")]
    rate: Option<u32>,
    /// Which model [default: the standard profile's for English]
    #[arg(long, value_name = "MODEL")]
    model: Option<String>,
    /// Which of the model's voices [default: the model's first choice]
    #[arg(long, value_name = "NAME")]
    voice: Option<String>,
    /// How fast, as a multiple of the voice's own pace [default: 1]
    #[arg(long, value_name = "TIMES")]
    speed: Option<f32>,
}

#[derive(Serialize)]
struct Report {
    audio_seconds: f64,
    seconds: f64,
    first_audio_seconds: f64,
}

pub fn run(store: &Store, arguments: &Arguments, output: &mut Output) -> Result<Done> {
    let model = arguments.model.clone().map_or_else(|| open::default_model(store, Task::Voice, Locale::En), Ok)?;
    let text = text(&arguments.text)?;
    let mut voice = open::synthesizer(store, &model)?;
    voice.set_manner(&Manner { voice: arguments.voice.clone(), speed: arguments.speed, ..Manner::default() })?;
    let started = Instant::now();
    let mut first = None;
    let mut samples = Vec::new();
    voice.speak(&text, &Cancel::new(), &mut |sound| {
        first.get_or_insert_with(|| started.elapsed());
        samples.extend_from_slice(sound);
        ControlFlow::Continue(())
    })?;
    let seconds = started.elapsed();
    let audio_seconds = samples.len() as f64 / f64::from(voice.sample_rate());
    let rate = arguments.rate.unwrap_or_else(|| voice.sample_rate());
    wav::write(&arguments.output, &resample::resample(&samples, voice.sample_rate(), rate)?, rate)?;
    let first = first.unwrap_or(seconds);
    let report = Report { audio_seconds, seconds: seconds.as_secs_f64(), first_audio_seconds: first.as_secs_f64() };
    output.result(&report, || {
        let Report { audio_seconds, seconds, first_audio_seconds } = &report;
        format!(
            "{}: {audio_seconds:.2} s of speech in {seconds:.3} s, the first after {first_audio_seconds:.3} s",
            arguments.output.display()
        )
    })?;
    Ok(Done::All)
}

fn rate(text: &str) -> Result<u32, String> {
    match text.parse() {
        Ok(rate @ (8_000 | 16_000 | 24_000)) => Ok(rate),
        _ => Err("use 8000, 16000 or 24000".to_owned()),
    }
}

fn text(argument: &str) -> Result<String> {
    if argument != "-" {
        return Ok(argument.to_owned());
    }
    let mut text = String::new();
    // More than any voice takes at once, so that the voice itself says what its limit is.
    std::io::stdin().take(1 << 20).read_to_string(&mut text).map_err(Error::io("standard input"))?;
    Ok(text)
}
