//! What the scenario does not know yet: what callers said in vain, grouped for a person who may write an answer. It is worked out when an admin asks for it,
//! beside the calls, by a thread of its own; the models that it needs are opened for it and closed again.

use std::cmp::Reverse;

use jiff::Timestamp;
use switchhook_models::catalog::Store;
use switchhook_models::{Cancel, Language, Locale};
use tokio::sync::mpsc;

use crate::config::{Config, Models};
use crate::control::{Improve, Improvement};
use crate::dialog::words::is_han;
use crate::dialog::{Scenario, Unanswered};
use crate::records::{NotUnderstood, Records};
use crate::speech::understanding;

/// More turns than this are not read: the latest count.
const MOST_TURNS: u32 = 2_000;

/// Whenever somebody asks, say what callers wanted in vain.
pub(super) async fn keep(config: Config, records: Records, mut asked: mpsc::Receiver<Improve>) {
    while let Some(Improve { since, answer }) = asked.recv().await {
        let found = improvements(&config, &records, since).await;
        // Whoever asked may have gone.
        let _ = answer.send(found.map_err(|error| format!("{error:#}")));
    }
}

async fn improvements(config: &Config, records: &Records, since: Timestamp) -> anyhow::Result<Vec<Improvement>> {
    let (dir, models) = (config.calls.scenario.clone(), config.models.clone());
    let languages: Vec<(Locale, Models)> =
        std::iter::once((config.office.language, models.clone())).chain(config.other_languages.clone()).collect();
    let name = Scenario::load(&dir, config.office.language)?.name;
    let mut unanswered = records.not_understood(&name, since, MOST_TURNS).await?;
    tokio::task::spawn_blocking(move || {
        let store = models.dir.as_ref().map_or_else(Store::default_place, Store::at);
        let mut all = Vec::new();
        // What is written in no language of the office's is shown with its own: the last one here takes what is left.
        for (place, (locale, models)) in languages.iter().enumerate().rev() {
            let own = |turn: &NotUnderstood| place == 0 || written_in(&turn.said) == locale.language();
            let (own, others): (Vec<_>, Vec<_>) = unanswered.into_iter().partition(own);
            unanswered = others;
            let found = in_language(Scenario::load(&dir, *locale)?, &own, &store, models)?;
            all.splice(0..0, found);
        }
        // The sort is stable: of what was said as often, the office's own language comes first.
        all.sort_by_key(|found: &Improvement| Reverse(found.candidate.times));
        Ok(all)
    })
    .await?
}

fn written_in(said: &str) -> Language {
    if said.chars().any(is_han) { Language::Zh } else { Language::En }
}

fn in_language(scenario: Scenario, turns: &[NotUnderstood], store: &Store, models: &Models) -> anyhow::Result<Vec<Improvement>> {
    if turns.is_empty() {
        return Ok(Vec::new());
    }
    let language = scenario.language;
    let (scenario, meaning) = understanding(scenario, store, models)?;
    let cancel = Cancel::new();
    let vector = |said: &str| meaning.as_ref().map(|meaning| meaning.embed(said, &cancel)).transpose();
    let said = |turn: &NotUnderstood| Ok::<_, anyhow::Error>(Unanswered { said: turn.said.clone(), vector: vector(&turn.said)? });
    let latest = turns.iter().map(said).collect::<Result<_, _>>()?;
    Ok(scenario.candidates(latest).into_iter().map(|candidate| Improvement { language, candidate }).collect())
}
