//! The names of the D-Bus interface, and proxies for whoever stands on its other side.
//!
//! This is a contract: `daemon/dbus/*.xml` hold the same in D-Bus's own words, and a test compares the two. A change that breaks
//! callers gets a new number at the end of [`BUS_NAME`].

use std::collections::HashMap;

use std::time::Duration;

use zbus::{Connection, ObjectPath, OwnedVariant, connection, proxy};

use crate::calls::{CallId, Latency};
use crate::config::Bus;

/// The well-known name.
pub const BUS_NAME: &str = "org.switchhook.Switchhook1";
/// The object that stands for the device; its `ObjectManager` knows all others.
pub const ROOT: &str = "/org/switchhook/Switchhook1";
/// The interface of [`ROOT`].
pub const MANAGER: &str = "org.switchhook.Switchhook1.Manager";
/// The interface of lines.
pub const LINE: &str = "org.switchhook.Switchhook1.Line";
/// The interface of calls.
pub const CALL: &str = "org.switchhook.Switchhook1.Call";
/// What all our error names begin with.
pub const ERROR_PREFIX: &str = "org.switchhook.Error";

/// How long a client waits for an answer.
const PATIENCE: Duration = Duration::from_secs(10);
/// And for one before which a voice has to speak every sentence of a scenario, on a small board.
const LONG_PATIENCE: Duration = Duration::from_secs(15 * 60);

/// A client's connection to `bus`.
///
/// # Errors
/// If there is no such bus.
pub async fn connect(bus: &Bus) -> zbus::Result<Connection> {
    builder(bus).method_timeout(PATIENCE).build().await
}

/// A client's connection to `bus`, for what takes its time ([`ManagerProxy::reload_scenario`], [`ManagerProxy::improvements`]).
///
/// # Errors
/// If there is no such bus.
pub async fn connect_patiently(bus: &Bus) -> zbus::Result<Connection> {
    builder(bus).method_timeout(LONG_PATIENCE).build().await
}

pub(super) fn builder(bus: &Bus) -> connection::Builder<'_> {
    match bus {
        Bus::System => connection::Builder::system(),
        Bus::Session => connection::Builder::session(),
        Bus::Address(address) => connection::Builder::address(address.as_str()),
    }
}

/// The object of a call: its name without hyphens.
#[must_use]
pub fn call_path(id: CallId) -> String {
    format!("{ROOT}/calls/{}", id.simple())
}

/// The object of a line. Object paths allow letters, digits and `_` only, so `-` becomes `_2d` and `_` becomes `_5f`, as systemd does it.
#[must_use]
pub fn line_path(id: &str) -> String {
    let mut path = format!("{ROOT}/lines/");
    for byte in id.bytes() {
        if byte.is_ascii_alphanumeric() {
            path.push(char::from(byte));
        } else {
            path.push_str(&format!("_{byte:02x}"));
        }
    }
    path
}

/// The parts of a turn's latency as the `Turn` signal carries them, in milliseconds: `endpoint_ms`, `words_ms`, `decision_ms`,
/// `first_sound_ms` and their sum `total_ms`. Empty for turns that no speech began.
#[must_use]
pub fn latency_dict(latency: Option<Latency>) -> HashMap<&'static str, f64> {
    let Some(latency) = latency else { return HashMap::new() };
    [
        ("endpoint_ms", latency.endpoint),
        ("words_ms", latency.words),
        ("decision_ms", latency.decision),
        ("first_sound_ms", latency.first_sound),
        ("total_ms", latency.total()),
    ]
    .map(|(name, part)| (name, (part.as_secs_f64() * 1e6).round() / 1e3))
    .into()
}

/// The device as a whole.
#[proxy(
    interface = "org.switchhook.Switchhook1.Manager",
    default_service = "org.switchhook.Switchhook1",
    default_path = "/org/switchhook/Switchhook1"
)]
pub trait Manager {
    /// The daemon's version.
    #[zbus(property(emits_changed_signal = "const"))]
    fn version(&self) -> zbus::Result<String>;
    /// The device's name in the fleet.
    #[zbus(property(emits_changed_signal = "const"))]
    fn device_name(&self) -> zbus::Result<String>;
    /// When the daemon came onto the bus (RFC 3339).
    #[zbus(property(emits_changed_signal = "const"))]
    fn since(&self) -> zbus::Result<String>;
    /// Whether a call that comes now would be answered.
    #[zbus(property)]
    fn ready(&self) -> zbus::Result<bool>;
    /// The rung of the degradation ladder that new calls start on.
    #[zbus(property)]
    fn rung(&self) -> zbus::Result<String>;
    /// How many calls are taken at once.
    #[zbus(property(emits_changed_signal = "const"))]
    fn calls_at_once(&self) -> zbus::Result<u32>;
    /// The models in use by their role.
    #[zbus(property(emits_changed_signal = "const"))]
    fn models_in_use(&self) -> zbus::Result<HashMap<String, String>>;
    /// The names that calls can be transferred to.
    #[zbus(property(emits_changed_signal = "const"))]
    fn people(&self) -> zbus::Result<Vec<String>>;

    /// The messages that callers left, newest first, and no more than `limit`. Personal data.
    fn messages(&self, limit: u32) -> zbus::Result<Vec<HashMap<String, OwnedVariant>>>;
    /// Read the scenario anew, for calls from now on; its name.
    fn reload_scenario(&self) -> zbus::Result<String>;
    /// What became of the last calls, newest first, and no more than `limit`. Personal data.
    fn reports(&self, limit: u32) -> zbus::Result<Vec<HashMap<String, OwnedVariant>>>;

    /// What callers wanted in vain in the last `days` days, grouped by meaning, most wanted first. Personal data.
    fn improvements(&self, days: u32) -> zbus::Result<Vec<HashMap<String, OwnedVariant>>>;

    /// A call began to ring; its object is there.
    #[zbus(signal)]
    fn call_began(&self, call: ObjectPath<'_>) -> zbus::Result<()>;
    /// A call is being handed to `person`, who is told this of the caller. Personal data, where the office allows it.
    #[zbus(signal)]
    fn call_hand_over(&self, call: ObjectPath<'_>, person: &str, summary: &str) -> zbus::Result<()>;
    /// A call is over; its object goes after this. The figures have the names that MQTT gives them.
    #[zbus(signal)]
    fn call_ended(&self, call: ObjectPath<'_>, summary: HashMap<String, OwnedVariant>) -> zbus::Result<()>;
}

/// One way in or out.
#[proxy(interface = "org.switchhook.Switchhook1.Line", default_service = "org.switchhook.Switchhook1")]
pub trait Line {
    /// Lift the handset: a call begins.
    fn off_hook(&self) -> zbus::Result<()>;
    /// Put the handset back: the call ends.
    fn on_hook(&self) -> zbus::Result<()>;

    /// Its name in the configuration.
    #[zbus(property(emits_changed_signal = "const"))]
    fn id(&self) -> zbus::Result<String>;
    /// `sip` or `handset`.
    #[zbus(property(emits_changed_signal = "const"))]
    fn kind(&self) -> zbus::Result<String>;
    /// `starting`, `ready` or `down`.
    #[zbus(property)]
    fn status(&self) -> zbus::Result<String>;
    /// Why it is down, and what to do; empty otherwise.
    #[zbus(property)]
    fn reason(&self) -> zbus::Result<String>;
    /// Where it can be reached while it is ready; empty otherwise.
    #[zbus(property)]
    fn address(&self) -> zbus::Result<String>;
}

/// One call.
#[proxy(interface = "org.switchhook.Switchhook1.Call", default_service = "org.switchhook.Switchhook1")]
pub trait Call {
    /// End it politely: the robot says goodbye and hangs up.
    fn hangup(&self) -> zbus::Result<()>;
    /// Pass it to a person, by the name that the configuration gives them.
    fn transfer(&self, person: &str) -> zbus::Result<()>;

    /// Its name: 32 hexadecimal digits.
    #[zbus(property(emits_changed_signal = "const"))]
    fn id(&self) -> zbus::Result<String>;
    /// The line it came in on.
    #[zbus(property(emits_changed_signal = "const"))]
    fn line(&self) -> zbus::Result<String>;
    /// Who calls; empty if withheld. Personal data.
    #[zbus(property(emits_changed_signal = "const"))]
    fn number(&self) -> zbus::Result<String>;
    /// `ringing`, `disclosing`, `speaking`, `listening`, `thinking`, `transferring`, `bridged` or `ended`.
    #[zbus(property)]
    fn state(&self) -> zbus::Result<String>;
    /// The scenario that it follows.
    #[zbus(property)]
    fn scenario(&self) -> zbus::Result<String>;
    /// When it began to ring (RFC 3339).
    #[zbus(property(emits_changed_signal = "const"))]
    fn started(&self) -> zbus::Result<String>;
    /// Whether the disclosure was played to its end.
    #[zbus(property)]
    fn disclosed(&self) -> zbus::Result<bool>;
    /// How many turns it has had.
    #[zbus(property)]
    fn turns(&self) -> zbus::Result<u32>;

    /// An exchange is complete, up to the robot's first sound. Personal data.
    #[zbus(signal)]
    fn turn(
        &self,
        index: u32,
        heard: &str,
        confidence: f64,
        understood: &str,
        action: &str,
        said: &str,
        latency: HashMap<&str, f64>,
    ) -> zbus::Result<()>;
    /// The call is being handed to `person`, who is told this of the caller. Personal data, where the office allows it.
    #[zbus(signal)]
    fn hand_over(&self, person: &str, summary: &str) -> zbus::Result<()>;
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use proptest::prelude::*;
    use std::time::Duration;

    proptest! {
        #[test]
        fn every_line_id_has_a_valid_path_of_its_own(a in "[A-Za-z0-9_-]{1,32}", b in "[A-Za-z0-9_-]{1,32}") {
            prop_assert!(ObjectPath::try_from(line_path(&a)).is_ok());
            prop_assert_eq!(a == b, line_path(&a) == line_path(&b));
        }
    }

    #[test]
    fn a_latency_is_told_in_milliseconds_with_its_sum() {
        let part = Duration::from_micros;
        let latency = Latency { endpoint: part(250_000), words: part(80_500), decision: part(300), first_sound: part(10_000) };
        let told = latency_dict(Some(latency));
        assert!((told["words_ms"] - 80.5).abs() < 1e-9);
        assert!((told["total_ms"] - 340.8).abs() < 1e-9);
        assert!(latency_dict(None).is_empty());
    }
}
