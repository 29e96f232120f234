//! How calls end.

use serde::Serialize;

use crate::dialog::Farewell;
use crate::dialog::report::Close;
use crate::lines::EndCause;

/// How a call ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// Both said goodbye.
    Goodbye,
    /// The caller left a message, and both said goodbye.
    MessageTaken,
    /// The caller did not speak any more.
    Silence,
    /// The caller does not want to be called any more.
    OptedOut,
    /// The caller insulted the robot again after it had asked them not to.
    Abuse,
    /// The caller could not be listened to, and nobody was there.
    GaveUp,
    /// The call was passed to a person.
    Transferred,
    /// The caller hung up.
    CallerHungUp,
    /// The line let go at our word, before the robot had said why.
    HungUp,
    /// The admin ended it.
    HungUpByAdmin,
    /// It lasted longer than the configuration allows.
    TooLong,
    /// The robot is being stopped.
    Shutdown,
    /// It was over before it was answered.
    Unanswered,
    /// Whom we called was talking to somebody else.
    Busy,
    /// Whom we called did not want the call.
    Declined,
    /// There is nobody where we called, or no way there.
    Unreachable,
    /// Nothing came from the caller's side any more.
    MediaLost,
    /// The line or the program failed.
    Fault,
}

impl Outcome {
    /// The word in records and figures.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Goodbye => "goodbye",
            Self::MessageTaken => "message-taken",
            Self::Silence => "silence",
            Self::OptedOut => "opted-out",
            Self::Abuse => "abuse",
            Self::GaveUp => "gave-up",
            Self::Transferred => "transferred",
            Self::CallerHungUp => "caller-hung-up",
            Self::HungUp => "hung-up",
            Self::HungUpByAdmin => "hung-up-by-admin",
            Self::TooLong => "too-long",
            Self::Shutdown => "shutdown",
            Self::Unanswered => "unanswered",
            Self::Busy => "busy",
            Self::Declined => "declined",
            Self::Unreachable => "unreachable",
            Self::MediaLost => "media-lost",
            Self::Fault => "fault",
        }
    }
}

impl From<Outcome> for Close {
    fn from(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Goodbye | Outcome::MessageTaken | Outcome::OptedOut | Outcome::Abuse | Outcome::CallerHungUp | Outcome::HungUp => {
                Self::Left
            }
            Outcome::Transferred => Self::Transferred,
            Outcome::Silence => Self::Silence,
            Outcome::GaveUp
            | Outcome::HungUpByAdmin
            | Outcome::TooLong
            | Outcome::Shutdown
            | Outcome::Unanswered
            | Outcome::Busy
            | Outcome::Declined
            | Outcome::Unreachable
            | Outcome::MediaLost
            | Outcome::Fault => Self::CutOff,
        }
    }
}

impl From<Farewell> for Outcome {
    fn from(farewell: Farewell) -> Self {
        match farewell {
            Farewell::Goodbye => Self::Goodbye,
            Farewell::MessageTaken => Self::MessageTaken,
            Farewell::Silence => Self::Silence,
            Farewell::OptedOut => Self::OptedOut,
            Farewell::Abuse => Self::Abuse,
        }
    }
}

impl From<&EndCause> for Outcome {
    fn from(cause: &EndCause) -> Self {
        match cause {
            EndCause::Caller => Self::CallerHungUp,
            EndCause::Robot => Self::HungUp,
            EndCause::Transferred => Self::Transferred,
            // RFC 3261, section 21.
            EndCause::Unanswered | EndCause::Refused(408 | 480 | 487) => Self::Unanswered,
            EndCause::Refused(486 | 600) => Self::Busy,
            EndCause::Refused(603) => Self::Declined,
            EndCause::Refused(_) => Self::Unreachable,
            EndCause::MediaLost => Self::MediaLost,
            EndCause::Fault(_) => Self::Fault,
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn whom_we_called_says_by_the_network_why_they_do_not_take_it() {
        let of = |status| Outcome::from(&EndCause::Refused(status));
        assert_eq!([486, 603, 480, 404].map(of), [Outcome::Busy, Outcome::Declined, Outcome::Unanswered, Outcome::Unreachable]);
    }

    #[test]
    fn the_word_of_an_outcome_is_the_same_in_records_and_in_json() {
        for outcome in [Outcome::Goodbye, Outcome::HungUpByAdmin, Outcome::TooLong, Outcome::Fault] {
            assert_eq!(serde_json::to_value(outcome).unwrap(), outcome.as_str());
        }
    }
}
