//! What was said in a recording, in words: by the recogniser that the robot uses too, but of the whole call and from the caller's end.

use std::time::Duration;

use switchhook_models::audio::{resample, split};
use switchhook_models::catalog::Store;
use switchhook_models::text::script::Script;
use switchhook_models::{Cancel, Language, Result, open};

use crate::rtp::RATE;

/// What the recogniser takes, in hertz.
const RECOGNISER_RATE: u32 = 16_000;
/// Recognisers take no more than 30 s at once.
const AT_ONCE: Duration = Duration::from_secs(25);

/// The words in a track of 8 kHz; Mandarin in simplified characters, because the recogniser changes its script from one piece to the next.
/// Blocking, and long.
///
/// # Errors
/// If the recogniser is not installed or fails.
pub fn words(track: &[i16], language: Language) -> Result<String> {
    let samples: Vec<f32> = track.iter().map(|&sample| f32::from(sample) / 32_768.0).collect();
    let samples = resample::resample(&samples, RATE, RECOGNISER_RATE)?;
    let mut recognizer = open::recognizer(&Store::default_place(), "whisper-base")?;
    let simplified = Script::Simplified.converter()?;
    let mut text = String::new();
    for piece in split::at_pauses(&samples, RECOGNISER_RATE, AT_ONCE) {
        let piece = samples.get(piece).unwrap_or_default();
        text.push_str(&recognizer.transcribe(piece, Some(language), &Cancel::default())?.in_script(&simplified).text);
        text.push(' ');
    }
    Ok(text)
}
