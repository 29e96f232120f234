//! The configuration and the scenario are read anew while calls go on with those that they began with (decision 0027).
//!
//! Everything is made ready beside what is in force: the files are read and checked, new models opened, prompts spoken, lines made. Only when nothing can fail any more
//! is it switched, all at once, and it is a new generation. Whatever fails before that leaves the generation before it in force, in whole; so does whoever calls it
//! off. One task does this, so that two who ask never meet.

use std::path::PathBuf;
use std::sync::Arc;

use tokio::sync::{Notify, mpsc};
use tokio_util::sync::CancellationToken;

use super::check::broker_can_be_trusted;
use super::engines::{Before, can_open};
use super::house::made;
use super::in_force::{InForce, broker, versions};
use super::lines::{Orders, Prepared};
use crate::calls::House;
use crate::config::{Changes, Config, Credentials, Written};
use crate::control::{Anew, Reload, Renewed};
use crate::jobs::{Stop, Teller};
use crate::telemetry::Broker;

/// What is told of a scenario whose files changed while the configuration names it as before.
const SCENARIO: &str = "scenario";

/// Reads anew.
pub(super) struct Renewal {
    /// Where the configuration stands.
    pub path: PathBuf,
    /// What accounts need.
    pub credentials: Credentials,
    /// What is in force.
    pub in_force: InForce,
    /// Where lines come and go.
    pub lines: Orders,
}

impl Renewal {
    /// Whenever somebody asks, or a signal comes, read anew, make it ready, and let new calls have it.
    pub(super) async fn keep(self, mut asked: mpsc::Receiver<Reload>, hangup: Arc<Notify>) {
        loop {
            tokio::select! {
                Some(Reload { what, teller, called_off, answer }) = asked.recv() => {
                    // Whoever asked may have gone.
                    let _ = answer.send(self.renew(what, &teller, &called_off).await);
                }
                // The journal is told how it went.
                () = hangup.notified() => drop(self.renew(Anew::Configuration, &Teller::to_nobody(), &CancellationToken::new()).await),
            }
        }
    }

    async fn renew(&self, what: Anew, teller: &Teller, called_off: &CancellationToken) -> Result<Renewed, Stop> {
        teller.doing("reading the files".to_owned());
        let ready = async {
            match what {
                Anew::Configuration => self.configuration(teller).await,
                Anew::Scenario => self.ready((*self.in_force.config()).clone(), Changes::default(), teller).await,
            }
        };
        let ready = tokio::select! {
            biased;
            () = called_off.cancelled() => return Err(Stop::Cancelled),
            ready = ready => ready,
        };
        match ready {
            Ok(ready) => Ok(self.switch(ready).await),
            Err(error) => {
                let why = format!("{error:#}");
                log::warn!(event = "config-refused"; "the configuration was not read anew, and the one before it is in force: {why}");
                Err(Stop::Failed(why))
            }
        }
    }

    /// The configuration as it is written now, and all that it needs.
    async fn configuration(&self, teller: &Teller) -> anyhow::Result<Ready> {
        let (path, before) = (self.path.clone(), self.in_force.config());
        let read = tokio::task::spawn_blocking(move || -> anyhow::Result<_> {
            let written = Written::load(&path)?;
            let config = written.config()?;
            if config.mqtt != before.mqtt {
                broker_can_be_trusted(&config)?;
            }
            Ok((written, config))
        });
        let (written, config) = read.await??;
        let changes = Changes::between(&self.in_force.config(), &config);
        if let Some(sentence) = changes.refusal(&written) {
            anyhow::bail!("{sentence}");
        }
        self.ready(config, changes, teller).await
    }

    /// Everything that could fail, what is told soonest first.
    async fn ready(&self, config: Config, changes: Changes, teller: &Teller) -> anyhow::Result<Ready> {
        let stays = self.in_force.config().mqtt == config.mqtt;
        let broker = if stays { self.in_force.brokers.borrow().clone() } else { broker(&config, &self.credentials)? };
        let lines = self.lines.prepare(config.lines.clone()).await?;
        let config = Arc::new(config);
        let before = (self.in_force.config(), self.in_force.house());
        let (held_in, wanted) = (before.clone(), Arc::clone(&config));
        let look = move || can_open(Before { config: &held_in.0, house: &held_in.1 }, &wanted);
        tokio::task::spawn_blocking(look).await??;
        let (generation, records, registry) = (before.1.generation.next(), before.1.records.clone(), before.1.registry.clone());
        let before = Before { config: &before.0, house: &before.1 };
        let house = made(generation, &config, Some(before), records, registry, teller).await?;
        Ok(Ready { config, changes, house, lines, broker })
    }

    /// From here on nothing can fail.
    async fn switch(&self, Ready { config, changes, house, lines, broker }: Ready) -> Renewed {
        let mut changed = changes.keys();
        if versions(&house) != versions(&self.in_force.house()) {
            changed.push(SCENARIO.to_owned());
        }
        let (generation, scenario) = (house.generation, house.scenario.name.clone());
        self.in_force.put(config, house, broker);
        self.lines.take(lines).await;
        // Names of people are in keys: the journal has the tables alone.
        let mut tables: Vec<&str> = changed.iter().filter_map(|key| key.split('.').next()).collect();
        tables.dedup();
        let what = if tables.is_empty() { "nothing changed".to_owned() } else { format!("changed: {}", tables.join(", ")) };
        log::info!(event = "config-renewed", generation = generation.get(); "calls from now on are held in generation {generation}; {what}");
        Renewed { generation, scenario, changed }
    }
}

/// A configuration that can be in force at once.
struct Ready {
    config: Arc<Config>,
    changes: Changes,
    house: Arc<House>,
    lines: Prepared,
    broker: Option<Broker>,
}
