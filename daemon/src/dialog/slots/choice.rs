//! A thing that the office names, and by which names callers call it.

use std::collections::BTreeMap;

use serde::Deserialize;
use switchhook_models::Locale;

use crate::dialog::words::words;

/// One thing of several.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "Raw")]
pub struct Choice {
    /// The word in records.
    pub id: String,
    /// By which names it goes, in each language; the first is how the robot calls it.
    names: BTreeMap<&'static str, Vec<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    id: String,
    names: BTreeMap<String, Vec<String>>,
}

impl Choice {
    /// A thing by this id, called so in this language.
    #[must_use]
    pub fn new(id: &str, names: &[(Locale, &[&str])]) -> Self {
        let names = names.iter().map(|(locale, names)| (locale.tag(), names.iter().map(|&name| name.to_owned()).collect()));
        Self { id: id.to_owned(), names: names.collect() }
    }

    /// What callers call it in this language; nothing if the scenario does not say.
    #[must_use]
    pub fn names(&self, locale: Locale) -> &[String] {
        self.names.get(locale.tag()).map(Vec::as_slice).unwrap_or_default()
    }
}

impl TryFrom<Raw> for Choice {
    type Error = String;

    fn try_from(Raw { id, names }: Raw) -> Result<Self, String> {
        if id.trim().is_empty() {
            return Err("options: an `id` is empty: write a word that records will show".into());
        }
        if names.is_empty() {
            return Err(format!("options: {id}: write its `names`, such as {{ en: [cleaning], zh-TW: [洗牙] }}"));
        }
        let checked = |(tag, names): (String, Vec<String>)| {
            let locale: Locale = tag.parse().map_err(|error| format!("options: {id}: names: {error}"))?;
            if names.is_empty() {
                return Err(format!("options: {id}: names: {tag}: write at least one name"));
            }
            match names.iter().find(|name| words(name).is_empty()) {
                Some(name) => Err(format!("options: {id}: names: {tag}: {name:?} cannot be said: write it in letters or characters")),
                None => Ok((locale.tag(), names)),
            }
        };
        let names = names.into_iter().map(checked).collect::<Result<_, String>>()?;
        Ok(Self { id, names })
    }
}
