//! What the rest of the house may know of a call at any moment.

use std::time::Duration;

use jiff::Timestamp;
use serde::{Serialize, Serializer};

use super::CallId;
use crate::config::Generation;
use crate::lines::{LineId, Party};
use crate::policy::Ground;

/// Where a call is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// Not answered yet.
    Ringing,
    /// The robot says that it is one; nobody listens yet.
    Disclosing,
    /// The robot speaks.
    Speaking,
    /// The caller has the word.
    Listening,
    /// The caller's turn is over and the answer is not yet there.
    Thinking,
    /// A person is being sought.
    Transferring,
    /// A person has the call, and the robot passes on what the two say, without listening.
    Bridged,
    /// Over.
    Ended,
}

impl State {
    /// The word used on D-Bus and MQTT.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ringing => "ringing",
            Self::Disclosing => "disclosing",
            Self::Speaking => "speaking",
            Self::Listening => "listening",
            Self::Thinking => "thinking",
            Self::Transferring => "transferring",
            Self::Bridged => "bridged",
            Self::Ended => "ended",
        }
    }
}

/// Which way a call was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// Somebody called us.
    Taken,
    /// We called somebody, who might be called for this reason.
    Placed(Ground),
}

impl Direction {
    /// The word used on D-Bus and MQTT.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Taken => "taken",
            Self::Placed(_) => "placed",
        }
    }

    /// Why we might call, if we did.
    #[must_use]
    pub fn ground(self) -> Option<Ground> {
        match self {
            Self::Taken => None,
            Self::Placed(ground) => Some(ground),
        }
    }
}

impl Serialize for Direction {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(self.as_str())
    }
}

/// The parts of the time between the caller's last word and the robot's first sound, as our clock sees them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Latency {
    /// From the last speech to the decision that the turn is over.
    pub endpoint: Duration,
    /// From that decision to the words.
    pub words: Duration,
    /// From the words to knowing what to do.
    pub decision: Duration,
    /// From there to the first sound given to the line.
    pub first_sound: Duration,
}

impl Latency {
    /// All parts together.
    #[must_use]
    pub fn total(&self) -> Duration {
        self.endpoint + self.words + self.decision + self.first_sound
    }
}

/// One exchange: what the caller did and what the robot did about it.
#[derive(Clone, Debug, PartialEq)]
pub struct Turn {
    /// Counted from 1 in each call; the greeting is turn 0.
    pub index: u32,
    /// What was heard; `None` if the caller pressed a key or said nothing. Personal data.
    pub heard: Option<String>,
    /// The recogniser's confidence in `[0, 1]`.
    pub confidence: f32,
    /// What it was understood as: the name of an intent, a slot or a rule of the scenario.
    pub understood: String,
    /// What the robot did: the name of the action.
    pub action: String,
    /// What the robot said. Personal data, since it may repeat what was heard.
    pub said: String,
    /// `None` for turns that no caller's speech began.
    pub latency: Option<Latency>,
}

/// A call as it is now.
#[derive(Clone, Debug, PartialEq)]
pub struct Snapshot {
    /// Its name.
    pub id: CallId,
    /// Its line.
    pub line: LineId,
    /// Which way it was made.
    pub direction: Direction,
    /// The other party: who calls, or whom we called. Personal data.
    pub caller: Party,
    /// When it began.
    pub started: Timestamp,
    /// Where it is.
    pub state: State,
    /// The configuration that it is held in.
    pub generation: Generation,
    /// The scenario that it follows.
    pub scenario: String,
    /// Whether the disclosure has been played to its end.
    pub disclosed: bool,
    /// How many turns it has had.
    pub turns: u32,
}
