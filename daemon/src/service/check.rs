//! A look at a configuration before it is in force: `switchhookd --check`, `switchhookctl config check`.

use std::path::{Path, PathBuf};

use crate::calls::without_address;
use crate::config::{Config, Mqtt, Written};
use crate::dialog::{Scenario, ScenarioError};
use crate::telemetry::{TlsError, can_trust};

/// A configuration that is sound.
#[derive(Debug)]
pub struct Checked {
    /// The files it was read from, in their order.
    pub files: Vec<PathBuf>,
    /// What is no mistake and may still not be meant, a sentence each.
    pub notes: Vec<String>,
}

/// Read and check a configuration and the scenario that it names.
///
/// # Errors
/// Says what is wrong, where, and how to mend it.
pub fn check(path: &Path) -> anyhow::Result<Checked> {
    let written = Written::load(path)?;
    let config = written.config()?;
    let mut notes = scenarios(&config)?.first().map(|scenario| without_address(scenario, &config.people)).unwrap_or_default();
    notes.extend(config.mqtt.as_ref().and_then(Mqtt::open_password));
    notes.extend(broker_can_be_trusted(&config).err().map(|error| error.to_string()));
    Ok(Checked { files: written.files().to_vec(), notes })
}

/// Whether there is somebody to vouch for the broker, where that is asked for. The robot starts without, since callers need no broker, and goes on trying.
pub(super) fn broker_can_be_trusted(config: &Config) -> Result<(), TlsError> {
    config.mqtt.as_ref().and_then(|mqtt| mqtt.trust.as_ref()).map_or(Ok(()), can_trust)
}

/// The scenario that a configuration names, in every language that is spoken: the office's own first.
///
/// # Errors
/// Names the file, the place and the remedy.
pub fn scenarios(config: &Config) -> Result<Vec<Scenario>, ScenarioError> {
    config.spoken().map(|(language, _)| Scenario::load(&config.calls.scenario, language)).collect()
}
