//! How characters are read: alone, and in phrases that decide between their readings.
//!
//! The dictionary is pypinyin's (MIT): 47,000 phrases and the commonest reading of every character. A word is read by the longest phrases
//! that it begins with, one after the other, and what no phrase covers by its characters.

use super::syllable::Syllable;
use crate::Result;
use crate::text::english::tables::{Table, Tables};

/// The name of the table from a character to its reading.
pub(crate) const CHARACTERS: &str = "characters";
/// The name of the table from a phrase to its readings, separated by spaces.
pub(crate) const PHRASES: &str = "phrases";

/// No phrase of the dictionary has more characters.
const LONGEST_PHRASE: usize = 16;

pub(super) struct Readings {
    characters: Table,
    phrases: Table,
}

impl Readings {
    pub fn new(tables: &Tables) -> Result<Self> {
        Ok(Self { characters: tables.table(CHARACTERS)?, phrases: tables.table(PHRASES)? })
    }

    /// Whether the character has a reading; nothing else is spoken as Mandarin.
    pub fn knows(&self, character: char) -> bool {
        self.of_character(character).is_some()
    }

    /// The readings of a word, one for each of its characters that is known.
    pub fn of(&self, word: &str) -> Vec<Syllable> {
        let chars: Vec<char> = word.chars().collect();
        let mut out = Vec::with_capacity(chars.len());
        let mut rest = chars.as_slice();
        while let Some((first, others)) = rest.split_first() {
            match self.longest_phrase(rest) {
                Some((length, readings)) => {
                    out.extend(readings);
                    rest = rest.get(length..).unwrap_or_default();
                }
                None => {
                    out.extend(self.of_character(*first));
                    rest = others;
                }
            }
        }
        out
    }

    fn of_character(&self, character: char) -> Option<Syllable> {
        Syllable::parse(self.characters.text(character.encode_utf8(&mut [0; 4]))?)
    }

    fn longest_phrase(&self, rest: &[char]) -> Option<(usize, Vec<Syllable>)> {
        (2..=rest.len().min(LONGEST_PHRASE)).rev().find_map(|length| {
            let phrase: String = rest.get(..length)?.iter().collect();
            let readings: Vec<Syllable> = self.phrases.text(&phrase)?.split(' ').map_while(Syllable::parse).collect();
            (readings.len() == length).then_some((length, readings))
        })
    }
}
