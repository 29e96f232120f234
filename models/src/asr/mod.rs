//! Hearing: from one caller turn to its words.

pub mod grammar;
pub mod guards;
mod weights;
pub mod whisper;

use std::ops::Range;
use std::time::Duration;

use self::grammar::{Answer, Choice, Grammar};
use crate::{Cancel, Language, Result};

/// Turns speech into text. One value serves one job at a time and keeps nothing from one turn to the next.
pub trait Recognizer: Send {
    /// The words of one turn.
    ///
    /// `audio` is mono at 16 kHz, at most 30 s; what is longer is refused, not cut.
    /// `language` is decided from the audio if it is `None`.
    ///
    /// # Errors
    /// [`crate::Error::Cancelled`] within one token of `cancel`; [`crate::Error::Input`] if the audio is too long.
    fn transcribe(&mut self, audio: &[f32], language: Option<Language>, cancel: &Cancel) -> Result<Transcript>;

    /// Which of a grammar's answers one turn holds. `audio` and `language` as for [`Recognizer::transcribe`]. A recogniser that cannot be led by
    /// a grammar writes freely, and what it wrote is read.
    ///
    /// # Errors
    /// As [`Recognizer::transcribe`].
    fn choose(&mut self, audio: &[f32], language: Option<Language>, grammar: &Grammar, cancel: &Cancel) -> Result<Choice> {
        let heard = self.transcribe(audio, language, cancel)?;
        Ok(match grammar.read(&heard.text) {
            Some(meaning) => Choice::Said(Answer { meaning, confidence: heard.confidence, text: heard.text, others: Vec::new() }),
            None if heard.text.is_empty() => Choice::Nothing,
            None => Choice::Outside(heard),
        })
    }
}

/// What was heard in a turn.
#[derive(Clone, Debug, PartialEq)]
pub struct Transcript {
    /// The words, with punctuation; empty if no words were heard (silence, noise, tones).
    pub text: String,
    /// The language that was given or found.
    pub language: Language,
    /// The mean probability of the text's tokens, in `[0, 1]`; 0 if there is no text.
    pub confidence: f32,
    /// Where speech was found in the audio, as time from its start; the whole turn if the recogniser does not tell.
    pub span: Range<Duration>,
}
