//! A house is made of a configuration: the scenario is read in every language that is spoken, and models are at work for each.

use std::sync::Arc;

use anyhow::Context as _;

use crate::calls::{House, Registry};
use crate::config::{Config, Generation};
use crate::dialog::Scenario;
use crate::records::Records;
use crate::speech::{Engine, understanding};

/// The house of this configuration. Its models are those of the house before it, if they are to stay; else they are opened, beside those that may be at work.
pub(super) async fn made(
    generation: Generation,
    config: &Config,
    models_of: Option<&House>,
    records: Records,
    registry: Registry,
) -> anyhow::Result<Arc<House>> {
    let mut all = Vec::new();
    for (language, models) in config.spoken() {
        let (dir, store, named) = (config.calls.scenario.clone(), models.store(), models.clone());
        let read = move || -> anyhow::Result<_> {
            // The vectors of what callers say are the speech worker's matter.
            Ok(understanding(Scenario::load(&dir, language)?, &store, &named).context("the scenario's models cannot be opened")?.0)
        };
        let scenario = tokio::task::spawn_blocking(read).await??;
        let engine = match models_of {
            Some(house) => house.tongue(language).map_or(&house.engine, |tongue| &tongue.engine).clone(),
            None => Engine::beside(&models.store(), models, &config.people, language).await.context("the models cannot be opened")?,
        };
        all.push((scenario, engine));
    }
    let mut all = all.into_iter();
    let (scenario, engine) = all.next().context("the office speaks no language")?;
    Ok(House::open(generation, config, scenario, engine, all.collect(), records, registry).await?)
}
