//! One call as a line sees it.

use std::fmt;

use serde::Serialize;
use tokio::sync::mpsc;

use super::{CallId, Dialler, LineId, Replaceable};
use crate::media::{Frame, Playout, PlayoutClock};

/// Frames that may wait for the call actor: half a second. If it is slower than that, the oldest sound is worth least, and the line drops.
pub const HEARS_CAPACITY: usize = 25;

/// The other party, as far as the line tells. Personal data: it is shown to the admin and kept in the record, never logged.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Party {
    /// The number, or the user part of a SIP address; `None` if withheld.
    pub number: Option<String>,
    /// The name that the network sent, if any.
    pub name: Option<String>,
}

impl fmt::Debug for Party {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Logs must not hold it, and `{:?}` is how things end up in logs.
        f.write_str("Party(..)")
    }
}

/// What a leg can do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Capabilities {
    /// Whether the caller is heard while the robot speaks: without this there is no barge-in.
    pub full_duplex: bool,
    /// Whether the line can pass the call on.
    pub transfer: bool,
}

/// A key of the telephone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct Key(char);

impl Key {
    /// `0`-`9`, `*`, `#`, `A`-`D`.
    #[must_use]
    pub fn new(key: char) -> Option<Self> {
        matches!(key, '0'..='9' | '*' | '#' | 'A'..='D').then_some(Self(key))
    }

    /// The key for an RFC 4733 event code (section 3.2, table 7).
    #[must_use]
    pub fn from_event(code: u8) -> Option<Self> {
        b"0123456789*#ABCD".get(usize::from(code)).map(|&b| Self(char::from(b)))
    }

    /// What stands on it.
    #[must_use]
    pub fn char(self) -> char {
        self.0
    }
}

/// Why a call is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reject {
    /// Every place is taken (SIP 486).
    Busy,
    /// The house is closing, or something it needs is missing (SIP 480).
    Unavailable,
}

/// What the call actor asks of a leg.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LegCommand {
    /// Take the call.
    Answer,
    /// Do not take the call.
    Reject(Reject),
    /// Pass the call to this address of the line's own network, from the configuration: never from a caller or a model.
    Transfer(String),
    /// Pass the call to the person at the other end of this call of ours, who then has it in place of that one.
    PutThrough(Replaceable),
    /// Play these keys to the other party.
    SendKey(Key),
    /// End the call. Idempotent.
    Hangup,
}

/// How far passing a call on is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TransferStage {
    /// The other side took the request and is trying.
    Trying,
    /// It rings there.
    Ringing,
    /// A person has the call; our leg ends.
    Completed,
    /// Nobody has it; the caller is still with us.
    Failed(String),
}

/// Why a leg ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EndCause {
    /// The other party hung up: the caller, or whom we called.
    Caller,
    /// We hung up.
    Robot,
    /// A person has the call.
    Transferred,
    /// It was never answered: who called gave up, or who was called did not take it.
    Unanswered,
    /// Whom we called does not take it, and the network says so by this SIP status.
    Refused(u16),
    /// No sound came for too long.
    MediaLost,
    /// The line failed.
    Fault(String),
}

/// What a leg tells the call actor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LegEvent {
    /// It rings at whom we called.
    Ringing,
    /// Whom we called can be given another call in place of this one; comes before `Answered`.
    Replaceable(Replaceable),
    /// Sound flows both ways from now on.
    Answered,
    /// The caller pressed a key: one event per press, however long.
    Key(Key),
    /// How far passing on is.
    Transfer(TransferStage),
    /// The last event of every leg.
    Ended(EndCause),
}

/// One call, as the line hands it over: somebody's, or one that we placed ([`Dialler`]).
pub struct Leg {
    /// The call's name, from its first ring to the last entry of its record.
    pub id: CallId,
    /// The line it came in on.
    pub line: LineId,
    /// Who calls; nobody if we do.
    pub caller: Party,
    /// What they called, if the line tells.
    pub called: Option<String>,
    /// What this leg can do.
    pub capabilities: Capabilities,
    /// What places further calls on the same line, if it can carry them.
    pub dialler: Option<Dialler>,
    /// What the caller says: a frame per 20 ms from `Answered` on, in order, losses concealed.
    pub hears: mpsc::Receiver<Frame>,
    /// What the caller hears.
    pub mouth: Playout,
    /// What happens.
    pub events: mpsc::Receiver<LegEvent>,
    /// What shall happen. If the receiver is gone, the leg is over.
    pub commands: mpsc::Sender<LegCommand>,
}

/// The line's ends of a [`Leg`].
pub struct LegPorts {
    /// The call's name.
    pub id: CallId,
    /// Put the caller's frames here with `try_send`.
    pub hears: mpsc::Sender<Frame>,
    /// Take the robot's frames here, one per 20 ms.
    pub clock: PlayoutClock,
    /// Tell here what happens.
    pub events: mpsc::Sender<LegEvent>,
    /// Learn here what shall happen. If the sender is gone, end the call.
    pub commands: mpsc::Receiver<LegCommand>,
}

/// A new leg and the line's ends of it.
#[must_use]
pub fn leg(line: LineId, caller: Party, called: Option<String>, capabilities: Capabilities) -> (Leg, LegPorts) {
    let (hears_in, hears) = mpsc::channel(HEARS_CAPACITY);
    let (events_in, events) = mpsc::channel(32);
    let (commands, commands_out) = mpsc::channel(16);
    let (mouth, clock) = Playout::new();
    let id = CallId::new();
    let leg = Leg { id, line, caller, called, capabilities, dialler: None, hears, mouth, events, commands };
    (leg, LegPorts { id, hears: hears_in, clock, events: events_in, commands: commands_out })
}
