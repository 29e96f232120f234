//! The configuration and the scenario are read anew while calls go on with those that they began with (decision 0027).
//!
//! Everything is made ready beside what is in force: the files are read and checked, prompts spoken, lines made. Only when nothing can fail any more is it
//! switched, all at once, and it is a new generation. Whatever fails before that leaves the generation before it in force, in whole. One task does this, so
//! that two who ask never meet.

use std::path::PathBuf;
use std::sync::Arc;

use switchhook_models::Locale;
use tokio::sync::{Notify, mpsc, watch};

use super::house::made;
use super::lines::{Orders, Prepared};
use super::vitals::available_memory;
use crate::calls::House;
use crate::config::{Changes, Config, Written};
use crate::control::{Live, Refused, Reload, Renewed, Settled};
use crate::speech::Engine;

/// What is told of a scenario whose files changed while the configuration names it as before.
const SCENARIO: &str = "scenario";

/// What calls from now on are held in, for whoever needs to know it.
#[derive(Clone)]
pub(super) struct InForce {
    /// What was configured.
    pub configs: watch::Sender<Arc<Config>>,
    /// What was made of it.
    pub houses: watch::Sender<Arc<House>>,
    /// What the bus shows of the scenario.
    pub lives: watch::Sender<Live>,
    /// And of the rest.
    pub settled: watch::Sender<Settled>,
}

impl InForce {
    /// This configuration, and the house that was made of it.
    pub(super) fn of(config: Config, house: Arc<House>) -> Self {
        let (live, settled) = (live(&config, &house), settled(&config, &house));
        Self {
            configs: watch::Sender::new(Arc::new(config)),
            houses: watch::Sender::new(house),
            lives: watch::Sender::new(live),
            settled: watch::Sender::new(settled),
        }
    }

    fn config(&self) -> Arc<Config> {
        Arc::clone(&self.configs.borrow())
    }

    fn house(&self) -> Arc<House> {
        Arc::clone(&self.houses.borrow())
    }

    /// From the next call on.
    fn put(&self, config: Arc<Config>, house: Arc<House>) {
        self.lives.send_replace(live(&config, &house));
        self.settled.send_replace(settled(&config, &house));
        self.configs.send_replace(config);
        self.houses.send_replace(house);
    }
}

/// What calls follow, in this house.
fn live(config: &Config, house: &House) -> Live {
    let scenario = &house.scenario;
    Live { folder: config.calls.scenario.clone(), name: scenario.name.clone(), goal: scenario.goal.clone(), versions: versions(house) }
}

fn versions(house: &House) -> Vec<(Locale, String)> {
    let all = std::iter::once(&house.scenario).chain(house.tongues.iter().map(|tongue| &tongue.scenario));
    all.map(|scenario| (scenario.language, scenario.version.clone())).collect()
}

fn settled(config: &Config, house: &House) -> Settled {
    let people = config.people.iter().filter(|(_, person)| person.address.is_some()).map(|(name, _)| name.clone()).collect();
    Settled { generation: house.generation, calls_at_once: config.calls.at_once, people }
}

/// Reads anew.
pub(super) struct Renewal {
    /// Where the configuration stands.
    pub path: PathBuf,
    /// What is in force.
    pub in_force: InForce,
    /// Where lines come and go.
    pub lines: Orders,
}

impl Renewal {
    /// Whenever somebody asks, or a signal comes, read anew, make it ready, and let new calls have it.
    pub(super) async fn keep(self, mut asked: mpsc::Receiver<Reload>, hangup: Arc<Notify>) {
        loop {
            // Whoever asked may have gone.
            tokio::select! {
                Some(reload) = asked.recv() => match reload {
                    Reload::Scenario { answer } => drop(answer.send(self.scenario().await)),
                    Reload::Configuration { answer } => drop(answer.send(self.configuration().await)),
                },
                // The journal is told how it went.
                () = hangup.notified() => drop(self.configuration().await),
            }
        }
    }

    async fn scenario(&self) -> Result<String, String> {
        let config = self.in_force.config();
        let house = next(&config, &self.in_force).await.map_err(|error| format!("{error:#}"))?;
        let (name, version) = (house.scenario.name.clone(), house.scenario.version.clone());
        log::info!(event = "scenario-renewed", generation = house.generation.get(); "new calls follow version {version:.12} of the scenario {name}");
        self.in_force.put(config, house);
        Ok(name)
    }

    async fn configuration(&self) -> Result<Renewed, Refused> {
        let renewed = match self.ready().await {
            Ok(ready) => Ok(self.switch(ready).await),
            Err(refused) => Err(refused),
        };
        match &renewed {
            Ok(Renewed { generation, changed }) => {
                // Names of people are in keys: the journal has the tables alone.
                let mut tables: Vec<&str> = changed.iter().filter_map(|key| key.split('.').next()).collect();
                tables.dedup();
                let what = if tables.is_empty() { "nothing changed".to_owned() } else { format!("changed: {}", tables.join(", ")) };
                log::info!(event = "config-renewed", generation = generation.get(); "calls from now on are held in generation {generation}; {what}");
            }
            Err(Refused::Unsound(why) | Refused::Restart(why)) => {
                log::warn!(event = "config-refused"; "the configuration was not read anew, and the one before it is in force: {why}");
            }
        }
        renewed
    }

    /// Everything that could fail.
    async fn ready(&self) -> Result<Ready, Refused> {
        let unsound = |error: anyhow::Error| Refused::Unsound(format!("{error:#}"));
        let path = self.path.clone();
        let read = tokio::task::spawn_blocking(move || -> anyhow::Result<_> {
            let written = Written::load(&path)?;
            let config = written.config()?;
            Ok((written, config))
        });
        let (written, config) = read.await.map_err(|error| unsound(error.into()))?.map_err(unsound)?;
        let changes = Changes::between(&self.in_force.config(), &config);
        if let Some(sentence) = changes.refusal(&written) {
            return Err(Refused::Restart(sentence));
        }
        if self.in_force.config().people != config.people {
            roomy(&config).map_err(unsound)?.map_err(Refused::Restart)?;
        }
        let house = next(&config, &self.in_force).await.map_err(unsound)?;
        let lines = self.lines.prepare(config.lines.clone()).await.map_err(unsound)?;
        Ok(Ready { config, changes, house, lines })
    }

    /// From here on nothing can fail.
    async fn switch(&self, Ready { config, changes, house, lines }: Ready) -> Renewed {
        let mut changed = changes.keys();
        if versions(&house) != versions(&self.in_force.house()) {
            changed.push(SCENARIO.to_owned());
        }
        let generation = house.generation;
        self.in_force.put(Arc::new(config), house);
        self.lines.take(lines).await;
        Renewed { generation, changed }
    }
}

/// A configuration that can be in force at once.
struct Ready {
    config: Config,
    changes: Changes,
    house: Arc<House>,
    lines: Prepared,
}

/// Whether there is memory for models beside those that are at work; if not, what to do instead.
fn roomy(config: &Config) -> anyhow::Result<Result<(), String>> {
    let needed = config.spoken().map(|(language, models)| Engine::memory(&models.store(), models, language)).sum::<Result<u64, _>>()?;
    Ok(match available_memory() {
        Some(available) if available < needed => Err(format!(
            "whom callers may name is known to the models, and there is no memory for new ones beside those that calls are held with ({} MB of {} MB): \
             in force only after `systemctl restart switchhook`. Nothing was changed",
            available >> 20,
            needed >> 20
        )),
        _ => Ok(()),
    })
}

/// The house after the present one, made of this configuration with the models that are at work. Where other people may be named, models that know them are
/// opened beside those: these end with the last call that is held with them.
async fn next(config: &Config, in_force: &InForce) -> anyhow::Result<Arc<House>> {
    let (before, people_stay) = (in_force.house(), in_force.config().people == config.people);
    let models_of = people_stay.then_some(&*before);
    made(before.generation.next(), config, models_of, before.records.clone(), before.registry.clone()).await
}
