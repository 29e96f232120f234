//! The names of the D-Bus interfaces, and proxies for whoever stands on their other side: a file for each interface.
//!
//! This is a contract: `daemon/dbus/*.xml` hold the same in D-Bus's own words, and a test compares the two. A change that breaks
//! callers gets a new number at the end of [`BUS_NAME`].

mod call;
mod job;
mod line;
mod manager;
mod model;
mod record;
mod scenario;
mod task;

use std::collections::HashMap;
use std::time::Duration;

use zbus::{Connection, MatchRule, MessageStream, connection, message};

use crate::calls::{CallId, Latency};
use crate::config::Bus;
use crate::jobs::JobNumber;

pub use call::CallProxy;
pub use job::JobProxy;
pub use line::LineProxy;
pub use manager::ManagerProxy;
pub use model::ModelProxy;
pub use record::RecordProxy;
pub use scenario::ScenarioProxy;
pub use task::TaskProxy;

/// The rung of the ladder on which calls begin when everything works.
pub const FULL_RUNG: &str = "full";
/// The well-known name.
pub const BUS_NAME: &str = "org.switchhook.Switchhook1";
/// The object that stands for the device; its `ObjectManager` knows all others.
pub const ROOT: &str = "/org/switchhook/Switchhook1";
/// The object of the scenario that calls follow.
pub const SCENARIO_PATH: &str = "/org/switchhook/Switchhook1/scenario";
/// The object of the record of calls.
pub const RECORD_PATH: &str = "/org/switchhook/Switchhook1/record";
/// The object of what callers left for people to do.
pub const TASK_PATH: &str = "/org/switchhook/Switchhook1/task";
/// The object of what is logged, where every daemon has it (org.freedesktop.LogControl1(5)).
pub const LOG_PATH: &str = "/org/freedesktop/LogControl1";
/// The interface of [`ROOT`].
pub const MANAGER: &str = "org.switchhook.Switchhook1.Manager";
/// The interface of lines.
pub const LINE: &str = "org.switchhook.Switchhook1.Line";
/// The interface of calls.
pub const CALL: &str = "org.switchhook.Switchhook1.Call";
/// The interface of [`SCENARIO_PATH`].
pub const SCENARIO: &str = "org.switchhook.Switchhook1.Scenario";
/// The interface of models.
pub const MODEL: &str = "org.switchhook.Switchhook1.Model";
/// The interface of [`RECORD_PATH`].
pub const RECORD: &str = "org.switchhook.Switchhook1.Record";
/// The interface of [`TASK_PATH`].
pub const TASK: &str = "org.switchhook.Switchhook1.Task";
/// The interface of jobs.
pub const JOB: &str = "org.switchhook.Switchhook1.Job";
/// The interface of [`ROOT`] that shows everything at once.
pub const OBJECT_MANAGER: &str = "org.freedesktop.DBus.ObjectManager";
/// What all our error names begin with.
pub const ERROR_PREFIX: &str = "org.switchhook.Error";

/// How long a client waits for an answer.
const PATIENCE: Duration = Duration::from_secs(10);
/// And for one before which a small board puts together what callers wanted in vain.
const LONG_PATIENCE: Duration = Duration::from_secs(15 * 60);

/// A client's connection to `bus`.
///
/// # Errors
/// If there is no such bus.
pub async fn connect(bus: &Bus) -> zbus::Result<Connection> {
    builder(bus).method_timeout(PATIENCE).build().await
}

/// A client's connection to `bus`, for what takes its time ([`RecordProxy::unanswered`]).
///
/// # Errors
/// If there is no such bus.
pub async fn connect_patiently(bus: &Bus) -> zbus::Result<Connection> {
    builder(bus).method_timeout(LONG_PATIENCE).build().await
}

/// Everything that the robot tells from now on of its own and of all its objects, in order.
///
/// # Errors
/// If the bus does not take it.
pub async fn told(connection: &Connection) -> zbus::Result<MessageStream> {
    let rule = MatchRule::builder().msg_type(message::Type::Signal).sender(BUS_NAME).path_namespace(ROOT).build()?;
    MessageStream::for_match_rule(rule, connection, None).await
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
    object_path("call", &id.simple())
}

/// The object of a line.
#[must_use]
pub fn line_path(id: &str) -> String {
    object_path("line", id)
}

/// The object of a model of the catalog.
#[must_use]
pub fn model_path(name: &str) -> String {
    object_path("model", name)
}

/// The object of a job.
#[must_use]
pub fn job_path(number: JobNumber) -> String {
    object_path("job", &number.to_string())
}

/// The object of that name among those of its kind: `call`, `job`, `line`, `model`. Object paths allow letters, digits and `_` only, so `-` becomes `_2d` and `_`
/// becomes `_5f`, as systemd does it.
#[must_use]
pub fn object_path(kind: &str, name: &str) -> String {
    let mut path = format!("{ROOT}/{kind}/");
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() {
            path.push(char::from(byte));
        } else {
            path.push_str(&format!("_{byte:02x}"));
        }
    }
    path
}

/// The call whose object this is, by its name without hyphens.
#[must_use]
pub fn call_of(path: &str) -> Option<&str> {
    path.strip_prefix(ROOT)?.strip_prefix("/call/")
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

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use proptest::prelude::*;
    use zbus::ObjectPath;

    proptest! {
        #[test]
        fn every_line_id_has_a_valid_path_of_its_own(a in "[A-Za-z0-9_-]{1,32}", b in "[A-Za-z0-9_-]{1,32}") {
            prop_assert!(ObjectPath::try_from(line_path(&a)).is_ok());
            prop_assert_eq!(a == b, line_path(&a) == line_path(&b));
        }
    }

    #[test]
    fn paths_of_calls_are_told_from_others() {
        let id = CallId::new();
        assert_eq!(call_of(&call_path(id)), Some(id.simple().as_str()));
        assert_eq!(call_of(&line_path("desk")), None);
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
