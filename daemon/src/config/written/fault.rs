//! What is wrong with a value, and by which way one comes to it.

use std::fmt::{self, Debug, Display};

use serde::de::{self, Expected, Unexpected};

use crate::config::key::{Key, Step};

/// No name of a key that is meant is longer, and no value is shown at greater length.
const LONGEST_SHOWN: usize = 64;
/// How alike a name and the one that was meant are at least, from 0 to 1.
const LIKENESS: f32 = 0.7;

/// What is wrong with the value at `key`.
#[derive(Debug)]
pub struct Fault {
    key: Key,
    what: What,
    beside: Option<Key>,
}

#[derive(Debug)]
enum What {
    /// Nothing is called so. `known` is what could be written.
    Unknown { known: &'static [&'static str], is_table: bool },
    /// The table has no such key.
    Missing { name: &'static str, write: Option<String> },
    /// Another kind of value stands there.
    Wrong { found: String, write: String },
    /// By meaning, not by form.
    Told(String),
}

impl Fault {
    /// What is wrong with the value at this key, in a sentence that names it.
    pub fn new(key: Key, what: impl Into<String>) -> Self {
        Self { key, what: What::Told(what.into()), beside: None }
    }

    /// A value that cannot be, and what can.
    pub fn value(key: Key, value: impl Debug, write: impl Display) -> Self {
        let what = format!("{key} = {value:?}: {write}");
        Self::new(key, what)
    }

    /// Tell, too, where this stands, which cannot be beside it.
    pub fn against(self, beside: Key) -> Self {
        Self { beside: Some(beside), ..self }
    }

    /// A list that is longer than what is asked for.
    pub fn too_long(length: usize, write: String) -> Self {
        Self::of(What::Wrong { found: values(length), write })
    }

    /// A table that does not say which of several it is.
    pub fn without_kind(name: &'static str, kinds: &[&str]) -> Self {
        Self::of(What::Missing { name, write: Some(choice(kinds)) })
    }

    /// The same fault, one step further down.
    pub fn under(self, step: Step) -> Self {
        Self { key: self.key.after(step), ..self }
    }

    /// The same fault, which is told of this key or this table.
    pub fn of_key(self, name: &str, is_table: bool) -> Self {
        let what = match self.what {
            What::Unknown { known, .. } => What::Unknown { known, is_table },
            other => other,
        };
        Self { what, ..self }.under(Step::Name(name.to_owned()))
    }

    /// Where it is.
    pub fn key(&self) -> &Key {
        &self.key
    }

    /// Whether nothing is called so.
    pub fn is_unknown(&self) -> bool {
        matches!(self.what, What::Unknown { .. })
    }

    /// What is not there and should be, if that is what is wrong.
    pub fn missing(&self) -> Option<Key> {
        match &self.what {
            What::Missing { name, .. } => Some(self.key.clone().name(name)),
            What::Unknown { .. } | What::Wrong { .. } | What::Told(_) => None,
        }
    }

    /// What cannot be beside it.
    pub fn beside(&self) -> Option<&Key> {
        self.beside.as_ref()
    }

    /// What is wrong, in a sentence.
    pub fn what(&self) -> String {
        match &self.what {
            What::Told(what) => what.clone(),
            What::Unknown { known, is_table } => self.unknown(known, *is_table),
            What::Missing { name, write } => {
                let write = write.as_ref().map(|write| format!(": {write}")).unwrap_or_default();
                if self.key == Key::default() {
                    format!("there is no [{name}]{write}")
                } else {
                    format!("{} has no `{name}`{write}", self.key.head())
                }
            }
            What::Wrong { found, write } => format!("{} {found}: {write}", self.key),
        }
    }

    fn unknown(&self, known: &[&str], is_table: bool) -> String {
        let (table, name) = self.key.parent();
        let name = name.unwrap_or_default();
        let shown = shortened(&name.escape_debug().to_string());
        let what = match (table == Key::default(), is_table) {
            (true, true) => format!("unknown table [{shown}]"),
            (true, false) => format!("unknown key `{shown}` outside of all tables"),
            (false, _) => format!("unknown key `{shown}` in {}", table.head()),
        };
        let near = if name.len() <= LONGEST_SHOWN { similar::get_close_matches(name, known, 1, LIKENESS) } else { Vec::new() };
        let remedy = match near.first() {
            Some(meant) => format!("did you mean `{meant}`?"),
            None => format!("what can be there is {}", known.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")),
        };
        format!("{what}: {remedy}")
    }

    fn of(what: What) -> Self {
        Self { key: Key::default(), what, beside: None }
    }
}

fn shortened(text: &str) -> String {
    match text.char_indices().nth(LONGEST_SHOWN) {
        Some((end, _)) => format!("{}...", &text[..end]),
        None => text.to_owned(),
    }
}

fn values(length: usize) -> String {
    if length == 1 { "has 1 value".to_owned() } else { format!("has {length} values") }
}

fn choice(words: &[&str]) -> String {
    format!("write {}", words.iter().map(|word| format!("{word:?}")).collect::<Vec<_>>().join(" or "))
}

/// What is found, as it is written.
fn found(value: &Unexpected<'_>) -> String {
    match value {
        Unexpected::Str(text) => format!("= {}", shortened(&format!("{text:?}"))),
        Unexpected::Bool(truth) => format!("= {truth}"),
        Unexpected::Signed(number) => format!("= {number}"),
        Unexpected::Unsigned(number) => format!("= {number}"),
        Unexpected::Float(number) => format!("= {number:?}"),
        Unexpected::Seq => "is a list".to_owned(),
        Unexpected::Map => "is a table".to_owned(),
        other => format!("is {other}"),
    }
}

/// What is expected, in plain words instead of those of our types.
pub fn expected(by: &dyn Expected) -> String {
    let by = by.to_string();
    let plain = match by.as_str() {
        "a string" | "path string" => "text in quotes",
        "a boolean" => "true or false",
        "a sequence" => "a list",
        "an array of length 2" => "a list of two",
        "u16" => "a whole number from 0 to 65535",
        "u64" | "usize" => "a whole number, not below 0",
        other if other.starts_with("struct ") || other.starts_with("enum ") || other == "a map" => "a table",
        other => other,
    };
    format!("write {plain}")
}

impl de::Error for Fault {
    fn custom<T: Display>(message: T) -> Self {
        Self::of(What::Told(message.to_string()))
    }

    fn invalid_type(value: Unexpected<'_>, by: &dyn Expected) -> Self {
        Self::of(What::Wrong { found: found(&value), write: expected(by) })
    }

    fn invalid_value(value: Unexpected<'_>, by: &dyn Expected) -> Self {
        Self::invalid_type(value, by)
    }

    fn invalid_length(length: usize, by: &dyn Expected) -> Self {
        Self::of(What::Wrong { found: values(length), write: expected(by) })
    }

    fn unknown_variant(variant: &str, kinds: &'static [&'static str]) -> Self {
        Self::of(What::Wrong { found: found(&Unexpected::Str(variant)), write: choice(kinds) })
    }

    fn unknown_field(_: &str, known: &'static [&'static str]) -> Self {
        Self::of(What::Unknown { known, is_table: false })
    }

    fn missing_field(name: &'static str) -> Self {
        Self::of(What::Missing { name, write: None })
    }
}

impl Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what())
    }
}

impl std::error::Error for Fault {}
