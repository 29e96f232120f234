//! What is on record. Everything here is personal data, so `{:?}`, which is how things end up in logs, shows no word, name or number.

use std::fmt;
use std::time::Duration;

use jiff::Timestamp;

use crate::config::{CallId, Generation};
use crate::policy::Ground;
use crate::policy::consent::Consent;

/// A call as it began.
#[derive(Clone, PartialEq)]
pub struct CallRecord {
    /// Its name.
    pub id: CallId,
    /// The line.
    pub line: String,
    /// The other party's number, if known.
    pub number: Option<String>,
    /// The other party's name, if the network sent one.
    pub name: Option<String>,
    /// The scenario's name.
    pub scenario: String,
    /// The scenario's version: the sha256 of its files, in hexadecimal.
    pub scenario_version: String,
    /// The configuration that it is held in; not known of calls of earlier versions.
    pub generation: Option<Generation>,
    /// Why we might call, if we called; nothing if we were called.
    pub permit: Option<Ground>,
    /// When it began to ring.
    pub started: Timestamp,
}

impl fmt::Debug for CallRecord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CallRecord")
            .field("id", &self.id)
            .field("line", &self.line)
            .field("scenario", &self.scenario)
            .field("started", &self.started)
            .finish_non_exhaustive()
    }
}

/// Evidence that the caller was told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DisclosureRecord {
    /// The words.
    pub text: String,
    /// Their language (ISO 639-1).
    pub language: String,
    /// When the first sample was sent.
    pub started: Timestamp,
    /// When the last sample was sent.
    pub ended: Timestamp,
}

/// One exchange.
#[derive(Clone, PartialEq)]
pub struct TurnRecord {
    /// Counted from 1; the greeting is 0.
    pub index: u32,
    /// When the exchange was complete.
    pub at: Timestamp,
    /// What was heard.
    pub heard: Option<String>,
    /// The recogniser's confidence.
    pub confidence: f32,
    /// What it was understood as.
    pub understood: String,
    /// What the robot did.
    pub action: String,
    /// What the robot said.
    pub said: String,
    /// Where in the office's knowledge the answer stands, if it came from there: `file.md#heading`.
    pub source: Option<String>,
    /// Voice to voice, our clock.
    pub latency: Option<Duration>,
}

impl fmt::Debug for TurnRecord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TurnRecord")
            .field("index", &self.index)
            .field("at", &self.at)
            .field("confidence", &self.confidence)
            .field("latency", &self.latency)
            .finish_non_exhaustive()
    }
}

/// A message for somebody in the office: a task that a person has to do after the call.
#[derive(Clone, PartialEq, Eq)]
pub struct Message {
    /// For whom, as the caller said it.
    pub recipient: String,
    /// From whom, as the caller said it.
    pub from: String,
    /// Where to call back, as the caller said it, digits only if they could be understood.
    pub callback: Option<String>,
    /// The message as the caller said it.
    pub text: String,
    /// Whether the caller confirmed it when it was read back.
    pub confirmed: bool,
    /// When it was taken.
    pub at: Timestamp,
    /// What it is about: `message`, `call-back`, `complaint`, `task`, `own-data`, `opt-out` or `threat`.
    pub about: String,
    /// By when the caller was told that they are called back.
    pub promised: Option<Timestamp>,
}

impl fmt::Debug for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Message").field("confirmed", &self.confirmed).field("at", &self.at).finish_non_exhaustive()
    }
}

/// A task's number, as it is told to callers: counted from 1 in the whole office, never given twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TaskNumber(pub(super) i64);

impl TaskNumber {
    /// The task of that number, if there is one.
    #[must_use]
    pub fn new(number: i64) -> Self {
        Self(number)
    }

    /// The number.
    #[must_use]
    pub fn get(self) -> i64 {
        self.0
    }
}

impl fmt::Display for TaskNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A look at personal data: who saw what, and when. Whose data it was is known by the call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Look {
    /// When.
    pub at: Timestamp,
    /// The user of this machine who looked, by number.
    pub by: u32,
    /// What they asked for: `Task.Messages`.
    pub at_what: String,
    /// The call whose data it was, if it was one call's.
    pub call: Option<CallId>,
}

/// A message as it stands on the list of things to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Task {
    /// Its number.
    pub number: TaskNumber,
    /// The call in which it was taken.
    pub call: CallId,
    /// The message.
    pub message: Message,
    /// When somebody said that it is done.
    pub done: Option<Timestamp>,
}

/// Which calls are meant.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Selection {
    /// Those with the other party of this number, as the network tells it; else with anybody.
    pub number: Option<String>,
    /// Those that began then or later.
    pub since: Option<Timestamp>,
    /// Those that began before then.
    pub until: Option<Timestamp>,
}

impl fmt::Debug for Selection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Selection").field("since", &self.since).field("until", &self.until).finish_non_exhaustive()
    }
}

/// How a call ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ending {
    /// The outcome: see [`crate::calls::Summary::outcome`].
    pub outcome: String,
    /// When.
    pub at: Timestamp,
}

/// A call as it stands on record.
#[derive(Clone, Debug, PartialEq)]
pub struct CallEntry {
    /// As it began.
    pub record: CallRecord,
    /// What the caller was told, in order.
    pub disclosures: Vec<DisclosureRecord>,
    /// What the caller was asked, and the answers, in order.
    pub consents: Vec<Consent>,
    /// How it ended; `None` while it goes on.
    pub ending: Option<Ending>,
}
