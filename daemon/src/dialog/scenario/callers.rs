//! How callers say what they want: `lang/<tag>.yaml`. Every robot knows the common ways (`manners/*.yaml`, compiled in); a scenario adds its own.

use std::collections::BTreeMap;

use serde::Deserialize;
use switchhook_models::Locale;

use super::intent::{Intent, RawSigns, Signs};
use super::listening::{Listening, RawListening};
use crate::dialog::words;

/// What such a file holds.
#[derive(Debug, Default, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "How callers say what they want: lang/<tag>.yaml of a scenario")]
pub(super) struct File {
    /// By wish: the words and sentences in which callers express it, beside those that every robot knows.
    #[serde(default)]
    intents: BTreeMap<Intent, RawSigns>,
    /// By flow: the words and sentences that begin it.
    #[serde(default)]
    flows: BTreeMap<String, RawSigns>,
    /// How a member of staff or a queue is asked for, beside the common ways: `NAME` stands for how they are called.
    #[serde(default)]
    reach: Vec<String>,
    /// What callers say while they listen, and mean no turn by, beside what every robot knows.
    #[serde(default)]
    listening: RawListening,
    /// Phrases of callers who say that they are annoyed; `*` is up to three words. They are counted, and change nothing in the call.
    #[serde(default)]
    annoyed: Vec<String>,
}

/// What stands for a name in `reach`.
const NAME: &str = "NAME";

/// How everything that a caller can want is heard.
#[derive(Debug)]
pub(super) struct Callers {
    pub(super) intents: BTreeMap<Intent, Signs>,
    pub(super) flows: BTreeMap<String, Signs>,
    pub(super) listening: Listening,
    pub(super) annoyed: Vec<Vec<String>>,
}

/// The signs of every wish in this language: the common ones and a scenario's own. `names` are those of whom callers may ask for.
///
/// # Errors
/// Says what is wrong with `own`, and where.
pub(super) fn read(locale: Locale, own: &str, names: &[&str]) -> Result<Callers, serde_saphyr::Error> {
    let mut all = Callers { intents: BTreeMap::new(), flows: BTreeMap::new(), listening: Listening::default(), annoyed: Vec::new() };
    for text in [manners(locale), own] {
        // A file of comments alone is no mapping.
        let file: Option<File> = serde_saphyr::from_str(text)?;
        let File { intents, flows, reach, listening, annoyed } = file.unwrap_or_default();
        all.listening.add(&listening);
        let ways = reach.iter().flat_map(|way| names.iter().map(|name| words::phrase(&way.replace(NAME, name))));
        all.intents.entry(Intent::Person).or_default().words.extend(ways.filter(|way| !way.is_empty()));
        all.annoyed.extend(annoyed.iter().map(|phrase| words::phrase(phrase)).filter(|phrase| !phrase.is_empty()));
        for (intent, raw) in intents {
            all.intents.entry(intent).or_default().add(raw);
        }
        for (flow, raw) in flows {
            all.flows.entry(flow).or_default().add(raw);
        }
    }
    Ok(all)
}

impl Callers {
    /// What is wrong with them, if an example among them could never count.
    pub(super) fn in_vain(&self) -> Option<String> {
        let wishes = self.intents.iter().map(|(intent, signs)| (intent.as_str(), signs));
        let flows = self.flows.iter().map(|(flow, signs)| (flow.as_str(), signs));
        let (wish, example) = wishes.chain(flows).find_map(|(wish, signs)| Some((wish, signs.in_vain()?)))?;
        Some(format!(
            "`{example}` is an example of `{wish}` and holds nothing that this wish counts `only-with`; add what tells it to `only-with`"
        ))
    }
}

fn manners(locale: Locale) -> &'static str {
    match locale {
        Locale::En => include_str!("../../../manners/en.yaml"),
        Locale::ZhTw => include_str!("../../../manners/zh-TW.yaml"),
        Locale::ZhCn => include_str!("../../../manners/zh-CN.yaml"),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn in_every_language_a_person_can_be_asked_for_in_words() {
        for locale in Locale::ALL {
            assert!(!read(locale, "", &[]).unwrap().intents[&Intent::Person].words.is_empty(), "{locale}");
        }
    }

    #[test]
    fn a_scenario_s_ways_are_added_to_those_that_every_robot_knows() {
        let before = read(Locale::En, "# nothing\n", &[]).unwrap().intents[&Intent::Person].words.len();
        let after = read(Locale::En, "intents:\n  person:\n    words: [dispatcher]\n", &[]).unwrap();
        let after = &after.intents[&Intent::Person];
        assert_eq!(after.words.len(), before + 1);
        assert_eq!(after.means, "speak to a person");
    }

    #[test]
    fn whoever_the_scenario_names_can_be_asked_for() {
        let ways = &read(Locale::En, "", &["Maria Chen", "the workshop"]).unwrap().intents[&Intent::Person];
        assert!(ways.decide(&words::words("Could you put me through to Maria Chen?")));
        assert!(ways.decide(&words::words("The workshop, please.")));
        assert!(!ways.decide(&words::words("Where is the workshop?")));
    }

    #[test]
    fn an_example_that_could_never_count_is_told_with_the_remedy() {
        let own = |only_with: &str| format!("intents:\n  emergency:\n    examples: [The lift is stuck]\n    only-with: [{only_with}]\n");
        let fault = read(Locale::En, &own(""), &[]).unwrap().in_vain().unwrap();
        assert!(fault.contains("`The lift is stuck`") && fault.contains("`emergency`") && fault.contains("`only-with`"), "{fault}");
        assert_eq!(read(Locale::En, &own("lift * stuck"), &[]).unwrap().in_vain(), None);
    }

    #[test]
    fn a_wish_that_nobody_knows_is_told_with_its_line() {
        let fault = read(Locale::En, "intents:\n  persom:\n    words: [dispatcher]\n", &[]).unwrap_err().to_string();
        assert!(fault.contains("line 2") && fault.contains("persom"), "{fault}");
    }
}
