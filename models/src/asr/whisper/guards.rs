//! What keeps Whisper from hearing words where there are none.
//!
//! Whisper was trained on subtitles: given hold music, a fax tone or an empty line it writes what subtitles say at such places. A turn
//! is therefore judged three times: the audio, before anything is computed; the spectrogram; and the text with its probabilities.
//! Each threshold stands with its reason, and `tests/whisper_guards.rs` tries them on noises and on the shortest of real answers.

use std::fmt;

use candle_core::Tensor;
use flate2::Compression;
use flate2::write::ZlibEncoder;

use super::search::Hypothesis;
use crate::Result;

/// Whether a turn's text can be believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Words were said.
    Words,
    /// The turn is silent.
    Silence,
    /// The turn is made of tones: ringing, keys, fax, hum.
    Tones,
    /// Whisper wrote something, but does not believe in it itself.
    Doubt,
    /// The text goes in circles.
    Circles,
}

/// What speaks for and against words in a turn.
#[derive(Clone, Debug)]
pub struct Evidence {
    /// The loudest 20 ms, as root mean square relative to full scale, in decibels.
    pub loudest: f32,
    /// The part of the sounding frames that are steady tones, in `[0, 1]`.
    pub tonal: f32,
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
}

/// A turn whose loudest 20 ms lie below this is silence. An idle G.711 line has -66 dB (one step of the quantizer) to -55 dB; a caller
/// who can be understood at all reaches -45 dB.
const SILENCE: f32 = -55.0;
/// More steady-tone frames than this are no speech.
const TONES: f32 = 0.6;

impl Evidence {
    /// Listen to the audio (16 kHz) itself.
    pub(super) fn of_audio(audio: &[f32]) -> Self {
        let power = |block: &[f32]| block.iter().map(|x| x * x).sum::<f32>() / block.len().max(1) as f32;
        let loudest = audio.chunks(320).map(power).fold(0.0, f32::max);
        Self { loudest: 10.0 * loudest.max(1e-12).log10(), tonal: 0.0, text: None }
    }

    /// Look at the spectrogram of the audio, of shape `[frames, bands]`.
    pub(super) fn add_spectrogram(&mut self, mel: &Tensor) -> Result<()> {
        self.tonal = tonal(&mel.to_vec2()?);
        Ok(())
    }

    pub(super) fn add_text(&mut self, heard: &Hypothesis, text: &str) {
        self.text = Some(TextEvidence {
            no_speech: heard.no_speech,
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
        if self.loudest < SILENCE {
            return Verdict::Silence;
        }
        if self.tonal > TONES {
            return Verdict::Tones;
        }
        self.text.as_ref().map_or(Verdict::Words, TextEvidence::verdict)
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
        /// As the published code.
        const REPETITIVE: f32 = 2.4;
        let improbable = if self.tokens >= SENTENCE { IMPROBABLE_SENTENCE } else { IMPROBABLE_WORD };
        let doubted = self.no_speech > NO_SPEECH || self.no_speech > PERHAPS_NO_SPEECH && self.mean_log_probability < IMPROBABLE_IN_DOUBT;
        if !self.written.chars().any(char::is_alphanumeric) || self.mean_log_probability < improbable || doubted || self.is_subtitle() {
            return Verdict::Doubt;
        }
        if self.compression > REPETITIVE { Verdict::Circles } else { Verdict::Words }
    }

    /// The last resort: what subtitles say where nobody speaks. Callers say some of it too, so it is refused only in doubt.
    fn is_subtitle(&self) -> bool {
        const SUBTITLES: [&str; 8] =
            ["thank you", "thanks for watching", "thank you for watching", "you", "bye", "謝謝觀看", "谢谢观看", "字幕志愿者"];
        const SOME_DOUBT: f32 = 0.4;
        const NOT_CERTAIN: f32 = -0.7;
        let bare = self.written.trim_end_matches(['.', '!', '。', '!']).to_lowercase();
        self.no_speech > SOME_DOUBT && self.mean_log_probability < NOT_CERTAIN && SUBTITLES.contains(&bare.as_str())
    }
}

impl fmt::Display for Evidence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}: {:.0} dB, tonal {:.2}", self.verdict(), self.loudest, self.tonal)?;
        if let Some(text) = &self.text {
            write!(f, ", no speech {:.2}, log p {:.2}, wrote {:?}", text.no_speech, text.mean_log_probability, text.written)?;
        }
        Ok(())
    }
}

/// The part of the sounding frames whose spectrum is the same as 100 ms later and lies in few bands: keys, ringing, fax, hum. A voice
/// moves by more than a band (37 Hz below 1 kHz) in that time, and fills many.
fn tonal(mel: &[Vec<f32>]) -> f32 {
    /// Frames from one look to the next.
    const STEP: usize = 10;
    /// How alike (cosine of the power spectra) two looks are.
    const ALIKE: f32 = 0.98;
    /// The part of the power that lies in the loudest few bands.
    const FEW: usize = 8;
    const CONCENTRATED: f32 = 0.9;
    // Logarithms were scaled by (x + 4) / 4: back to power.
    let power: Vec<Vec<f32>> = mel.iter().map(|row| row.iter().map(|x| 10_f32.powf(4.0 * x - 4.0)).collect()).collect();
    let total = |row: &[f32]| row.iter().sum::<f32>();
    let loudest = power.iter().map(|row| total(row)).fold(0.0, f32::max);
    let (mut sounding, mut tones) = (0_u32, 0_u32);
    for (row, later) in power.iter().zip(power.iter().skip(STEP)) {
        if total(row) < 1e-3 * loudest {
            continue;
        }
        sounding += 1;
        let product: f32 = row.iter().zip(later).map(|(a, b)| a * b).sum();
        let norm = |row: &[f32]| row.iter().map(|a| a * a).sum::<f32>().sqrt();
        let alike = product / (norm(row) * norm(later)).max(f32::MIN_POSITIVE);
        let mut sorted = row.clone();
        sorted.sort_unstable_by(|a, b| b.total_cmp(a));
        if alike > ALIKE && total(&sorted[..FEW.min(sorted.len())]) > CONCENTRATED * total(row) {
            tones += 1;
        }
    }
    tones as f32 / sounding.max(1) as f32
}

/// How many times smaller a text becomes when it is compressed: repetition shows here even if it is not exact.
fn compression(text: &str) -> f32 {
    use std::io::Write;
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
    let written = encoder.write_all(text.as_bytes()).and_then(|()| encoder.finish());
    // Writing to memory does not fail; if it did, nothing would speak against the text.
    written.map_or(1.0, |bytes| text.len() as f32 / bytes.len().max(1) as f32)
}

/// If the tokens end in a circle: how many of them to keep, which is all up to the circle's first round.
///
/// People do repeat themselves ("no, no, no", "five five five five"), so a short round must come often before it counts.
pub(super) fn circle(tokens: &[u32]) -> Option<usize> {
    /// Rounds of up to this many tokens are looked for.
    const LONGEST: usize = 16;
    (1..=LONGEST).find_map(|length| {
        let rounds = match length {
            1 => 8,
            2 => 5,
            3 | 4 => 4,
            _ => 3,
        };
        let start = tokens.len().checked_sub(length * rounds)?;
        let (first, rest) = tokens[start..].split_at(length);
        rest.chunks_exact(length).all(|round| round == first).then_some(start + length)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_that_goes_in_circles_is_cut_after_its_first_round() {
        let words = [5, 6, 7, 8, 9];
        let text: Vec<u32> = [1, 2].into_iter().chain(words).chain(words).chain(words).collect();
        assert_eq!(circle(&text), Some(7));
        assert_eq!(circle(&[4; 8]), Some(1));
    }

    #[test]
    fn a_caller_may_repeat_a_word_or_a_digit() {
        assert_eq!(circle(&[4; 7]), None);
        assert_eq!(circle(&[1, 2, 1, 2, 1, 2, 1, 2]), None);
        assert_eq!(circle(&[1, 2, 3, 4, 5, 1, 2, 3, 4, 5]), None);
    }

    fn written(text: &str, tokens: usize, no_speech: f32, mean_log_probability: f32) -> Verdict {
        let compression = compression(text);
        TextEvidence { no_speech, mean_log_probability, compression, tokens, cut: false, written: text.to_owned() }.verdict()
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
    }

    #[test]
    fn punctuation_alone_is_no_text() {
        assert_eq!(written("...", 1, 0.1, -0.1), Verdict::Doubt);
    }

    #[test]
    fn only_repetition_compresses_well() {
        assert!(compression("Please ask her to call me back on zero two, five five five, one two three four.") < 2.0);
        assert!(compression(&"Thank you for watching. ".repeat(12)) > 2.4);
    }
}
