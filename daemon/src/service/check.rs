//! A look at a configuration before it is in force: `switchhookd --check`, `switchhookctl config check`.

use std::path::{Path, PathBuf};

use crate::calls::without_address;
use crate::config::Written;
use crate::dialog::Scenario;

/// A configuration that is sound.
#[derive(Debug)]
pub struct Checked {
    /// The files it was read from, in their order.
    pub files: Vec<PathBuf>,
    /// What is no mistake and may still not be meant, a sentence each.
    pub notes: Vec<String>,
}

/// Read and check a configuration and the scenario that it names.
///
/// # Errors
/// Says what is wrong, where, and how to mend it.
pub fn check(path: &Path) -> anyhow::Result<Checked> {
    let written = Written::load(path)?;
    let config = written.config()?;
    let scenario = Scenario::load(&config.calls.scenario, config.office.language)?;
    for (language, _) in &config.other_languages {
        Scenario::load(&config.calls.scenario, *language)?;
    }
    Ok(Checked { files: written.files().to_vec(), notes: without_address(&scenario, &config.people) })
}
