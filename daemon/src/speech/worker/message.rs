//! What the daemon and its speech worker say to each other.
//!
//! Both are the same program, but neither believes the other: what is read is bounded ([`super::frame`]) and becomes one of these types or is refused, and what
//! makes no sense where it stands (a job that nobody gave, a turn without end) ends the connection, never the process.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};
use switchhook_models::{Language, Locale};

use crate::dialog::{Expected, Question, Quotation, Quote};
use crate::speech::engine::{Pace, Sound};
use crate::speech::recognition::Recognised;

/// Raised with every change of what is said here.
pub(super) const VERSION: u32 = 1;
/// Samples of a turn that are sent in one message: 4 s.
pub(super) const MOST_SAMPLES: usize = 64_000;
/// Turns that are heard at once, and jobs that are done or wait: more than all queues hold.
pub(super) const MOST_TURNS: usize = 64;
pub(super) const MOST_JOBS: usize = 96;

/// A job, by the number that the daemon gives it.
pub(super) type JobId = u64;
/// A caller's turn, by its number.
pub(super) type TurnId = u64;

/// What the daemon says.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) enum ToWorker {
    /// What the worker is to be. The first message, and said once.
    Begin(Box<Begin>),
    /// More of a turn, 16 kHz.
    Sound { turn: TurnId, samples: Vec<f32> },
    /// Go along with a turn as far as it was sent, if there is time.
    Follow { turn: TurnId },
    /// A turn is of no interest any more.
    Forget { turn: TurnId },
    /// Do this.
    Job { job: JobId, task: Task },
    /// Nobody waits for this any more.
    Cancel { job: JobId },
}

/// What a worker is to be.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Begin {
    pub version: u32,
    /// Where models are installed.
    pub store: PathBuf,
    pub models: Models,
    /// Who may be named by callers.
    pub people: Vec<Spoken>,
    pub locale: Locale,
    /// Bytes of memory that it may have.
    pub memory: u64,
    /// How much of what it notices is told: a level of the crate `log`, as a number.
    pub verbosity: usize,
}

/// The names of its models.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Models {
    pub recognizer: String,
    pub voice: String,
    pub turn: Option<String>,
    pub language_model: Option<String>,
    pub embedding: Option<String>,
}

/// Somebody, as callers name them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Spoken {
    pub spoken: String,
    pub also: Vec<String>,
}

/// A job.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) enum Task {
    /// The words in so many samples of a turn.
    Hear {
        turn: TurnId,
        samples: usize,
        expected: Expected,
    },
    /// Whether who pauses there has finished.
    Judge {
        turn: TurnId,
        samples: usize,
    },
    /// The sound of a text.
    Speak {
        text: String,
        pace: Pace,
    },
    Weigh(Question),
    Quote(Quote),
    /// How likely a sentence ends so.
    Ends {
        language: Language,
        said: String,
    },
}

/// What the worker says.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) enum FromWorker {
    /// It has given up its rights and opened its models.
    Ready(Ready),
    /// It cannot be what it is to be.
    Cannot(String),
    /// It goes on.
    Beat,
    /// For the journal.
    Note(Note),
    /// What came of a job, or a part of it.
    Answer { job: JobId, answer: Answer },
}

/// A worker that is there.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Ready {
    /// The voice's name and the version of its installation.
    pub voice: String,
    /// Whether the recogniser goes along with turns.
    pub goes_along: bool,
    /// What the kernel does not keep it from, for a reader.
    pub lacks: Vec<String>,
}

/// A line for the journal.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Note {
    /// A level of the crate `log`, as a number.
    pub level: usize,
    pub event: String,
    pub text: String,
}

/// What came of a job.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) enum Answer {
    Heard(Recognised),
    /// How likely who paused has finished, or a sentence ends so.
    Likely(f32),
    /// Sound at the line's rate.
    Piece(Sound),
    /// There is no more of it.
    Spoken,
    Weighed(Vec<f32>),
    Quoted(Option<Quotation>),
    Failed(Fault),
}

/// Why a job failed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) enum Fault {
    Cancelled,
    /// For a reader.
    Other(String),
}
