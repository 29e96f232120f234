//! What a flow does, step after step in one row: forks and jumps go on elsewhere in it.

use super::Which;

/// One thing to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Op {
    /// Say this message.
    Say(String),
    /// Ask for a slot, by its place, unless it is filled; whether the caller may have none.
    Collect {
        /// Its place in the scenario's slots.
        slot: usize,
        /// Whether the flow goes on without.
        optional: bool,
    },
    /// Read this message back until it is right.
    Confirm(String),
    /// Ask this message; a no goes on at `no`.
    Ask {
        /// The message.
        question: String,
        /// Where a no goes on.
        no: usize,
    },
    /// Look this up; what is found goes on behind it.
    LookUp {
        /// The look-up's place.
        lookup: usize,
        /// How several are told apart.
        which: Option<Which>,
        /// Where it goes on if there is nothing.
        nothing: usize,
        /// Where it goes on if it could not be looked up; without one, a person is sought.
        otherwise: Option<usize>,
    },
    /// Ask for a rating, unless there is one.
    Survey(usize),
    /// Go on behind it if this is so, else at `otherwise`.
    Decide {
        /// What has to be so.
        check: Check,
        /// Where else it goes on.
        otherwise: usize,
    },
    /// Go on there.
    Jump(usize),
    /// Say this passage, by its place.
    Answer(usize),
    /// Leave this to do.
    Task {
        /// For whom.
        recipient: String,
        /// The message that says what.
        says: String,
        /// Whether the caller is called back.
        call_back: bool,
    },
    /// Take a message.
    Message,
    /// Pass the call on.
    Transfer(String),
    /// It is over, with this result.
    End(String),
}

impl Op {
    /// The message that it says or asks, where the scenario chose its name.
    pub(in crate::dialog::scenario) fn message(&self) -> Option<&str> {
        match self {
            Self::Say(id) | Self::Confirm(id) | Self::Ask { question: id, .. } | Self::Task { says: id, .. } => Some(id),
            Self::LookUp { which, .. } => which.as_ref().map(|which| which.ask.as_str()),
            _ => None,
        }
    }
}

/// By what a flow forks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Check {
    /// What a slot holds.
    Slot {
        /// Its place.
        slot: usize,
        /// What it holds, as records write it.
        is: String,
    },
    /// Whether it is the hours of the office, a queue or a member of staff, by name.
    Open(String),
    /// Whether there are too many calls for people to look after.
    Busy,
}
