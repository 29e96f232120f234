//! Whether a caller who pauses has finished, by three witnesses: how the last words were said, which a model of turns hears; what was said,
//! which is held against what was asked ([`super::slots::completeness`]); and whether sentences end so, which a language model reads.
//!
//! Words that are all that was asked for end the turn whatever the voice did: the last digit of a telephone number needs nothing behind it. Words
//! that ask for others keep it open, however final they sounded. Where the words leave it open, voice and language
//! model decide together, as one likelihood: many a beginning sounds final ("Please press"), and many a whole sentence could go on. Without a language model the
//! voice decides alone; and where nobody can tell, silence does.

use jiff::Zoned;
use switchhook_models::{Language, Locale};

use super::slots::{self, Completeness, Context, Kind, Part};

/// How much each witness counts, and from where on they mean an end together, and below what none: logistic regression on turns with pauses inside
/// (docs/turn-taking.md), on every other sentence.
struct Weights {
    constant: f32,
    /// Of the voice, and of the language model, by the logarithm of their odds.
    sounds: f32,
    reads: f32,
    /// Of a sign that the recogniser put at the end.
    signed: f32,
    finished: f32,
    unfinished: f32,
}

/// What counts in a language, with a language model or without. The model of turns knows Mandarin less well: many a whole sentence sounds unfinished to it.
/// What recognises Mandarin rarely writes a full stop or a question mark where nothing ends; in English, it does so behind everything.
const fn weights(language: Language, reads: bool) -> Weights {
    match (language, reads) {
        (Language::En, true) => Weights { constant: 0.32, sounds: 0.37, reads: 0.51, signed: 0.0, finished: 0.8, unfinished: 0.4 },
        (Language::En, false) => Weights { constant: 0.0, sounds: 1.0, reads: 0.0, signed: 0.0, finished: 0.9, unfinished: 0.4 },
        (Language::Zh, true) => Weights { constant: -0.07, sounds: 0.23, reads: 0.42, signed: 2.13, finished: 0.5, unfinished: 0.5 },
        (Language::Zh, false) => Weights { constant: -1.48, sounds: 0.24, reads: 0.0, signed: 2.2, finished: 0.38, unfinished: 0.36 },
    }
}

/// Nobody is so sure that the other does not count: the odds of 1 in 10,000.
const SUREST: f32 = 1.0e-4;

/// What models tell of a pause.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Told {
    /// How likely it is the end by how the last words were said, in `[0, 1]`.
    pub sounds: Option<f32>,
    /// How likely a sentence ends with these words, in `[0, 1]`.
    pub reads: Option<f32>,
    /// Whether the recogniser ended them with a full stop or the like.
    pub signed: bool,
}

impl Told {
    /// The same, of these words.
    #[must_use]
    pub fn of(self, said: &str) -> Self {
        Self { signed: said.trim_end().ends_with(['.', '?', '!', '。', '？', '！']), ..self }
    }
}

/// Who says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Witness {
    /// How the last words were said, and whether sentences end so.
    Voice,
    /// The words, and what was asked.
    Words,
}

/// What a pause is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The end of the turn.
    Finished(Witness),
    /// Nobody can tell.
    Open,
    /// A pause within the turn.
    Unfinished(Witness),
}

impl Verdict {
    /// The verdict on a turn in this language whose words until the pause are so complete.
    #[must_use]
    pub fn of(language: Language, words: Completeness, told: Told) -> Self {
        let weights = weights(language, told.reads.is_some());
        let Weights { finished, unfinished, .. } = weights;
        match (words, weights.likelihood(told)) {
            (Completeness::Complete, _) => Self::Finished(Witness::Words),
            (Completeness::MoreToCome, _) => Self::Unfinished(Witness::Words),
            (Completeness::Unknown, Some(likely)) if likely >= finished => Self::Finished(Witness::Voice),
            (Completeness::Unknown, Some(likely)) if likely < unfinished => Self::Unfinished(Witness::Voice),
            (Completeness::Unknown, _) => Self::Open,
        }
    }
}

impl Weights {
    /// How likely the end is by all of them; nobody can tell where nothing hears how it was said.
    fn likelihood(&self, Told { sounds, reads, signed }: Told) -> Option<f32> {
        let odds = |likely: f32| {
            let likely = likely.clamp(SUREST, 1.0 - SUREST);
            (likely / (1.0 - likely)).ln()
        };
        let read = reads.map_or(0.0, |reads| self.reads * odds(reads));
        let sum = self.constant + self.sounds * odds(sounds?) + read + self.signed * f32::from(u8::from(signed));
        Some(1.0 / (1.0 + (-sum).exp()))
    }
}

/// What a caller was asked, for whoever judges the pauses of the answer.
#[derive(Clone, Debug)]
pub struct Judge {
    pub(super) locale: Locale,
    pub(super) asked: Option<Kind>,
    pub(super) now: Zoned,
    /// What an earlier answer to the same question told.
    pub(super) so_far: Option<Part>,
    /// Whether a telephone number was read back, which the answer may correct.
    pub(super) number_read_back: bool,
}

impl Judge {
    /// What the caller speaks.
    #[must_use]
    pub fn language(&self) -> Language {
        self.locale.language()
    }

    /// What the pause is that a caller makes after these words.
    #[must_use]
    pub fn verdict(&self, said: &str, told: Told) -> Verdict {
        Verdict::of(self.locale.language(), self.completeness(said), told.of(said))
    }

    /// Whether it matters what a language model reads in these words: they leave it open.
    #[must_use]
    pub fn wants_reading(&self, said: &str) -> bool {
        said.contains(char::is_alphanumeric) && self.completeness(said) == Completeness::Unknown
    }

    /// Whether these words are the whole answer to what was asked, or plainly go on.
    #[must_use]
    pub fn completeness(&self, said: &str) -> Completeness {
        let correction = if self.number_read_back { slots::completeness_of_correction(said, self.locale) } else { None };
        if let Some(completeness) = correction {
            return completeness;
        }
        let context = Context { so_far: self.so_far.as_ref(), ..Context::at(&self.now) };
        match &self.asked {
            Some(kind) => slots::completeness(kind, said, self.locale, &context),
            None => slots::completeness_of_anything(said, self.locale),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn verdict(words: Completeness, sounds: Option<f32>) -> Verdict {
        Verdict::of(Language::En, words, Told { sounds, ..Told::default() })
    }

    fn open(language: Language, sounds: f32, reads: f32) -> Verdict {
        Verdict::of(language, Completeness::Unknown, Told { sounds: Some(sounds), reads: Some(reads), signed: false })
    }

    #[test]
    fn words_that_say_it_stand_against_the_voice() {
        assert_eq!(verdict(Completeness::Complete, Some(0.0)), Verdict::Finished(Witness::Words));
        assert_eq!(verdict(Completeness::MoreToCome, Some(1.0)), Verdict::Unfinished(Witness::Words));
    }

    #[test]
    fn where_the_words_leave_it_open_the_voice_decides_and_else_nobody() {
        assert_eq!(verdict(Completeness::Unknown, Some(0.95)), Verdict::Finished(Witness::Voice));
        assert_eq!(verdict(Completeness::Unknown, Some(0.2)), Verdict::Unfinished(Witness::Voice));
        assert_eq!(verdict(Completeness::Unknown, Some(0.7)), Verdict::Open);
        assert_eq!(verdict(Completeness::Unknown, None), Verdict::Open);
    }

    #[test]
    fn what_sounds_final_is_none_if_no_sentence_ends_so_and_a_question_that_rises_is_one() {
        assert_eq!(open(Language::En, 0.99, 0.003), Verdict::Unfinished(Witness::Voice), "Please press");
        assert_eq!(open(Language::En, 0.99, 0.06), Verdict::Open, "The lesson has been moved to Saturday");
        assert_eq!(open(Language::En, 0.95, 0.6), Verdict::Finished(Witness::Voice));
        assert_eq!(open(Language::Zh, 0.99, 0.003), Verdict::Unfinished(Witness::Voice), "我想預約");
    }

    #[test]
    fn a_sign_that_mandarin_recognisers_put_says_much_and_one_in_english_nothing() {
        let told = |said| Told { sounds: Some(0.5), ..Told::default() }.of(said);
        let verdict = |language, said| Verdict::of(language, Completeness::Unknown, told(said));
        assert_eq!(verdict(Language::Zh, "你們公司在哪裡？"), Verdict::Finished(Witness::Voice));
        assert_eq!(verdict(Language::Zh, "你們公司"), Verdict::Unfinished(Witness::Voice));
        assert_eq!(verdict(Language::En, "Your company."), verdict(Language::En, "Your company"));
    }

    fn rank(verdict: Verdict) -> u8 {
        match verdict {
            Verdict::Unfinished(_) => 0,
            Verdict::Open => 1,
            Verdict::Finished(_) => 2,
        }
    }

    proptest! {
        /// A turn that sounds or reads more finished is never taken to be less so, whatever its words.
        #[test]
        fn what_sounds_or_reads_more_finished_is_no_less_so(a in 0.0f32..=1.0, b in 0.0f32..=1.0, other in proptest::option::of(0.0f32..=1.0)) {
            let (low, high) = (Some(a.min(b)), Some(a.max(b)));
            for language in [Language::En, Language::Zh] {
                for words in [Completeness::Complete, Completeness::MoreToCome, Completeness::Unknown] {
                    let rank = |sounds, reads| rank(Verdict::of(language, words, Told { sounds, reads, signed: false }));
                    prop_assert!(rank(low, other) <= rank(high, other));
                    prop_assert!(other.is_none() || rank(other, low) <= rank(other, high));
                }
            }
        }
    }
}
