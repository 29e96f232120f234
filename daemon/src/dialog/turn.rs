//! Whether a caller who pauses has finished, by two witnesses: how the last words were said, which a model of turns hears, and what was said,
//! which is held against what was asked ([`super::slots::completeness`]).
//!
//! Words that are all that was asked for end the turn whatever the voice did: the last digit of a telephone number needs nothing behind it. Words
//! that ask for others keep it open, however final they sounded. Where the words leave it open, the voice decides; and where the voice
//! cannot tell either, silence does.

use super::slots::Completeness;

/// From here on a turn sounds finished. Measured on turns with pauses inside, in both languages: docs/turn-taking.md.
const SOUNDS_FINISHED: f32 = 0.9;

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
    /// The verdict on a turn whose words until the pause are so complete; `sounds` is how likely it is finished by the way it was said, in `[0, 1]`, if
    /// something can tell.
    #[must_use]
    pub fn of(words: Completeness, sounds: Option<f32>) -> Self {
        match (words, sounds) {
            (Completeness::Complete, _) => Self::Finished(Witness::Words),
            (Completeness::MoreToCome, _) => Self::Unfinished(Witness::Words),
            (Completeness::Unknown, Some(likely)) if likely >= SOUNDS_FINISHED => Self::Finished(Witness::Voice),
            (Completeness::Unknown, Some(_)) => Self::Unfinished(Witness::Voice),
            (Completeness::Unknown, None) => Self::Open,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn words_that_say_it_stand_against_the_voice() {
        assert_eq!(Verdict::of(Completeness::Complete, Some(0.0)), Verdict::Finished(Witness::Words));
        assert_eq!(Verdict::of(Completeness::MoreToCome, Some(1.0)), Verdict::Unfinished(Witness::Words));
    }

    #[test]
    fn where_the_words_leave_it_open_the_voice_decides_and_else_nobody() {
        assert_eq!(Verdict::of(Completeness::Unknown, Some(0.95)), Verdict::Finished(Witness::Voice));
        assert_eq!(Verdict::of(Completeness::Unknown, Some(0.2)), Verdict::Unfinished(Witness::Voice));
        assert_eq!(Verdict::of(Completeness::Unknown, None), Verdict::Open);
    }

    fn rank(verdict: Verdict) -> u8 {
        match verdict {
            Verdict::Unfinished(_) => 0,
            Verdict::Open => 1,
            Verdict::Finished(_) => 2,
        }
    }

    proptest! {
        /// A turn that sounds more finished is never taken to be less so, whatever its words; not even if the likelihood is no number.
        #[test]
        fn what_sounds_more_finished_is_no_less_so(a in prop_oneof![0.0f32..=1.0, any::<f32>()], b in 0.0f32..=1.0) {
            for words in [Completeness::Complete, Completeness::MoreToCome, Completeness::Unknown] {
                let (low, high) = (a.min(b), a.max(b));
                prop_assert!(rank(Verdict::of(words, Some(low))) <= rank(Verdict::of(words, Some(high))));
            }
        }
    }
}
