//! A scenario: a folder that the office writes, read for one of its languages and checked. Which files it has, [`folder`] says.
//!
//! What every scenario has in common (how a person is asked for, how a message is read back) are the robot's manners, so a scenario says only what is its own. A
//! mistake is told with its file, its line and how to mend it.

mod callers;
mod check;
mod error;
mod file;
mod flow;
pub(super) mod folder;
mod intent;
mod listening;
mod lookup;
mod names;
mod schema;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use switchhook_models::Locale;
use switchhook_models::asr::grammar::common;

use super::answers::Answering;
use super::knowledge::Passage;
use super::office::Office;
use super::retrieval::ReadAloud;
use super::slots::Kind;
use super::thinking::Calibration;
use super::understanding::Understanding;
use super::wording::{Line, Problem, Wording};
use crate::lines::Key;
use crate::lookups::query::LookUp;
use crate::week::Week;

use callers::Callers;
use check::{begun, greetings, keys, languages, messages, passages, success};
pub use error::ScenarioError;
pub use file::Direction;
pub(super) use file::line as line_of;
use file::{File, Satisfaction, line};
pub use flow::{Check, Flow, Op, Which};
pub use folder::{Folder, Page};
pub use intent::{Intent, Signs};
pub use listening::Listening;
pub use schema::Schema;

/// No scenario has more passages than this.
const MOST_PASSAGES: usize = 2_000;
/// So many failures to understand before a person is sought, unless the scenario says otherwise.
const USUAL_ATTEMPTS: u32 = 2;

/// What every message of a scenario that states its hours may use: when the office opens next and when it closes, by when callers are called back, and what
/// today is called.
pub(super) const MOMENTS: [&str; 4] = ["next-open", "closes", "promised", "holiday"];

/// The messages that greet instead of `greeting` when the office is closed, or busy.
pub(super) const GREETING_CLOSED: &str = "greeting-closed";
pub(super) const GREETING_BUSY: &str = "greeting-busy";

/// A checked scenario, in one language.
#[derive(Clone, Debug)]
pub struct Scenario {
    /// Its name: that of its folder.
    pub name: String,
    /// The sha256 of its files, in hexadecimal.
    pub version: String,
    /// What it is for.
    pub goal: String,
    /// What its callers speak, and how it is written.
    pub language: Locale,
    /// Who a call is handed to, by the name that the configuration gives them.
    pub person: String,
    /// How often something is asked before a person is sought.
    pub attempts: u32,
    /// The results that count as success: those of flows, and the words of [`super::report`].
    pub success: Vec<String>,
    /// Whether callers are asked, before the goodbye, how well the call helped.
    pub asks_satisfaction: bool,
    /// What the robot says.
    pub wording: Arc<Wording>,
    /// What each key does.
    pub keys: BTreeMap<char, Intent>,
    /// How intents are recognised.
    pub intents: BTreeMap<Intent, Signs>,
    /// What callers say while they listen.
    pub listening: Listening,
    /// What the office knows.
    pub knowledge: Vec<Passage>,
    /// What flows collect: names and kinds, in the order of their names.
    pub slots: Vec<(String, Kind)>,
    /// The flows, in the order of their names.
    pub flows: Vec<Flow>,
    /// When it is open, and who is there when.
    pub office: Office,
    /// What flows can look up, in the order of its names.
    pub lookups: Vec<Arc<LookUp>>,
    /// Who calls whom.
    pub direction: Direction,
    /// The places of the slots that whoever places the call fills.
    pub given: Vec<usize>,
    /// The flow that a call begins with, by its place.
    pub opens: Option<usize>,
    /// When somebody may be called.
    pub call_hours: Week,
    /// Where it was read from: the files of its look-ups lie there.
    pub folder: std::path::PathBuf,
    /// How callers hear `person` called.
    spoken: String,
    /// How callers hear everybody else called, by the names that the configuration gives them.
    people: BTreeMap<String, String>,
    /// The same scenario in the other languages that the robot speaks.
    others: Vec<Arc<Scenario>>,
    /// What callers say who are annoyed.
    annoyed: Vec<Vec<String>>,
    /// The answers to its questions that have few.
    pub(crate) answering: Answering,
    /// Intents and knowledge, ready to be searched.
    pub(super) understanding: Understanding,
    /// How far the language model is believed, if there is one that was measured.
    pub(super) calibration: Option<Calibration>,
}

impl Scenario {
    /// Read and check the scenario in `dir`, in this language. Blocking: it is called while starting.
    ///
    /// # Errors
    /// Names the file, the place and the remedy.
    pub fn load(dir: &Path, language: Locale) -> Result<Self, ScenarioError> {
        Self::check(&Folder::read(dir, language)?, language)
    }

    /// The languages that the scenario in `dir` is written in. Blocking.
    ///
    /// # Errors
    /// Names the file, the place and the remedy.
    pub fn languages(dir: &Path) -> Result<Vec<Locale>, ScenarioError> {
        let page = folder::page(dir.join("scenario.yaml"))?;
        languages(&page, &page.yaml()?)
    }

    /// The scenario in `dir` in every language that it is written in; callers go on in whichever of them they ask for. Blocking.
    ///
    /// # Errors
    /// Names the file, the place and the remedy.
    pub fn in_every_language(dir: &Path) -> Result<Vec<Arc<Self>>, ScenarioError> {
        let all = Self::languages(dir)?.into_iter().map(|locale| Self::load(dir, locale)).collect::<Result<Vec<_>, _>>()?;
        let shared: Vec<Arc<Self>> = all.iter().cloned().map(Arc::new).collect();
        let with_others = |scenario: Self| {
            let others = shared.iter().filter(|other| other.language != scenario.language).map(Arc::clone).collect();
            Arc::new(scenario.with_others(others))
        };
        Ok(all.into_iter().map(with_others).collect())
    }

    /// Check what was read of a scenario's folder for this language.
    ///
    /// # Errors
    /// Names the file, the place and the remedy.
    pub fn check(folder: &Folder, language: Locale) -> Result<Self, ScenarioError> {
        let Folder { scenario, callers, knowledge, .. } = folder;
        let file: File = scenario.yaml()?;
        let at = |line, what: String| ScenarioError::at(&scenario.path, line, what);
        let languages = languages(scenario, &file)?;
        if !languages.contains(&language) {
            let written = file.languages.iter().map(|tag| format!("`{}`", tag.value)).collect::<Vec<_>>().join(", ");
            let first = file.languages.first().and_then(line);
            let what = format!(
                "the office speaks `{language}`, and the scenario is in {written}: add `{language}` with its lang/ and knowledge/, or set office.language"
            );
            return Err(at(first, what));
        }
        let attempts = match &file.attempts {
            None => USUAL_ATTEMPTS,
            Some(attempts) if (1..=5).contains(&attempts.value) => attempts.value,
            Some(attempts) => return Err(at(line(attempts), format!("attempts: {}: use 1 to 5", attempts.value))),
        };
        let keys = keys(&file).map_err(|(line, what)| at(line, what))?;
        let in_wording = |problem: Problem| ScenarioError::at(&folder.wording.path, problem.line, problem.what);
        let wording = Wording::new(language, &folder.wording.text).map_err(in_wording)?;
        let wording = wording.written_in(folder.wording.within_folder());
        let flow_names: Vec<&str> = file.flows.keys().map(String::as_str).collect();
        let office = file.office.checked(language, &flow_names).map_err(|fault| at(fault.line, fault.what))?;
        greetings(&office, &wording).map_err(|what| ScenarioError::in_file(&folder.wording.path, what))?;
        let heard = callers::read(language, &callers.text, &office.names().collect::<Vec<_>>())
            .map_err(|error| ScenarioError::in_yaml(&callers.path, &error))?;
        heard.in_vain().map_or(Ok(()), |what| Err(ScenarioError::in_file(&callers.path, what)))?;
        let knowledge = passages(knowledge)?;
        if knowledge.len() > MOST_PASSAGES {
            let what = format!("{} passages; no more than {MOST_PASSAGES} are searched in time", knowledge.len());
            return Err(ScenarioError::in_file(&folder.path.join("knowledge"), what));
        }
        let Callers { intents, flows: begun_by, listening, annoyed } = heard;
        if let Some(unknown) = begun_by.keys().find(|name| !file.flows.contains_key(*name)) {
            let what = format!("flows: {unknown}: {} has no flow of that name", scenario.path.display());
            return Err(ScenarioError::in_file(&callers.path, what));
        }
        let names::Laid { slots, given, lookups, flows, opens, call_hours } =
            names::laid_out(&file, begun_by, &wording, &knowledge, &office, &languages).map_err(|(line, what)| at(line, what))?;
        begun(&file, &flows, opens, &callers.within_folder()).map_err(|(line, what)| at(line, what))?;
        wording.nothing_is_unsaid(&messages(&flows, &slots, file.direction)).map_err(in_wording)?;
        let success = success(&file, &flows).map_err(|(line, what)| at(line, what))?;
        let answers = common::yes_or_no(language.language()).map_err(|error| at(None, error.to_string()))?;
        let answering = Answering::of(language, &slots, &intents).map_err(|error| at(None, error.to_string()))?;
        Ok(Self {
            name: folder.name(),
            version: folder.version(),
            goal: file.goal,
            language,
            person: file.person,
            office,
            attempts,
            success,
            asks_satisfaction: file.satisfaction == Satisfaction::Ask,
            annoyed,
            keys,
            spoken: wording.line(Line::APerson),
            people: BTreeMap::new(),
            others: Vec::new(),
            wording: Arc::new(wording),
            calibration: None,
            answering,
            understanding: Understanding::of(language.language(), &intents, &flows, &knowledge, answers),
            intents,
            listening,
            knowledge,
            slots,
            flows,
            lookups,
            direction: file.direction,
            given,
            opens,
            call_hours,
            folder: folder.path.clone(),
        })
    }

    /// The same scenario, whose callers hear the person called so.
    #[must_use]
    pub fn with_person_called(self, spoken: &str) -> Self {
        Self { spoken: spoken.to_owned(), ..self }
    }

    /// The same scenario, whose callers hear people called so, by the names that the configuration gives them.
    #[must_use]
    pub fn with_people_called(self, people: BTreeMap<String, String>) -> Self {
        Self { people, ..self }
    }

    /// The same scenario, whose callers may go on in these languages, too.
    #[must_use]
    pub fn with_others(self, others: Vec<Arc<Self>>) -> Self {
        Self { others, ..self }
    }

    /// The same scenario in the other languages that the robot speaks.
    #[must_use]
    pub fn others(&self) -> &[Arc<Self>] {
        &self.others
    }

    /// Everybody of `[people]` whom a call may be passed to.
    #[must_use]
    pub fn targets(&self) -> BTreeSet<&str> {
        let flows = self.flows.iter().flat_map(|flow| &flow.ops);
        let named = flows.filter_map(|op| if let Op::Transfer(who) = op { Some(who.as_str()) } else { None });
        let others = named.chain([self.person.as_str()]).filter(|who| !self.office.knows(who));
        self.office.targets().chain(others).collect()
    }

    /// How callers hear somebody called: a queue, a member of staff, or anybody else whom a call is passed to.
    #[must_use]
    pub fn called(&self, who: &str) -> String {
        self.named(who).unwrap_or(&self.spoken).to_owned()
    }

    /// How the office's own people hear somebody called: by the name of the configuration, where there is no better one.
    #[must_use]
    pub fn called_among_us(&self, who: &str) -> String {
        self.named(who).unwrap_or(who).to_owned()
    }

    fn named(&self, who: &str) -> Option<&str> {
        let known = self.office.called(who).or_else(|| (who == self.person).then_some(self.spoken.as_str()));
        known.or_else(|| self.people.get(who).map(String::as_str))
    }

    /// The same scenario, which finds what callers want by its sound too, as this reads it aloud.
    #[must_use]
    pub fn read_aloud_by(self, read_aloud: ReadAloud) -> Self {
        Self { understanding: self.understanding.with_sounds(read_aloud), ..self }
    }

    /// The same scenario, which finds what callers want by its meaning too: `embed` makes a vector of length 1 of a text.
    ///
    /// # Errors
    /// That of `embed`.
    pub fn embedded_by<E>(self, embed: impl FnMut(&str) -> Result<Vec<f32>, E>) -> Result<Self, E> {
        Ok(Self { understanding: self.understanding.with_vectors(embed)?, ..self })
    }

    /// The same scenario in a house whose language model is believed so far.
    #[must_use]
    pub fn thought_about_with(self, calibration: Option<Calibration>) -> Self {
        Self { calibration, ..self }
    }

    /// What an outbound call is for, as the disclosure says it to whoever answers: nothing that only one person may know.
    #[must_use]
    pub fn purpose(&self) -> Option<String> {
        let outbound = self.direction == Direction::Outbound;
        outbound.then(|| self.wording.own(names::PURPOSE, &[])).flatten()
    }

    /// What is said for a line that needs no values.
    #[must_use]
    pub fn line(&self, line: Line) -> String {
        self.wording.line(line)
    }

    /// What is said before the call is passed to the scenario's person.
    #[must_use]
    pub fn transfer_line(&self) -> String {
        self.transfer_line_to(&self.called(&self.person))
    }

    /// What is said before the call is passed to somebody who is called so.
    #[must_use]
    pub fn transfer_line_to(&self, spoken: &str) -> String {
        self.wording.with(Line::Transfer, &[("person", spoken)])
    }

    /// A yes or a no, if these words are one.
    #[must_use]
    pub fn yes_or_no(&self, said: &str) -> Option<bool> {
        super::yes_or_no::yes_or_no(self, said)
    }

    /// Whether whoever speaks so is annoyed, by their own words.
    pub(super) fn says_annoyed(&self, spoken: &[String]) -> bool {
        self.annoyed.iter().any(|phrase| super::words::contains(spoken, phrase))
    }

    /// The slots that callers are asked for, by name: those that no look-up fills.
    pub fn collected(&self) -> impl Iterator<Item = (&str, &Kind)> {
        let ops = || self.flows.iter().flat_map(|flow| &flow.ops);
        let is_collected = move |place| ops().any(|op| matches!(op, Op::Collect { slot, .. } | Op::Survey(slot) if *slot == place));
        self.slots.iter().enumerate().filter(move |(place, _)| is_collected(*place)).map(|(_, (name, kind))| (name.as_str(), kind))
    }

    /// Whether a caller may have nothing to tell for a slot, wherever it is collected.
    #[must_use]
    pub fn is_optional(&self, slot: &str) -> bool {
        let is_it = |place: &usize| self.slots.get(*place).is_some_and(|(name, _)| name == slot);
        let mut ops = self.flows.iter().flat_map(|flow| &flow.ops);
        !ops.any(|op| matches!(op, Op::Collect { slot, optional: false } if is_it(slot)))
    }

    /// What a key does.
    #[must_use]
    pub fn key(&self, key: Key) -> Option<Intent> {
        self.keys.get(&key.char()).copied()
    }

    /// Every sentence that is the same in each call: what is worth rendering before the first one.
    #[must_use]
    pub fn fixed_lines(&self) -> Vec<String> {
        let answers = self.knowledge.iter().map(|passage| passage.answer.clone());
        self.wording.fixed().into_iter().chain(answers).chain([self.transfer_line()]).collect()
    }
}
