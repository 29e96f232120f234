//! What callers say: of any office (`hil-tests/speech/callers`), and what they want of one (`callers/<tag>.yaml` in its scenario).

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context as _, ensure};
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
    /// What they tell for a slot whose kind does not say what there is to tell: texts, plates, part numbers.
    #[serde(default)]
    pub facts: BTreeMap<String, Vec<Fact>>,
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
    /// How they say so.
    pub says: Ways,
    /// How they say so and tell values with it: `{slot}` or, for a message, `{recipient}`.
    #[serde(default)]
    pub at_once: Ways,
    /// What they answer to the scenario's questions, by the messages that ask; yes, where nothing is written.
    #[serde(default)]
    pub answers: BTreeMap<String, bool>,
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
        if let Some(goal) = own.goals.iter().find(|goal| goal.says.is_empty()) {
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
