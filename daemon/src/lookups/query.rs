//! What a flow wants to know that no caller tells: a question to something local, and what was found. The dialog only asks; whoever holds it looks it
//! up and tells what came of it.
//!
//! Everything is text here, as the dialog's values write it: files, programs and services know no kinds. What is found is read
//! into the kinds of the scenario's slots again, and what cannot be read was not found.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use jiff::Zoned;

use crate::week::Week;

/// A look-up as the scenario declares it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LookUp {
    /// Its name.
    pub name: String,
    /// What is asked.
    pub at: Place,
    /// What it is given, by the name that it has there.
    pub inputs: Vec<(String, Given)>,
    /// The slots that are filled with what is found, by the name that it has there.
    pub outputs: Vec<(String, usize)>,
    /// It has this long.
    pub within: Duration,
    /// Whether callers are told that it takes a moment.
    pub slow: bool,
}

/// Where something is looked up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// A table of comma-separated values, with the names of its columns in the first line (RFC 4180).
    Csv(PathBuf),
    /// A table of an SQLite database, which is only read.
    Sqlite {
        /// The database.
        file: PathBuf,
        /// The table, or view.
        table: String,
    },
    /// A calendar (RFC 5545).
    Calendar(Calendar),
    /// A program of the scenario's, in a sandbox.
    Program(PathBuf),
    /// A service on the office's own network.
    Http(Url),
}

/// The address of a service: no user, no fragment, and no encryption, since it does not leave the office.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Url {
    /// The name or address.
    pub host: String,
    /// The port.
    pub port: u16,
    /// The path, from `/` on, with its query.
    pub path: String,
}

/// A calendar, and what is done with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Calendar {
    /// The file.
    pub file: PathBuf,
    /// What is done.
    pub does: Does,
    /// When appointments can be.
    pub hours: Week,
    /// Appointments begin at multiples of this from midnight on.
    pub every: Duration,
    /// How long an appointment is, by what the input `service` holds.
    pub lengths: BTreeMap<String, Duration>,
    /// How long it is otherwise.
    pub length: Duration,
}

/// What is done with a calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Does {
    /// See whether a time is free; if it is not, find the nearest ones that are.
    Free,
    /// Write an appointment down, if its time is free; if it is not, find the nearest ones that are.
    Book,
    /// Find somebody's appointments that are to come, by name and telephone number.
    Find,
    /// Put an appointment, by its `uid`, at another time, if that is free.
    Move,
    /// Take an appointment out, by its `uid`.
    Cancel,
}

/// What a look-up is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Given {
    /// What a slot holds, by its place.
    Slot(usize),
    /// The number at the other end of the line.
    FarEnd,
}

/// The name of the number at the other end of the line, where inputs are written.
pub const FAR_END: &str = "caller";

/// Something to be looked up.
#[derive(Clone, Debug, PartialEq)]
pub struct Query {
    /// Which question of the call it is: an answer to an earlier one is of no interest.
    pub number: u64,
    /// What is asked.
    pub of: Arc<LookUp>,
    /// What is known, by the name that it has there. What is not known is not here.
    pub inputs: BTreeMap<String, String>,
    /// When the call began, in the office's time zone.
    pub now: Zoned,
}

/// What is found, by the name that it has there.
pub type Row = BTreeMap<String, String>;

/// What came of a look-up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found {
    /// This.
    One(Row),
    /// One of these, and which is the caller's matter.
    OneOf(Vec<Row>),
    /// Nothing.
    Nothing,
    /// It could not be looked up. Why is in the journal, and no caller's matter.
    Failed,
    /// It took too long.
    TooSlow,
}

/// No more than this many are offered or asked about: nobody keeps more in mind.
pub const MOST_ROWS: usize = 3;

impl Found {
    /// What these rows are, once they are all.
    #[must_use]
    pub fn of(mut rows: Vec<Row>) -> Self {
        match rows.len() {
            0 => Self::Nothing,
            1 => rows.pop().map_or(Self::Nothing, Self::One),
            _ => Self::OneOf(rows),
        }
    }

    /// The word in records.
    #[must_use]
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::One(_) => "found",
            Self::OneOf(_) => "found-several",
            Self::Nothing => "found-nothing",
            Self::Failed => "look-up-failed",
            Self::TooSlow => "look-up-too-slow",
        }
    }
}

/// A telephone number as it is compared: its digits, and of those the last nine, since country codes and leading zeros are told or not.
#[must_use]
pub fn comparable_number(number: &str) -> String {
    let digits: String = number.chars().filter(char::is_ascii_digit).collect();
    let national = digits.trim_start_matches('0');
    let from = national.len().saturating_sub(9);
    national.get(from..).unwrap_or(national).to_owned()
}
