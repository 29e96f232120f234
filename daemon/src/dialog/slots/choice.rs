//! A thing that the office names, and by which names callers call it.

use std::collections::BTreeMap;

use serde::Deserialize;
use switchhook_models::Locale;

use crate::dialog::scenario::folder;
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

    /// Call it in this language as in Mandarin's other script, put into this one, if it is named in that alone.
    fn put_into_script(&mut self, locale: Locale, converted: impl Fn(&str) -> String) {
        let written = folder::tags(locale).iter().find_map(|tag| self.names.get(tag.tag()));
        if let Some(names) = written.map(|names| names.iter().map(|name| converted(name)).collect())
            && self.names(locale).is_empty()
        {
            self.names.insert(locale.tag(), names);
        }
    }

    /// Give all of these names in every one of these languages: Mandarin needs to be written in one script alone.
    ///
    /// # Errors
    /// Names the thing that nobody could name in one of the languages.
    pub(in crate::dialog) fn name_all_in(all: &mut [Self], languages: &[Locale]) -> Result<(), String> {
        for &locale in languages {
            if let Some(script) = locale.script()
                && all.iter().any(|choice| choice.names(locale).is_empty())
            {
                let converter = script.converter().map_err(|error| error.to_string())?;
                all.iter_mut().for_each(|choice| choice.put_into_script(locale, |name| converter.convert(name)));
            }
            if let Some(Self { id, .. }) = all.iter().find(|choice| choice.names(locale).is_empty()) {
                return Err(format!(
                    "the option `{id}` has no names in {locale}, and nobody could choose it: add `{locale}: [NAME]` to its `names`"
                ));
            }
        }
        Ok(())
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
