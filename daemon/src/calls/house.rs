//! What every call of one generation of the configuration shares.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use super::Registry;
use jiff::tz::TimeZone;
use switchhook_models::Locale;

use crate::config::{Config, Generation, HandOver, Office, Person};
use crate::dialog::{Line, Scenario};
use crate::lookups::LookUps;
use crate::policy::{Disclosure, MayCall, Prepared, WordingError};
use crate::records::Records;
use crate::speech::{Engine, EngineError, Prompts, Rendering, Tally};

/// What every call shares. It is made once and never changed: a call keeps the one it began with.
pub struct House {
    /// Which it is.
    pub generation: Generation,
    /// How many calls at once.
    pub at_once: usize,
    /// No call is longer.
    pub longest: Duration,
    /// Who messages can be for, and calls be handed to.
    pub people: BTreeMap<String, Person>,
    /// Whom the robot may call when somebody asks it to.
    pub may_call: MayCall,
    /// How calls are handed to them.
    pub handover: HandOver,
    /// What they hear first.
    pub introduction: Prepared,
    /// What the robot follows.
    pub scenario: Arc<Scenario>,
    /// What follows it in the other languages that the robot speaks.
    pub tongues: Vec<Tongue>,
    /// The office's.
    pub time_zone: TimeZone,
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

/// Another language that the robot speaks, for callers who ask for it.
pub struct Tongue {
    /// What the robot follows in it.
    pub scenario: Arc<Scenario>,
    /// The models of the language.
    pub engine: Engine,
    /// What was spoken before.
    pub prompts: Prompts,
}

/// Why a house cannot take calls.
#[derive(Debug, thiserror::Error)]
pub enum HouseError {
    /// No language is spoken.
    #[error("the office speaks no language")]
    Speechless,
    /// The disclosure cannot be said.
    #[error(transparent)]
    Wording(#[from] WordingError),
    /// The voice failed.
    #[error("the voice could not speak the scenario's sentences: {0}")]
    Voice(#[from] EngineError),
}

impl House {
    /// Make ready to take calls: every fixed sentence is rendered here, so that no caller waits for it. `spoken` is the scenario in each language and the models for
    /// it, the office's own first; `tell` hears how many of all sentences are ready.
    ///
    /// # Errors
    /// If nothing is spoken, or the disclosure cannot be worded or spoken.
    pub async fn open(
        generation: Generation,
        config: &Config,
        spoken: Vec<(Scenario, Engine)>,
        records: Records,
        registry: Registry,
        tell: &(dyn Fn(usize, usize) + Send + Sync),
    ) -> Result<Arc<Self>, HouseError> {
        let mut spoken: Vec<_> = spoken.into_iter().map(|(scenario, engine)| (called_as_configured(scenario, config), engine)).collect();
        if spoken.is_empty() {
            return Err(HouseError::Speechless);
        }
        let (scenario, engine) = spoken.remove(0);
        let others = spoken.iter().map(|(scenario, _)| scenario.fixed_lines().len()).sum::<usize>();
        // And what is said first, to callers and to colleagues.
        let tally = Tally::of(scenario.fixed_lines().len() + others + 2, tell);
        let office = Office { purpose: scenario.purpose().unwrap_or_else(|| config.office.purpose.clone()), ..config.office.clone() };
        let disclosure = Disclosure::of(&office)?;
        let mut rendering = Rendering::open(&engine, &config.models.prompts, &tally).await;
        let sound = rendering.sound(disclosure.text()).await?;
        let disclosure = disclosure.prepared(sound.into())?;
        let introduction = Disclosure::to_colleague(&scenario.line(Line::Whisper), config.office.language)?;
        let sound = rendering.sound(introduction.text()).await?;
        let introduction = introduction.prepared(sound.into())?;
        let prompts = rendering.prompts(scenario.fixed_lines()).await?;
        let mut tongues = Vec::new();
        for (scenario, engine) in spoken {
            let prompts = Rendering::open(&engine, &config.models.prompts, &tally).await.prompts(scenario.fixed_lines()).await?;
            tongues.push(Tongue { scenario: Arc::new(scenario), engine, prompts });
        }
        let scenario = scenario.with_others(tongues.iter().map(|tongue| Arc::clone(&tongue.scenario)).collect());
        for note in without_address(&scenario, &config.people) {
            log::warn!(event = "no-person"; "{note}");
        }
        let lookups = LookUps::of(&config.lookups, &scenario.folder, &scenario.name);
        Ok(Arc::new(Self {
            generation,
            at_once: config.calls.at_once,
            longest: config.calls.longest,
            people: config.people.clone(),
            may_call: MayCall::of(&config.people, &config.calls.may_call),
            handover: config.handover,
            introduction,
            scenario: Arc::new(scenario),
            tongues,
            time_zone: config.office.time_zone.clone(),
            disclosure,
            engine,
            prompts,
            lookups,
            records,
            registry,
        }))
    }

    /// The models of every language that is spoken.
    pub fn engines(&self) -> impl Iterator<Item = &Engine> {
        std::iter::once(&self.engine).chain(self.tongues.iter().map(|tongue| &tongue.engine))
    }

    /// The models of this language, if it is spoken.
    #[must_use]
    pub fn engine_for(&self, locale: Locale) -> Option<&Engine> {
        if self.scenario.language == locale { Some(&self.engine) } else { self.tongue(locale).map(|tongue| &tongue.engine) }
    }

    /// What speaks this language, if it is another one than the office's.
    #[must_use]
    pub fn tongue(&self, locale: Locale) -> Option<&Tongue> {
        self.tongues.iter().find(|tongue| tongue.scenario.language == locale)
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

impl Drop for House {
    fn drop(&mut self) {
        log::info!(event = "generation-over", generation = self.generation.get(); "nobody is held in generation {} any more", self.generation);
    }
}

/// The scenario, whose callers hear people called as the configuration calls them.
fn called_as_configured(scenario: Scenario, config: &Config) -> Scenario {
    let scenario = match config.people.get(&scenario.person) {
        Some(person) => scenario.with_person_called(&person.spoken),
        None => scenario,
    };
    scenario.with_people_called(config.people.iter().map(|(name, person)| (name.clone(), person.spoken.clone())).collect())
}

/// What is to be told of everybody to whom the scenario hands over and whom the robot cannot call. No mistake: an office may want messages alone.
#[must_use]
pub fn without_address(scenario: &Scenario, people: &BTreeMap<String, Person>) -> Vec<String> {
    let reached = |target: &str| people.get(target).is_some_and(|person| person.address.is_some());
    let told = |person: &str| {
        format!(
            "scenario {} hands over to `{person}`, who has no address in the configuration; add [people.{person}] with one, else callers who \
             want a person can only leave a message",
            scenario.name
        )
    };
    scenario.targets().into_iter().filter(|target| !reached(target)).map(told).collect()
}
