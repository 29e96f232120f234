//! `verify`: is every installed model what it was when it was installed?

use std::time::Instant;

use clap::Args;
use serde::Serialize;
use switchhook_models::catalog::{State, Store};
use switchhook_models::{Error, Result};

use crate::Done;
use crate::output::Output;

#[derive(Debug, Args)]
pub struct Arguments {
    /// Which models; without names, all that are installed
    #[arg(value_name = "MODEL")]
    names: Vec<String>,
}

#[derive(Serialize)]
struct Report<'a> {
    model: &'a str,
    whole: bool,
    seconds: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
}

pub fn run(store: &Store, arguments: &Arguments, output: &mut Output) -> Result<Done> {
    let mut done = Done::All;
    for model in &names(store, arguments)? {
        let started = Instant::now();
        let opened = store.open(model);
        let seconds = started.elapsed().as_secs_f64();
        let error = match opened {
            Ok(_) => None,
            Err(fault @ Error::UnknownModel { .. }) => return Err(fault),
            Err(fault) => Some(fault.to_string()),
        };
        if let Some(fault) = &error {
            done = Done::NotAll;
            eprintln!("switchhook-models: {fault}");
        }
        if error.is_none() || output.is_json() {
            let report = Report { model, whole: error.is_none(), seconds, error };
            output.result(&report, || format!("{model}: whole ({seconds:.2} s)"))?;
        }
    }
    Ok(done)
}

fn names(store: &Store, arguments: &Arguments) -> Result<Vec<String>> {
    if !arguments.names.is_empty() {
        return Ok(arguments.names.clone());
    }
    let catalog = store.catalog()?;
    let mut names = Vec::new();
    for entry in catalog.entries() {
        if store.state(entry.name.as_str())? != State::Absent {
            names.push(entry.name.to_string());
        }
    }
    Ok(names)
}
