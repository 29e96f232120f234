//! `fetch`: install models, with what they need.

use std::time::Instant;

use clap::Args;
use serde::Serialize;
use switchhook_models::catalog::fetch::{Event, Fetcher, Options, Outcome};
use switchhook_models::catalog::profiles::{ProfileName, Profiles};
use switchhook_models::catalog::{State, Store};
use switchhook_models::{Cancel, Error, Locale, Result};

use crate::Done;
use crate::output::Output;
use crate::progress::Progress;

#[derive(Debug, Args)]
pub struct Arguments {
    /// Which models, as `list` names them
    #[arg(value_name = "MODEL")]
    names: Vec<String>,
    /// All that a board of this size loads: `tiny`, `standard` or `large`
    #[arg(long, conflicts_with_all = ["names", "all"], default_value_t)]
    profile: ProfileName,
    /// What its office speaks: `en`, `zh-TW` or `zh-CN`
    #[arg(long, conflicts_with_all = ["names", "all"], value_name = "LANGUAGE", default_value_t = Locale::En)]
    language: Locale,
    /// All models of the catalog
    #[arg(long, conflicts_with = "names")]
    all: bool,
    /// Leave what was downloaded in the models folder
    #[arg(long)]
    keep_downloads: bool,
}

#[derive(Serialize)]
struct Report<'a> {
    model: &'a str,
    outcome: &'static str,
    seconds: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    bytes: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
}

pub fn run(store: &Store, arguments: &Arguments, output: &mut Output) -> Result<Done> {
    let names = names(store, arguments)?;
    let fetcher = Fetcher::new(store.clone(), Options { keep_downloads: arguments.keep_downloads, search_path: None });
    let mut done = Done::All;
    for model in &names {
        let install = |show: &Show<'_>| fetcher.install(model, show, &Cancel::new());
        if install_one(store, model, output, install)? == Done::NotAll {
            done = Done::NotAll;
        }
    }
    Ok(done)
}

/// What shows the events of an installation.
pub type Show<'a> = dyn Fn(Event<'_>) + 'a;

/// Install a model and tell what became of it.
pub fn install_one(store: &Store, model: &str, output: &mut Output, install: impl Fn(&Show<'_>) -> Result<Outcome>) -> Result<Done> {
    let mut done = Done::All;
    let started = Instant::now();
    let progress = Progress::of(model);
    let fetched = install(&|event| progress.show(event));
    progress.end();
    let bytes = match store.state(model)? {
        State::Installed { bytes } => Some(bytes),
        _ => None,
    };
    let (outcome, error) = match fetched {
        Ok(Outcome::AlreadyInstalled) => ("already installed", None),
        Ok(Outcome::Installed) => ("installed", None),
        Err(fault) => {
            done = Done::NotAll;
            eprintln!("switchhook-models: {fault}");
            ("failed", Some(fault.to_string()))
        }
    };
    let report = Report { model, outcome, seconds: started.elapsed().as_secs_f64(), bytes, error };
    output.result(&report, || match bytes {
        Some(bytes) => format!("{model}: {outcome}, {} MB, {:.1} s", bytes / 1_000_000, report.seconds),
        None => format!("{model}: {outcome}"),
    })?;
    Ok(done)
}

/// The models that are meant, and those that they need. A name that is wrong is told before anything is fetched.
fn names(store: &Store, arguments: &Arguments) -> Result<Vec<String>, Error> {
    let catalog = store.catalog()?;
    let profiles = Profiles::of(&catalog)?;
    let wanted: Vec<&str> = if arguments.all {
        catalog.entries().iter().map(|entry| entry.name.as_str()).collect()
    } else if arguments.names.is_empty() {
        profiles.get(arguments.profile).models(arguments.language).names().collect()
    } else {
        arguments.names.iter().map(String::as_str).collect()
    };
    Ok(catalog.with_needs(wanted)?.into_iter().map(|entry| entry.name.to_string()).collect())
}
