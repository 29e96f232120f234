//! Closed grammars: what a turn may be when only a few answers make sense, such as yes or no, a number by its digits, a date, or a name
//! from a list.
//!
//! A [`Grammar`] is made of [`Piece`]s and becomes an [`automaton`] over letters and digits: capitals, spaces and punctuation do not count,
//! because a recogniser writes "5-5-5", "five five five" and "Five, five, five." as it pleases. The [`vocabulary`] of a recogniser is walked together
//! with the automaton, so that [`search`] only ever follows tokens that can still become an answer. What was said outside the grammar is
//! found by comparison: the recogniser writes freely first, and an answer that it holds far less likely than what it wrote is none, nor is one of another
//! [`length`]. A short answer can be heard in two [`views`].
//!
//! [`common`] has the grammars that every office needs, in English and Mandarin. [`sounds`] finds a name by its sound if it was written otherwise.

mod automaton;
pub mod common;
mod determined;
mod homophones;
mod length;
mod paths;
pub(super) mod search;
pub mod sounds;
#[cfg(test)]
mod tests;
pub(super) mod views;
pub(super) mod vocabulary;

use std::time::Duration;

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization as _;

use self::automaton::Automaton;
use self::views::View;
use super::Transcript;
use crate::{Error, Result};

/// A part of what may be said.
#[derive(Clone, Debug, PartialEq)]
pub enum Piece {
    /// These words. Capitals, spaces and punctuation do not count.
    Words(String),
    /// One of these. Of several that read the same words, the first counts.
    OneOf(Vec<Piece>),
    /// These, one after another.
    Sequence(Vec<Piece>),
    /// The piece, so often.
    Repeat {
        /// What is repeated.
        piece: Box<Piece>,
        /// At least so often.
        least: usize,
        /// At most so often.
        most: usize,
    },
    /// The piece, which means this: what the grammar tells of an answer.
    Means(Box<Piece>, String),
}

impl Piece {
    /// These words.
    pub fn words(words: impl Into<String>) -> Self {
        Self::Words(words.into())
    }

    /// One of these words.
    #[must_use]
    pub fn any(words: &[&str]) -> Self {
        Self::OneOf(words.iter().map(|&words| Self::words(words)).collect())
    }

    /// The piece, or nothing.
    #[must_use]
    pub fn maybe(self) -> Self {
        self.repeated(0, 1)
    }

    /// The piece, between `least` and `most` times.
    #[must_use]
    pub fn repeated(self, least: usize, most: usize) -> Self {
        Self::Repeat { piece: Box::new(self), least, most }
    }

    /// The piece, which means `what`.
    pub fn means(self, what: impl Into<String>) -> Self {
        Self::Means(Box::new(self), what.into())
    }
}

/// Everything that may be said in a turn. It can be handed to another process as it is: what is read is checked.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Grammar {
    automaton: Automaton,
    /// How much less likely than free words, as a logarithm, an answer may be.
    outside: f32,
}

impl Grammar {
    /// The grammar of this piece.
    ///
    /// # Errors
    /// [`Error::Input`] if it is too large to be searched in time, allows nothing, or allows silence.
    pub fn new(piece: &Piece) -> Result<Self> {
        let automaton = Automaton::of(piece).map_err(|what| Error::Input(format!("this grammar cannot be used: {what}")))?;
        Ok(Self { automaton, outside: OUTSIDE })
    }

    /// The same, of which an answer may be less likely than free words by this much at most, as a logarithm.
    #[must_use]
    fn at_most_behind(self, outside: f32) -> Self {
        Self { outside, ..self }
    }

    /// What a text means, if it lies in the grammar: the meanings of its parts, in their order.
    #[must_use]
    pub fn read(&self, text: &str) -> Option<Vec<String>> {
        self.automaton.read(&plain(text))
    }
}

/// What was heard where one of a grammar's answers was expected.
#[derive(Clone, Debug, PartialEq)]
pub enum Choice {
    /// One of the answers.
    Said(Answer),
    /// Words, but none of the answers.
    Outside(Transcript),
    /// No words.
    Nothing,
}

/// An answer that lies in a grammar.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    /// The meanings of its parts, in their order.
    pub meaning: Vec<String>,
    /// Its words as the recogniser writes them.
    pub text: String,
    /// What the recogniser wrote of the same sound without the grammar; empty if nobody can have said it in that time. Whoever asks for consent reads this too:
    /// decision 0008.
    pub freely: String,
    /// How likely it is that this was said and nothing else, in `[0, 1]`.
    pub confidence: f32,
    /// Answers with other meanings that are less likely, the likeliest first, with their confidence.
    pub others: Vec<(Vec<String>, f32)>,
}

impl Answer {
    /// Whether what was written freely is about as short: then it may be the same sound, misheard.
    #[must_use]
    pub fn is_as_short_as_freely(&self) -> bool {
        length::signs(&self.freely) <= length::signs(&self.text) + 1
    }
}

/// How much less likely than free words, as a logarithm, an answer may be. Measured with both Moonshines and Whisper base on 60 single digits of three people at
/// 8 kHz, of which nine in ten lie at most 5.8 below what was freely written for them ("Kevin?" for "seven"), and on 80 words of a
/// fourth that are none, of which nine in ten lie 6.2 or more below. One short word cannot be told from another in this way: "nine" is
/// "no" where only yes or no are expected, and "sixth" is "six".
const OUTSIDE: f32 = 6.0;

/// Which answers stand where a recogniser does not believe what it wrote freely.
#[derive(Clone, Copy, Debug)]
pub(super) enum Doubted {
    /// Those that are less likely than that by this much at most, as a logarithm, if it is believed in none or one of two hearings.
    Behind(f32),
    /// Those whose logarithm lies above this, if it is believed in none.
    Below(f32),
}

impl Choice {
    /// What follows from a turn that `sounds` for so long and was heard once or, if it is short, twice. What could not be heard at all is no view.
    fn of_views(grammar: &Grammar, mut views: Vec<View>, doubted: Doubted, sounds: Duration) -> Self {
        let count = views.len().max(1) as f32;
        let free = views.iter().map(|view| view.log_probability).sum::<f32>() / count;
        let believed = views.iter().position(|view| view.believed);
        let bar = match doubted {
            Doubted::Behind(most) if views.iter().any(|view| !view.believed) => free - most,
            Doubted::Below(least) if believed.is_none() => least.max(free - grammar.outside),
            Doubted::Behind(_) | Doubted::Below(_) => free - grammar.outside,
        };
        let mut found = match views.as_slice() {
            [] => return Self::Nothing,
            [one] => one.found.clone(),
            [one, other, ..] => views::together(&one.found, &other.found),
        };
        let transcript = views.swap_remove(believed.unwrap_or(0)).transcript;
        found.retain(|answer| length::fits(&answer.text, sounds) && length::covers(&answer.text, &transcript.text));
        match Self::within(grammar, transcript, bar, &found, sounds) {
            Self::Outside(_) if believed.is_none() => Self::Nothing,
            choice => choice,
        }
    }

    /// The likeliest answer if its logarithm lies above `bar`.
    fn within(grammar: &Grammar, free: Transcript, bar: f32, found: &[search::Found], sounds: Duration) -> Self {
        let Some(best) = found.first().filter(|best| best.log_probability > bar) else { return Self::Outside(free) };
        let freely = if grammar.read(&free.text).is_some() { 0.0 } else { (bar - best.log_probability).exp() };
        let weight = |answer: &search::Found| (answer.log_probability - best.log_probability).exp();
        let all = freely + found.iter().map(weight).sum::<f32>();
        let others = found.iter().skip(1).map(|answer| (answer.meaning.clone(), weight(answer) / all)).collect();
        let freely = if length::fits(&free.text, sounds) { free.text } else { String::new() };
        Self::Said(Answer { meaning: best.meaning.clone(), text: best.text.clone(), freely, confidence: 1.0 / all, others })
    }
}

/// What is compared of a text: letters and digits, small, in one form of Unicode.
fn plain(text: &str) -> Vec<u8> {
    let kept = text.nfkc().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase);
    kept.collect::<String>().into_bytes()
}
