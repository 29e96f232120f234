//! The device's object.

#![expect(clippy::needless_pass_by_value, reason = "zbus hands a message's header over by value")]

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use jiff::Timestamp;
use tokio::sync::{mpsc, watch};
use zbus::message::Header;
use zbus::object_server::SignalEmitter;
use zbus::{Connection, ObjectPath, OwnedObjectPath, OwnedVariant, Variant, interface};

use super::following::{Following, Scope};
use super::job::Orders;
use super::{Anew, Fault, Reload};
use crate::config::Generation;
use crate::jobs::Kind;
use crate::logging::{Levels, Logging, WrongLevels};

/// What the house says about itself as a whole.
#[derive(Clone)]
pub struct ManagerInfo {
    /// The daemon's version.
    pub version: String,
    /// The device's name in the fleet.
    pub device: String,
    /// What the configuration in force says; changes are told on the bus.
    pub settled: watch::Receiver<Settled>,
    /// How the house stands; changes are told on the bus.
    pub standing: watch::Receiver<Standing>,
    /// Where the configuration is asked to be read anew.
    pub reload: mpsc::Sender<Reload>,
}

/// What the configuration in force says of the house.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settled {
    /// Which configuration it is.
    pub generation: Generation,
    /// How many calls are taken at once.
    pub calls_at_once: usize,
    /// The names that calls can be transferred to, as the configuration has them (`[people.NAME]`).
    pub people: Arc<[String]>,
    /// The models in use by their role: `recognizer`, `voice`, `language-model`, `vad`.
    pub models: BTreeMap<String, String>,
}

impl Settled {
    fn calls_at_once(&self) -> u32 {
        u32::try_from(self.calls_at_once).unwrap_or(u32::MAX)
    }

    fn people(&self) -> Vec<String> {
        self.people.to_vec()
    }

    fn models(&self) -> HashMap<String, String> {
        self.models.clone().into_iter().collect()
    }
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
    pub orders: Orders,
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

/// What differs between two configurations, as `PropertiesChanged` carries it.
pub(super) fn settled<'a>(before: &Settled, after: &'a Settled) -> HashMap<&'static str, Variant<'a>> {
    let mut changed = HashMap::new();
    if before.generation != after.generation {
        changed.insert("Generation", Variant::from(after.generation.get()));
    }
    if before.calls_at_once != after.calls_at_once {
        changed.insert("CallsAtOnce", Variant::from(after.calls_at_once()));
    }
    if before.people != after.people {
        changed.insert("People", Variant::from(after.people()));
    }
    if before.models != after.models {
        changed.insert("ModelsInUse", Variant::from(after.models()));
    }
    changed
}

/// The device as a whole.
#[interface(name = "org.switchhook.Switchhook1.Manager")]
impl ManagerObject {
    /// Read the configuration and its scenario anew, for calls from now on; calls that are on go on with theirs: a job, which is returned. If it is not sound, or
    /// if something in it can be had only by a restart, nothing changes, and the job fails with what to do.
    async fn reload_configuration(&self) -> Result<OwnedObjectPath, Fault> {
        self.orders.anew(&self.info.reload, Anew::Configuration, Kind::ReloadConfiguration).await
    }

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

    /// Which configuration calls from now on are held in, counted from 1 since the daemon started.
    #[zbus(property)]
    fn generation(&self) -> u64 {
        self.info.settled.borrow().generation.get()
    }

    /// How many calls are taken at once.
    #[zbus(property)]
    fn calls_at_once(&self) -> u32 {
        self.info.settled.borrow().calls_at_once()
    }

    /// The models in use by their role: `recognizer`, `voice`, `language-model`, `vad`.
    #[zbus(property)]
    fn models_in_use(&self) -> HashMap<String, String> {
        self.info.settled.borrow().models()
    }

    /// The names that calls can be transferred to.
    #[zbus(property)]
    fn people(&self) -> Vec<String> {
        self.info.settled.borrow().people()
    }

    /// A call began to ring; its object is there.
    #[zbus(signal)]
    pub async fn call_began(emitter: &SignalEmitter<'_>, call: ObjectPath<'_>) -> zbus::Result<()>;

    /// A call is over; its object goes after this. The figures have the names that MQTT gives them.
    #[zbus(signal)]
    pub async fn call_ended(emitter: &SignalEmitter<'_>, call: ObjectPath<'_>, summary: HashMap<String, OwnedVariant>) -> zbus::Result<()>;
}
