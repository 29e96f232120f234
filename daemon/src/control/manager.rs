//! The device's object.

#![expect(clippy::needless_pass_by_value, reason = "zbus hands a message's header over by value")]

use std::collections::{BTreeMap, HashMap};

use jiff::Timestamp;
use tokio::sync::watch;
use zbus::message::Header;
use zbus::object_server::SignalEmitter;
use zbus::{Connection, ObjectPath, OwnedVariant, Variant, interface};

use super::Fault;
use super::following::{Following, Scope};
use crate::logging::{Levels, Logging, WrongLevels};

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
    /// How the house stands; changes are told on the bus.
    pub standing: watch::Receiver<Standing>,
}

/// How the house stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// Whether a call that comes now would be answered.
    pub ready: bool,
    /// The rung of the degradation ladder that new calls start on: `full`, `no-llm`, `no-speech`.
    pub rung: String,
}

/// `org.switchhook.Switchhook1.Manager`.
pub(super) struct ManagerObject {
    pub info: ManagerInfo,
    pub since: Timestamp,
    pub following: Following,
    pub logging: Logging,
}

/// What differs between two standings, as `PropertiesChanged` carries it.
pub(super) fn changes<'a>(before: &Standing, after: &'a Standing) -> HashMap<&'static str, Variant<'a>> {
    let mut changed = HashMap::new();
    if before.ready != after.ready {
        changed.insert("Ready", Variant::from(after.ready));
    }
    if before.rung != after.rung {
        changed.insert("Rung", Variant::from(after.rung.as_str()));
    }
    changed
}

/// The device as a whole.
#[interface(name = "org.switchhook.Switchhook1.Manager")]
impl ManagerObject {
    /// Be told from now on what is said in every call (`Turn` and `HandOver` of its object), until `Unfollow` or until the sender leaves the bus. Personal data.
    async fn follow(&self, #[zbus(connection)] connection: &Connection, #[zbus(header)] header: Header<'_>) -> Result<(), Fault> {
        self.following.begin(connection, &header, Scope::All).await
    }

    /// Not be told any more.
    fn unfollow(&self, #[zbus(header)] header: Header<'_>) -> Result<(), Fault> {
        self.following.end(&header, Scope::All)
    }

    /// Log from these levels up, until the daemon is started next: `info`, or with single rooms otherwise, `info,lines::sip=debug`. Words and numbers of
    /// callers are logged at no level.
    fn set_log_levels(&self, levels: &str) -> Result<(), Fault> {
        let levels: Levels = levels.parse().map_err(|wrong: WrongLevels| Fault::WrongLevels(wrong.to_string()))?;
        log::info!(event = "log-levels"; "logged from here on: {levels}");
        self.logging.change(levels);
        Ok(())
    }

    /// From which levels up is logged.
    #[zbus(property(emits_changed_signal = "false"))]
    fn log_levels(&self) -> String {
        self.logging.levels().to_string()
    }

    /// The daemon's version.
    #[zbus(property(emits_changed_signal = "const"))]
    fn version(&self) -> &str {
        &self.info.version
    }

    /// The device's name in the fleet.
    #[zbus(property(emits_changed_signal = "const"))]
    fn device_name(&self) -> &str {
        &self.info.device
    }

    /// When the daemon came onto the bus (RFC 3339).
    #[zbus(property(emits_changed_signal = "const"))]
    fn since(&self) -> String {
        self.since.to_string()
    }

    /// Whether a call that comes now would be answered.
    #[zbus(property)]
    fn ready(&self) -> bool {
        self.info.standing.borrow().ready
    }

    /// The rung of the degradation ladder that new calls start on.
    #[zbus(property)]
    fn rung(&self) -> String {
        self.info.standing.borrow().rung.clone()
    }

    /// How many calls are taken at once.
    #[zbus(property(emits_changed_signal = "const"))]
    fn calls_at_once(&self) -> u32 {
        u32::try_from(self.info.calls_at_once).unwrap_or(u32::MAX)
    }

    /// The models in use by their role: `recognizer`, `voice`, `language-model`, `vad`.
    #[zbus(property(emits_changed_signal = "const"))]
    fn models_in_use(&self) -> HashMap<&str, &str> {
        self.info.models.iter().map(|(role, name)| (role.as_str(), name.as_str())).collect()
    }

    /// The names that calls can be transferred to.
    #[zbus(property(emits_changed_signal = "const"))]
    fn people(&self) -> Vec<&str> {
        self.info.people.iter().map(String::as_str).collect()
    }

    /// A call began to ring; its object is there.
    #[zbus(signal)]
    pub async fn call_began(emitter: &SignalEmitter<'_>, call: ObjectPath<'_>) -> zbus::Result<()>;

    /// A call is over; its object goes after this. The figures have the names that MQTT gives them.
    #[zbus(signal)]
    pub async fn call_ended(emitter: &SignalEmitter<'_>, call: ObjectPath<'_>, summary: HashMap<String, OwnedVariant>) -> zbus::Result<()>;
}
