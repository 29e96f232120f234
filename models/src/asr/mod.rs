//! Hearing: from one caller turn to its words.

mod alignment;
pub mod grammar;
pub mod guards;
pub mod moonshine;
mod scripted;
pub(crate) mod weights;
pub mod whisper;
mod words;

pub use words::Word;

use std::ops::Range;
use std::time::Duration;

use serde::{Deserialize, Serialize};

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
            Some(meaning) => {
                let Transcript { text, confidence, .. } = heard;
                Choice::Said(Answer { meaning, confidence, freely: text.clone(), text, others: Vec::new() })
            }
            None if heard.text.is_empty() => Choice::Nothing,
            None => Choice::Outside(heard),
        })
    }

    /// The same recogniser as one that goes along with the caller, if it can.
    fn streaming(&self) -> Option<&dyn StreamingRecognizer> {
        None
    }
}

/// A recogniser that goes along with the caller: part of its work is done as audio arrives, and it can be asked at any time what it has heard so
/// far.
pub trait StreamingRecognizer: Recognizer {
    /// Begin a turn. It is a value of its own, on the recogniser's shared weights: nothing of an earlier turn, or of another that is
    /// being heard, reaches it.
    ///
    /// # Errors
    /// [`crate::Error::Input`] if the model does not know the language.
    fn begin(&self, language: Option<Language>) -> Result<Box<dyn Listening>>;
}

/// A turn that is being heard.
pub trait Listening: Send {
    /// Hear the next piece of audio, mono at 16 kHz, usually 20 ms; at most 30 s in all.
    ///
    /// # Errors
    /// [`crate::Error::Input`] if the turn becomes too long, or a sample is not a number; the piece then counts as not heard.
    fn push(&mut self, audio: &[f32]) -> Result<()>;

    /// What the turn so far seems to say. Later audio may change any word of it. Asked again without new audio, it costs nothing.
    ///
    /// # Errors
    /// [`crate::Error::Cancelled`] within one token of `cancel`; the turn can then go on.
    fn partial(&mut self, cancel: &Cancel) -> Result<Transcript>;

    /// Which of a grammar's answers the turn so far holds; as [`Recognizer::choose`] for all its audio. The turn can go on.
    ///
    /// # Errors
    /// As [`Listening::partial`].
    fn choose(&mut self, grammar: &Grammar, cancel: &Cancel) -> Result<Choice>;

    /// What the turn says: the same as [`Recognizer::transcribe`] of all its audio, however it was cut into pieces and whenever
    /// [`Listening::partial`] was asked.
    ///
    /// # Errors
    /// [`crate::Error::Cancelled`] within one token of `cancel`.
    fn finish(self: Box<Self>, cancel: &Cancel) -> Result<Transcript>;
}

/// What was heard in a turn.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Transcript {
    /// The words, with punctuation; empty if no words were heard (silence, noise, tones).
    pub text: String,
    /// The language that was given or found.
    pub language: Language,
    /// The mean probability of the text's tokens, in `[0, 1]`; 0 if there is no text.
    pub confidence: f32,
    /// Where speech was found in the audio, as time from its start; the whole turn if the recogniser does not tell.
    pub span: Range<Duration>,
    /// The text's words in their order, with their times: of whole turns, not of partial hypotheses.
    pub words: Vec<Word>,
}
