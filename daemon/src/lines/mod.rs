//! How a call reaches us. A [`Line`] is one way in or out: a SIP account, a handset, a modem. Whatever it is, it hands each call over as
//! a [`Leg`]: frames in, a mouth to speak through, keys and progress as events, and a few commands. The call actor knows no other
//! kind of call, so the same robot answers every line. A line that can carry several calls at once places some, too ([`Dialler`]).

mod board;
mod dial;
pub mod handset;
mod leg;
pub mod sip;

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use serde::Serialize;
use tokio::sync::{mpsc, watch};
use tokio_util::sync::CancellationToken;

use crate::config::Kind;
use crate::progress::Progress;

pub use crate::config::{CallId, LineId};
pub use board::{Board, LineHandle};
pub use dial::{Dial, DialFault, Dialler, Replaceable};
pub use leg::{Capabilities, EndCause, HEARS_CAPACITY, Key, Leg, LegCommand, LegEvent, LegPorts, Party, Reject, TransferStage, leg};

/// What stands behind a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum LineKind {
    /// A SIP gateway or PBX.
    Sip,
    /// A USB handset or speakerphone.
    Handset,
}

impl LineKind {
    /// The word used on D-Bus and MQTT.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Sip => "sip",
            Self::Handset => "handset",
        }
    }
}

/// Sound that does not flow for so long, in a call, has stopped.
const STALL: Duration = Duration::from_secs(5);

/// Why a line is down, in one word that may leave the device.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum LineFault {
    /// Its sockets cannot be had.
    NotListening,
    /// The gateway does not want us.
    Refused,
    /// The gateway does not answer.
    Unreachable,
    /// The sound card is not there.
    NoCard,
}

impl LineFault {
    /// The word used on MQTT.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NotListening => "not-listening",
            Self::Refused => "refused",
            Self::Unreachable => "unreachable",
            Self::NoCard => "no-card",
        }
    }
}

/// How a line is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "state", rename_all = "kebab-case")]
pub enum LineStatus {
    /// Not yet able to carry a call.
    Starting,
    /// Able to carry a call.
    Ready {
        /// Where it can be reached: a SIP address, a device name.
        address: String,
    },
    /// Taking no new call: it goes when those that it carries are over.
    Draining,
    /// Unable to carry a call; it goes on trying.
    Down {
        /// Why, in one word.
        fault: LineFault,
        /// Why, and what the admin can do. It may name an account: it stays on the device.
        reason: String,
    },
}

impl LineStatus {
    /// The word used on D-Bus and MQTT.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::Starting => "starting",
            Self::Ready { .. } => "ready",
            Self::Draining => "draining",
            Self::Down { .. } => "down",
        }
    }
}

/// What a person can do to a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LineCommand {
    /// Lift the handset: a call begins. Other lines ignore it.
    OffHook,
    /// Put the handset back: the call ends.
    OnHook,
}

/// What a running line needs from the house.
pub struct LinePorts {
    /// New calls go here. If it is full, the line refuses the call as busy.
    pub calls: mpsc::Sender<Leg>,
    /// How the line is.
    pub status: watch::Sender<LineStatus>,
    /// What people do to it.
    pub commands: mpsc::Receiver<LineCommand>,
    /// Where the line's sound shows that it gets on.
    pub progress: Progress,
    /// What is configured of it now. It begins with that which it was made of; what it can take over while it runs ([`keeps`]) is for its next call.
    pub settings: watch::Receiver<Kind>,
    /// Cancelled when the house closes or the line is no longer wanted: it stops taking calls, and leaves once its calls are over.
    pub shutdown: CancellationToken,
}

/// Whether a line of the first kind becomes one of the second without a break: what other devices know it by stays as it is.
#[must_use]
pub fn keeps(before: &Kind, after: &Kind) -> bool {
    match (before, after) {
        (Kind::Sip(before), Kind::Sip(after)) => {
            (before.listen, before.public, &before.register) == (after.listen, after.public, &after.register)
        }
        // Its devices are open only while somebody talks.
        (Kind::Handset(_), Kind::Handset(_)) => true,
        (Kind::Sip(_) | Kind::Handset(_), _) => false,
    }
}

/// What a running line is.
pub type Running = Pin<Box<dyn Future<Output = ()> + Send>>;

/// One way in or out.
pub trait Line: Send {
    /// Its name.
    fn id(&self) -> &LineId;

    /// What stands behind it.
    fn kind(&self) -> LineKind;

    /// What places calls on it; none if it can place none.
    fn dialler(&self) -> Option<Dialler> {
        None
    }

    /// Carry calls until `ports.shutdown`. A fault of the line shows in its status and is tried again; it never ends the house.
    fn run(self: Box<Self>, ports: LinePorts) -> Running;
}
