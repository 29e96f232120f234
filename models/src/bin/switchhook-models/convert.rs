//! `convert`: install a model from source files that are here already.

use std::path::PathBuf;

use clap::Args;
use switchhook_models::catalog::Store;
use switchhook_models::catalog::fetch::{Fetcher, Options};
use switchhook_models::{Cancel, Result};

use crate::Done;
use crate::fetch::{Show, install_one};
use crate::output::Output;

#[derive(Debug, Args)]
pub struct Arguments {
    /// Which model, as `list` names it
    #[arg(value_name = "MODEL")]
    model: String,
    /// Where its source files lie, each under the name that the catalog gives it; nothing is fetched
    #[arg(long, value_name = "FOLDER")]
    from: PathBuf,
}

pub fn run(store: &Store, arguments: &Arguments, output: &mut Output) -> Result<Done> {
    store.catalog()?.entry(&arguments.model)?;
    let fetcher = Fetcher::new(store.clone(), Options::default());
    let install = |show: &Show<'_>| fetcher.install_from(&arguments.model, &arguments.from, show, &Cancel::new());
    install_one(store, &arguments.model, output, install)
}
