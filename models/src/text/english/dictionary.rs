//! The lexicons: words and their phonemes, some by part of speech.

use super::chars::{capitalised, is_lower};
use super::tables::Table;

/// What a lexicon holds for a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Entry<'a> {
    /// One pronunciation.
    One(&'a str),
    /// Pronunciations by tag, `TAG=phonemes` or `TAG` alone, each behind a `\u{1}`.
    ByTag(&'a str),
}

impl<'a> Entry<'a> {
    /// What the entry says for `tag`: `None` if it does not name the tag, `Some(None)` if it names it as having no reading.
    pub fn reading(self, tag: &str) -> Option<Option<&'a str>> {
        match self {
            Self::One(phonemes) => Some(Some(phonemes)),
            Self::ByTag(list) => list.split('\u{1}').find_map(|item| match item.split_once('=') {
                Some((name, phonemes)) => (name == tag).then_some(Some(phonemes)),
                None => (item == tag && !item.is_empty()).then_some(None),
            }),
        }
    }

    /// The reading that serves if no tag decides.
    pub fn default(self) -> Option<&'a str> {
        self.reading("DEFAULT").flatten()
    }
}

/// One lexicon.
pub(super) struct Dictionary(Table);

impl Dictionary {
    pub fn new(table: Table) -> Self {
        Self(table)
    }

    /// The entry for `word`. A word in small letters answers to its capitalised form and the other way round, unless both have
    /// entries of their own.
    pub fn get(&self, word: &str) -> Option<Entry<'_>> {
        self.exactly(word).or_else(|| {
            word.chars().nth(1)?;
            if is_lower(word) {
                self.exactly(&capitalised(word))
            } else if word == capitalised(&word.to_lowercase()) {
                self.exactly(&word.to_lowercase())
            } else {
                None
            }
        })
    }

    /// Whether there is an entry for `word`.
    pub fn has(&self, word: &str) -> bool {
        self.get(word).is_some()
    }

    fn exactly(&self, word: &str) -> Option<Entry<'_>> {
        let value = self.0.text(word)?;
        Some(value.strip_prefix('\u{1}').map_or(Entry::One(value), Entry::ByTag))
    }
}
