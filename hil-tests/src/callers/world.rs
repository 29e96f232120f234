//! What the office has on file of a caller, in a folder of this call's own: rows and appointments made of what the caller tells, for the look-ups that a goal names. The robot
//! writes there, and after the call the same look-ups tell whether what the caller wanted stands there.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context as _, bail};
use jiff::civil::DateTime;
use jiff::{ToSpan as _, Zoned};
use switchhook::dialog::Scenario;
use switchhook::dialog::rehearsal::Rehearsal;
use switchhook::lookups::query::{Calendar, Found, Given, LookUp, Place, Query, Row};
use tempfile::TempDir;

use super::facts::Fact;
use super::phrases::{Goal, Then};

/// What an appointment is known by, where the caller tells nothing of it.
const UID: &str = "caller";
/// What a scenario's tests look into (`switchhook::lookups`).
const TESTS_DATA: &str = "tests/data";

/// The files of one call's office.
pub struct World {
    folder: TempDir,
    /// The number at the caller's end of the line.
    number: String,
}

/// What the caller tells, by slot.
pub type Facts = BTreeMap<String, Fact>;

impl World {
    /// The office that has this caller on file where the goal says so.
    ///
    /// # Errors
    /// If the goal names a look-up that is none, or one that is not in a file.
    pub fn of(goal: &Goal, scenario: &Scenario, facts: &Facts, number: String) -> anyhow::Result<Self> {
        let world = Self { folder: tempfile::tempdir()?, number };
        let mut tables: BTreeMap<PathBuf, Row> = BTreeMap::new();
        for name in &goal.known {
            let lookup = named(scenario, name)?;
            let row = world.row(lookup, scenario, facts).with_context(|| format!("the goal `{}`, known: {name}", goal.name))?;
            match &lookup.at {
                // Several look-ups may read the same table.
                Place::Csv(file) => tables.entry(file.clone()).or_default().extend(row),
                Place::Calendar(calendar) => world.add(&row, calendar, scenario)?,
                Place::Sqlite { .. } | Place::Program(_) | Place::Http(_) => {
                    bail!("the goal `{}`, known: {name} is neither a table nor a calendar", goal.name)
                }
            }
        }
        for (file, row) in tables {
            let line =
                |cells: Vec<&String>| cells.iter().map(|cell| format!("\"{}\"", cell.replace('"', "\"\""))).collect::<Vec<_>>().join(",");
            let text = format!("{}\n{}\n", line(row.keys().collect()), line(row.values().collect()));
            std::fs::write(world.folder.path().join(file), text)?;
        }
        Ok(world)
    }

    /// Where it lies.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The caller's number.
    pub fn number(&self) -> &str {
        &self.number
    }

    /// What a look-up is found by and finds, of this caller.
    fn row(&self, lookup: &LookUp, scenario: &Scenario, facts: &Facts) -> anyhow::Result<Row> {
        let slot = |place: usize| scenario.slots.get(place).map_or("", |(name, _)| name.as_str());
        let given =
            lookup.inputs.iter().map(|(there, given)| (there, if let Given::Slot(place) = given { Some(slot(*place)) } else { None }));
        let found = lookup.outputs.iter().map(|(there, place)| (there, Some(slot(*place))));
        let cell = |(there, slot): (&String, Option<&str>)| {
            let value = match slot {
                None => self.number.clone(),
                Some(slot) => match facts.get(slot) {
                    Some(fact) => fact.written.clone(),
                    None if there == "uid" => UID.to_owned(),
                    None => bail!("nobody knows what stands under `{there}`; write it under `facts: {slot}`"),
                },
            };
            Ok((there.clone(), value))
        };
        given.chain(found).map(cell).collect()
    }

    /// One more appointment in the calendar, beside those of the scenario's tests.
    fn add(&self, row: &Row, calendar: &Calendar, scenario: &Scenario) -> anyhow::Result<()> {
        let path = self.folder.path().join(&calendar.file);
        let places = [path.clone(), scenario.folder.join(TESTS_DATA).join(&calendar.file), scenario.folder.join(&calendar.file)];
        let text = match places.iter().find(|place| place.is_file()) {
            Some(place) => std::fs::read_to_string(place).with_context(|| format!("{} cannot be read", place.display()))?,
            None => "BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//Switchhook//Bench//EN\nEND:VCALENDAR\n".to_owned(),
        };
        let cell = |name: &str| row.get(name).map(String::as_str).unwrap_or_default();
        let start: DateTime = cell("start").parse().context("an appointment has a `start`")?;
        let length = calendar.lengths.get(cell("service")).unwrap_or(&calendar.length);
        let end = start.checked_add(i64::try_from(length.as_secs())?.seconds())?;
        let mut event = format!("BEGIN:VEVENT\nUID:{}\nDTSTART:{}\nDTEND:{}\n", cell("uid"), utc(start), utc(end));
        for (property, name) in
            [("SUMMARY", "name"), ("X-SWITCHHOOK-NAME", "name"), ("X-SWITCHHOOK-PHONE", "phone"), ("X-SWITCHHOOK-SERVICE", "service")]
        {
            if !cell(name).is_empty() {
                let _ = writeln!(event, "{property}:{}", cell(name));
            }
        }
        let whole = text.replacen("END:VCALENDAR", &format!("{event}END:VEVENT\nEND:VCALENDAR"), 1);
        std::fs::write(&path, whole).with_context(|| format!("{} cannot be written", path.display()))
    }

    /// What stands in the files otherwise than the caller wanted it, if anything does. `told` is what the robot took it for, by slot.
    ///
    /// # Errors
    /// If the goal names a look-up that is none.
    pub fn otherwise(
        &self,
        goal: &Goal,
        scenario: &Scenario,
        told: &BTreeMap<String, String>,
        robot: &mut Rehearsal,
        now: &Zoned,
    ) -> anyhow::Result<Option<String>> {
        for (name, then) in &goal.then {
            let lookup = named(scenario, name)?;
            let input = |(there, given): &(String, Given)| {
                let value = match given {
                    Given::FarEnd => Some(self.number.clone()),
                    Given::Slot(place) => scenario.slots.get(*place).and_then(|(slot, _)| told.get(slot)).cloned(),
                };
                Some((there.clone(), value?))
            };
            let inputs = lookup.inputs.iter().filter_map(input).collect();
            let found = robot.find(&Query { number: 0, of: Arc::clone(lookup), inputs, now: now.clone() });
            let wrong = match (then, &found) {
                (Then::Nothing(_), Found::Nothing) => false,
                (Then::Row(wanted), Found::One(row)) => wanted.iter().any(|(there, slot)| row.get(there) != told.get(slot)),
                _ => true,
            };
            if wrong {
                return Ok(Some(format!("{name} finds {found:?} after the call")));
            }
        }
        Ok(None)
    }
}

fn named<'a>(scenario: &'a Scenario, name: &str) -> anyhow::Result<&'a Arc<LookUp>> {
    let lookup = scenario.lookups.iter().find(|lookup| lookup.name == *name);
    lookup.with_context(|| format!("there is no look-up `{name}`"))
}

/// The slots of the look-ups of which the office has the caller on file.
pub fn on_file(goal: &Goal, scenario: &Scenario) -> anyhow::Result<BTreeSet<usize>> {
    let mut places = BTreeSet::new();
    for name in &goal.known {
        let lookup = named(scenario, name)?;
        places.extend(lookup.inputs.iter().filter_map(|(_, given)| if let Given::Slot(place) = given { Some(*place) } else { None }));
        places.extend(lookup.outputs.iter().map(|(_, place)| *place));
    }
    Ok(places)
}

/// Rehearsals are held in UTC.
fn utc(at: DateTime) -> String {
    at.strftime("%Y%m%dT%H%M%SZ").to_string()
}
