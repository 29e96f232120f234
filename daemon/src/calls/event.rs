//! What happens in calls, told to whoever wants to know: D-Bus, MQTT, the journal.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use serde::Serialize;

use super::{CallId, Direction, Outcome, State, Turn};
use crate::config::HandOverText;
use crate::dialog::report::HandOverEnd;
use crate::lines::LineId;

/// Something that happened. Cheap to clone.
#[derive(Clone, Debug)]
pub enum Event {
    /// A call began to ring. Its handle is in the registry before this is told.
    Began(CallId),
    /// A call is somewhere else.
    Changed(CallId, State),
    /// An exchange is complete, up to the robot's first sound.
    Turn(CallId, Arc<Turn>),
    /// A call is being handed to a person, and the office allows them to read what they are told.
    HandOver(Arc<Briefing>),
    /// A person who was sought for a call, by the name that the configuration gives them, is sought no more, and this came of it.
    HandOverEnded(CallId, Arc<str>, HandOverEnd),
    /// A call is over. Its handle is still in the registry when this is told, and gone soon after.
    Ended(Arc<Summary>),
}

/// What a person is told of a caller whom they are handed. Personal data.
#[derive(Clone, PartialEq, Eq)]
pub struct Briefing {
    /// The call's name.
    pub call: CallId,
    /// Who is to take it, by the name that the configuration gives them.
    pub person: String,
    /// What the caller wants, told and was told, in a few sentences.
    pub summary: String,
    /// Where that may be read.
    pub text: HandOverText,
}

impl fmt::Debug for Briefing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The words are about a caller, and `{:?}` is how things end up in logs.
        f.debug_struct("Briefing").field("call", &self.call).finish_non_exhaustive()
    }
}

/// A call in figures: no words, no numbers of people, so that it may leave the device.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Summary {
    /// Its name.
    pub call: CallId,
    /// Its line.
    pub line: LineId,
    /// Which way it was made: `taken` or `placed`.
    pub direction: Direction,
    /// The scenario that it followed.
    pub scenario: String,
    /// When it began to ring.
    pub started: Timestamp,
    /// How long it lasted from the answer on.
    #[serde(serialize_with = "seconds", rename = "duration_s")]
    pub duration: Duration,
    /// How it ended.
    pub outcome: Outcome,
    /// Whether the disclosure was played to its end.
    pub disclosed: bool,
    /// Turns in which the caller spoke or pressed a key.
    pub turns: u32,
    /// Of these, how many were not understood.
    pub not_understood: u32,
    /// How often the caller interrupted the robot.
    pub barge_ins: u32,
    /// Whether a person was asked for.
    pub person_wanted: bool,
    /// Whether a message was taken.
    pub message_taken: bool,
    /// Whether the caller got what they came for, by the scenario's measure.
    pub goal_reached: bool,
    /// By what results, or why not: see [`crate::dialog::report::Goal`].
    pub goal: String,
    /// Whether the caller complained.
    pub complaint: bool,
    /// How well the call helped, 1 to 5, if the caller said so.
    pub satisfaction: Option<u8>,
    /// What went badly, with spaces between: see [`crate::dialog::report::Tag`].
    pub tags: String,
    /// Median of the turns' times to first sound, our clock.
    #[serde(serialize_with = "millis", rename = "voice_to_voice_p50_ms")]
    pub voice_to_voice_p50: Option<Duration>,
    /// 95th percentile of the same.
    #[serde(serialize_with = "millis", rename = "voice_to_voice_p95_ms")]
    pub voice_to_voice_p95: Option<Duration>,
}

fn seconds<S: serde::Serializer>(value: &Duration, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_f64((value.as_secs_f64() * 1000.0).round() / 1000.0)
}

#[expect(clippy::ref_option, reason = "serde asks for this signature")]
fn millis<S: serde::Serializer>(value: &Option<Duration>, to: S) -> Result<S::Ok, S::Error> {
    match value {
        Some(value) => to.serialize_some(&u64::try_from(value.as_millis()).unwrap_or(u64::MAX)),
        None => to.serialize_none(),
    }
}
