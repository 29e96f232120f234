//! Look-ups as `scenario.yaml` declares them.
//!
//! ```yaml
//! lookups:
//!   order:
//!     kind: csv
//!     where: orders.csv
//!     inputs: {number: order-number}
//!     outputs: {status: state, ready on: ready}
//! ```
//!
//! Inputs and outputs are written as `name there: slot here`.

use std::collections::BTreeMap;
use std::path::{Component, Path, PathBuf};
use std::time::Duration;

use jiff::SignedDuration;
use serde::Deserialize;
use serde_saphyr::Spanned;

use super::file::line;
use super::flow::Fault;
use crate::lookups::query::{Calendar, Does, FAR_END, Given, LookUp, Place, Url};
use crate::week::Week;

/// A look-up has this long, unless the scenario says otherwise.
const USUAL_TIME: Duration = Duration::from_secs(2);
/// And no longer than this: nobody waits at a telephone for more.
const LONGEST_TIME: Duration = Duration::from_secs(20);
/// An appointment is no shorter and no longer than this.
const LENGTHS: std::ops::RangeInclusive<Duration> = Duration::from_secs(5 * 60)..=Duration::from_secs(12 * 3600);
/// An appointment is this long, and begins at multiples of half of it, unless the scenario says otherwise.
const USUAL_LENGTH: Duration = Duration::from_secs(30 * 60);
const USUAL_EVERY: Duration = Duration::from_secs(15 * 60);
/// The name of a table or column is no longer than this.
const LONGEST_NAME: usize = 100;
/// What a calendar is given and gives.
const CALENDAR_INPUTS: [&str; 6] = ["start", "service", "name", "phone", "uid", "note"];
const CALENDAR_OUTPUTS: [&str; 5] = ["start", "uid", "service", "name", "phone"];

/// What is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
enum Kind {
    /// A table in a file, comma-separated, with the names of the columns in its first line.
    Csv,
    /// A table of an SQLite database, which is only read.
    Sqlite,
    /// A calendar in iCalendar form.
    Calendar,
    /// A program that comes with the scenario, in a sandbox: JSON on its standard input, JSON on its standard output.
    Program,
    /// A service on the office's own network that [lookups] in switchhook.toml allows by name: JSON is posted, JSON comes back.
    Http,
}

/// A look-up as it is written.
#[derive(Clone, Debug, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(rename = "LookUp")]
pub(super) struct RawLookUp {
    /// What is asked.
    kind: Kind,
    /// Where: a file of the scenario's folder, or of its folder below that of [lookups] in switchhook.toml; for a service its address: http://name:port/path.
    #[serde(rename = "where")]
    #[schemars(with = "String")]
    place: Spanned<String>,
    /// The table or view of an SQLite database.
    table: Option<String>,
    /// What is done with a calendar.
    does: Option<Does>,
    /// What it is given: `name there: slot`. `caller` stands for the number at the other end of the line.
    #[serde(default)]
    #[schemars(with = "BTreeMap<String, String>")]
    inputs: BTreeMap<String, Spanned<String>>,
    /// What is found: `name there: slot`.
    #[serde(default)]
    #[schemars(with = "BTreeMap<String, String>")]
    outputs: BTreeMap<String, Spanned<String>>,
    /// How long it may take: `2s`, and no more than 20s.
    #[schemars(with = "Option<String>")]
    within: Option<Spanned<String>>,
    /// Whether callers are told that it takes a moment.
    #[serde(default)]
    slow: bool,
    /// When a calendar's appointments can be: {mon-fri: "09:00-12:00, 13:00-17:00"}.
    #[schemars(with = "Option<BTreeMap<String, String>>")]
    hours: Option<Spanned<BTreeMap<String, String>>>,
    /// An appointment is this long: `30m`.
    #[schemars(with = "Option<String>")]
    length: Option<Spanned<String>>,
    /// How long it is for each service, by what the input `service` holds.
    #[serde(default)]
    #[schemars(with = "BTreeMap<String, String>")]
    lengths: BTreeMap<String, Spanned<String>>,
    /// Appointments begin at multiples of this from midnight on: `15m`.
    #[schemars(with = "Option<String>")]
    every: Option<Spanned<String>>,
}

impl RawLookUp {
    /// Check a declaration whose every slot is known; `at` is the line where it begins.
    ///
    /// # Errors
    /// The line, what is wrong, and how to mend it.
    pub(super) fn checked(&self, name: &str, at: Option<usize>, slots: &[String]) -> Result<LookUp, Fault> {
        let wrong = |what: &str| (at, format!("lookups: {name}: {what}"));
        let slot = |there: &str, here: &Spanned<String>| {
            if there.is_empty() || there.len() > LONGEST_NAME || there.chars().any(char::is_control) {
                return Err((line(here), format!("lookups: {name}: {there:?} is no name of a column")));
            }
            slots.iter().position(|slot| *slot == here.value).ok_or_else(|| {
                (line(here), format!("lookups: {name}: there is no slot `{}`; write it under `slots` with its kind", here.value))
            })
        };
        let mut inputs = Vec::new();
        for (there, here) in &self.inputs {
            let given = if here.value == FAR_END { Given::FarEnd } else { Given::Slot(slot(there, here)?) };
            inputs.push((there.clone(), given));
        }
        let outputs =
            self.outputs.iter().map(|(there, here)| Ok((there.clone(), slot(there, here)?))).collect::<Result<Vec<_>, Fault>>()?;
        let only = |present: bool, what: &str, kinds: &str| {
            if present { Err(wrong(&format!("`{what}` is for {kinds} alone: take it out"))) } else { Ok(()) }
        };
        if self.kind != Kind::Sqlite {
            only(self.table.is_some(), "table", "sqlite")?;
        }
        if self.kind != Kind::Calendar {
            only(self.does.is_some(), "does", "calendar")?;
            only(self.hours.is_some(), "hours", "calendar")?;
            only(self.length.is_some(), "length", "calendar")?;
            only(!self.lengths.is_empty(), "lengths", "calendar")?;
            only(self.every.is_some(), "every", "calendar")?;
        }
        if inputs.is_empty() && matches!(self.kind, Kind::Csv | Kind::Sqlite) {
            return Err(wrong("needs `inputs`, such as {number: order-number}: a row is found by them"));
        }
        let place = match self.kind {
            Kind::Csv => Place::Csv(file(&self.place)?),
            Kind::Program => Place::Program(file(&self.place)?),
            Kind::Sqlite => {
                let table = self.table.clone().filter(|table| !table.is_empty() && table.len() <= LONGEST_NAME);
                Place::Sqlite { file: file(&self.place)?, table: table.ok_or_else(|| wrong("sqlite needs a `table`"))? }
            }
            Kind::Http => Place::Http(url(&self.place)?),
            Kind::Calendar => Place::Calendar(self.calendar(name, at)?),
        };
        let within = match &self.within {
            None => USUAL_TIME,
            Some(written) => span(written).filter(|within| *within <= LONGEST_TIME && !within.is_zero()).ok_or_else(|| {
                (
                    line(written),
                    format!("within: {:?}: write a time such as `2s`, and no more than {}s", written.value, LONGEST_TIME.as_secs()),
                )
            })?,
        };
        Ok(LookUp { name: name.to_owned(), at: place, inputs, outputs, within, slow: self.slow })
    }

    fn calendar(&self, name: &str, at: Option<usize>) -> Result<Calendar, Fault> {
        let wrong = |what: String| (at, format!("lookups: {name}: {what}"));
        let does = self.does.ok_or_else(|| wrong("a calendar needs `does`: free, book, find, move or cancel".into()))?;
        let needed: &[&str] = match does {
            Does::Free => &["start"],
            Does::Book => &["start", "name", "phone"],
            Does::Find => &["name", "phone"],
            Does::Move => &["uid", "start"],
            Does::Cancel => &["uid"],
        };
        if let Some(missing) = needed.iter().find(|input| !self.inputs.contains_key(**input)) {
            return Err(wrong(format!("needs `inputs` with {}; `{missing}` is missing", needed.join(", "))));
        }
        for (given, known, what) in [(&self.inputs, CALENDAR_INPUTS.as_slice(), "inputs"), (&self.outputs, &CALENDAR_OUTPUTS, "outputs")] {
            if let Some((odd, here)) = given.iter().find(|(there, _)| !known.contains(&there.as_str())) {
                return Err((line(here), format!("lookups: {name}: {what}: a calendar has no `{odd}`; it has {}", known.join(", "))));
            }
        }
        let hours = match &self.hours {
            Some(hours) => Week::of_map(&hours.value).map_err(|what| (line(hours), what))?,
            None if matches!(does, Does::Free | Does::Book | Does::Move) => {
                return Err(wrong("needs `hours`, such as {mon-fri: \"09:00-17:00\"}".into()));
            }
            None => Week::default(),
        };
        let length = |written: &Spanned<String>| {
            let length = span(written).filter(|length| LENGTHS.contains(length));
            length.ok_or_else(|| (line(written), format!("{:?}: write a length from 5m to 12h", written.value)))
        };
        let lengths =
            self.lengths.iter().map(|(service, written)| Ok((service.clone(), length(written)?))).collect::<Result<_, Fault>>()?;
        Ok(Calendar {
            file: file(&self.place)?,
            does,
            hours,
            every: self.every.as_ref().map(length).transpose()?.unwrap_or(USUAL_EVERY),
            lengths,
            length: self.length.as_ref().map(length).transpose()?.unwrap_or(USUAL_LENGTH),
        })
    }
}

fn span(written: &Spanned<String>) -> Option<Duration> {
    written.value.parse::<SignedDuration>().ok().and_then(|span| Duration::try_from(span).ok())
}

/// A file inside a folder, and never above it.
fn file(written: &Spanned<String>) -> Result<PathBuf, Fault> {
    let path = Path::new(&written.value);
    let inside = path.components().all(|part| matches!(part, Component::Normal(_))) && !written.value.is_empty();
    if inside {
        Ok(path.to_owned())
    } else {
        Err((line(written), format!("where: {:?}: write a file inside the scenario's folder, such as orders.csv", written.value)))
    }
}

fn url(written: &Spanned<String>) -> Result<Url, Fault> {
    let wrong = || (line(written), format!("where: {:?}: write an address such as http://orders.office:8080/find", written.value));
    let rest = written.value.strip_prefix("http://").ok_or_else(wrong)?;
    let (authority, path) = rest.find('/').map_or((rest, "/"), |at| rest.split_at(at));
    let (host, port) = match authority.rsplit_once(':') {
        Some((host, port)) => (host, port.parse().map_err(|_| wrong())?),
        None => (authority, 80),
    };
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '.' || c == '-';
    let graphic = path.chars().all(|c| c.is_ascii_graphic() && c != '#');
    if host.is_empty() || host.len() > 253 || !host.chars().all(plain) || !graphic || path.len() > 1_000 || port == 0 {
        return Err(wrong());
    }
    Ok(Url { host: host.to_lowercase(), port, path: path.to_owned() })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn checked(yaml: &str) -> Result<LookUp, Fault> {
        let raw: Spanned<RawLookUp> = serde_saphyr::from_str(yaml).unwrap();
        let slots = ["number".to_owned(), "state".to_owned(), "when".to_owned()];
        raw.value.checked("order", Some(1), &slots)
    }

    #[test]
    fn a_row_is_found_by_what_slots_hold_and_fills_others() {
        let lookup =
            checked("kind: csv\nwhere: orders.csv\ninputs: {No: number, phone: caller}\noutputs: {Status: state}\nwithin: 500ms\n")
                .unwrap();
        assert_eq!(lookup.at, Place::Csv("orders.csv".into()));
        assert_eq!(lookup.inputs, [("No".to_owned(), Given::Slot(0)), ("phone".to_owned(), Given::FarEnd)]);
        assert_eq!(lookup.outputs, [("Status".to_owned(), 1)]);
        assert_eq!(lookup.within, Duration::from_millis(500));
    }

    #[test]
    fn a_service_has_a_name_a_port_and_a_path() {
        let lookup = checked("kind: http\nwhere: http://Orders.office:8080/find?by=number\ninputs: {n: number}\n").unwrap();
        assert_eq!(lookup.at, Place::Http(Url { host: "orders.office".into(), port: 8080, path: "/find?by=number".into() }));
    }

    #[test]
    fn what_is_wrong_is_told_with_its_line_and_how_to_mend_it() {
        for (yaml, at, told) in [
            ("kind: csv\nwhere: ../orders.csv\ninputs: {n: number}\n", 2, "inside the scenario's folder"),
            ("kind: csv\nwhere: /etc/passwd\ninputs: {n: number}\n", 2, "inside the scenario's folder"),
            ("kind: csv\nwhere: a.csv\ninputs:\n  n: numbr\n", 4, "there is no slot `numbr`"),
            ("kind: csv\nwhere: a.csv\n", 1, "needs `inputs`"),
            ("kind: csv\nwhere: a.csv\ntable: t\ninputs: {n: number}\n", 1, "`table` is for sqlite alone"),
            ("kind: sqlite\nwhere: a.db\ninputs: {n: number}\n", 1, "needs a `table`"),
            ("kind: http\nwhere: https://a.office/\n", 2, "http://orders.office:8080/find"),
            ("kind: http\nwhere: http://user@a.office/\n", 2, "http://orders.office"),
            ("kind: csv\nwhere: a.csv\ninputs: {n: number}\nwithin: 1h\n", 4, "no more than 20s"),
            ("kind: calendar\nwhere: a.ics\n", 1, "needs `does`"),
            ("kind: calendar\nwhere: a.ics\ndoes: free\ninputs: {start: when}\n", 1, "needs `hours`"),
            ("kind: calendar\nwhere: a.ics\ndoes: find\ninputs: {name: state}\n", 1, "`phone` is missing"),
            ("kind: calendar\nwhere: a.ics\ndoes: cancel\ninputs: {uid: state}\noutputs:\n  place: state\n", 6, "no `place`"),
            ("kind: calendar\nwhere: a.ics\ndoes: free\ninputs: {start: when}\nhours: {mon: \"9-5\"}\n", 5, "in 24 hours"),
        ] {
            let (line, what) = checked(yaml).unwrap_err();
            assert_eq!(line, Some(at), "{yaml}{what}");
            assert!(what.contains(told), "{yaml}{what}");
        }
    }
}
