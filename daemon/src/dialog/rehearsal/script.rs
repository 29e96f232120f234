//! `tests/*.yaml` as it is written.
//!
//! ```yaml
//! language: en
//! conversations:
//!   - title: A message is taken and read back
//!     turns:
//!       - caller: I'd like to leave a message for Maria Chen.
//!         robot: Maria Chen
//!       - caller: Please ask her to call me back on 02-555-1234.
//!       - caller: Yes, that's right.
//!         keeps: {for: Maria Chen, number: "025551234", confirmed: true}
//!       - caller: That's all, goodbye.
//!     ends: message-taken
//! ```

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use jiff::Zoned;
use jiff::civil::{DateTime, date};
use jiff::tz::TimeZone;
use serde::Deserialize;
use serde::de::Error as _;
use serde_saphyr::Spanned;
use switchhook_models::Locale;

use super::answer::{Answer, Opening};
use super::words::{Deed, Ending};
use crate::dialog::action::About;
use crate::dialog::scenario::{Scenario, ScenarioError, folder};
use crate::lines::Key;

/// The source of what is taken from no passage.
pub(super) const NO_SOURCE: &str = "none";
/// Of the passages that may have been meant, so many are told.
const MOST_NEAREST: usize = 3;

/// The conversations of one file.
#[derive(Debug, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "Conversations that must go as written: tests/*.yaml of a scenario")]
pub struct Conversations {
    /// The language that they are held in: `en`, `zh-TW` or `zh-CN`.
    #[schemars(with = "String")]
    pub language: Locale,
    /// When they begin, in the office's own time: "tomorrow" is counted from here. Unless it is written, a Monday morning: 2026-01-05T10:00.
    #[serde(default = "a_monday")]
    #[schemars(with = "String")]
    now: DateTime,
    /// The conversations.
    pub conversations: Vec<Conversation>,
}

/// A conversation, from the robot's greeting on.
#[derive(Debug, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
#[serde(rename_all = "kebab-case")]
pub struct Conversation {
    /// What it shows.
    pub title: String,
    /// When it begins, if not when the others of the file do.
    #[schemars(with = "Option<String>")]
    pub(super) now: Option<DateTime>,
    /// How many calls there are then, this one with them; 1 unless it is written.
    pub(super) calls: Option<usize>,
    /// The number at the other end of the line.
    pub(super) number: Option<String>,
    /// What whoever places the call gives, by the names of the scenario's `given`.
    #[serde(default)]
    pub(super) given: BTreeMap<String, String>,
    /// What look-ups find, whatever they are asked: a row, several, or `nothing`, `failed`, `too-slow`. Those that are not here look into the
    /// scenario's own files.
    #[serde(default, rename = "look-ups")]
    pub(super) lookups: BTreeMap<String, Answer>,
    /// What the robot says first.
    pub(super) opening: Option<Opening>,
    /// What the caller does, and what is expected of the robot.
    pub(super) turns: Vec<Turn>,
    /// How it ends.
    #[schemars(with = "Option<Ending>")]
    pub(super) ends: Option<Spanned<Ending>>,
    /// Whether the caller got what they came for: by what results (`booked`, `answered message-taken`), or why not (`left-halfway`, `not-understood`).
    #[schemars(with = "Option<String>")]
    pub(super) goal: Option<Spanned<String>>,
}

/// What the caller does, and what is expected of the robot then.
#[derive(Debug)]
pub(super) enum Turn {
    /// Says this.
    Caller(Spanned<String>, Expected),
    /// Presses these keys, one after the other.
    Keys(Spanned<String>, Expected),
    /// Says nothing for as long as they had been given.
    Silence(usize, Expected),
    /// Speaks, but no words are found in it.
    Unclear(usize, Expected),
    /// Nobody takes the call that the robot passes on.
    NobodyThere(usize, Expected),
}

/// What is expected of the robot; what is not written may be anything.
#[derive(Debug, Default)]
pub(super) struct Expected {
    pub(super) robot: Option<OneOrMore>,
    pub(super) understood: Option<String>,
    pub(super) source: Option<String>,
    pub(super) does: Option<Deed>,
    pub(super) keeps: Option<Kept>,
}

/// A turn as it is written: exactly one of the first five.
#[derive(Debug, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(rename = "Turn")]
struct RawTurn {
    /// The caller says this.
    #[schemars(with = "Option<String>")]
    caller: Option<Spanned<String>>,
    /// The caller presses these keys.
    #[schemars(with = "Option<String>")]
    keys: Option<Spanned<String>>,
    /// The caller says nothing for as long as they had been given: `true`.
    #[schemars(with = "Option<bool>")]
    silence: Option<Spanned<bool>>,
    /// The caller speaks, but no words are found in it: `true`.
    #[schemars(with = "Option<bool>")]
    unclear: Option<Spanned<bool>>,
    /// Nobody takes the call that the robot passes on: `true`.
    #[schemars(with = "Option<bool>")]
    nobody_there: Option<Spanned<bool>>,
    /// What the robot's answer holds, word for word; one text, or several.
    robot: Option<OneOrMore>,
    /// What the caller was understood as: an intent, the title of a passage in small letters, a slot.
    understood: Option<String>,
    /// Where the answer stands: `file.md#heading`.
    source: Option<String>,
    /// What is done.
    does: Option<Deed>,
    /// The message that is kept.
    keeps: Option<Kept>,
}

/// What is expected of a message that is kept.
#[derive(Debug, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Kept {
    /// For whom.
    #[serde(rename = "for")]
    pub(super) recipient: Option<String>,
    /// What.
    pub(super) text: Option<String>,
    /// Where to call back: digits, or `none`.
    pub(super) number: Option<String>,
    /// Whether the caller said yes when it was read back.
    pub(super) confirmed: Option<bool>,
    /// What it is about.
    pub(super) about: Option<About>,
    /// By when the caller was told that they are called back: `2026-11-27T13:00`, or `none`.
    pub(super) promised: Option<String>,
}

/// One text, or several.
#[derive(Debug, Deserialize, schemars::JsonSchema)]
#[serde(untagged)]
pub(super) enum OneOrMore {
    One(String),
    More(Vec<String>),
}

impl OneOrMore {
    pub(super) fn iter(&self) -> impl Iterator<Item = &str> {
        match self {
            Self::One(text) => std::slice::from_ref(text),
            Self::More(texts) => texts,
        }
        .iter()
        .map(String::as_str)
    }
}

/// The line of what was read.
pub(super) fn line<T>(of: &Spanned<T>) -> usize {
    usize::try_from(of.referenced.line()).unwrap_or_default()
}

impl Turn {
    pub(super) fn line(&self) -> usize {
        match self {
            Self::Caller(text, _) | Self::Keys(text, _) => line(text),
            Self::Silence(line, _) | Self::Unclear(line, _) | Self::NobodyThere(line, _) => *line,
        }
    }

    pub(super) fn expected(&self) -> &Expected {
        match self {
            Self::Caller(_, expected)
            | Self::Keys(_, expected)
            | Self::Silence(_, expected)
            | Self::Unclear(_, expected)
            | Self::NobodyThere(_, expected) => expected,
        }
    }
}

impl<'de> Deserialize<'de> for Turn {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = RawTurn::deserialize(deserializer)?;
        let RawTurn { caller, keys, silence, unclear, nobody_there, robot, understood, source, does, keeps } = raw;
        let expected = Expected { robot, understood, source, does, keeps };
        let happened = |flag: &Option<Spanned<bool>>| flag.as_ref().filter(|flag| flag.value).map(line);
        let turn = match (caller, keys, happened(&silence), happened(&unclear), happened(&nobody_there)) {
            (Some(said), None, None, None, None) => Self::Caller(said, expected),
            (None, Some(keys), None, None, None) => match keys.value.chars().find(|&key| Key::new(key).is_none()) {
                None => Self::Keys(keys, expected),
                Some(odd) => return Err(D::Error::custom(format!("line {}: keys: no telephone has the key {odd:?}", line(&keys)))),
            },
            (None, None, Some(line), None, None) => Self::Silence(line, expected),
            (None, None, None, Some(line), None) => Self::Unclear(line, expected),
            (None, None, None, None, Some(line)) => Self::NobodyThere(line, expected),
            _ => return Err(D::Error::custom("a turn is exactly one of `caller`, `keys`, `silence`, `unclear` and `nobody-there`")),
        };
        Ok(turn)
    }
}

impl schemars::JsonSchema for Turn {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        RawTurn::schema_name()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        RawTurn::json_schema(generator)
    }
}

fn a_monday() -> DateTime {
    date(2026, 1, 5).at(10, 0, 0, 0)
}

/// Rehearsals are held in UTC, which has no clocks that change.
pub(super) fn at(now: DateTime) -> Zoned {
    now.to_zoned(TimeZone::UTC).unwrap_or_default()
}

impl Conversations {
    /// When they begin.
    #[must_use]
    pub fn now(&self) -> Zoned {
        at(self.now)
    }

    /// The conversations of a scenario's `tests/` in this language, with their files, in the order of their names. Mandarin that has none in its script
    /// has those of the other, put into its own. Blocking.
    ///
    /// # Errors
    /// Names the file, the place and the remedy.
    pub fn load(scenario: &Path, locale: Locale) -> Result<Vec<(PathBuf, Self)>, ScenarioError> {
        let files = folder::files(&scenario.join("tests"), "yaml")?;
        let all = files.into_iter().map(|path| Self::read(&path).map(|file| (path, file))).collect::<Result<Vec<_>, _>>()?;
        let Some(&tag) = folder::tags(locale).iter().find(|&&tag| all.iter().any(|(_, file)| file.language == tag)) else {
            return Ok(Vec::new());
        };
        let there: Vec<_> = all.into_iter().filter(|(_, file)| file.language == tag).collect();
        if tag == locale {
            return Ok(there);
        }
        there.into_iter().map(|(path, _)| Self::read_for(&path, locale).map(|file| (path, file))).collect()
    }

    /// Whether everything that the conversations of this file say an answer is taken from is a passage of the scenario's.
    ///
    /// # Errors
    /// Names the file, the line of the turn, and the passages that may have been meant.
    pub fn knows_its_sources(&self, path: &Path, scenario: &Scenario) -> Result<(), ScenarioError> {
        let known: Vec<&str> = scenario.knowledge.iter().map(|passage| passage.source.as_str()).collect();
        let turns = self.conversations.iter().flat_map(|conversation| &conversation.turns);
        for (turn, source) in turns.filter_map(|turn| Some((turn, turn.expected().source.as_deref()?))) {
            if source != NO_SOURCE && !known.contains(&source) {
                let nearest = similar::get_close_matches(source, &known, MOST_NEAREST, 0.0);
                let remedy =
                    if nearest.is_empty() { "the knowledge has none".into() } else { format!("nearest are {}", nearest.join(", ")) };
                return Err(ScenarioError::at(path, Some(turn.line()), format!("source: there is no passage `{source}`: {remedy}")));
            }
        }
        Ok(())
    }

    fn read_for(path: &Path, locale: Locale) -> Result<Self, ScenarioError> {
        folder::converted(folder::page(path.to_owned())?, locale)?.yaml()
    }

    fn read(path: &Path) -> Result<Self, ScenarioError> {
        folder::page(path.to_owned())?.yaml()
    }

    /// The conversations in the text of a file.
    ///
    /// # Errors
    /// Says what is wrong, and where.
    pub fn parse(text: &str) -> Result<Self, String> {
        serde_saphyr::from_str(text).map_err(|error| error.to_string())
    }
}
