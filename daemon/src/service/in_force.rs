//! What is in force: told to whoever in the house needs to know, all at once.

use std::collections::BTreeMap;
use std::sync::Arc;

use switchhook_models::Locale;
use tokio::sync::watch;

use crate::calls::House;
use crate::config::{Config, CredentialError, Credentials};
use crate::control::{Live, Models, Settled};
use crate::telemetry::{About, Broker};

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
    /// Where the fleet manager listens.
    pub brokers: watch::Sender<Option<Broker>>,
    /// What it is told of the device.
    pub abouts: watch::Sender<About>,
    /// What the bus shows of the models.
    pub models: Models,
}

impl InForce {
    /// This configuration, what was made of it, and its broker.
    pub(super) fn of(config: Config, house: Arc<House>, broker: Option<Broker>, models: Models) -> Self {
        let (live, settled, about) = (live(&config, &house), settled(&config, &house), about(&config));
        Self {
            configs: watch::Sender::new(Arc::new(config)),
            houses: watch::Sender::new(house),
            lives: watch::Sender::new(live),
            settled: watch::Sender::new(settled),
            brokers: watch::Sender::new(broker),
            abouts: watch::Sender::new(about),
            models,
        }
    }

    pub(super) fn config(&self) -> Arc<Config> {
        Arc::clone(&self.configs.borrow())
    }

    pub(super) fn house(&self) -> Arc<House> {
        Arc::clone(&self.houses.borrow())
    }

    /// From the next call on.
    pub(super) fn put(&self, config: Arc<Config>, house: Arc<House>, broker: Option<Broker>) {
        self.lives.send_replace(live(&config, &house));
        self.settled.send_replace(settled(&config, &house));
        tell(&self.abouts, about(&config));
        if let Err(error) = self.models.are_used(in_use(&config)) {
            // They are at work, so the catalog knows them.
            log::debug!("which models are in use cannot be shown: {error}");
        }
        self.configs.send_replace(config);
        self.houses.send_replace(house);
        tell(&self.brokers, broker);
    }
}

/// Tell it, if it is something else.
fn tell<T: PartialEq>(watch: &watch::Sender<T>, now: T) {
    watch.send_if_modified(|known| {
        let is_new = *known != now;
        *known = now;
        is_new
    });
}

/// The broker that a configuration names, and the password for it.
///
/// # Errors
/// If the credential is not there.
pub(super) fn broker(config: &Config, credentials: &Credentials) -> Result<Option<Broker>, CredentialError> {
    let Some(config) = config.mqtt.clone() else { return Ok(None) };
    let password = config.credential.as_deref().map(|name| credentials.get(name)).transpose()?;
    Ok(Some(Broker { config, password }))
}

/// Every model that a configuration has at work, in all its languages.
pub(super) fn in_use(config: &Config) -> impl Iterator<Item = &str> {
    config.spoken().flat_map(|(_, models)| models.names())
}

/// What calls follow, in this house.
fn live(config: &Config, house: &House) -> Live {
    let scenario = &house.scenario;
    Live { folder: config.calls.scenario.clone(), name: scenario.name.clone(), goal: scenario.goal.clone(), versions: versions(house) }
}

/// The version of the scenario in each language.
pub(super) fn versions(house: &House) -> Vec<(Locale, String)> {
    let all = std::iter::once(&house.scenario).chain(house.tongues.iter().map(|tongue| &tongue.scenario));
    all.map(|scenario| (scenario.language, scenario.version.clone())).collect()
}

fn settled(config: &Config, house: &House) -> Settled {
    let people = config.people.iter().filter(|(_, person)| person.address.is_some()).map(|(name, _)| name.clone()).collect();
    Settled { generation: house.generation, calls_at_once: config.calls.at_once, people, models: roles(config) }
}

fn about(config: &Config) -> About {
    About { device: config.device.name.clone(), version: env!("CARGO_PKG_VERSION").to_owned(), models: roles(config) }
}

/// The models of the office's own language by their roles.
fn roles(config: &Config) -> BTreeMap<String, String> {
    let models = &config.models;
    let always = [("recognizer", &models.recognizer), ("voice", &models.voice), ("vad", &models.vad)];
    let all = always.into_iter().chain(models.language_model.as_ref().map(|name| ("language-model", name)));
    let all = all.chain(models.turn.as_ref().map(|name| ("turn", name)));
    all.map(|(role, name)| (role.to_owned(), name.clone())).collect()
}
