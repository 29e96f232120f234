//! The configuration in force: everything that may be configured, with what is meant where nothing is written.
//!
//! It is written out ([`sections`]) as it could stand in `switchhook.toml`, and is read back from there as the same configuration.
//! What is neither written nor has a default, such as a broker, is not in it.

mod sections;

use std::fmt::Write as _;

use serde_json::{Map, Value};

pub(super) use self::sections::sections;
use super::key::{Key, quoted};
use super::{Config, Written};

/// What a value says of itself that nobody wrote.
const DEFAULT: &str = "default";

/// All tables in their order, and where each value in them comes from.
#[derive(Debug)]
pub struct InForce {
    sections: Vec<(&'static str, Value)>,
    origins: Vec<Value>,
}

impl InForce {
    /// What `config` says, which was read from `written`.
    #[must_use]
    pub fn of(config: &Config, written: &Written) -> Self {
        let sections = sections(config);
        let origins = sections.iter().map(|(name, value)| origins(value, &Key::of([name]), written)).collect();
        Self { sections, origins }
    }

    /// As TOML; with `FILE:LINE` or `default` behind each value, if that is asked for.
    #[must_use]
    pub fn toml(&self, with_origins: bool) -> String {
        let mut text = String::new();
        for ((name, value), origin) in self.sections.iter().zip(&self.origins) {
            write_table(&mut text, &Key::of([name]), value, with_origins.then_some(origin));
        }
        text
    }

    /// The tables as one object.
    #[must_use]
    pub fn values(&self) -> Value {
        self.sections.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect::<Map<_, _>>().into()
    }

    /// An object of the same form, with `FILE:LINE` or `default` in the place of each value.
    #[must_use]
    pub fn origins(&self) -> Value {
        self.sections
            .iter()
            .zip(&self.origins)
            .map(|((name, _), origin)| ((*name).to_owned(), origin.clone()))
            .collect::<Map<_, _>>()
            .into()
    }
}

/// Where each value comes from. A list is one value, unless tables are in it.
fn origins(value: &Value, key: &Key, written: &Written) -> Value {
    match value {
        Value::Object(table) => {
            table.iter().map(|(name, value)| (name.clone(), origins(value, &key.clone().name(name), written))).collect::<Map<_, _>>().into()
        }
        Value::Array(items) if is_table(value) => {
            items.iter().enumerate().map(|(at, item)| origins(item, &key.clone().item(at), written)).collect()
        }
        _ => written.origin(key).unwrap_or_else(|| DEFAULT.to_owned()).into(),
    }
}

/// Whether it has a head, or several, rather than a key.
fn is_table(value: &Value) -> bool {
    match value {
        Value::Object(_) => true,
        Value::Array(items) => items.first().is_some_and(Value::is_object),
        _ => false,
    }
}

fn write_table(text: &mut String, key: &Key, value: &Value, origin: Option<&Value>) {
    match value {
        Value::Array(items) => {
            for (at, item) in items.iter().enumerate() {
                write_one(text, &key.clone().item(at), item, origin.map(|origin| &origin[at]));
            }
        }
        table => write_one(text, key, table, origin),
    }
}

/// A table: its head, its values, and the tables in it.
fn write_one(text: &mut String, key: &Key, table: &Value, origin: Option<&Value>) {
    let Value::Object(table) = table else { return };
    let (tables, values): (Vec<_>, Vec<_>) = table.iter().partition(|(_, value)| is_table(value));
    // A table of tables alone, as that of people, needs no head of its own.
    if !values.is_empty() || tables.is_empty() {
        let gap = if text.is_empty() { "" } else { "\n" };
        let _ = writeln!(text, "{gap}{}", key.head());
    }
    for (name, value) in values {
        let comment = origin.and_then(|origin| origin[name].as_str()).map(|origin| format!("  # {origin}")).unwrap_or_default();
        let _ = writeln!(text, "{} = {}{comment}", Key::of([name]), inline(value));
    }
    for (name, value) in tables {
        write_table(text, &key.clone().name(name), value, origin.map(|origin| &origin[name]));
    }
}

/// A value on one line.
fn inline(value: &Value) -> String {
    match value {
        Value::String(text) => quoted(text),
        Value::Array(items) => format!("[{}]", items.iter().map(inline).collect::<Vec<_>>().join(", ")),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests;
