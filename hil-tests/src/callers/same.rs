//! Whether two things are the same to a caller who hears them. By text they are, letter for letter but for case and punctuation; by voice, a name that sounds the
//! same is the same, and so is a message of which two words in three are right: nobody spells.

use switchhook::dialog::words::{is_han, words};
use switchhook_models::text::mandarin::Mandarin;
use switchhook_models::text::score::distance;

use super::facts::{Fact, Sort};

/// A name may be so different in letters, by voice.
const NAME: f64 = 0.34;
/// And a message in words.
const MESSAGE: f64 = 0.34;

/// How things are compared.
pub enum Same {
    /// By text.
    Written,
    /// By voice; Mandarin by its syllables, if something here can read it.
    Heard(Option<Box<Mandarin>>),
}

impl Same {
    /// Whether the robot keeps what the caller means.
    pub fn is(&self, fact: &Fact, written: &str) -> bool {
        match (fact.sort, self) {
            (Sort::Name, Self::Heard(_)) => self.far(&fact.written, written) <= NAME,
            (Sort::Words, Self::Heard(_)) => self.far(&fact.written, written) <= MESSAGE,
            (Sort::Name | Sort::Words, Self::Written) => words(&fact.written) == words(written),
            _ => fact.written == written,
        }
    }

    /// Whether what was read back has the message in it.
    pub fn is_in(&self, message: &str, read_back: &str) -> bool {
        let (message, read_back) = (self.units(message), self.units(read_back));
        let missing = message.iter().filter(|unit| !read_back.contains(unit)).count();
        let allowed = if matches!(self, Self::Written) { 0.0 } else { MESSAGE };
        missing as f64 <= allowed * message.len() as f64
    }

    /// How far apart two texts are, as a part of the first.
    pub fn far(&self, said: &str, heard: &str) -> f64 {
        let letters = |text: &str| -> Vec<String> {
            if text.chars().any(is_han) { self.units(text) } else { words(text).concat().chars().map(String::from).collect() }
        };
        let (said, heard) = (letters(said), letters(heard));
        distance(&said, &heard) as f64 / said.len().max(1) as f64
    }

    /// Words, or the syllables of Mandarin without their tones.
    fn units(&self, text: &str) -> Vec<String> {
        match self {
            Self::Heard(Some(reader)) if text.chars().any(is_han) => {
                let plain: String = words(text).concat();
                reader
                    .pinyin(&plain)
                    .into_iter()
                    .map(|syllable| syllable.trim_end_matches(|c: char| c.is_ascii_digit()).to_owned())
                    .collect()
            }
            _ => words(text),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(written: &str) -> Fact {
        Fact { says: vec![], written: written.to_owned(), halves: None, keys: None, sort: Sort::Name }
    }

    #[test]
    fn by_voice_a_name_that_sounds_so_is_the_same_and_by_text_it_is_not() {
        assert!(Same::Heard(None).is(&name("Maria Chen"), "Maria Chan") && !Same::Written.is(&name("Maria Chen"), "Maria Chan"));
        assert!(!Same::Heard(None).is(&name("Maria Chen"), "Peter Miller"));
        assert!(Same::Written.is(&name("Maria Chen"), "maria chen"));
    }

    #[test]
    fn a_message_is_read_back_if_its_words_are_in_it() {
        let read_back = "The message for the office is: the delivery come on Friday. Is that right?";
        assert!(Same::Heard(None).is_in("The delivery comes on Friday.", read_back));
        assert!(!Same::Written.is_in("The delivery comes on Friday.", read_back));
    }
}
