//! What every call of one generation of the configuration shares.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use super::Registry;
use crate::config::{Config, Office, Person};
use crate::dialog::Scenario;
use crate::lookups::LookUps;
use crate::policy::{Disclosure, Prepared, WordingError};
use crate::records::Records;
use crate::speech::{Engine, EngineError, Prompts, Rendering};

/// What every call shares. It is made once and never changed: a call keeps the one it began with.
pub struct House {
    /// How many calls at once.
    pub at_once: usize,
    /// No call is longer.
    pub longest: Duration,
    /// Who messages can be for, and calls be handed to.
    pub people: BTreeMap<String, Person>,
    /// What the robot follows.
    pub scenario: Arc<Scenario>,
    /// What every caller is told first.
    pub disclosure: Prepared,
    /// The models at work.
    pub engine: Engine,
    /// What was spoken before.
    pub prompts: Prompts,
    /// What looks up what flows ask for.
    pub lookups: LookUps,
    /// The record.
    pub records: Records,
    /// Which calls there are.
    pub registry: Registry,
}

/// Why a house cannot take calls.
#[derive(Debug, thiserror::Error)]
pub enum HouseError {
    /// The disclosure cannot be said.
    #[error(transparent)]
    Wording(#[from] WordingError),
    /// The voice failed.
    #[error("the voice could not speak the scenario's sentences: {0}")]
    Voice(#[from] EngineError),
}

impl House {
    /// Make ready to take calls: every fixed sentence is rendered here, so that no caller waits for it.
    ///
    /// # Errors
    /// If the disclosure cannot be worded or spoken.
    pub async fn open(
        config: &Config,
        scenario: Scenario,
        engine: Engine,
        records: Records,
        registry: Registry,
    ) -> Result<Arc<Self>, HouseError> {
        let office = Office { purpose: scenario.purpose().unwrap_or_else(|| config.office.purpose.clone()), ..config.office.clone() };
        let disclosure = Disclosure::of(&office)?;
        let mut rendering = Rendering::open(&engine, &config.models.prompts).await;
        let sound = rendering.sound(disclosure.text()).await?;
        let disclosure = disclosure.prepared(sound.into())?;
        let scenario = match config.people.get(&scenario.person) {
            Some(person) => scenario.with_person_called(&person.spoken),
            None => scenario,
        };
        let prompts = rendering.prompts(scenario.fixed_lines()).await?;
        if config.people.get(&scenario.person).is_none_or(|person| person.address.is_none()) {
            let (person, name) = (&scenario.person, &scenario.name);
            log::warn!(event = "no-person"; "scenario {name} hands over to `{person}`, who has no address in the configuration; add [people.{person}] with one, else callers who want a person can only leave a message");
        }
        let lookups = LookUps::of(&config.lookups, &scenario.folder, &scenario.name);
        Ok(Arc::new(Self {
            at_once: config.calls.at_once,
            longest: config.calls.longest,
            people: config.people.clone(),
            scenario: Arc::new(scenario),
            disclosure,
            engine,
            prompts,
            lookups,
            records,
            registry,
        }))
    }

    /// What is said before a call is passed to `person`, by the name that the configuration gives them.
    #[must_use]
    pub fn transfer_line(&self, person: &str) -> String {
        match self.people.get(person) {
            Some(person) => self.scenario.transfer_line_to(&person.spoken),
            None => self.scenario.transfer_line(),
        }
    }
}
