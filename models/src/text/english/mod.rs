//! English text to phonemes.
//!
//! A line of text passes through one file after the other: [`sentences`] cuts it, [`normalise`] spells out figures, signs and
//! abbreviations, [`tokenize`] makes tokens, [`tagger`] finds their parts of speech, and [`assemble`] gives them phonemes with the help
//! of the [`lexicon`], of [`figures`] for numbers and of [`unknown`] for words that nobody listed. The phonemes are misaki's: one
//! character per sound, capitals for diphthongs, `ˈ` and `ˌ` for stress.
//!
//! The behaviour is that of the front end of hibari (Apache-2.0, Maureese Williams), which ports misaki (Apache-2.0, hexgrad) and the
//! tokenizer rules of spaCy (MIT, ExplosionAI); it is written anew here, and its data come with the voice (see `models/NOTICE`). It departs
//! from hibari's where that fails or reads nonsense: numbers of more than 36 digits are read digit by digit instead of failing, a roman
//! numeral must not be empty ("Part Cool" was "Part 0Cool") and may be a possessive ("Charles III's"), `[text](/phonemes/)` is no
//! markup, digits of other scripts are digits, telephone numbers are read digit by digit in whatever groups they are written, and a
//! piece of speech has at most 400 phonemes even where no clause ends.

mod assemble;
mod dictionary;
mod figures;
mod lexicon;
mod normalise;
pub mod numbers;
mod sentences;
mod stress;
mod subtokens;
pub mod tables;
mod tagger;
mod tokenize;
mod unknown;

use std::path::Path;

pub use normalise::Vocabulary;
pub use unknown::Alphabet;

use super::{chars, cursor};
use crate::Result;
use crate::text::pieces::pieces;
use dictionary::Dictionary;
use lexicon::Lexicon;
use normalise::Normaliser;
use tables::Tables;
use tagger::Tagger;
use tokenize::Tokenizer;
use unknown::UnknownWords;

/// The English front end with its data.
pub struct English {
    titles: Vec<String>,
    normaliser: Normaliser,
    tokenizer: Tokenizer,
    tagger: Tagger,
    lexicon: Lexicon,
    unknown: UnknownWords,
}

impl English {
    /// From the tables that the converter wrote and the file of the net for unknown words.
    ///
    /// # Errors
    /// [`crate::Error::Io`]; [`crate::Error::Format`] naming the file that is not what it should be.
    pub fn open(data: &Tables, unknown: &Path) -> Result<Self> {
        let table = |name| data.table(name);
        let words: Vocabulary = json(data, "vocabulary")?;
        let alphabet: Alphabet = json(data, "alphabet")?;
        let tags: Vec<String> = json(data, "tags")?;
        Ok(Self {
            titles: words.titles.iter().map(|(title, _)| title.clone()).collect(),
            normaliser: Normaliser::new(words.longest_first()),
            tokenizer: Tokenizer::new(table("special")?),
            tagger: Tagger::new(tags, table("dominant")?, table("known")?, table("weights")?),
            lexicon: Lexicon::new(Dictionary::new(table("gold")?), Dictionary::new(table("silver")?)),
            unknown: UnknownWords::open(unknown, alphabet)?,
        })
    }

    /// The sentences of `text`, in order.
    #[must_use]
    pub fn sentences(&self, text: &str) -> Vec<String> {
        sentences::sentences(text, &|word| self.titles.iter().any(|title| title == word))
    }

    /// The phonemes of one sentence, in pieces that are each short enough to be spoken at once.
    ///
    /// # Errors
    /// Only if inference for an unknown word fails.
    pub fn pieces(&self, sentence: &str) -> Result<Vec<String>> {
        let line = self.phonemes(sentence)?;
        Ok(if line.is_empty() { Vec::new() } else { pieces(&line) })
    }

    /// The phonemes of one line of text.
    ///
    /// # Errors
    /// Only if inference for an unknown word fails.
    pub fn phonemes(&self, line: &str) -> Result<String> {
        let normal = self.normaliser.normalised(line);
        let pieces = self.tokenizer.tokens(&normal);
        let words: Vec<&str> = pieces.iter().map(|p| p.text.as_str()).collect();
        let tags = self.tagger.tags(&words);
        assemble::phonemes(&pieces, &tags, &assemble::Voice { lexicon: &self.lexicon, unknown: &self.unknown })
    }
}

/// As the front end normalises with an empty vocabulary, for tests of what is spoken.
#[cfg(test)]
pub(super) fn normalised(line: &str) -> String {
    Normaliser::new(Vocabulary::default()).normalised(line)
}

fn json<T: serde::de::DeserializeOwned>(data: &Tables, name: &str) -> Result<T> {
    serde_json::from_slice(data.section(name)?).map_err(|e| data.malformed(&format!("section `{name}`: {e}")))
}
