//! Speaking: from text to sound, sentence by sentence.

pub mod hibari;
pub mod kokoro;
pub mod line;
mod pauses;

use std::ops::{ControlFlow, RangeInclusive};
use std::time::Duration;

use crate::{Cancel, Error, Language, Result};

/// The most characters that are spoken at once.
pub const MAX_CHARACTERS: usize = 2000;

/// How fast a voice can be told to speak, as a multiple of the trained pace.
const SPEEDS: RangeInclusive<f32> = 0.5..=2.0;

/// How a voice is to speak; what is left out is the voice's own choice.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Manner {
    /// Which of its speakers.
    pub voice: Option<String>,
    /// As a multiple of its own pace: 0.5 to 2.
    pub speed: Option<f32>,
    /// How long it rests between two sentences: 50 ms to 2 s, whatever the speed.
    pub sentence_pause: Option<Duration>,
    /// How long it rests where a sentence has a comma, a semicolon, a colon or a dash: as long.
    pub clause_pause: Option<Duration>,
}

impl Manner {
    /// The speed, if it is one.
    fn pace(&self) -> Result<f32> {
        let speed = self.speed.unwrap_or(1.0);
        if !SPEEDS.contains(&speed) {
            return Err(Error::Input(format!("a speed of {speed} is not one of {} to {}", SPEEDS.start(), SPEEDS.end())));
        }
        Ok(speed)
    }
}

/// Turns text into speech. One value serves one job at a time.
pub trait Synthesizer: Send {
    /// The rate of the sound that [`Synthesizer::speak`] yields, in hertz.
    fn sample_rate(&self) -> u32;

    /// The active speech level (ITU-T P.56) of whoever would speak `text`, in dBov, as it was measured over sentences that a robot says;
    /// `None` if it never was.
    fn level(&self, _text: &str) -> Option<f32> {
        None
    }

    /// Read what is needed to speak this language, so that nothing is read when it is first spoken.
    ///
    /// # Errors
    /// What is wrong with the files, or missing.
    fn prepare(&mut self, _language: Language) -> Result<()> {
        Ok(())
    }

    /// Speak like this from now on.
    ///
    /// # Errors
    /// [`Error::Input`] if it cannot; it then speaks as before.
    fn set_manner(&mut self, manner: &Manner) -> Result<()> {
        if *manner == Manner::default() { Ok(()) } else { Err(Error::Input("this model has one voice and one manner".to_owned())) }
    }

    /// Speak `text` (plain text: no markup; at most 2,000 characters). Sound is handed to `sink` as soon as a sentence is ready, in
    /// order, mono `f32` at [`Synthesizer::sample_rate`]; `sink` may break off.
    ///
    /// # Errors
    /// [`crate::Error::Cancelled`] after `cancel`; [`crate::Error::Input`] if the text is too long.
    fn speak(&mut self, text: &str, cancel: &Cancel, sink: &mut dyn FnMut(&[f32]) -> ControlFlow<()>) -> Result<()>;

    /// All the sound of `text`, for whoever need not hear it early.
    ///
    /// # Errors
    /// As [`Synthesizer::speak`].
    fn spoken(&mut self, text: &str, cancel: &Cancel) -> Result<Vec<f32>> {
        let mut whole = Vec::new();
        self.speak(text, cancel, &mut |sound| {
            whole.extend_from_slice(sound);
            ControlFlow::Continue(())
        })?;
        Ok(whole)
    }
}

fn check_length(text: &str) -> Result<()> {
    let length = text.chars().count();
    if length > MAX_CHARACTERS {
        return Err(Error::Input(format!("a text of {length} characters is too long to be spoken at once; {MAX_CHARACTERS} are the most")));
    }
    Ok(())
}
