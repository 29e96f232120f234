//! `remove`: delete models that nothing needs any more.

use clap::Args;
use serde::Serialize;
use switchhook_models::catalog::profiles::{ProfileName, Profiles};
use switchhook_models::catalog::{Entry, State, Store, fetch};
use switchhook_models::{Error, Locale, Result};

use crate::Done;
use crate::output::Output;

#[derive(Debug, Args)]
#[group(id = "what", required = true, multiple = true)]
pub struct Arguments {
    /// Which models, as `list` names them
    #[arg(value_name = "MODEL", group = "what")]
    names: Vec<String>,
    /// All that a profile loads for an office that speaks this, and what they need
    #[arg(long, conflicts_with = "names", value_name = "LANGUAGE", group = "what")]
    language: Option<Locale>,
    /// Which profile is meant by a language
    #[arg(long, conflicts_with = "names", default_value_t)]
    profile: ProfileName,
    /// But keep what the same profile loads for an office that speaks this
    #[arg(long, conflicts_with = "names", value_name = "LANGUAGE")]
    keep: Vec<Locale>,
}

#[derive(Serialize)]
struct Report<'a> {
    model: &'a str,
    outcome: &'static str,
}

pub fn run(store: &Store, arguments: &Arguments, output: &mut Output) -> Result<Done> {
    let catalog = store.catalog()?;
    let profiles = Profiles::of(&catalog)?;
    let loaded = |locale| catalog.with_needs(profiles.get(arguments.profile).models(locale).names());
    let going: Vec<&Entry> = match arguments.language {
        None => catalog.with_needs(arguments.names.iter().map(String::as_str))?.into_iter().take(arguments.names.len()).collect(),
        Some(language) => {
            let mut kept = Vec::new();
            for locale in &arguments.keep {
                kept.extend(loaded(*locale)?);
            }
            loaded(language)?.into_iter().filter(|entry| kept.iter().all(|other| other.name != entry.name)).collect()
        }
    };
    let stays = |name: &str| going.iter().all(|entry| entry.name.as_str() != name);
    for entry in catalog.entries().iter().filter(|entry| stays(entry.name.as_str())) {
        let needed = entry.needs.iter().find(|need| !stays(need.as_str()));
        if let Some(needed) = needed
            && store.state(entry.name.as_str())? != State::Absent
        {
            return Err(Error::Input(format!("{} needs {needed}: remove that with it, or keep both", entry.name)));
        }
    }
    for entry in &going {
        let outcome = if fetch::uninstall(store, &entry.name)? { "removed" } else { "was not there" };
        output.result(&Report { model: entry.name.as_str(), outcome }, || format!("{}: {outcome}", entry.name))?;
    }
    Ok(Done::All)
}
