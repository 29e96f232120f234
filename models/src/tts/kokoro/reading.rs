//! From text to lines of phonemes, by the language that the text is written in.

use std::sync::Arc;

use super::NAME;
use crate::catalog::Installed;
use crate::text::english::English;
use crate::text::mandarin::{self, Mandarin};
use crate::{Error, Language, Result};

/// The front ends.
pub(super) struct Reader {
    english: Arc<English>,
    mandarin: Dictionaries,
}

/// Mandarin's dictionaries take a quarter of a second and 28 MB: they are read with the first Mandarin text.
enum Dictionaries {
    NotInstalled,
    Installed(Installed),
    Read(Box<Mandarin>),
}

impl Reader {
    /// Mandarin is read if its dictionaries are installed.
    pub fn new(english: English, mandarin: Option<Installed>) -> Self {
        Self { english: Arc::new(english), mandarin: mandarin.map_or(Dictionaries::NotInstalled, Dictionaries::Installed) }
    }

    /// Make ready for texts of this language.
    ///
    /// # Errors
    /// [`Error::Input`] if there is no front end for it; what is wrong with its files.
    pub fn prepare(&mut self, language: Language) -> Result<()> {
        match (language, &self.mandarin) {
            (Language::Zh, Dictionaries::NotInstalled) => Err(missing()),
            (Language::Zh, Dictionaries::Installed(installed)) => {
                self.mandarin = Dictionaries::Read(Box::new(Mandarin::open(installed, Some(Arc::clone(&self.english)))?));
                Ok(())
            }
            (Language::En, _) | (Language::Zh, Dictionaries::Read(_)) => Ok(()),
        }
    }

    /// The sentences of `text`, which is of one language.
    ///
    /// # Errors
    /// [`Error::Input`] if [`Reader::prepare`] would fail, or was not asked.
    pub fn sentences(&self, language: Language, text: &str) -> Result<Vec<String>> {
        match (language, &self.mandarin) {
            (Language::En, _) => Ok(self.english.sentences(text)),
            (Language::Zh, Dictionaries::Read(mandarin)) => Ok(mandarin.sentences(text)),
            (Language::Zh, Dictionaries::NotInstalled | Dictionaries::Installed(_)) => Err(missing()),
        }
    }

    /// The phonemes of one of those sentences, in lines.
    ///
    /// # Errors
    /// As [`Reader::sentences`].
    pub fn lines(&self, language: Language, sentence: &str) -> Result<Vec<String>> {
        match (language, &self.mandarin) {
            (Language::En, _) => self.english.pieces(sentence),
            (Language::Zh, Dictionaries::Read(mandarin)) => mandarin.pieces(sentence),
            (Language::Zh, Dictionaries::NotInstalled | Dictionaries::Installed(_)) => Err(missing()),
        }
    }
}

fn missing() -> Error {
    Error::Input(format!("{NAME} reads Mandarin by dictionaries; install them with `switchhook-models fetch {}`", mandarin::NAME))
}

/// A text with a single Chinese character is Mandarin: English words may stand in it.
pub(super) fn language(text: &str) -> Language {
    let is_han = |c| matches!(c, '\u{3007}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{323af}');
    if text.chars().any(is_han) { Language::Zh } else { Language::En }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_mandarin_from_its_first_chinese_character_on() {
        assert_eq!(language("The number is 12, isn't it? “Yes” — ﾃ"), Language::En);
        for text in ["您好", "Wi-Fi 密码", "二〇二六", "𠀀"] {
            assert_eq!(language(text), Language::Zh, "{text}");
        }
    }
}
