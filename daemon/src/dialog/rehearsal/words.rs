//! The words by which a conversation tells what is done and how it ends. A word that is none of them would be expected in vain.

use serde::Deserialize;

use crate::dialog::action::Farewell;

/// What the robot does, beside what it says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Deed {
    /// Nothing but saying something.
    Say,
    /// Says a passage of the knowledge.
    Answer,
    /// Nothing but listening.
    Listen,
    /// Waits for more keys.
    MoreKeys,
    /// Keeps a message, or something to do.
    KeepMessage,
    /// Speaks more slowly from here on.
    Slower,
    /// Goes on in another language.
    Language,
    /// Has brought a flow to a result.
    Reached,
    /// Passes the call on.
    Transfer,
    /// Stops calling a person who is not wanted any more.
    CallOff,
    /// Hangs up.
    HangUp,
}

impl Deed {
    /// As steps are called.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Say => "say",
            Self::Answer => "answer",
            Self::Listen => "listen",
            Self::MoreKeys => "more-keys",
            Self::KeepMessage => "keep-message",
            Self::Slower => "slower",
            Self::Language => "language",
            Self::Reached => "reached",
            Self::Transfer => "transfer",
            Self::CallOff => "call-off",
            Self::HangUp => "hang-up",
        }
    }
}

/// How a conversation ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Ending {
    /// A goodbye.
    Goodbye,
    /// A goodbye after a message or a task was kept.
    MessageTaken,
    /// The caller said nothing any more.
    Silence,
    /// The caller is not called any more.
    OptedOut,
    /// The caller insulted the robot again, or threatened.
    Abuse,
    /// The call was passed on.
    Transfer,
}

impl Ending {
    /// As conversations are written.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Goodbye => "goodbye",
            Self::MessageTaken => "message-taken",
            Self::Silence => "silence",
            Self::OptedOut => "opted-out",
            Self::Abuse => "abuse",
            Self::Transfer => "transfer",
        }
    }
}

impl From<Farewell> for Ending {
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

#[cfg(test)]
mod tests {
    use super::super::Conversations;

    fn fault(turn: &str, ends: &str) -> String {
        let text =
            format!("language: en\nconversations:\n  - title: t\n    turns:\n      - caller: hello\n        {turn}\n    ends: {ends}\n");
        Conversations::parse(&text).err().unwrap_or_default()
    }

    #[test]
    fn a_word_that_nothing_is_called_by_is_told_with_its_line_and_those_that_there_are() {
        for (turn, ends, told) in [
            ("does: transfer", "goodby", ["line 7", "`goodby`", "message-taken"]),
            ("does: hangup", "goodbye", ["line 6", "hangup", "hang-up"]),
            ("keeps: {about: calback}", "goodbye", ["line 6", "calback", "call-back"]),
        ] {
            let fault = fault(turn, ends);
            assert!(told.iter().all(|part| fault.contains(part)), "{told:?} is missing in: {fault}");
        }
        assert_eq!(fault("does: call-off", "goodbye"), "");
    }
}
