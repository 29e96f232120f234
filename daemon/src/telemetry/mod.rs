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
//! What a broker refuses is counted too, and the journal says so.

mod backoff;
mod link;
mod reporter;
mod spool;
mod topics;

use std::collections::BTreeMap;

use serde::Serialize;
use tokio_util::sync::CancellationToken;

use crate::calls::Registry;
use crate::config::{Mqtt, Secret};
use crate::duties::Duties;
use crate::lines::Board;

/// What the device says about itself when it comes up.
#[derive(Clone, Debug)]
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

/// Telemetry while it runs.
pub struct Telemetry {
    stop: CancellationToken,
    tasks: Duties,
}

impl Telemetry {
    /// Begin. Returns at once, whether the broker is there or not; `health` is asked at each interval and must not block.
    pub fn start(
        config: Mqtt,
        password: Option<Secret>,
        about: About,
        board: Board,
        registry: Registry,
        health: impl Fn() -> Health + Send + 'static,
    ) -> Self {
        let stop = CancellationToken::new();
        // Subscribed here and not in the task: a call that ends right after this is not missed.
        let calls = registry.events();
        let reporter = reporter::Reporter::new(config, password, about, board, registry, Box::new(health), calls);
        let tasks = Duties::of("the telemetry", reporter.run(stop.clone()));
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
