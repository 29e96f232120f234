//! Was it right? By what the robot told, and by what the caller heard.

use std::time::Duration;

use switchhook_models::audio::{resample, split};
use switchhook_models::catalog::Store;
use switchhook_models::{Cancel, Language, open};

use super::conversation::{CONVERSATION, IN_THE_EAR, missing};
use super::watch::Turn;
use crate::caller::{End, Report};
use crate::rtp::RATE;

/// What the recogniser takes, in hertz, and at most at once.
const RECOGNISER_RATE: u32 = 16_000;
const AT_ONCE: Duration = Duration::from_secs(25);

/// What was not as it should be; empty if all was right.
pub(super) fn faults(turns: &[Turn], report: &Report, heard: &str) -> Vec<String> {
    let spoken: Vec<_> = turns.iter().filter(|turn| !turn.heard.is_empty()).collect();
    let mut faults = Vec::new();
    for (at, exchange) in CONVERSATION.iter().enumerate() {
        let Some(turn) = spoken.get(at) else {
            faults.push(format!("{:?} was not heard at all", exchange.words));
            continue;
        };
        for words in missing(&turn.heard, exchange.heard) {
            faults.push(format!("{:?} was heard as {:?}, without {words:?}", exchange.words, turn.heard));
        }
        for words in missing(&turn.said, exchange.said) {
            faults.push(format!("{:?} was answered {:?}, without {words:?}", exchange.words, turn.said));
        }
    }
    if spoken.len() > CONVERSATION.len() {
        faults.push(format!("{} turns were heard where {} were said", spoken.len(), CONVERSATION.len()));
    }
    faults.extend(missing(heard, &IN_THE_EAR).into_iter().map(|words| format!("the caller's recording does not hold {words:?}")));
    let unanswered = report.turns.iter().filter(|turn| turn.latency_ms.is_none());
    faults.extend(unanswered.map(|turn| format!("{} got no answer that could be heard", turn.said)));
    if report.end != End::Robot {
        faults.push(format!("the robot did not hang up after its goodbye: {:?}", report.end));
    }
    faults
}

/// The words in a recording of 8 kHz. Blocking, and long.
pub(super) fn transcribe(track: &[i16]) -> switchhook_models::Result<String> {
    let samples: Vec<f32> = track.iter().map(|&sample| f32::from(sample) / 32_768.0).collect();
    let samples = resample::resample(&samples, RATE, RECOGNISER_RATE)?;
    let mut recognizer = open::recognizer(&Store::default_place(), "whisper-base")?;
    let mut text = String::new();
    for piece in split::at_pauses(&samples, RECOGNISER_RATE, AT_ONCE) {
        let piece = samples.get(piece).unwrap_or_default();
        text.push_str(&recognizer.transcribe(piece, Some(Language::En), &Cancel::default())?.text);
        text.push(' ');
    }
    Ok(text)
}
