//! Handing a call to a person, as it is told afterwards: to whom, whether they took it, and how long the caller waited.

use std::time::Duration;

/// Who waits longer than this for a person has waited long.
const LONG_WAIT: Duration = Duration::from_secs(30);

/// One attempt to hand a call to a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HandOver {
    /// To whom, by the name that the configuration gives them.
    pub to: String,
    /// What came of it.
    pub end: HandOverEnd,
    /// How long the caller waited for that.
    pub waited: Duration,
}

/// What came of an attempt to hand a call to a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HandOverEnd {
    /// They took the call.
    Accepted,
    /// They did not want it, or were busy.
    Declined,
    /// Nobody answered, or said whether they take it.
    Unanswered,
    /// The line could not do it.
    Failed,
    /// The caller did not want it any more, and went on with the robot.
    CalledOff,
    /// The caller hung up meanwhile.
    CallerLeft,
}

impl HandOverEnd {
    /// All of them.
    pub const ALL: [Self; 6] = [Self::Accepted, Self::Declined, Self::Unanswered, Self::Failed, Self::CalledOff, Self::CallerLeft];

    /// The word in records and figures.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::Declined => "declined",
            Self::Unanswered => "unanswered",
            Self::Failed => "failed",
            Self::CalledOff => "called-off",
            Self::CallerLeft => "caller-left",
        }
    }

    /// The end of that word.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|end| end.as_str() == word)
    }
}

/// Whether a caller waited long for a person: all that they waited counts, whoever was called.
pub(super) fn waited_long(attempts: &[HandOver]) -> bool {
    attempts.iter().map(|attempt| attempt.waited).sum::<Duration>() > LONG_WAIT
}

#[cfg(test)]
mod tests {
    use super::*;

    fn waited(seconds: u64) -> HandOver {
        HandOver { to: "boss".into(), end: HandOverEnd::Unanswered, waited: Duration::from_secs(seconds) }
    }

    #[test]
    fn an_end_is_known_by_its_word() {
        for end in HandOverEnd::ALL {
            assert_eq!(HandOverEnd::parse(end.as_str()), Some(end));
        }
        assert_eq!(HandOverEnd::parse("lost"), None);
    }

    #[test]
    fn who_is_passed_from_one_to_the_next_has_waited_for_all_of_them() {
        assert!(!waited_long(&[]) && !waited_long(&[waited(30)]));
        assert!(waited_long(&[waited(31)]) && waited_long(&[waited(16), waited(16)]));
    }
}
