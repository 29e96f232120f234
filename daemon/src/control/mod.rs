//! The admin's side: the house on D-Bus.
//!
//! [`Control::offer`] takes the name [`api::BUS_NAME`] and shows one object for the device, one per line and one per call, under an
//! `ObjectManager`. Objects read what they show straight from the watch channels of [`Board`] and [`Registry`]; one task, the keeper,
//! follows these channels and tells the bus what changed. Nothing here can hold up a call: commands go through bounded channels with
//! `try_send`, and when the bus is not there or goes away the house goes on and the keeper comes back. What may call us is the bus
//! policy's business (`systemd/org.switchhook.Switchhook1.conf`), since numbers and words of callers are personal data. [`api`] holds the
//! names and the proxies that `switchhookctl`, the demo and the tests share.

pub mod api;
mod call;
mod fault;
mod keeper;
mod line;
mod manager;
mod serve;

use std::collections::BTreeMap;

use jiff::Timestamp;
use switchhook_models::Locale;
use tokio::sync::{mpsc, oneshot, watch};

use crate::dialog::Candidate;
use crate::records::Records;

pub use fault::{ControlError, Fault};
pub use serve::{Control, serve};

/// What the house says about itself as a whole.
#[derive(Clone)]
pub struct ManagerInfo {
    /// The daemon's version.
    pub version: String,
    /// The device's name in the fleet.
    pub device: String,
    /// How many calls are taken at once.
    pub calls_at_once: usize,
    /// The models in use by their role: `recognizer`, `voice`, `language-model`, `vad`.
    pub models: BTreeMap<String, String>,
    /// The names that calls can be transferred to, as the configuration has them (`[people.NAME]`).
    pub people: Vec<String>,
    /// The record, for the messages that callers left.
    pub records: Records,
    /// How the house stands; changes are told on the bus.
    pub standing: watch::Receiver<Standing>,
    /// Where the scenario is asked to be read anew.
    pub reload: mpsc::Sender<Reload>,
    /// Where it is asked what callers wanted in vain.
    pub improve: mpsc::Sender<Improve>,
}

/// The scenario is to be read anew, for new calls.
#[derive(Debug)]
pub struct Reload {
    /// Where the name of the scenario is told then, or why it cannot be followed.
    pub answer: oneshot::Sender<Result<String, String>>,
}

/// It is to be said what callers wanted in vain.
#[derive(Debug)]
pub struct Improve {
    /// Since when.
    pub since: Timestamp,
    /// Where it is told then, or why it cannot be said.
    pub answer: oneshot::Sender<Result<Vec<Improvement>, String>>,
}

/// What several callers may have wanted in vain. Personal data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Improvement {
    /// In which language.
    pub language: Locale,
    /// What.
    pub candidate: Candidate,
}

/// How the house stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// Whether a call that comes now would be answered.
    pub ready: bool,
    /// The rung of the degradation ladder that new calls start on: `full`, `no-llm`, ...
    pub rung: String,
}
