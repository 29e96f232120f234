//! What callers say: of any office (`hil-tests/speech/callers`), and what they want of one (`callers/<tag>.yaml` in its scenario).

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context as _, ensure};
use jiff::civil::DateTime;
use serde::Deserialize;
use switchhook_models::Locale;

/// Ways to say one thing.
pub type Ways = Vec<String>;

const ENGLISH: &str = include_str!("../../speech/callers/en.yaml");
const MANDARIN: &str = include_str!("../../speech/callers/zh-TW.yaml");

/// What callers of any office say. `{value}`, `{message}` and `{phone}` are put in.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Common {
    pub yes: Ways,
    pub no: Ways,
    /// Before what they say first.
    pub hello: Ways,
    /// When they have what they wanted.
    pub goodbye: Ways,
    /// When they have not.
    pub leave: Ways,
    pub person: Ways,
    pub again: Ways,
    pub robot: Ways,
    pub dont_know: Ways,
    /// Nothing that anybody asked.
    pub off_topic: Ways,
    /// While the robot speaks, to say that it shall go on.
    pub backchannel: Ways,
    pub names: Ways,
    pub name: Ways,
    pub recipients: Ways,
    pub recipient: Ways,
    pub messages: Ways,
    pub complaints: Ways,
    pub phone: Ways,
    pub with_phone: Ways,
    pub no_phone: Ways,
    pub choice: Ways,
    pub when: Ways,
    pub number: Ways,
    pub other: Ways,
    /// Words of the robot's by which it tells that keys can be pressed.
    pub keys: Ways,
    /// When something was read back that they did not say.
    pub wrong: Wrong,
}

/// How a value is put right.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wrong {
    pub name: Ways,
    pub phone: Ways,
    pub when: Ways,
    pub choice: Ways,
    pub other: Ways,
    pub message: Ways,
}

/// What callers want of one office.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Own {
    pub goals: Vec<Goal>,
    /// When they call, in the office's time; a Thursday morning, where nothing is written.
    pub now: Option<DateTime>,
    /// How many calls there are then, theirs with them; 1, where nothing is written.
    pub calls: Option<usize>,
    /// What they tell for a slot whose kind does not say what there is to tell: texts, plates, part numbers.
    #[serde(default)]
    pub facts: BTreeMap<String, Vec<Fact>>,
    /// How they answer a question of the scenario's beside the common ways, by the message that asks it, or by the slot.
    #[serde(default)]
    pub replies: BTreeMap<String, Replies>,
}

/// Answers to one question.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Replies {
    #[serde(default)]
    pub yes: Ways,
    /// No; for a slot, that they do not tell it.
    #[serde(default)]
    pub no: Ways,
}

/// Something that a caller can want.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Goal {
    pub name: String,
    /// How many callers want it, compared with the others.
    #[serde(default = "one")]
    pub weight: u32,
    pub wants: Wants,
    /// How they say so. Who is called for what they want needs not.
    #[serde(default)]
    pub says: Ways,
    /// How they say so and tell values with it: `{slot}` or, for a message, `{recipient}`.
    #[serde(default)]
    pub at_once: Ways,
    /// In a call that the robot places, the question that they say it instead of answering: the message that asks it, or the slot. The first, where nothing is written.
    pub at: Option<String>,
    /// What they answer to the scenario's questions, by the messages that ask; yes, where nothing is written.
    #[serde(default)]
    pub answers: BTreeMap<String, bool>,
    /// Slots for which they tell nothing.
    #[serde(default)]
    pub withholds: Vec<String>,
    /// When they call, if not when the others do.
    pub now: Option<DateTime>,
    /// How many calls there are then.
    pub calls: Option<usize>,
    /// Look-ups in whose files the office has them, with what they tell.
    #[serde(default)]
    pub known: Vec<String>,
    /// What these look-ups find after the call, by the names that it has there.
    #[serde(default)]
    pub then: BTreeMap<String, Then>,
    /// A task was left that says what these slots hold.
    #[serde(default)]
    pub task: Vec<String>,
    /// The robot must not say what these slots hold: it is no matter of whoever has the phone.
    #[serde(default)]
    pub untold: Vec<String>,
}

/// When they have it.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Wants {
    /// This passage was said.
    Answer(String),
    /// This flow came to this result, with what they told.
    Flow { name: String, result: String },
    /// A message was kept.
    Message,
    /// A complaint was kept.
    Complaint,
    /// They were passed on.
    Person,
    /// A flow passed them on to this person.
    Through(String),
    /// They are not called any more.
    OptOut,
    /// Nothing but to be left alone.
    Peace,
}

/// What a look-up finds.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub enum Then {
    /// Nothing: `nothing`.
    Nothing(Nothing),
    /// By the name that it has there, what the caller told for this slot.
    Row(BTreeMap<String, String>),
}

/// `nothing`.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Nothing {
    Nothing,
}

/// What is told for a slot.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub enum Fact {
    /// It is kept as it is said.
    Said(String),
    /// It is kept otherwise.
    Kept { says: String, value: String },
}

fn one() -> u32 {
    1
}

impl Common {
    pub fn read(locale: Locale) -> anyhow::Result<Self> {
        let text = match locale {
            Locale::En => ENGLISH.to_owned(),
            Locale::ZhTw => MANDARIN.to_owned(),
            Locale::ZhCn => in_script(MANDARIN, locale)?,
        };
        Ok(serde_saphyr::from_str(&text)?)
    }

    /// Whether the robot said that keys can be pressed.
    pub fn tells_of_keys(&self, said: &str) -> bool {
        self.keys.iter().any(|words| said.contains(words.as_str()))
    }
}

impl Own {
    /// `None` if nobody wrote what callers want there.
    pub fn read(scenario: &Path, locale: Locale) -> anyhow::Result<Option<Self>> {
        let place = |locale: Locale| scenario.join("callers").join(format!("{locale}.yaml"));
        let tags: &[Locale] = match locale {
            Locale::En => &[Locale::En],
            Locale::ZhTw => &[Locale::ZhTw, Locale::ZhCn],
            Locale::ZhCn => &[Locale::ZhCn, Locale::ZhTw],
        };
        let Some(&tag) = tags.iter().find(|&&tag| place(tag).is_file()) else { return Ok(None) };
        let path = place(tag);
        let text = std::fs::read_to_string(&path).with_context(|| format!("{} cannot be read", path.display()))?;
        let text = if tag == locale { text } else { in_script(&text, locale)? };
        let own: Self = serde_saphyr::from_str(&text).with_context(|| path.display().to_string())?;
        ensure!(!own.goals.is_empty(), "{}: nobody wants anything; write `goals`", path.display());
        if let Some(goal) =
            own.goals.iter().find(|goal| goal.says.is_empty() && !matches!(goal.wants, Wants::Flow { .. } | Wants::Through(_)))
        {
            anyhow::bail!("{}: the goal `{}` has no `says`", path.display(), goal.name);
        }
        Ok(Some(own))
    }
}

fn in_script(text: &str, locale: Locale) -> anyhow::Result<String> {
    Ok(match locale.script() {
        Some(script) => script.converter()?.convert(text),
        None => text.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn callers_have_something_to_say_in_every_language() {
        for locale in Locale::ALL {
            let common = Common::read(locale).unwrap();
            assert!(common.names.len() > 10 && common.phone.iter().all(|way| way.contains("{value}")), "{locale}");
        }
    }
}
