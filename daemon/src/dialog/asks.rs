//! What the robot has asked, for whoever plays the caller: a person knows it from the words, a test from this.

use super::slots::{Part, Value};

/// What the caller is expected to say next.
#[derive(Clone, Debug, PartialEq)]
pub enum Asks {
    /// Anything: how the caller can be helped.
    Anything,
    /// Whether there is anything else.
    AnythingElse,
    /// For whom a message is.
    Recipient,
    /// The message itself.
    Message,
    /// Where to call back about a message.
    Callback,
    /// Whether the message that was read back is right.
    MessageRight,
    /// For what a flow collects.
    Slot {
        /// Its name.
        name: String,
        /// What an earlier answer told of it: only the rest is asked for.
        part: Option<Part>,
    },
    /// Whether what was told is right: these values, by the names of their slots.
    Confirmation(Vec<(String, Value)>),
    /// What of it is wrong.
    WhatIsWrong(Vec<(String, Value)>),
    /// A question of yes or no.
    YesOrNo {
        /// The scenario's message that asks it.
        question: String,
        /// What was told so far, by the names of the slots: the question may repeat it.
        told: Vec<(String, Value)>,
    },
    /// Which of several that were found.
    Which {
        /// The slot by which they differ.
        by: String,
        /// All of them, as they are said one after the other.
        choices: String,
    },
    /// How well the call helped, 1 to 5.
    Rating,
    /// Whether a person is wanted.
    Person,
    /// Nothing: a person is sought, or the call is over.
    Nothing,
}
