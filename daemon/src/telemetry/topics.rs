//! Where things are told, and the payloads that are not somebody else's types.

use serde::Serialize;

use super::About;
use crate::calls::{Briefing, CallId};
use crate::config::Mqtt;
use crate::lines::{LineHandle, LineId, LineStatus};

/// The topics of one device.
#[derive(Clone, Debug)]
pub(super) struct Topics(String);

impl Topics {
    pub(super) fn new(config: &Mqtt, device: &str) -> Self {
        Self(format!("{}/v1/{device}", config.prefix))
    }

    /// All of them, as a broker's rules name them.
    pub(super) fn all(&self) -> String {
        format!("{}/#", self.0)
    }

    pub(super) fn state(&self) -> String {
        format!("{}/state", self.0)
    }

    pub(super) fn birth(&self) -> String {
        format!("{}/birth", self.0)
    }

    pub(super) fn health(&self) -> String {
        format!("{}/health", self.0)
    }

    pub(super) fn line(&self, id: &LineId) -> String {
        format!("{}/lines/{id}", self.0)
    }

    pub(super) fn hand_over(&self, id: CallId) -> String {
        format!("{}/handover/{id}", self.0)
    }

    pub(super) fn call(&self, id: CallId) -> String {
        format!("{}/calls/{id}", self.0)
    }
}

/// Whether the device is there.
#[derive(Serialize)]
pub(super) struct Presence<'a> {
    pub online: bool,
    pub session: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<&'a str>,
}

/// What the device is.
#[derive(Serialize)]
pub(super) struct Birth<'a> {
    session: u64,
    device: &'a str,
    version: &'a str,
    lines: Vec<BirthLine<'a>>,
    models: &'a std::collections::BTreeMap<String, String>,
}

#[derive(Serialize)]
struct BirthLine<'a> {
    id: &'a LineId,
    kind: &'static str,
}

impl<'a> Birth<'a> {
    pub(super) fn new(session: u64, about: &'a About, lines: &'a [LineHandle]) -> Self {
        let lines = lines.iter().map(|line| BirthLine { id: &line.id, kind: line.kind.as_str() }).collect();
        Self { session, device: &about.device, version: &about.version, lines, models: &about.models }
    }
}

/// What a person is told of a caller whom they are handed. Personal data.
#[derive(Serialize)]
pub(super) struct HandOver<'a> {
    call: CallId,
    person: &'a str,
    summary: &'a str,
}

impl<'a> HandOver<'a> {
    pub(super) fn new(briefing: &'a Briefing) -> Self {
        Self { call: briefing.call, person: &briefing.person, summary: &briefing.summary }
    }
}

/// How a line is. Its address and its reason are left out: they may hold an account's name or number.
#[derive(Serialize)]
pub(super) struct LineNow<'a> {
    line: &'a LineId,
    kind: &'static str,
    status: &'static str,
    ready: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    fault: Option<&'static str>,
}

impl<'a> LineNow<'a> {
    pub(super) fn new(handle: &'a LineHandle, status: &'a LineStatus) -> Self {
        let fault = match status {
            LineStatus::Down { fault, .. } => Some(fault.as_str()),
            LineStatus::Starting | LineStatus::Draining | LineStatus::Ready { .. } => None,
        };
        let ready = matches!(status, LineStatus::Ready { .. });
        Self { line: &handle.id, kind: handle.kind.as_str(), status: status.word(), ready, fault }
    }
}
