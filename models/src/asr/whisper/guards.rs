//! What keeps Whisper from hearing words where there are none.
//!
//! Whisper was trained on subtitles: given hold music, a fax tone or an empty line it writes what subtitles say at such places. A turn
//! is therefore judged three times: the audio, before anything is computed; the spectrogram; and the text with its probabilities.
//! Each threshold stands with its reason, and `tests/speech/whisper/guards.rs` tries them on noises and on the shortest of real answers.

use std::fmt;

use candle_core::Tensor;

use super::search::Hypothesis;
use crate::Result;
use crate::asr::grammar::Doubted;
pub use crate::asr::guards::{Acoustics, Verdict};
use crate::asr::guards::{REPETITIVE, compression, is_from_subtitles};

/// An answer of a grammar that Whisper holds more likely than this, as a logarithm, was said, even if it doubts that anybody spoke. Measured with base: digits of
/// people and of our voices that it doubts have -1.5 to -3.4 or are not the digit that was said; 90 hens, rubbed telephones, streets and hisses of 0.25 to
/// 1.4 s, each heard in both languages, have -4.0 or less.
pub(super) const DOUBTED: Doubted = Doubted::Below(-3.0);

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
    /// How probable Whisper holds it that nobody spoke, in `[0, 1]`.
    pub no_speech: f32,
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
    /// By how much, as a logarithm, the likeliest answer of a grammar is likelier than what was written freely; `None` if none was looked
    /// for or found.
    pub answer: Option<f32>,
}

impl Evidence {
    /// Listen to the audio (16 kHz) itself.
    pub(super) fn of_audio(audio: &[f32]) -> Self {
        Self { acoustics: Acoustics::of(audio), text: None }
    }

    /// Look at the spectrogram of the audio, of shape `[frames, bands]`.
    pub(super) fn add_spectrogram(&mut self, mel: &Tensor) -> Result<()> {
        self.acoustics.look_at(mel)
    }

    pub(super) fn add_text(&mut self, heard: &Hypothesis, text: &str) {
        self.text = Some(TextEvidence {
            no_speech: heard.no_speech,
            mean_log_probability: heard.mean_log_probability,
            compression: compression(text),
            tokens: heard.tokens.len(),
            cut: heard.cut,
            written: text.to_owned(),
            answer: None,
        });
    }

    pub(super) fn add_answer(&mut self, answer: Option<f32>) {
        if let Some(text) = &mut self.text {
            text.answer = answer;
        }
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
    /// Measured with the remembered silence ([`super::silence`]), through G.711, on 110 noises (hens, a rubbed telephone, a street, coloured
    /// noise steady and beating, short bursts) in both languages, and on 256 pieces of speech, among them twenty digits of half a second each
    /// and speech in those noises. Whisper's own doubt tells nearly all: noises have 0.51 to 0.93, speech at most 0.60, which is a hummed
    /// 嗯. Where they overlap, noises have a mean log probability below -1.6, and speech above -1.12.
    fn verdict(&self) -> Verdict {
        /// A sentence has at least this many tokens.
        const SENTENCE: usize = 3;
        const IMPROBABLE_SENTENCE: f32 = -1.6;
        const IMPROBABLE_WORD: f32 = -2.3;
        /// Whisper's own doubt, when it is enough by itself, and when an improbable text confirms it.
        const NO_SPEECH: f32 = 0.65;
        const PERHAPS_NO_SPEECH: f32 = 0.5;
        const IMPROBABLE_IN_DOUBT: f32 = -1.4;
        let improbable = if self.tokens >= SENTENCE { IMPROBABLE_SENTENCE } else { IMPROBABLE_WORD };
        let doubted = self.no_speech > NO_SPEECH || self.no_speech > PERHAPS_NO_SPEECH && self.mean_log_probability < IMPROBABLE_IN_DOUBT;
        if !self.written.chars().any(char::is_alphanumeric) || self.mean_log_probability < improbable || doubted || self.is_subtitle() {
            return Verdict::Doubt;
        }
        if self.compression > REPETITIVE { Verdict::Circles } else { Verdict::Words }
    }

    /// The last resort: what subtitles say where nobody speaks. Callers say some of it too, so it is refused only in doubt.
    fn is_subtitle(&self) -> bool {
        /// An answer of a grammar that is about as likely as what was written was said: on noises an answer may be as likely, but there
        /// Whisper's own doubt is enough by itself.
        const AS_LIKELY: f32 = -1.5;
        if self.answer.is_some_and(|answer| answer > AS_LIKELY) {
            return false;
        }
        // Whisper small doubts less: its "you" for hens and a siren has 0.25 to 0.62 and -0.70 to -1.56.
        const SOME_DOUBT: f32 = 0.2;
        const NOT_CERTAIN: f32 = -0.6;
        self.no_speech > SOME_DOUBT && self.mean_log_probability < NOT_CERTAIN && is_from_subtitles(&self.written)
    }
}

impl fmt::Display for Evidence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}: {}", self.verdict(), self.acoustics)?;
        if let Some(text) = &self.text {
            write!(f, ", no speech {:.2}, log p {:.2}, wrote {:?}", text.no_speech, text.mean_log_probability, text.written)?;
            if let Some(answer) = text.answer {
                write!(f, ", answer {answer:+.2}")?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(text: &str, tokens: usize, no_speech: f32, mean_log_probability: f32) -> Verdict {
        let compression = compression(text);
        TextEvidence { no_speech, mean_log_probability, compression, tokens, cut: false, written: text.to_owned(), answer: None }.verdict()
    }

    #[test]
    fn a_doubtful_word_is_believed_longer_than_a_doubtful_sentence() {
        assert_eq!(written("to", 2, 0.47, -1.51), Verdict::Words);
        assert_eq!(written("I'm gonna eat this.", 6, 0.34, -1.93), Verdict::Doubt);
        assert_eq!(written("I'm", 2, 0.44, -2.46), Verdict::Doubt);
    }

    #[test]
    fn what_whisper_itself_takes_for_noise_is_believed_only_if_it_is_likely() {
        assert_eq!(written("駕駛", 2, 0.77, -1.05), Verdict::Doubt);
        assert_eq!(written("好", 1, 0.64, -2.19), Verdict::Doubt);
        assert_eq!(written("嗯", 1, 0.60, -0.88), Verdict::Words);
        assert_eq!(written("你", 1, 0.57, -1.11), Verdict::Words);
    }

    #[test]
    fn thanks_are_believed_unless_they_are_doubtful() {
        assert_eq!(written("Thank you.", 3, 0.05, -0.3), Verdict::Words);
        assert_eq!(written("Thank you.", 3, 0.52, -1.0), Verdict::Doubt);
        assert_eq!(written("you", 1, 0.25, -1.35), Verdict::Doubt);
    }

    #[test]
    fn punctuation_alone_is_no_text() {
        assert_eq!(written("...", 1, 0.1, -0.1), Verdict::Doubt);
    }
}
