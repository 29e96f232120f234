//! What the machine calls things: words that programs know, and that people are told in their own language.

use fluent_bundle::FluentArgs;

use super::{Words, spoken};

/// A kind of thing that the machine has words for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Term {
    /// Where a call is.
    CallState,
    /// How a call ended.
    Outcome,
    /// Whether a call was taken or placed.
    Direction,
    /// Which of the calls' properties changed.
    CallProperty,
    /// How a line is.
    LineStatus,
    /// What stands behind a line.
    LineKind,
    /// How much the robot can do.
    Rung,
    /// How a job is.
    JobState,
    /// What a job does.
    JobKind,
    /// What a model does.
    Role,
    /// Whether a model is there.
    ModelState,
    /// What a call missed.
    Goal,
    /// What came of seeking a person for a call.
    HandOver,
    /// What a message is about.
    About,
    /// What went badly in a call.
    Tag,
    /// A kind of thing that a scenario has.
    Part,
    /// What the doctor looks at.
    Examined,
}

impl Term {
    /// All of them.
    #[cfg(test)]
    pub const ALL: [Self; 17] = [
        Self::CallState,
        Self::Outcome,
        Self::Direction,
        Self::CallProperty,
        Self::LineStatus,
        Self::LineKind,
        Self::Rung,
        Self::JobState,
        Self::JobKind,
        Self::Role,
        Self::ModelState,
        Self::Goal,
        Self::HandOver,
        Self::About,
        Self::Tag,
        Self::Part,
        Self::Examined,
    ];

    /// What its messages' names begin with.
    pub fn prefix(self) -> &'static str {
        match self {
            Self::CallState => "state-",
            Self::Outcome => "outcome-",
            Self::Direction => "direction-",
            Self::CallProperty => "call-property-",
            Self::LineStatus => "line-status-",
            Self::LineKind => "line-kind-",
            Self::Rung => "rung-",
            Self::JobState => "job-state-",
            Self::JobKind => "job-kind-",
            Self::Role => "role-",
            Self::ModelState => "model-state-",
            Self::Goal => "goal-",
            Self::HandOver => "hand-over-",
            Self::About => "about-",
            Self::Tag => "tag-",
            Self::Part => "part-",
            Self::Examined => "examined-",
        }
    }

    /// The machine's word as people say it; one that nobody knows, as it is.
    pub fn said(self, word: &str) -> String {
        self.in_words(spoken(), word)
    }

    /// The same in these words.
    pub fn in_words(self, words: &Words, word: &str) -> String {
        let id = format!("{}{}", self.prefix(), word.replace(' ', "-"));
        words.own(&id, None, &FluentArgs::new()).unwrap_or_else(|| word.to_owned())
    }
}
