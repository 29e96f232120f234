//! Profiles: which models a robot loads together.
//!
//! How large a board is and what its office speaks decide it. So there are three profiles by size, and each has one list for every
//! [`Locale`]. The lists are in `models/catalog/profiles.toml` and nowhere else: what `fetch` installs without names and what the daemon
//! loads if nothing else is configured both come from here. They are checked against the catalog: each model is in it, does the task
//! that it is listed for, and knows the language.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::{Catalog, Megabytes, ModelName, Task};
use crate::{Error, Locale, Result};

const FILE: &str = "catalog/profiles.toml";
const BUILT_IN: &str = include_str!("../../catalog/profiles.toml");

/// A size of board.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum ProfileName {
    /// 1 GB of memory.
    Tiny,
    /// 4 GB of memory: what is meant if nothing is said.
    #[default]
    Standard,
    /// A faster machine.
    Large,
}

impl ProfileName {
    /// All of them, the smallest first.
    pub const ALL: [Self; 3] = [Self::Tiny, Self::Standard, Self::Large];

    /// The name in commands and configuration.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Tiny => "tiny",
            Self::Standard => "standard",
            Self::Large => "large",
        }
    }
}

impl fmt::Display for ProfileName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for ProfileName {
    type Err = Error;

    fn from_str(name: &str) -> Result<Self> {
        let known = Self::ALL.into_iter().find(|known| known.as_str() == name);
        known.ok_or_else(|| Error::Input(format!("there is no profile `{name}`; use `tiny`, `standard` or `large`")))
    }
}

/// The profiles, checked against a catalog.
#[derive(Clone, Debug)]
pub struct Profiles {
    tiny: Profile,
    standard: Profile,
    large: Profile,
}

/// What boards of one size load.
#[derive(Clone, Debug)]
pub struct Profile {
    /// Its name.
    pub name: ProfileName,
    /// What it is for, for a reader.
    pub purpose: String,
    en: ProfileModels,
    zh_tw: ProfileModels,
    zh_cn: ProfileModels,
}

/// The models of one profile in one language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProfileModels {
    /// Speech recognition.
    pub recognizer: ModelName,
    /// The voice.
    pub voice: ModelName,
    /// Voice activity.
    pub vad: ModelName,
    /// What tells the end of a turn from a pause in it.
    pub turn: ModelName,
    /// The language model, if there is one.
    pub language_model: Option<ModelName>,
    /// What makes vectors of sentences, if anything does.
    pub embedding: Option<ModelName>,
    /// The most memory that the whole program had in use over calls, where that was measured.
    pub peak_memory: Option<Megabytes>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawProfiles {
    tiny: RawProfile,
    standard: RawProfile,
    large: RawProfile,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawProfile {
    purpose: String,
    en: RawModels,
    #[serde(rename = "zh-TW")]
    zh_tw: RawModels,
    #[serde(rename = "zh-CN")]
    zh_cn: RawModels,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawModels {
    recognizer: String,
    voice: String,
    vad: String,
    turn: String,
    language_model: Option<String>,
    embedding: Option<String>,
    peak_memory_mb: Option<u32>,
}

impl Profiles {
    /// The profiles that ship with this program, over the catalog that ships with it.
    ///
    /// # Errors
    /// As [`Catalog::built_in`] and [`Profiles::of`].
    pub fn built_in() -> Result<Self> {
        Self::of(&Catalog::built_in()?)
    }

    /// The profiles that ship with this program, over that catalog.
    ///
    /// # Errors
    /// [`Error::Format`] if they name what that catalog does not have.
    pub fn of(catalog: &Catalog) -> Result<Self> {
        Self::parse(FILE, BUILT_IN, catalog)
    }

    /// Profiles from the text of a file, whose name appears in errors.
    ///
    /// # Errors
    /// [`Error::Format`] with the file's name and what is wrong with it.
    pub fn parse(file: &str, text: &str, catalog: &Catalog) -> Result<Self> {
        let fault = |what: String| Error::Format { path: file.into(), what };
        let raw: RawProfiles = toml::from_str(text).map_err(|wrong| fault(wrong.to_string()))?;
        let profile = |name, raw| profile(name, raw, catalog).map_err(fault);
        Ok(Self {
            tiny: profile(ProfileName::Tiny, raw.tiny)?,
            standard: profile(ProfileName::Standard, raw.standard)?,
            large: profile(ProfileName::Large, raw.large)?,
        })
    }

    /// The profile of that name.
    #[must_use]
    pub fn get(&self, name: ProfileName) -> &Profile {
        match name {
            ProfileName::Tiny => &self.tiny,
            ProfileName::Standard => &self.standard,
            ProfileName::Large => &self.large,
        }
    }
}

impl Profile {
    /// What it loads for an office that speaks this.
    #[must_use]
    pub fn models(&self, locale: Locale) -> &ProfileModels {
        match locale {
            Locale::En => &self.en,
            Locale::ZhTw => &self.zh_tw,
            Locale::ZhCn => &self.zh_cn,
        }
    }
}

impl ProfileModels {
    /// The models' names. What these need beside them, [`Catalog::with_needs`] adds.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        [&self.recognizer, &self.voice, &self.vad, &self.turn]
            .into_iter()
            .chain(&self.language_model)
            .chain(&self.embedding)
            .map(ModelName::as_str)
    }

    /// The model that does `task`, if there is one.
    #[must_use]
    pub fn of(&self, task: Task) -> Option<&ModelName> {
        match task {
            Task::Recognition => Some(&self.recognizer),
            Task::Voice => Some(&self.voice),
            Task::VoiceActivity => Some(&self.vad),
            Task::EndOfTurn => Some(&self.turn),
            Task::LanguageModel => self.language_model.as_ref(),
            Task::Embedding => self.embedding.as_ref(),
            Task::Pronunciation => None,
        }
    }
}

fn profile(name: ProfileName, raw: RawProfile, catalog: &Catalog) -> Result<Profile, String> {
    let models = |locale, raw| models(raw, locale, catalog).map_err(|what| format!("{name}.{locale}: {what}"));
    Ok(Profile {
        name,
        purpose: raw.purpose,
        en: models(Locale::En, raw.en)?,
        zh_tw: models(Locale::ZhTw, raw.zh_tw)?,
        zh_cn: models(Locale::ZhCn, raw.zh_cn)?,
    })
}

fn models(raw: RawModels, locale: Locale, catalog: &Catalog) -> Result<ProfileModels, String> {
    let model = |name: &str, task: Task| {
        let entry = catalog.entry(name).map_err(|fault| fault.to_string())?;
        if entry.task != task {
            return Err(format!("`{name}` does {}, not {task}", entry.task));
        }
        // A model that lists no languages works for all of them.
        if !entry.languages.is_empty() && !entry.languages.contains(&locale.language()) {
            return Err(format!("`{name}` does not know the language `{}`", locale.language()));
        }
        Ok(entry.name.clone())
    };
    Ok(ProfileModels {
        recognizer: model(&raw.recognizer, Task::Recognition)?,
        voice: model(&raw.voice, Task::Voice)?,
        vad: model(&raw.vad, Task::VoiceActivity)?,
        turn: model(&raw.turn, Task::EndOfTurn)?,
        language_model: raw.language_model.map(|name| model(&name, Task::LanguageModel)).transpose()?,
        embedding: raw.embedding.map(|name| model(&name, Task::Embedding)).transpose()?,
        peak_memory: raw.peak_memory_mb.map(Megabytes),
    })
}
