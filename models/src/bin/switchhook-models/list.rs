//! `list`: what can be installed and what is, and how fast it was when it was last measured here.

use serde::Serialize;
use switchhook_models::catalog::profiles::{ProfileName, Profiles};
use switchhook_models::catalog::{Entry, ModelName, State, Store, Task};
use switchhook_models::measured::{Kept, Measured};
use switchhook_models::{Language, Locale, Result};

use crate::Done;
use crate::measured::Told;
use crate::output::Output;

#[derive(Serialize)]
struct Row<'a> {
    model: &'a str,
    task: Task,
    languages: &'a [Language],
    licence: &'a str,
    attribution: &'a str,
    purpose: &'a str,
    installed_mb: u32,
    memory_mb: u32,
    default: bool,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    needs: Vec<&'a str>,
    state: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    damage: Option<String>,
    /// What was measured here last.
    measured: Option<Told>,
}

pub fn run(store: &Store, output: &mut Output) -> Result<Done> {
    let catalog = store.catalog()?;
    let profiles = Profiles::of(&catalog)?;
    let defaults = catalog.with_needs(profiles.get(ProfileName::default()).models(Locale::En).names())?;
    if !output.is_json() {
        output.piece(&format!("Models in {}:\n\n", store.dir().display()))?;
    }
    for entry in catalog.entries() {
        let (state, damage) = match store.state(entry.name.as_str())? {
            State::Absent => ("absent", None),
            State::Installed { .. } => ("installed", None),
            State::Damaged { what } => ("damaged", Some(what)),
        };
        let default = defaults.iter().any(|other| other.name == entry.name);
        let row = Row { measured: measured(store, entry)?, ..row(entry, default, state, damage) };
        output.result(&row, || text(entry, &row))?;
    }
    Ok(Done::All)
}

fn row<'a>(entry: &'a Entry, default: bool, state: &'static str, damage: Option<String>) -> Row<'a> {
    Row {
        model: entry.name.as_str(),
        task: entry.task,
        languages: &entry.languages,
        licence: &entry.licence,
        attribution: &entry.attribution,
        purpose: &entry.purpose,
        installed_mb: entry.installed_size.0,
        memory_mb: entry.memory.0,
        default,
        needs: entry.needs.iter().map(ModelName::as_str).collect(),
        state,
        damage,
        measured: None,
    }
}

/// What was measured last. What is kept and does not tell how fast the model is here counts as nothing, and is told.
fn measured(store: &Store, entry: &Entry) -> Result<Option<Told>> {
    Ok(match Measured::last(store, entry.name.as_str())? {
        Kept::Last(measured) => Some(Told::new(*measured)),
        Kept::Nothing => None,
        Kept::Useless { why } => {
            eprintln!("switchhook-models: not shown: {why}; `switchhook-models bench {}` measures anew", entry.name);
            None
        }
    })
}

fn text(entry: &Entry, row: &Row<'_>) -> String {
    let languages: Vec<&str> = entry.languages.iter().map(|language| language.code()).collect();
    let languages = if languages.is_empty() { "any language".to_owned() } else { languages.join(", ") };
    let default = if row.default { ", default" } else { "" };
    let damage = row.damage.as_ref().map(|what| format!("\n    {what}")).unwrap_or_default();
    let needs = if row.needs.is_empty() { String::new() } else { format!("; needs {}", row.needs.join(", ")) };
    let measured = row.measured.as_ref().map_or_else(|| "-".to_owned(), Told::line);
    format!(
        "{name:24} {state}\n    {purpose}\n    {task}{default}; {languages}; {disk} on disk, {memory} in memory; {licence}, {attribution}{needs}\n    measured here: {measured}{damage}\n",
        name = row.model,
        state = row.state,
        purpose = entry.purpose,
        task = entry.task,
        disk = entry.installed_size,
        memory = entry.memory,
        licence = entry.licence,
        attribution = entry.attribution,
    )
}
