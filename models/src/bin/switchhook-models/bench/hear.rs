//! Recognition, as the daemon uses it: a recogniser that can goes along with the caller frame by frame and is asked when they pause; any other is given
//! the whole turn then.

use std::time::Instant;

use switchhook_models::asr::{Recognizer, StreamingRecognizer};
use switchhook_models::measured::{self, Speed};
use switchhook_models::{Cancel, Error, Result};

use super::rounds::Rounds;
use super::turns::Turn;
use crate::partial::FRAME;
use crate::transcribe::RATE;

pub fn measure(recognizer: &mut dyn Recognizer, turns: &[Turn], rounds: &mut Rounds<'_>) -> Result<Speed> {
    rounds.expect(turns.len());
    let mut measured = Vec::new();
    for turn in turns {
        let audio_seconds = turn.samples.len() as f64 / f64::from(RATE);
        let what = format!("a turn of {audio_seconds} s ({})", turn.language);
        let [seconds, delay_seconds] = rounds.medians(&what, |_| match recognizer.streaming() {
            Some(streaming) => along(streaming, turn),
            None => at_once(recognizer, turn),
        })?;
        measured.push(measured::Turn { language: turn.language, audio_seconds, seconds, delay_seconds });
    }
    Ok(Speed::Recognition { streaming: recognizer.streaming().is_some(), turns: measured })
}

/// All the work, and the part of it that is left when the turn is over.
fn along(recognizer: &dyn StreamingRecognizer, turn: &Turn) -> Result<[f64; 2]> {
    let started = Instant::now();
    let mut listening = recognizer.begin(Some(turn.language))?;
    for frame in turn.samples.chunks(FRAME) {
        listening.push(frame)?;
    }
    let ended = Instant::now();
    let heard = listening.partial(&Cancel::new())?;
    words(&heard.text)?;
    Ok([started.elapsed().as_secs_f64(), ended.elapsed().as_secs_f64()])
}

fn at_once(recognizer: &mut dyn Recognizer, turn: &Turn) -> Result<[f64; 2]> {
    let started = Instant::now();
    let heard = recognizer.transcribe(&turn.samples, Some(turn.language), &Cancel::new())?;
    let seconds = started.elapsed().as_secs_f64();
    words(&heard.text)?;
    Ok([seconds, seconds])
}

/// Who hears nothing writes nothing, which is quickly done.
fn words(text: &str) -> Result<()> {
    if text.is_empty() { Err(Error::Input("it heard no words, so its time would mean nothing".to_owned())) } else { Ok(()) }
}
