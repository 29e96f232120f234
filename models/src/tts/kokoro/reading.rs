//! From text to lines of phonemes, by the language that the text is written in.

use std::sync::Arc;

use super::NAME;
use crate::text::english::English;
use crate::{Error, Language, Result};

/// The front ends.
pub(super) struct Reader {
    english: Arc<English>,
}

impl Reader {
    pub fn new(english: English) -> Self {
        Self { english: Arc::new(english) }
    }

    /// The sentences of `text`, which is of one language.
    ///
    /// # Errors
    /// [`Error::Input`] if there is no front end for it.
    pub fn sentences(&self, language: Language, text: &str) -> Result<Vec<String>> {
        match language {
            Language::En => Ok(self.english.sentences(text)),
            Language::Zh => Err(Error::Input(format!("{NAME} cannot read Mandarin yet; give it English"))),
        }
    }

    /// The phonemes of one of those sentences, in lines.
    ///
    /// # Errors
    /// As [`Reader::sentences`].
    pub fn lines(&self, language: Language, sentence: &str) -> Result<Vec<String>> {
        match language {
            Language::En => self.english.pieces(sentence),
            Language::Zh => self.sentences(language, sentence),
        }
    }
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
