//! `bench`: how fast the installed models are on this machine, and how much memory each takes.
//!
//! Every model is measured in a process of its own (this program again, [`alone`]), which holds nothing else, so that its peak memory is the model's. That
//! process does what the daemon does with the model, several times over, and tells the medians. What callers say for it is spoken by the installed
//! voice of the language ([`turns`]): an installed tool has no recordings, and a recogniser is as fast with a clear voice as with any other. The
//! figures are kept in the store ([`switchhook_models::measured`]), where `list` finds them.

mod alone;
mod conduct;
mod embed;
mod hear;
mod judge;
mod rounds;
mod speak;
mod table;
mod think;
mod turns;

use clap::Args;
use serde::Serialize;
use switchhook_models::catalog::{State, Store};
use switchhook_models::measured::{Machine, Measured};
use switchhook_models::{Error, Result};

use self::conduct::Conductor;
use crate::Done;
use crate::measured::Told;
use crate::output::Output;

/// How often everything is done unless it is told otherwise, after once to warm up.
const RUNS: usize = 5;
/// The same if it must be quick.
const QUICK_RUNS: usize = 3;

#[derive(Debug, Args)]
pub struct Arguments {
    /// Which models, as `list` names them; without names, all that are installed
    #[arg(value_name = "MODEL")]
    names: Vec<String>,
    /// Times are medians of so many runs [default: 5, with --quick 3]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u8).range(1..=99))]
    runs: Option<u8>,
    /// Measure a turn of 3 s and one sentence alone, and keep nothing
    #[arg(long)]
    quick: bool,
    /// Measure the one model that standard input describes, and say so in lines: what the process does that holds it
    #[arg(long, hide = true)]
    alone: bool,
}

/// Everything that was measured.
#[derive(Serialize)]
struct Document {
    program: &'static str,
    machine: Machine,
    runs: usize,
    quick: bool,
    models: Vec<Row>,
}

/// What became of one model.
#[derive(Serialize)]
#[serde(untagged)]
enum Row {
    Measured(Box<Told>),
    Failed { model: String, error: String },
}

pub fn run(store: &Store, arguments: &Arguments, output: &mut Output) -> Result<Done> {
    if arguments.alone {
        return alone::serve(store, output).map(|()| Done::All);
    }
    let names = names(store, arguments)?;
    let runs = arguments.runs.map_or(if arguments.quick { QUICK_RUNS } else { RUNS }, usize::from);
    let mut conductor = Conductor::new(store, runs, arguments.quick);
    let mut models = Vec::new();
    let mut done = Done::All;
    for model in names {
        models.push(match conductor.measure(&model) {
            Ok(measured) => {
                if !arguments.quick {
                    keep(store, &measured);
                }
                Row::Measured(Box::new(Told::new(measured)))
            }
            Err(fault) => {
                done = Done::NotAll;
                eprintln!("switchhook-models: {model}: not measured: {fault}");
                Row::Failed { model, error: fault.to_string() }
            }
        });
    }
    let document = Document { program: env!("CARGO_PKG_VERSION"), machine: Machine::here(), runs, quick: arguments.quick, models };
    output.result(&document, || table::of(&document))?;
    Ok(done)
}

/// What was measured is told all the same if it cannot be kept.
fn keep(store: &Store, measured: &Measured) {
    if let Err(fault) = measured.keep(store) {
        eprintln!(
            "switchhook-models: {}: measured, but `list` will not show it: {fault}; measure as a user who may write to the models folder",
            measured.model
        );
    }
}

/// The models that are meant. A name that is wrong is told before anything is measured.
fn names(store: &Store, arguments: &Arguments) -> Result<Vec<String>> {
    let catalog = store.catalog()?;
    if !arguments.names.is_empty() {
        for name in &arguments.names {
            catalog.entry(name)?;
        }
        return Ok(arguments.names.clone());
    }
    let mut names = Vec::new();
    for entry in catalog.entries() {
        if store.state(entry.name.as_str())? != State::Absent {
            names.push(entry.name.to_string());
        }
    }
    if names.is_empty() {
        let place = store.dir().display();
        return Err(Error::Input(format!("no model is installed in {place}; install some with `switchhook-models fetch`")));
    }
    Ok(names)
}
