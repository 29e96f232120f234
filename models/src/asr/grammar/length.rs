//! How long answers are: no answer stands for far more words than it has, and none that takes longer to say than there is sound.
//!
//! Probability does not tell this. What a recogniser writes freely of a whole sentence in noise is improbable because it is long, so that a mere "yes" in a
//! grammar, which ends at once, may be hardly less probable; and of a syllable that it hardly heard it writes the phrase that texts have most often, however long that is.

use std::time::Duration;

use crate::text::script::is_han;

/// What a caller may say around an answer, in signs, before it is another answer, beside as much again as the answer has.
const AROUND: usize = 2;
/// Nobody says more signs in a time than one in this. Measured with our Mandarin voices at up to 1.15 of their pace, without noise, by the sound that lies at most
/// [`QUIETER`] below the loudest: one syllable lasts 0.15 s or more, two 0.26 s, three 0.46 s.
const QUICKEST: Duration = Duration::from_millis(120);
/// What is quieter than the loudest 10 ms of a turn by this much, in decibels, does not count to the time that its words took.
pub(super) const QUIETER: f32 = 18.0;

/// How many signs a text has: characters of Mandarin and digits by themselves, other words as they are, and round numbers as they are said.
pub(super) fn signs(text: &str) -> usize {
    let (mut signs, mut within) = (0, false);
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        // An apostrophe ends no word.
        let letter = digits == 0 && !is_han(c) && (c.is_alphanumeric() || (within && matches!(c, '\'' | '’')));
        let (here, behind) = rest.split_at(digits.max(c.len_utf8()));
        signs += if digits > 0 { in_words(here) } else { usize::from(is_han(c) || (letter && !within)) };
        (within, rest) = (letter, behind);
    }
    signs
}

/// How many signs a number has that is written in digits: each digit is one, but 10 is "ten", 十, and a round number a digit and a word (一百, "two thousand").
fn in_words(digits: &str) -> usize {
    /// Nobody says longer ones as a whole.
    const LONGEST: usize = 4;
    let is_round = (2..=LONGEST).contains(&digits.len()) && !digits.starts_with('0') && digits.chars().skip(1).all(|digit| digit == '0');
    match digits {
        "10" => 1,
        _ if is_round => 2,
        _ => digits.len(),
    }
}

/// Whether an answer may be all that was said where this was written freely.
pub(super) fn covers(answer: &str, freely: &str) -> bool {
    signs(freely) <= 2 * signs(answer) + AROUND
}

/// Whether a text can be said in the time for which a turn sounds.
pub(super) fn fits(text: &str, sounds: Duration) -> bool {
    QUICKEST * u32::try_from(signs(text)).unwrap_or(u32::MAX) <= sounds
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_and_digits_count_each_and_other_words_as_a_whole() {
        for (text, count) in
            [("對的。", 2), ("That's right.", 2), ("555-12", 5), ("電話是0960", 7), ("No, the number is 415.", 7), ("", 0), ("...", 0)]
        {
            assert_eq!(signs(text), count, "{text}");
        }
    }

    #[test]
    fn a_round_number_in_digits_is_as_long_as_it_is_said() {
        for (digits, said) in
            [("10", "十"), ("10", "ten"), ("20", "二十"), ("100", "一百"), ("12", "十二"), ("0010", "零零一零"), ("10分", "十分")]
        {
            assert_eq!(signs(digits), signs(said), "{digits}");
        }
        assert!(fits("10", QUICKEST) && !fits("12", QUICKEST));
    }

    #[test]
    fn a_mere_yes_is_not_all_that_was_said_in_a_sentence() {
        assert!(covers("yes", "Chess.") && covers("對", "對呀") && covers("好的", "好再這") && covers("5", "555"));
        assert!(!covers("好", "你好，請問怎麼付款？") && !covers("yes", "Where do I have to pay this?"));
    }

    #[test]
    fn a_phrase_is_not_said_in_the_time_of_a_syllable() {
        let brief = Duration::from_millis(280);
        assert!(fits("對", brief) && fits("不要", brief) && fits("yes", brief));
        assert!(!fits("不可以", brief) && !fits("不用了", brief));
    }
}
