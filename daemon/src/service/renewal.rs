//! The scenario is read anew when an admin asks for it, while calls go on with the one that they began with.

use std::sync::Arc;

use tokio::sync::{mpsc, watch};

use crate::calls::House;
use crate::config::Config;
use crate::control::{Live, Reload};
use crate::dialog::Scenario;
use crate::speech::understanding;

/// What new calls follow, in this house.
pub(super) fn live(house: &House) -> Live {
    let scenario = &house.scenario;
    let all = std::iter::once(scenario).chain(house.tongues.iter().map(|tongue| &tongue.scenario));
    let versions = all.map(|scenario| (scenario.language, scenario.version.clone())).collect();
    Live { name: scenario.name.clone(), goal: scenario.goal.clone(), versions }
}

/// Whenever somebody asks, read the scenario that the configuration names, make it ready, and let new calls have it. What cannot be read changes nothing.
pub(super) async fn keep(config: Config, houses: watch::Sender<Arc<House>>, lives: watch::Sender<Live>, mut asked: mpsc::Receiver<Reload>) {
    while let Some(Reload { answer }) = asked.recv().await {
        let before = Arc::clone(&houses.borrow());
        let renewed = renewed(&config, &before).await;
        if let Ok(house) = &renewed {
            let (name, version) = (&house.scenario.name, &house.scenario.version);
            log::info!(event = "scenario-renewed"; "new calls follow version {version:.12} of the scenario {name}");
            houses.send_replace(Arc::clone(house));
            lives.send_replace(live(house));
        }
        // Whoever asked may have gone.
        let _ = answer.send(renewed.map(|house| house.scenario.name.clone()).map_err(|error| format!("{error:#}")));
    }
}

async fn renewed(config: &Config, before: &House) -> anyhow::Result<Arc<House>> {
    let (dir, models, language) = (config.calls.scenario.clone(), config.models.clone(), config.office.language);
    let others = config.other_languages.clone();
    let (scenario, others) = tokio::task::spawn_blocking(move || -> anyhow::Result<_> {
        let store = models.store();
        // The vectors of what callers say are the engine's matter, which stays.
        let read = |language, models| -> anyhow::Result<_> { Ok(understanding(Scenario::load(&dir, language)?, &store, models)?.0) };
        let others = others.iter().map(|(language, models)| read(*language, models)).collect::<Result<Vec<_>, _>>()?;
        Ok((read(language, &models)?, others))
    })
    .await??;
    let spoken = |scenario: Scenario| before.tongue(scenario.language).map(|tongue| (scenario, tongue.engine.clone()));
    let others = others.into_iter().filter_map(spoken).collect();
    Ok(House::open(config, scenario, before.engine.clone(), others, before.records.clone(), before.registry.clone()).await?)
}
