//! What keeps Moonshine from hearing words where there are none.
//!
//! It seldom does: most noises it answers with an empty text. Unlike Whisper it has no token that says "nobody spoke", so besides the
//! audio ([`crate::asr::guards`]) only what it wrote, and with which probabilities, can speak against a text.

use std::fmt;

use super::search::Hypothesis;
use crate::asr::grammar::Doubted;
pub use crate::asr::guards::{Acoustics, Verdict};
use crate::asr::guards::{REPETITIVE, compression, is_from_subtitles};

/// How much less likely than what was written freely an answer may be where that is not believed. Measured with base and tiny: digits that they write
/// nothing for lie at most 4.4 below that nothing, hens, a rubbed telephone, a street and hiss of 0.25 to 1.4 s lie 5.1 or more below.
pub(super) const DOUBTED: Doubted = Doubted::Behind(4.5);

/// What speaks for and against words in a turn.
#[derive(Clone, Debug)]
pub struct Evidence {
    /// What the sound says.
    pub acoustics: Acoustics,
    /// What the decoder found; `None` if it was not asked.
    pub text: Option<TextEvidence>,
}

/// What the decoder found.
#[derive(Clone, Debug)]
pub struct TextEvidence {
    /// The mean logarithm of the tokens' probabilities.
    pub mean_log_probability: f32,
    /// How many times smaller the text becomes when it is compressed.
    pub compression: f32,
    /// How many tokens were written.
    pub tokens: usize,
    /// Whether decoding was stopped because the text went in circles or did not end.
    pub cut: bool,
    /// What was written, whether it is believed or not.
    pub written: String,
}

impl Evidence {
    pub(super) fn add_text(&mut self, heard: &Hypothesis, text: &str) {
        self.text = Some(TextEvidence {
            mean_log_probability: heard.mean_log_probability,
            compression: compression(text),
            tokens: heard.tokens.len(),
            cut: heard.cut,
            written: text.to_owned(),
        });
    }

    /// What follows from the evidence so far.
    #[must_use]
    pub fn verdict(&self) -> Verdict {
        match self.acoustics.verdict() {
            Verdict::Words => self.text.as_ref().map_or(Verdict::Words, TextEvidence::verdict),
            none => none,
        }
    }
}

impl TextEvidence {
    /// Measured with base and tiny in onnxruntime on 150 turns of English (clean, through G.711, and with hens, a rubbed telephone or a street
    /// at 10 dB behind them), on 20 bare digits, and on 34 noises and tones. Speech has a mean log probability above -0.85, the doubtful end
    /// being an "uh-huh". Of the noises one had a text at all: "You", with -0.41. Eight turns of Mandarin, which the model does not know,
    /// had -0.4 to -1.4, some of them in Chinese letters.
    fn verdict(&self) -> Verdict {
        const IMPROBABLE: f32 = -1.0;
        const NOT_CERTAIN: f32 = -0.35;
        /// The last letter of Latin Extended-B: what English borrows its words from is written with these.
        const LATIN: char = '\u{24f}';
        let english = self.written.chars().any(|letter| letter.is_ascii_alphanumeric())
            && self.written.chars().all(|letter| !letter.is_alphabetic() || letter <= LATIN);
        let subtitle = self.mean_log_probability < NOT_CERTAIN && is_from_subtitles(&self.written);
        if !english || subtitle || self.mean_log_probability < IMPROBABLE {
            return Verdict::Doubt;
        }
        if self.compression > REPETITIVE { Verdict::Circles } else { Verdict::Words }
    }
}

impl fmt::Display for Evidence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}: {}", self.verdict(), self.acoustics)?;
        if let Some(text) = &self.text {
            write!(f, ", log p {:.2}, {} tokens", text.mean_log_probability, text.tokens)?;
            write!(f, "{}, wrote {:?}", if text.cut { " and cut" } else { "" }, text.written)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(text: &str, mean_log_probability: f32) -> Verdict {
        TextEvidence { mean_log_probability, compression: compression(text), tokens: 3, cut: false, written: text.to_owned() }.verdict()
    }

    #[test]
    fn a_text_is_believed_if_it_is_english_and_likely() {
        assert_eq!(written("Yes, that's right.", -0.1), Verdict::Words);
        assert_eq!(written("A hug.", -0.63), Verdict::Words);
        assert_eq!(written("Two cafés, 5 €.", -0.2), Verdict::Words);
        assert_eq!(written("Wash your Liu Yang K-Twin Shao Jiya", -1.13), Verdict::Doubt);
        assert_eq!(written("今天快", -0.3), Verdict::Doubt);
        assert_eq!(written("...", -0.1), Verdict::Doubt);
        assert_eq!(written("", -0.1), Verdict::Doubt);
    }

    #[test]
    fn a_lone_word_of_subtitles_is_believed_only_if_it_is_likely() {
        assert_eq!(written("You", -0.41), Verdict::Doubt);
        assert_eq!(written("Thank you.", -0.1), Verdict::Words);
    }

    #[test]
    fn a_text_in_circles_is_not_believed() {
        assert_eq!(written(&"thank you for watching ".repeat(12), -0.1), Verdict::Circles);
    }
}
