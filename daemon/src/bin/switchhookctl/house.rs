//! What is read from the bus.

use std::collections::{BTreeMap, HashMap};

use anyhow::{Context, anyhow, bail};
use futures_util::StreamExt as _;
use serde::Serialize;
use switchhook::config::Bus;
use switchhook::control::api;
use zbus::fdo::{DBusProxy, NameOwnerChangedStream, ObjectManagerProxy};
use zbus::{Connection, DBusError, Message, MessageStream, OwnedVariant, Variant};

use super::job::JobRow;
use super::models::ModelRow;
use super::words::{self, Words, say};

/// The properties of one interface.
pub type Properties = HashMap<String, OwnedVariant>;

/// A connection to the bus, how the bus is called, and in which words it is told why an answer lacks.
pub struct Link {
    pub connection: Connection,
    bus: String,
    words: &'static Words,
}

impl Link {
    pub async fn open(bus: &Bus) -> anyhow::Result<Self> {
        Self::open_in(bus, words::spoken()).await
    }

    /// The same, in these words.
    pub async fn open_in(bus: &Bus, words: &'static Words) -> anyhow::Result<Self> {
        Self::over(bus, api::connect(bus).await, words).await
    }

    /// For questions whose answers take their time.
    pub async fn patient(bus: &Bus) -> anyhow::Result<Self> {
        Self::over(bus, api::connect_patiently(bus).await, words::spoken()).await
    }

    /// Whoever only asks does not have the robot started: the bus would, if it were asked for a name that nobody has.
    async fn over(bus: &Bus, connection: zbus::Result<Connection>, words: &'static Words) -> anyhow::Result<Self> {
        let name = match bus {
            Bus::System => say!(in words, "bus-system"),
            Bus::Session => say!(in words, "bus-session"),
            Bus::Address(_) => say!(in words, "bus-given"),
        };
        let connection = connection.with_context(|| say!(in words, "no-bus", bus = &name))?;
        let link = Self { connection, bus: name, words };
        let owned =
            async { Ok::<_, zbus::Error>(DBusProxy::new(&link.connection).await?.name_has_owner(api::BUS_NAME.try_into()?).await?) };
        match owned.await {
            Ok(true) => Ok(link),
            Ok(false) => Err(link.not_running()),
            Err(error) => Err(link.explain(error)),
        }
    }

    /// What the robot tells from now on.
    pub async fn news(&self) -> anyhow::Result<News> {
        let signals = api::told(&self.connection).await?;
        let bus = DBusProxy::new(&self.connection).await?;
        Ok(News { signals, owners: bus.receive_name_owner_changed_with_args(&[(0, api::BUS_NAME)]).await? })
    }

    /// What a failed question means for the person who asked.
    pub fn explain(&self, error: zbus::Error) -> anyhow::Error {
        let (name, text) = match &error {
            zbus::Error::MethodError(name, text, _) => (name.to_string(), text.clone().unwrap_or_default()),
            zbus::Error::FDO(error) => (error.name().to_string(), error.description().unwrap_or_default().to_owned()),
            _ => return anyhow!(error).context(say!(in self.words, "no-answer")),
        };
        match name.as_str() {
            "org.freedesktop.DBus.Error.ServiceUnknown" | "org.freedesktop.DBus.Error.NameHasNoOwner" => self.not_running(),
            // The bus's own, or our guard's before a property: both say what to do.
            "org.freedesktop.DBus.Error.AccessDenied" => anyhow!(say!(in self.words, "refused-access", text = text)),
            "org.freedesktop.DBus.Error.UnknownObject" => anyhow!(say!(in self.words, "not-there-any-more")),
            own if own.starts_with(api::ERROR_PREFIX) => anyhow!(words::refused(self.words, own, &text)),
            other => anyhow!(say!(in self.words, "refused-otherwise", text = text, name = other)),
        }
    }

    /// What to do if nobody is at home.
    pub fn not_running(&self) -> anyhow::Error {
        anyhow!(say!(in self.words, "not-running", bus = &self.bus))
    }

    /// The whole house in one question.
    pub async fn house(&self) -> anyhow::Result<House> {
        let manager = async {
            ObjectManagerProxy::builder(&self.connection)
                .destination(api::BUS_NAME)
                .path(api::ROOT)
                .build()
                .await?
                .get_managed_objects()
                .await
                .map_err(zbus::Error::from)
        };
        let objects = manager.await.map_err(|error| self.explain(error))?;
        let mut house = House::default();
        for interfaces in objects.into_values() {
            for (name, properties) in interfaces {
                match name.as_str() {
                    api::LINE => house.lines.push(LineRow::read(&properties)),
                    api::CALL => house.calls.push(CallRow::read(&properties)),
                    api::MODEL => house.models.push(ModelRow::read(&properties)),
                    api::JOB => house.jobs.push(JobRow::read(&properties)),
                    _ => {}
                }
            }
        }
        house.lines.sort_by(|a, b| a.id.cmp(&b.id));
        house.calls.sort_by(|a, b| a.id.cmp(&b.id));
        house.models.sort_by(|a, b| (&a.role, &a.model).cmp(&(&b.role, &b.model)));
        house.jobs.sort_by_key(|job| job.job);
        Ok(house)
    }

    /// The call that `id` begins or ends the name of.
    pub async fn call(&self, id: &str) -> anyhow::Result<CallRow> {
        pick(self.house().await?.calls, id)
    }
}

/// What the robot tells.
pub struct News {
    signals: MessageStream,
    owners: NameOwnerChangedStream,
}

impl News {
    /// The next message; an error once the robot is gone. Cancel-safe.
    pub async fn next(&mut self) -> anyhow::Result<Message> {
        tokio::select! {
            message = self.signals.next() => Ok(message.ok_or_else(|| anyhow!(say!("bus-went-away")))??),
            _ = self.owners.next() => bail!(say!("robot-left")),
        }
    }
}

/// Every line, call, model and job.
#[derive(Default)]
pub struct House {
    pub lines: Vec<LineRow>,
    pub calls: Vec<CallRow>,
    pub models: Vec<ModelRow>,
    pub jobs: Vec<JobRow>,
}

#[derive(Clone, Debug, Serialize)]
pub struct LineRow {
    pub id: String,
    pub kind: String,
    pub status: String,
    pub reason: String,
    pub address: String,
}

impl LineRow {
    pub fn read(properties: &Properties) -> Self {
        let text = |name| text(properties, name);
        Self { id: text("Id"), kind: text("Kind"), status: text("Status"), reason: text("Reason"), address: text("Address") }
    }
}

impl LineRow {
    /// Why it is down, or else where it is reached.
    pub fn place(&self) -> &str {
        if self.reason.is_empty() { &self.address } else { &self.reason }
    }
}

#[derive(Clone, Debug, Serialize)]
pub struct CallRow {
    pub id: String,
    pub line: String,
    pub direction: String,
    pub state: String,
    pub generation: u64,
    pub scenario: String,
    pub started: String,
    pub disclosed: bool,
    pub turns: u64,
}

impl CallRow {
    pub fn read(properties: &Properties) -> Self {
        let text = |name| text(properties, name);
        let disclosed = matches!(properties.get("Disclosed").map(|value| &**value), Some(Variant::Bool(true)));
        let number = |name| properties.get(name).and_then(|value| json(value).as_u64()).unwrap_or(0);
        Self {
            id: text("Id"),
            line: text("Line"),
            direction: text("Direction"),
            state: text("State"),
            generation: number("Generation"),
            scenario: text("Scenario"),
            started: text("Started"),
            disclosed,
            turns: number("Turns"),
        }
    }

    /// The call's object.
    pub fn path(&self) -> String {
        api::object_path("call", &self.id)
    }
}

pub fn text(properties: &Properties, name: &str) -> String {
    match properties.get(name).map(|value| &**value) {
        Some(Variant::Str(text)) => text.as_str().to_owned(),
        _ => String::new(),
    }
}

/// A value of the bus as JSON; only the kinds that our interface uses.
pub fn json(value: &Variant<'_>) -> serde_json::Value {
    match value {
        Variant::Bool(yes) => (*yes).into(),
        Variant::U32(number) => (*number).into(),
        Variant::U64(number) => (*number).into(),
        Variant::F64(number) => (*number).into(),
        Variant::Str(text) => text.as_str().into(),
        Variant::Array(items) => items.iter().map(json).collect(),
        Variant::Dict(items) => items.iter().filter_map(|(name, value)| Some((json(name).as_str()?.to_owned(), json(value)))).collect(),
        Variant::Variant(value) => json(value),
        _ => serde_json::Value::Null,
    }
}

/// A dictionary of the bus as JSON, in the order of its names.
pub fn json_dict(properties: &Properties) -> BTreeMap<&str, serde_json::Value> {
    properties.iter().map(|(name, value)| (name.as_str(), json(value))).collect()
}

fn pick(calls: Vec<CallRow>, id: &str) -> anyhow::Result<CallRow> {
    let wanted = id.replace('-', "").to_ascii_lowercase();
    let mut found: Vec<CallRow> =
        calls.into_iter().filter(|call| !wanted.is_empty() && (call.id.starts_with(&wanted) || call.id.ends_with(&wanted))).collect();
    match found.len() {
        1 => Ok(found.swap_remove(0)),
        0 => bail!(say!("no-such-call", id = format!("{id:?}"))),
        n => bail!(say!("several-calls", calls = n, id = format!("{id:?}"))),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn calls(ids: &[&str]) -> Vec<CallRow> {
        let row = |id: &&str| CallRow { id: (*id).to_owned(), ..CallRow::read(&Properties::new()) };
        ids.iter().map(row).collect()
    }

    #[test]
    fn a_call_may_be_named_by_its_beginning_or_its_end() {
        let there = || calls(&["0192ab00", "0192cd11"]);
        assert_eq!(pick(there(), "0192a").unwrap().id, "0192ab00");
        assert_eq!(pick(there(), "11").unwrap().id, "0192cd11");
        assert_eq!(pick(there(), "0192-CD").unwrap().id, "0192cd11");
    }

    #[test]
    fn an_ambiguous_or_unknown_name_is_refused() {
        let there = || calls(&["0192ab00", "0192cd11"]);
        assert!(pick(there(), "0192").unwrap_err().to_string().starts_with("2 calls"));
        assert!(pick(there(), "ffff").is_err());
        assert!(pick(there(), "").is_err());
    }
}
