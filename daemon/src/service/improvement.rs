//! What the scenario does not know yet: what callers said in vain, grouped for a person who may write an answer. It is worked out when an admin asks for it,
//! beside the calls, by a thread of its own; the models that it needs are opened for it and closed again.

use std::cmp::Reverse;
use std::sync::Arc;

use jiff::Timestamp;
use switchhook_models::catalog::Store;
use switchhook_models::{Cancel, Language, Locale};
use tokio::sync::{mpsc, watch};

use crate::config::{Config, Models};
use crate::control::{Improve, Improvement};
use crate::dialog::Scenario;
use crate::dialog::words::is_han;
use crate::records::Records;
use crate::speech::understanding;

/// More turns than this are not read: the latest count.
const MOST_TURNS: u32 = 2_000;

/// Whenever somebody asks, say what callers wanted in vain.
pub(super) async fn keep(configs: watch::Receiver<Arc<Config>>, records: Records, mut asked: mpsc::Receiver<Improve>) {
    while let Some(Improve { since, answer }) = asked.recv().await {
        let config = Arc::clone(&configs.borrow());
        let found = improvements(&config, &records, since).await;
        // Whoever asked may have gone.
        let _ = answer.send(found.map_err(|error| format!("{error:#}")));
    }
}

async fn improvements(config: &Config, records: &Records, since: Timestamp) -> anyhow::Result<Vec<Improvement>> {
    let (dir, store) = (config.calls.scenario.clone(), config.models.store());
    let languages: Vec<(Locale, Models)> = config.spoken().map(|(language, models)| (language, models.clone())).collect();
    let load = move |(locale, models)| Scenario::load(&dir, locale).map(|scenario| (scenario, models));
    let scenarios = tokio::task::spawn_blocking(|| languages.into_iter().map(load).collect::<Result<Vec<_>, _>>()).await??;
    let Some((own, _)) = scenarios.first() else { return Ok(Vec::new()) };
    let said = records.not_understood(&own.name, since, MOST_TURNS).await?;
    tokio::task::spawn_blocking(move || in_all_languages(scenarios, said, &store)).await?
}

/// The office's own language is the first.
fn in_all_languages(scenarios: Vec<(Scenario, Models)>, mut said: Vec<String>, store: &Store) -> anyhow::Result<Vec<Improvement>> {
    let mut all = Vec::new();
    // What is written in no language of the office's is shown with its own: the last one here takes what is left.
    for (place, (scenario, models)) in scenarios.into_iter().enumerate().rev() {
        let own = |said: &String| place == 0 || written_in(said) == scenario.language.language();
        let (own, others): (Vec<_>, Vec<_>) = said.into_iter().partition(own);
        said = others;
        all.splice(0..0, in_language(scenario, own, store, &models)?);
    }
    // The sort is stable: of what was said as often, the office's own language comes first.
    all.sort_by_key(|found: &Improvement| Reverse(found.candidate.times));
    Ok(all)
}

fn written_in(said: &str) -> Language {
    if said.chars().any(is_han) { Language::Zh } else { Language::En }
}

fn in_language(scenario: Scenario, said: Vec<String>, store: &Store, models: &Models) -> anyhow::Result<Vec<Improvement>> {
    if said.is_empty() {
        return Ok(Vec::new());
    }
    let language = scenario.language;
    let (scenario, meaning) = understanding(scenario, store, models)?;
    let cancel = Cancel::new();
    let candidates = scenario.candidates(said, |said| meaning.as_ref().map(|meaning| meaning.embed(said, &cancel)).transpose())?;
    Ok(candidates.into_iter().map(|candidate| Improvement { language, candidate }).collect())
}
