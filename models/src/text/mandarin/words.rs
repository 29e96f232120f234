//! A run of characters cut into words, each with its part of speech.
//!
//! The cut is jieba's (MIT): the likeliest way through the words of its dictionary, and a hidden Markov model for what the dictionary
//! does not know. Words matter twice: they decide how characters are read, and the voice sets them apart.

use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use jieba_rs::Jieba;

use crate::{Error, Result};

/// A word, and its part of speech by jieba's tags: `n...` for nouns, `v...` for verbs, `p` for prepositions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Word {
    pub text: String,
    pub tag: String,
}

/// The dictionary of words.
pub(super) struct Segmenter(Jieba);

impl Segmenter {
    /// From the dictionary at `path`: a word, how often it was counted, and its tag on each line.
    pub fn open(path: &Path) -> Result<Self> {
        let file = File::open(path).map_err(Error::io(path))?;
        let dictionary = Jieba::with_dict(&mut BufReader::new(file));
        Ok(Self(dictionary.map_err(|e| Error::Format { path: path.to_owned(), what: e.to_string() })?))
    }

    /// The words of a run of characters.
    pub fn words(&self, run: &str) -> Vec<Word> {
        self.0.tag(run, true).into_iter().map(|word| Word { text: word.word.to_owned(), tag: word.tag.to_owned() }).collect()
    }

    /// Whether the word is in the dictionary, and not the guess of the model.
    pub fn knows(&self, word: &str) -> bool {
        self.0.has_word(word)
    }

    /// After how many of its characters a word falls into two: 2 in 展览/馆, 1 in 小/老虎.
    pub fn halves(&self, word: &str) -> usize {
        let length = |text: &str| text.chars().count();
        let parts = self.0.cut_for_search(word, true);
        let Some(shortest) = parts.iter().map(|part| part.word).min_by_key(|part| length(part)) else { return length(word) };
        if word.starts_with(shortest) { length(shortest) } else { length(word).saturating_sub(length(shortest)) }
    }
}
