//! The device's object.

use std::collections::HashMap;

use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use tokio::sync::oneshot;
use zbus::object_server::SignalEmitter;
use zbus::{ObjectPath, OwnedVariant, Variant, interface};

use super::{Fault, Improve, Improvement, ManagerInfo, Reload, Standing};
use crate::calls::Summary;
use crate::dialog::Candidate;
use crate::records::{CallEntry, Errand, HandOver, Message, Report, Task};

/// No answer holds more messages or reports: it would not fit into a message of the bus.
const MOST_MESSAGES: u32 = 1000;
/// Nobody asks for what was said longer ago.
const MOST_DAYS: u32 = 366;

/// `org.switchhook.Switchhook1.Manager`.
pub(super) struct ManagerObject {
    pub info: ManagerInfo,
    pub since: Timestamp,
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

/// A call's figures under the names that they have on MQTT; what is not known is left out.
pub(super) fn figures(summary: &Summary) -> HashMap<String, OwnedVariant> {
    let Ok(serde_json::Value::Object(fields)) = serde_json::to_value(summary) else { return HashMap::new() };
    fields.into_iter().filter_map(|(name, value)| Some((name, scalar(value)?))).collect()
}

/// What became of a call, as it is told on the bus.
fn told(call: &CallEntry, report: &Report) -> HashMap<&'static str, OwnedVariant> {
    let errands: Vec<_> =
        report.errands.iter().map(|Errand { flow, result, told }| json!({ "flow": flow, "result": result, "told": told })).collect();
    let hand_overs: Vec<_> = report
        .hand_overs
        .iter()
        .map(|HandOver { to, end, waited }| json!({ "to": to, "end": end.as_str(), "waited_s": waited.as_secs() }))
        .collect();
    let tags: Vec<&str> = report.tags.iter().map(|tag| tag.as_str()).collect();
    let ending = call.ending.as_ref();
    dictionary([
        ("call", Some(Variant::from(call.record.id.simple()))),
        ("scenario", Some(Variant::from(call.record.scenario.as_str()))),
        ("started", Some(Variant::from(call.record.started.to_string()))),
        ("ended", ending.map(|ending| Variant::from(ending.at.to_string()))),
        ("outcome", ending.map(|ending| Variant::from(ending.outcome.as_str()))),
        ("goal_reached", Some(Variant::from(report.goal.is_reached()))),
        ("goal", Some(Variant::from(report.goal.why()))),
        ("complaint", Some(Variant::from(report.complaint))),
        ("satisfaction", report.satisfaction.map(|mark| Variant::from(u32::from(mark.get())))),
        ("summary", Some(Variant::from(report.summary.as_str()))),
        ("tags", Some(Variant::from(tags))),
        ("hand_overs", Some(Variant::from(serde_json::Value::from(hand_overs).to_string()))),
        ("errands", Some(Variant::from(serde_json::Value::from(errands).to_string()))),
    ])
}

fn dictionary<const N: usize>(fields: [(&'static str, Option<Variant<'_>>); N]) -> HashMap<&'static str, OwnedVariant> {
    fields.into_iter().filter_map(|(name, value)| Some((name, OwnedVariant::try_from(value?).ok()?))).collect()
}

/// A message as it is told on the bus.
fn message(task: &Task) -> HashMap<&'static str, OwnedVariant> {
    let Task { number, call, message } = task;
    let Message { recipient, from, callback, text, confirmed, at, about, promised } = message;
    dictionary([
        ("number", Some(Variant::from(number.get()))),
        ("call", Some(Variant::from(call.simple()))),
        ("at", Some(Variant::from(at.to_string()))),
        ("recipient", Some(Variant::from(recipient.as_str()))),
        ("from", Some(Variant::from(from.as_str()))),
        ("callback", callback.as_deref().map(Variant::from)),
        ("text", Some(Variant::from(text.as_str()))),
        ("confirmed", Some(Variant::from(*confirmed))),
        ("about", Some(Variant::from(about.as_str()))),
        ("promised", promised.map(|by| Variant::from(by.to_string()))),
    ])
}

/// What callers wanted in vain, as it is told on the bus.
fn improvement(Improvement { language, candidate }: &Improvement) -> HashMap<&'static str, OwnedVariant> {
    let Candidate { said, times, near } = candidate;
    dictionary([
        ("language", Some(Variant::from(language.tag()))),
        ("times", Some(Variant::from(u32::try_from(*times).unwrap_or(u32::MAX)))),
        ("said", Some(Variant::from(said.clone()))),
        ("near", Some(Variant::from(near.clone()))),
    ])
}

fn scalar(value: serde_json::Value) -> Option<OwnedVariant> {
    use serde_json::Value;
    let value = match value {
        Value::String(text) => Variant::from(text),
        Value::Bool(yes) => Variant::from(yes),
        Value::Number(number) => match number.as_u64() {
            Some(whole) => Variant::from(whole),
            None => Variant::from(number.as_f64()?),
        },
        Value::Null | Value::Array(_) | Value::Object(_) => return None,
    };
    OwnedVariant::try_from(value).ok()
}

/// The device as a whole.
#[interface(name = "org.switchhook.Switchhook1.Manager")]
impl ManagerObject {
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

    /// The messages that callers left, newest first, and no more than `limit` (at most 1000): each with its `number`, `call`, `at`
    /// (RFC 3339), `recipient`, `from`, `callback` if they told one, `text`, whether it was `confirmed` when it was read back,
    /// what it is `about`, and by when a call back was `promised`, if one was. Personal data.
    async fn messages(&self, limit: u32) -> Result<Vec<HashMap<&'static str, OwnedVariant>>, Fault> {
        let tasks = self.info.records.latest_messages(limit.min(MOST_MESSAGES)).await;
        let tasks = tasks.map_err(|error| Fault::NoRecord(error.to_string()))?;
        Ok(tasks.iter().map(message).collect())
    }

    /// What became of the last calls, newest first, and no more than `limit` (at most 1000): each with its `call`, `scenario`, `started` and `ended`
    /// (RFC 3339), `outcome`, `goal_reached`, `goal` (by what results, or why not), `complaint`, `satisfaction` (1 to 5) if the caller said so, `summary`,
    /// `tags`, and as JSON `errands`: an array of {flow, result, told}, and `hand_overs`: one of {to, end, waited_s}. Personal data.
    async fn reports(&self, limit: u32) -> Result<Vec<HashMap<&'static str, OwnedVariant>>, Fault> {
        let reports = self.info.records.latest_reports(limit.min(MOST_MESSAGES)).await;
        let reports = reports.map_err(|error| Fault::NoRecord(error.to_string()))?;
        Ok(reports.iter().map(|(call, report)| told(call, report)).collect())
    }

    /// What callers wanted in vain in the last `days` days (at most 366), grouped by meaning, most wanted first: each with its `language`, how many `times`, what was
    /// `said` (the most typical first), and what is `near` in the scenario: passages by their source, flows and intents by name. What the scenario
    /// understands by now is left out. Personal data.
    async fn improvements(&self, days: u32) -> Result<Vec<HashMap<&'static str, OwnedVariant>>, Fault> {
        let since = Timestamp::now().saturating_sub(SignedDuration::from_hours(24 * i64::from(days.min(MOST_DAYS))));
        let since = since.map_err(|error| Fault::NoRecord(error.to_string()))?;
        let (answer, answered) = oneshot::channel();
        self.info.improve.try_send(Improve { since, answer }).map_err(|_| Fault::Busy("somebody asks already; ask again".into()))?;
        let found = answered.await.map_err(|_| Fault::Busy("the robot is just closing".into()))?;
        Ok(found.map_err(Fault::NoRecord)?.iter().map(improvement).collect())
    }

    /// Read the scenario that the configuration names anew, for calls from now on; calls that are on go on with theirs. Returns the scenario's name. If it
    /// cannot be followed, nothing changes (`UnsoundScenario`).
    async fn reload_scenario(&self) -> Result<String, Fault> {
        let (answer, answered) = oneshot::channel();
        self.info.reload.try_send(Reload { answer }).map_err(|_| Fault::Busy("the scenario is being read already; ask again".into()))?;
        let renewed = answered.await.map_err(|_| Fault::Busy("the robot is just closing".into()))?;
        renewed.map_err(Fault::UnsoundScenario)
    }

    /// A call began to ring; its object is there.
    #[zbus(signal)]
    pub async fn call_began(emitter: &SignalEmitter<'_>, call: ObjectPath<'_>) -> zbus::Result<()>;

    /// A call is being handed to `person`, who is told this of the caller. Personal data: only where `[handover] text` names the bus.
    #[zbus(signal)]
    pub async fn call_hand_over(emitter: &SignalEmitter<'_>, call: ObjectPath<'_>, person: &str, summary: &str) -> zbus::Result<()>;

    /// A call is over; its object goes after this. The figures have the names that MQTT gives them.
    #[zbus(signal)]
    pub async fn call_ended(emitter: &SignalEmitter<'_>, call: ObjectPath<'_>, summary: HashMap<String, OwnedVariant>) -> zbus::Result<()>;
}
