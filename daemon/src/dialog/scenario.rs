//! A scenario: one folder with `scenario.yaml` and `knowledge/*.md`, written by the office. A scenario that exists in several languages has a
//! folder of this kind for each, named by its tag: `en`, `zh-TW`, `zh-CN`.
//!
//! The file is read into plain structs that refuse unknown keys, then checked into a [`Scenario`]; every error names the file, the
//! place in it, and how to mend it.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use sha2::{Digest, Sha256};
use switchhook_models::Locale;
use switchhook_models::asr::grammar::common;

use super::knowledge::Passage;
use super::retrieval::{Entry, ReadAloud};
use super::understanding::Understanding;
use super::words;
use crate::lines::Key;

/// No file of a scenario is larger than this.
const LARGEST: u64 = 1 << 20;
/// No scenario has more passages than this.
const MOST_PASSAGES: usize = 2_000;

/// What a caller can want besides an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Intent {
    /// A person.
    Person,
    /// To leave a message.
    Message,
    /// To complain: a message with a deadline, for a person.
    Complaint,
    /// Help at once, from somebody whose work that is.
    Emergency,
    /// The last thing said, again.
    Repeat,
    /// To know whether this is a robot.
    Robot,
    /// To end the call.
    Goodbye,
    /// Yes.
    Yes,
    /// No.
    No,
}

impl Intent {
    /// The word in records.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::Message => "message",
            Self::Complaint => "complaint",
            Self::Emergency => "emergency",
            Self::Repeat => "repeat",
            Self::Robot => "robot",
            Self::Goodbye => "goodbye",
            Self::Yes => "yes",
            Self::No => "no",
        }
    }
}

/// How an intent is recognised.
#[derive(Clone, Debug, Default)]
pub struct Signs {
    /// What it means, in a few words: how it is put to the language model.
    pub means: String,
    /// Phrases that decide wherever they stand; `*` is up to three words.
    pub words: Vec<Vec<String>>,
    /// Examples of whole sentences, compared by closeness.
    pub examples: Vec<String>,
}

impl Signs {
    /// What is searched.
    #[must_use]
    pub fn entry(&self) -> Entry {
        Entry { asked: self.examples.clone(), answer: String::new() }
    }
}

/// How the robot calls whom it has no name for.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Names {
    /// The person that a call is passed to.
    pub person: String,
    /// Whom a message is for that names nobody.
    pub office: String,
    /// Whom a complaint is for.
    pub complaints: String,
}

impl Names {
    pub(super) fn usual(language: Locale) -> Self {
        let [person, office, complaints] = match language {
            Locale::En => ["a person", "the office", "complaints"],
            Locale::ZhTw => ["專人", "公司", "客訴部門"],
            Locale::ZhCn => ["人工客服", "公司", "投诉部门"],
        };
        Self { person: person.to_owned(), office: office.to_owned(), complaints: complaints.to_owned() }
    }
}

/// What the robot says. `{person}`, `{recipient}`, `{message}` and `{number}` are filled in.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lines {
    /// After the disclosure.
    pub greeting: String,
    /// After an answer.
    pub more: String,
    /// When nothing was understood: the first time, the second time, and so on; each asks differently.
    pub not_understood: Vec<String>,
    /// When the caller says nothing: each time another.
    pub silence: Vec<String>,
    /// Before the call is passed on.
    pub transfer: String,
    /// When nobody took it; a message is taken next.
    pub nobody_there: String,
    /// When the call is passed on in an emergency.
    pub emergency: String,
    /// To the question whether this is a robot.
    pub robot: String,
    /// For whom the message is, if the caller did not say.
    pub ask_recipient: String,
    /// What the message is.
    pub ask_message: String,
    /// Where to call back, if the caller did not say.
    pub ask_number: String,
    /// The message with a number, read back.
    pub read_back: String,
    /// The message without a number, read back.
    pub read_back_without_number: String,
    /// To a yes or no that was neither.
    pub ask_yes_no: String,
    /// When the caller said that it is not right.
    pub again: String,
    /// When it is kept.
    pub message_kept: String,
    /// The last words.
    pub goodbye: String,
}

/// A checked scenario.
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
    /// What the robot says.
    pub lines: Lines,
    /// How it calls whom it has no name for.
    pub names: Names,
    /// What each key does.
    pub keys: BTreeMap<char, Intent>,
    /// How intents are recognised.
    pub intents: BTreeMap<Intent, Signs>,
    /// What the office knows.
    pub knowledge: Vec<Passage>,
    /// How callers hear `person` called.
    spoken: String,
    /// Intents and knowledge, ready to be searched.
    pub(super) understanding: Understanding,
}

/// What is wrong with a scenario, where, and how to mend it.
#[derive(Debug, thiserror::Error)]
#[error("{path}: {what}")]
pub struct ScenarioError {
    path: PathBuf,
    what: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    goal: String,
    language: String,
    person: String,
    #[serde(default = "two")]
    attempts: u32,
    lines: Lines,
    names: Option<Names>,
    #[serde(default)]
    keys: BTreeMap<String, Intent>,
    intents: BTreeMap<Intent, RawSigns>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawSigns {
    means: String,
    #[serde(default)]
    words: Vec<String>,
    #[serde(default)]
    examples: Vec<String>,
}

fn two() -> u32 {
    2
}

impl Scenario {
    /// Read and check the scenario in `dir`, in this language. Blocking: it is called while starting.
    ///
    /// # Errors
    /// Names the file, the place and the remedy.
    pub fn load(dir: &Path, language: Locale) -> Result<Self, ScenarioError> {
        let name = dir.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let own = dir.join(language.tag());
        let scenario = Self::read(name, if own.is_dir() { &own } else { dir })?;
        if scenario.language == language {
            return Ok(scenario);
        }
        let what = format!(
            "the scenario is in `{}`, but the office speaks `{language}`: set office.language, or write one in {}",
            scenario.language,
            own.display()
        );
        Err(ScenarioError { path: dir.to_owned(), what })
    }

    fn read(name: String, dir: &Path) -> Result<Self, ScenarioError> {
        let file = dir.join("scenario.yaml");
        let text = read(&file)?;
        let mut sum = Sha256::new();
        sum.update(text.as_bytes());
        let mut knowledge = Vec::new();
        for path in markdown_files(&dir.join("knowledge"))? {
            let text = read(&path)?;
            sum.update(text.as_bytes());
            let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            knowledge.extend(Passage::parse_page(&name, &text).map_err(|what| ScenarioError { path, what })?);
        }
        let version = sum.finalize().iter().fold(String::new(), |mut hex, byte| {
            let _ = write!(hex, "{byte:02x}");
            hex
        });
        Self::parse(name, version, &text, knowledge).map_err(|what| ScenarioError { path: file, what })
    }

    /// Check the text of a `scenario.yaml` together with the knowledge beside it.
    ///
    /// # Errors
    /// Says what is wrong and how to mend it.
    pub fn parse(name: String, version: String, text: &str, knowledge: Vec<Passage>) -> Result<Self, String> {
        let file: File = serde_saphyr::from_str(text).map_err(|error| error.to_string())?;
        let language: Locale = file.language.parse().map_err(|error| format!("language: {error}"))?;
        let names = file.names.unwrap_or_else(|| Names::usual(language));
        if !(1..=5).contains(&file.attempts) {
            return Err(format!("attempts: {}: use 1 to 5", file.attempts));
        }
        if file.lines.not_understood.is_empty() || file.lines.silence.is_empty() {
            return Err("lines: not_understood and silence each need at least one sentence".into());
        }
        if knowledge.len() > MOST_PASSAGES {
            return Err(format!("knowledge: {} passages; no more than {MOST_PASSAGES} are searched in time", knowledge.len()));
        }
        let keys = file.keys.iter().map(|(key, &intent)| key_of(key).map(|key| (key, intent))).collect::<Result<BTreeMap<_, _>, _>>()?;
        let intents: BTreeMap<Intent, Signs> = file.intents.into_iter().map(|(intent, signs)| (intent, signs.checked())).collect();
        // A caller can always reach a person, by word and by key, whatever the office leaves out (rules: "a person").
        if intents.get(&Intent::Person).is_none_or(|signs| signs.words.is_empty()) {
            return Err("intents: person: write the words by which callers ask for a person".into());
        }
        if keys.get(&'0') != Some(&Intent::Person) {
            return Err("keys: \"0\" must be `person`: callers rely on it".into());
        }
        let answers = common::yes_or_no(language.language()).map_err(|error| error.to_string())?;
        Ok(Self {
            name,
            version,
            goal: file.goal,
            language,
            person: file.person,
            attempts: file.attempts,
            lines: file.lines,
            keys,
            spoken: names.person.clone(),
            names,
            understanding: Understanding::of(language.language(), &intents, &knowledge, answers),
            intents,
            knowledge,
        })
    }

    /// The same scenario, whose callers hear the person called so.
    #[must_use]
    pub fn with_person_called(self, spoken: &str) -> Self {
        Self { spoken: spoken.to_owned(), ..self }
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

    /// What is said before the call is passed to the scenario's person.
    #[must_use]
    pub fn transfer_line(&self) -> String {
        self.transfer_line_to(&self.spoken)
    }

    /// What is said before the call is passed to somebody who is called so.
    #[must_use]
    pub fn transfer_line_to(&self, spoken: &str) -> String {
        self.lines.transfer.replace("{person}", spoken)
    }

    /// What a key does.
    #[must_use]
    pub fn key(&self, key: Key) -> Option<Intent> {
        self.keys.get(&key.char()).copied()
    }

    /// Every sentence that is the same in each call: what is worth rendering before the first one.
    #[must_use]
    pub fn fixed_lines(&self) -> Vec<String> {
        let lines = &self.lines;
        let single =
            [&lines.greeting, &lines.more, &lines.nobody_there, &lines.emergency, &lines.robot, &lines.ask_recipient, &lines.ask_number];
        let rest = [&lines.ask_yes_no, &lines.again, &lines.message_kept, &lines.goodbye];
        let several = lines.not_understood.iter().chain(&lines.silence).chain(self.knowledge.iter().map(|passage| &passage.answer));
        let all = single.into_iter().chain(rest).chain(several).filter(|line| !line.contains('{')).cloned();
        all.chain([self.transfer_line()]).collect()
    }
}

impl RawSigns {
    fn checked(self) -> Signs {
        Signs {
            means: self.means,
            words: self.words.iter().map(|phrase| words::phrase(phrase)).filter(|p| !p.is_empty()).collect(),
            examples: self.examples,
        }
    }
}

fn key_of(text: &str) -> Result<char, String> {
    let mut chars = text.chars();
    match (chars.next().and_then(Key::new), chars.next()) {
        (Some(key), None) => Ok(key.char()),
        _ => Err(format!("keys: {text:?}: use one of 0-9, * and #, in quotes")),
    }
}

fn read(path: &Path) -> Result<String, ScenarioError> {
    let problem = |what: String| ScenarioError { path: path.to_owned(), what };
    let length = std::fs::metadata(path).map_err(|error| problem(format!("cannot be read: {error}")))?.len();
    if length > LARGEST {
        return Err(problem("is larger than 1 MiB; split it".into()));
    }
    std::fs::read_to_string(path).map_err(|error| problem(format!("cannot be read: {error}")))
}

/// In the order of their names, so that the version does not depend on the folder's order.
fn markdown_files(dir: &Path) -> Result<Vec<PathBuf>, ScenarioError> {
    let problem = |error: std::io::Error| ScenarioError { path: dir.to_owned(), what: format!("cannot be listed: {error}") };
    let entries = match std::fs::read_dir(dir) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries.map_err(problem)?,
    };
    let mut files = Vec::new();
    for entry in entries {
        let path = entry.map_err(problem)?.path();
        if path.extension().is_some_and(|extension| extension == "md") {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}
