//! The words of a transcript, each with its time and how sure it is.
//!
//! Where words are written between spaces, a word is what stands between two; in Mandarin it is a character, or the few that the model
//! writes as one token or that only several tokens make whole. Signs belong to the word before them, but take no time. A word begins
//! where the decoder began to attend to it ([`super::alignment`]); since the pause before a word counts to it there, a word's time is cut
//! down to the part of it that sounds.

use std::ops::Range;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::Language;
use crate::audio::mel::RATE;

/// A word that was heard.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Word {
    /// The word with the signs after it, without spaces.
    pub text: String,
    /// When it was said, as time from the beginning of the audio.
    pub span: Range<Duration>,
    /// The mean probability of its tokens, in `[0, 1]`.
    pub confidence: f32,
}

/// A token of the text.
pub(super) struct Written<'a> {
    pub(super) bytes: &'a [u8],
    /// In `[0, 1]`.
    pub(super) probability: f32,
    /// Where it begins, in samples.
    pub(super) begin: usize,
}

/// Samples that are looked at together: 10 ms.
pub(super) const FRAME: usize = RATE / 100;
/// A frame that is so much weaker than the loudest of the audio (30 dB as power) does not sound.
pub(super) const WEAK: f32 = 1e-3;

/// The mean power of some samples, at least one.
pub(super) fn power(samples: &[f32]) -> f32 {
    samples.iter().map(|x| x * x).sum::<f32>() / samples.len() as f32
}

/// The words that tokens spell, the last of which ends at the sample `end` at the latest.
pub(super) fn of(tokens: &[Written<'_>], language: Language, end: usize, audio: &[f32]) -> Vec<Word> {
    let power: Vec<f32> = audio.chunks(FRAME).map(power).collect();
    let bar = WEAK * power.iter().copied().fold(0.0, f32::max);
    let mut words: Vec<Word> = Vec::new();
    let (mut first, mut spaced) = (0, true);
    while first < tokens.len() {
        let group = whole(&tokens[first..]);
        let next = first + group;
        let bytes: Vec<u8> = tokens[first..next].iter().flat_map(|token| token.bytes).copied().collect();
        let text = String::from_utf8_lossy(&bytes).replace(char::REPLACEMENT_CHARACTER, "");
        let begins = spaced || text.starts_with(char::is_whitespace) || language == Language::Zh;
        spaced = text.ends_with(char::is_whitespace);
        let until = tokens.get(next).map_or(end, |token| token.begin);
        let span = sounding(tokens[first].begin..until, &power, bar);
        let likely = tokens[first..next].iter().map(|token| token.probability).sum::<f32>() / group as f32;
        let said = text.chars().any(char::is_alphanumeric);
        match words.last_mut() {
            Some(word) if !(said && begins) => word.join(text.trim(), said.then_some((span, likely))),
            _ => words.push(Word { text: text.trim().to_owned(), span, confidence: likely }),
        }
        first = next;
    }
    // Signs before the first word are part of it, as the text has them.
    words.retain(|word| !word.text.is_empty());
    words
}

impl Word {
    fn join(&mut self, more: &str, said: Option<(Range<Duration>, f32)>) {
        let silent = !self.text.chars().any(char::is_alphanumeric);
        self.text.push_str(more);
        let Some((span, likely)) = said else { return };
        if silent {
            (self.span, self.confidence) = (span, likely);
        } else {
            self.span.end = span.end;
            self.confidence = self.confidence.min(likely);
        }
    }
}

/// How many of the first tokens make whole letters together.
fn whole(tokens: &[Written<'_>]) -> usize {
    /// A letter of four bytes, each a token.
    const MOST: usize = 4;
    let mut bytes = Vec::new();
    let complete = tokens.iter().take(MOST).position(|token| {
        bytes.extend_from_slice(token.bytes);
        std::str::from_utf8(&bytes).is_ok()
    });
    complete.map_or(1, |last| last + 1)
}

/// The part of a span of samples that sounds, as time; all of it if none does.
fn sounding(span: Range<usize>, power: &[f32], bar: f32) -> Range<Duration> {
    let frames = span.start / FRAME..span.end.div_ceil(FRAME).min(power.len());
    let sounds = |frame: &usize| power.get(*frame).is_some_and(|power| *power > bar);
    let from = frames.clone().find(sounds).map_or(span.start, |frame| span.start.max(frame * FRAME));
    let to = frames.rev().find(sounds).map_or(span.end, |frame| span.end.min((frame + 1) * FRAME));
    let time = |samples: usize| Duration::from_micros((samples * 1_000_000 / RATE) as u64);
    time(from)..time(to.max(from))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written<'a>(tokens: &[(&'a [u8], usize)]) -> Vec<Written<'a>> {
        tokens.iter().map(|(bytes, begin)| Written { bytes, probability: 0.9, begin: *begin }).collect()
    }

    fn texts(words: &[Word]) -> Vec<&str> {
        words.iter().map(|word| word.text.as_str()).collect()
    }

    fn millis(word: &Word) -> (u128, u128) {
        (word.span.start.as_millis(), word.span.end.as_millis())
    }

    #[test]
    fn words_stand_between_spaces_and_signs_take_no_time() {
        let tokens = written(&[(b" Yes", 0), (b",", 3200), (b" call", 8000), (b" Jona", 9600), (b"than", 12_800), (b".", 14_400)]);
        let words = of(&tokens, Language::En, 16_000, &vec![0.5; 16_000]);
        assert_eq!(texts(&words), ["Yes,", "call", "Jonathan."]);
        assert_eq!(words.iter().map(millis).collect::<Vec<_>>(), [(0, 200), (500, 600), (600, 900)]);
    }

    #[test]
    fn characters_of_mandarin_are_words_and_halves_of_one_are_joined() {
        let tokens =
            written(&[("请".as_bytes(), 0), ("问".as_bytes(), 1600), (b"\xe9\x92", 3200), (b"\x9f", 4000), ("。".as_bytes(), 4800)]);
        let words = of(&tokens, Language::Zh, 6400, &vec![0.5; 6400]);
        assert_eq!(texts(&words), ["请", "问", "钟。"]);
        assert_eq!(millis(&words[2]), (200, 300));
    }

    #[test]
    fn a_pause_belongs_to_no_word() {
        let audio: Vec<f32> = (0..16_000).map(|at| if (4800..9600).contains(&at) { 0.5 } else { 0.001 }).collect();
        let words = of(&written(&[(b" Hello", 0)]), Language::En, 16_000, &audio);
        assert_eq!(millis(&words[0]), (300, 600));
    }

    #[test]
    fn a_space_that_is_a_token_of_its_own_parts_words() {
        let tokens = written(&[(b" on", 0), (b" ", 1600), (b"02", 1600), (b"-", 3200), (b"5", 3200)]);
        assert_eq!(texts(&of(&tokens, Language::En, 4800, &vec![0.5; 4800])), ["on", "02-5"]);
    }

    #[test]
    fn signs_before_the_first_word_are_part_of_it() {
        let words = of(&written(&[(b" \"", 0), (b"No", 1600), (b"\"", 3200)]), Language::En, 4800, &vec![0.5; 4800]);
        assert_eq!((texts(&words), millis(&words[0])), (vec!["\"No\""], (100, 200)));
    }

    #[test]
    fn nothing_has_no_words() {
        assert_eq!(of(&[], Language::En, 0, &[]), []);
        assert_eq!(of(&written(&[(b"\xe9", 0)]), Language::Zh, 10, &[0.0; 10]), []);
    }
}
