//! A house is made of a configuration: the scenario is read in every language that is spoken, and models are at work for each.

use std::sync::Arc;

use anyhow::Context as _;

use super::engines::{Before, engine};
use crate::calls::{House, Registry};
use crate::config::{Config, Generation};
use crate::dialog::Scenario;
use crate::jobs::Teller;
use crate::records::Records;
use crate::speech::understanding;

/// The house of this configuration, after the one before it, if there was one. `teller` is told how far it is.
pub(super) async fn made(
    generation: Generation,
    config: &Config,
    before: Option<Before<'_>>,
    records: Records,
    registry: Registry,
    teller: &Teller,
) -> anyhow::Result<Arc<House>> {
    let mut spoken = Vec::new();
    for (language, models) in config.spoken() {
        teller.doing(format!("reading the scenario in {language}"));
        let (dir, store, named) = (config.calls.scenario.clone(), models.store(), models.clone());
        let read = move || -> anyhow::Result<_> {
            // The vectors of what callers say are the speech worker's matter.
            Ok(understanding(Scenario::load(&dir, language)?, &store, &named).context("the scenario's models cannot be opened")?.0)
        };
        spoken.push(tokio::task::spawn_blocking(read).await??);
    }
    let mut at_work = Vec::new();
    for ((language, models), scenario) in config.spoken().zip(spoken) {
        teller.doing(format!("opening the models for {language}"));
        at_work.push((scenario, engine(before, config, language, models).await?));
    }
    let spoke = |ready, all| {
        teller.doing(format!("what the voice always says: {ready} of {all}"));
        teller.progress(Some(ready as f64 / all as f64));
    };
    Ok(House::open(generation, config, at_work, records, registry, &spoke).await?)
}
