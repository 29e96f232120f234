//! Whether a caller who pauses has finished, by two witnesses: how the last words were said, which a model of turns hears, and what was said,
//! which is held against what was asked ([`super::slots::completeness`]).
//!
//! Words that are all that was asked for end the turn whatever the voice did: the last digit of a telephone number needs nothing behind it. Words
//! that ask for others keep it open, however final they sounded. Where the words leave it open, the voice decides; and where the voice
//! cannot tell either, silence does: hardly anybody sounds unfinished at their end, but many sound a little finished in the middle.

use jiff::Zoned;
use switchhook_models::{Language, Locale};

use super::slots::{self, Completeness, Context, Kind, Part};

/// From where on a turn sounds finished, and below what unfinished. Measured on turns with pauses inside: docs/turn-taking.md. The model knows Mandarin less well: many a
/// whole sentence sounds unfinished to it.
const fn bars(language: Language) -> (f32, f32) {
    match language {
        Language::En => (0.9, 0.4),
        Language::Zh => (0.9, 0.05),
    }
}

/// Who says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Witness {
    /// How the last words were said.
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
    /// The verdict on a turn in this language whose words until the pause are so complete; `sounds` is how likely it is finished by the way it was said, in
    /// `[0, 1]`, if something can tell.
    #[must_use]
    pub fn of(language: Language, words: Completeness, sounds: Option<f32>) -> Self {
        let (finished, unfinished) = bars(language);
        match (words, sounds) {
            (Completeness::Complete, _) => Self::Finished(Witness::Words),
            (Completeness::MoreToCome, _) => Self::Unfinished(Witness::Words),
            (Completeness::Unknown, Some(likely)) if likely >= finished => Self::Finished(Witness::Voice),
            (Completeness::Unknown, Some(likely)) if likely < unfinished => Self::Unfinished(Witness::Voice),
            (Completeness::Unknown, _) => Self::Open,
        }
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
}

impl Judge {
    /// What the pause is that a caller makes after these words; `sounds` is how likely they have finished by the way it was said.
    #[must_use]
    pub fn verdict(&self, said: &str, sounds: Option<f32>) -> Verdict {
        Verdict::of(self.locale.language(), self.completeness(said), sounds)
    }

    /// Whether these words are the whole answer to what was asked, or plainly go on.
    #[must_use]
    pub fn completeness(&self, said: &str) -> Completeness {
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
        Verdict::of(Language::En, words, sounds)
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

    fn rank(verdict: Verdict) -> u8 {
        match verdict {
            Verdict::Unfinished(_) => 0,
            Verdict::Open => 1,
            Verdict::Finished(_) => 2,
        }
    }

    proptest! {
        /// A turn that sounds more finished is never taken to be less so, whatever its words.
        #[test]
        fn what_sounds_more_finished_is_no_less_so(a in 0.0f32..=1.0, b in 0.0f32..=1.0) {
            let (low, high) = (a.min(b), a.max(b));
            for language in [Language::En, Language::Zh] {
                for words in [Completeness::Complete, Completeness::MoreToCome, Completeness::Unknown] {
                    prop_assert!(rank(Verdict::of(language, words, Some(low))) <= rank(Verdict::of(language, words, Some(high))));
                }
            }
        }
    }
}
