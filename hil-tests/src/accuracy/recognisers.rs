//! The recognisers that are installed, by the catalog's names.

use anyhow::{Context as _, ensure};
use switchhook_models::asr::Recognizer;
use switchhook_models::catalog::{State, Store, Task};
use switchhook_models::{Language, open};

/// A recogniser that is installed here.
pub struct Listed {
    pub name: String,
    pub languages: Vec<Language>,
}

/// Those that are installed, or those of them that are `wanted`.
pub fn installed(store: &Store, wanted: &[String]) -> anyhow::Result<Vec<Listed>> {
    let catalog = store.catalog()?;
    let mut listed = Vec::new();
    for entry in catalog.entries().iter().filter(|entry| entry.task == Task::Recognition) {
        let name = entry.name.to_string();
        let here = matches!(store.state(&name)?, State::Installed { .. });
        if wanted.is_empty() && here || wanted.contains(&name) {
            listed.push(Listed { name, languages: entry.languages.clone() });
        }
    }
    if let Some(unknown) = wanted.iter().find(|wanted| listed.iter().all(|listed| listed.name != **wanted)) {
        anyhow::bail!("the catalog has no recogniser `{unknown}`");
    }
    ensure!(!listed.is_empty(), "no recogniser is installed in {}; run `switchhook-models fetch`", store.dir().display());
    Ok(listed)
}

impl Listed {
    pub fn open(&self, store: &Store) -> anyhow::Result<Box<dyn Recognizer>> {
        open::recognizer(store, &self.name).with_context(|| format!("the recogniser `{}`", self.name))
    }
}
