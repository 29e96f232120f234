//! The fleet manager's side: the device on MQTT 5.
//!
//! Topics start with `PREFIX/v1/DEVICE/`; every payload is JSON, and all but `birth` are flat, so that any dashboard reads them without a
//! template:
//!
//! | topic | retained | when |
//! |---|---|---|
//! | `state` | yes | on every connection `{"online":true,"session":N,...}`; by last will or on leaving `{"online":false,"session":N}` |
//! | `birth` | yes | on every connection: version, lines, models |
//! | `lines/ID` | yes | on every connection, and when the line changes |
//! | `health` | no | each interval: [`Health`] |
//! | `calls/ID` | no | at a call's end: [`crate::calls::Summary`] |
//! | `handover/ID` | no | when a call is handed to a person, and only if `[handover] text` says `mqtt`: `{"call","person","summary"}`, personal data |
//!
//! The session number grows with every connection. A late will of an earlier session can thus be told from the truth: `offline` counts only
//! if its session is not older than the newest `online`.
//!
//! No personal data leaves by this door unless the office opens it for `handover`: all other payloads are made of the types above, which hold no words and no
//! numbers of people. And the
//! broker's absence costs a call nothing: what happens is put into a bounded [`spool`] by a task of our own, which hands it on with
//! `try_publish` when there is a broker, and drops (and counts) the oldest when there has been none for too long.
//! What a broker refuses is counted too, and the journal says so. With TLS, a broker that is not trusted is told nothing ([`can_trust`]). Another broker may be named while the house is open ([`brokers`]): what is owed goes with it.

mod backoff;
mod brokers;
pub mod certificate;
mod link;
mod reporter;
mod spool;
mod topics;
mod trust;

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Serialize;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use self::brokers::{Owed, Sources};
use crate::calls::Registry;
use crate::config::{Mqtt, Secret};
use crate::duties::Duties;
use crate::lines::Board;

pub use trust::{TlsError, can_trust};

/// What the device says about itself when it comes up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct About {
    /// Its name in the fleet.
    pub device: String,
    /// The daemon's version.
    pub version: String,
    /// The models in use by their role.
    pub models: BTreeMap<String, String>,
}

/// How the device is, in figures. What is not known is left out.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Health {
    /// Seconds since the daemon started.
    pub uptime_s: u64,
    /// Whether a call that comes now would be answered.
    pub ready: bool,
    /// The rung of the degradation ladder that new calls start on.
    pub rung: String,
    /// Resident memory of the daemon and its workers, in MiB.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub memory_rss_mib: Option<f64>,
    /// The hottest thermal zone, in degrees Celsius.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cpu_temperature_c: Option<f64>,
    /// The load average of the last minute.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub load_1m: Option<f64>,
}

/// A broker, and what it wants to know of us before it listens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Broker {
    /// Where it is, and what is told there.
    pub config: Mqtt,
    /// The account's password.
    pub password: Option<Secret>,
}

/// Telemetry while it runs.
pub struct Telemetry {
    stop: CancellationToken,
    tasks: Duties,
}

impl Telemetry {
    /// Begin. Returns at once, whether the broker is there or not; `health` is asked at each interval and must not block. Another broker may be named at any
    /// time, or none, and the device be something else.
    pub fn start(
        broker: watch::Receiver<Option<Broker>>,
        about: watch::Receiver<About>,
        board: Board,
        registry: Registry,
        health: impl Fn() -> Health + Send + Sync + 'static,
    ) -> Self {
        let stop = CancellationToken::new();
        // Subscribed here and not in the task: a call that ends right after this is not missed.
        let owed = Owed::from_now_on(&registry);
        let sources = Sources { about, board, registry, health: Arc::new(health) };
        let tasks = Duties::of("the telemetry", brokers::keep(broker, sources, owed, stop.clone()));
        Self { stop, tasks }
    }

    /// How the telemetry ended, which it does not before it is closed. Cancel-safe.
    pub async fn left(&mut self) -> String {
        self.tasks.left().await
    }

    /// Say that the device goes offline, and leave: within two seconds, even without a broker.
    pub async fn close(mut self) {
        self.stop.cancel();
        self.tasks.over().await;
    }
}
