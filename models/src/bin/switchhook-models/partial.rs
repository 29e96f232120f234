//! `transcribe --partial`: what is heard while a turn grows.

use std::path::Path;
use std::time::Instant;

use serde::Serialize;
use switchhook_models::asr::{StreamingRecognizer, Transcript};
use switchhook_models::audio::wav;
use switchhook_models::{Cancel, Language, Result};

use crate::output::Output;
use crate::transcribe::{RATE, samples};

/// Samples of a frame of 20 ms.
pub const FRAME: usize = RATE as usize / 50;
/// Frames from one question to the next: 200 ms.
const ASKED_EVERY: usize = 10;

/// A hypothesis that differs from the one before it, or the last.
#[derive(Serialize)]
struct Report<'a> {
    file: &'a Path,
    /// How much of the file was heard.
    at_seconds: f64,
    text: &'a str,
    confidence: f32,
    #[serde(rename = "final")]
    is_final: bool,
    /// What this hypothesis took.
    seconds: f64,
}

/// Hear a file frame by frame, and tell each new hypothesis and the final text.
pub fn hear(recognizer: &dyn StreamingRecognizer, file: &Path, language: Option<Language>, output: &mut Output) -> Result<()> {
    let sound = wav::read(file)?;
    let samples = samples(&sound)?;
    let (mut turn, cancel) = (recognizer.begin(language)?, Cancel::new());
    let (mut told, mut heard) = (String::new(), 0);
    for (index, frame) in samples.chunks(FRAME).enumerate() {
        turn.push(frame)?;
        heard += frame.len();
        if index % ASKED_EVERY == ASKED_EVERY - 1 && heard < samples.len() {
            let started = Instant::now();
            let hypothesis = turn.partial(&cancel)?;
            if hypothesis.text != told {
                tell(file, heard, &hypothesis, false, started, output)?;
                told = hypothesis.text;
            }
        }
    }
    let started = Instant::now();
    let hypothesis = turn.finish(&cancel)?;
    tell(file, heard, &hypothesis, true, started, output)
}

fn tell(file: &Path, heard: usize, hypothesis: &Transcript, is_final: bool, started: Instant, output: &mut Output) -> Result<()> {
    let at_seconds = heard as f64 / f64::from(RATE);
    let Transcript { text, confidence, .. } = hypothesis;
    let report = Report { file, at_seconds, text, confidence: *confidence, is_final, seconds: started.elapsed().as_secs_f64() };
    output.result(&report, || format!("{at_seconds:6.2} s {} {text}", if is_final { "=" } else { "~" }))
}
