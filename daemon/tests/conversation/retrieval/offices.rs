//! Offices with what they know and what callers ask them, read from files beside this one.
//!
//! `asked.txt` and the files of `held-out` are lines of questions under `# heading`: the title of the passage that answers them, the name of the
//! intent that they have, or `nothing`. The shipped scenario `reception` is the office of `held-out`; its intents serve the invented offices of
//! `fitted` too.
#![allow(dead_code, reason = "whoever includes it uses a part of it")]

use std::path::{Path, PathBuf};

use switchhook::dialog::retrieval::{Entry, EntryVectors, ReadAloud, Retrieval};
use switchhook::dialog::{Passage, Scenario};
use switchhook_models::text::script::Script;
use switchhook_models::{Language, Locale};

/// Makes a text's vector.
pub type Embed<'a> = &'a dyn Fn(&str) -> Vec<f32>;

/// An office, and what it is asked.
pub struct Office {
    pub language: Language,
    pub names: Vec<String>,
    /// What each of them means, in a few words.
    pub means: Vec<String>,
    pub entries: Vec<Entry>,
    pub questions: Vec<Question>,
}

/// A question.
pub struct Question {
    pub text: String,
    /// The entry that it means, if any does.
    pub means: Option<usize>,
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/conversation/retrieval")
}

impl Office {
    /// The shipped reception in this language, with the held-out questions.
    pub fn held_out(locale: Locale) -> Self {
        let scenario = reception(locale);
        let file = if locale == Locale::En { "held-out/en.txt" } else { "held-out/zh.txt" };
        let written = locale.script().map(|script: Script| script.converter().unwrap());
        let asked = std::fs::read_to_string(folder().join(file)).unwrap();
        let asked = written.map_or(asked.clone(), |converter| converter.convert(&asked));
        Self::of(&scenario, &scenario.knowledge, locale.language(), &asked)
    }

    /// The invented offices whose questions the weights are fitted to.
    pub fn fitted(language: Language) -> Vec<Self> {
        let (locale, tag) = if language == Language::En { (Locale::En, "en") } else { (Locale::ZhTw, "zh") };
        let scenario = reception(locale);
        let office = |name: &str| {
            let folder = folder().join("fitted").join(name).join(tag);
            let read = |file: &str| std::fs::read_to_string(folder.join(file)).unwrap();
            let knowledge = Passage::parse_page("knowledge.md", &read("knowledge.md")).unwrap();
            Self::of(&scenario, &knowledge, language, &read("asked.txt"))
        };
        ["clinic", "gym"].into_iter().map(office).collect()
    }

    fn of(scenario: &Scenario, knowledge: &[Passage], language: Language, asked: &str) -> Self {
        let by_closeness = scenario.intents.iter().filter(|(_, signs)| !signs.examples.is_empty());
        let intents = by_closeness.map(|(intent, signs)| (intent.as_str().to_owned(), (signs.means.clone(), signs.entry())));
        let passages = knowledge.iter().map(|passage| (passage.title.clone(), (passage.title.clone(), passage.entry())));
        let (names, described): (Vec<String>, Vec<(String, Entry)>) = intents.chain(passages).unzip();
        let (means, entries) = described.into_iter().unzip();
        let (mut questions, mut meant) = (Vec::new(), None);
        for line in asked.lines().map(str::trim).filter(|line| !line.is_empty()) {
            match line.strip_prefix("# ") {
                // Either script's word for it.
                Some("nothing") => meant = None,
                Some(name) => {
                    meant = Some(names.iter().position(|known| known == name).unwrap_or_else(|| panic!("nothing is called `{name}`")));
                }
                None => questions.push(Question { text: line.to_owned(), means: meant }),
            }
        }
        Self { language, names, means, entries, questions }
    }

    /// What the office wrote, ready to be searched.
    pub fn retrieval(&self, sounds: Option<&ReadAloud>, embed: Option<Embed<'_>>) -> Retrieval {
        retrieval(self.language, self.entries.clone(), sounds, embed)
    }
}

/// These entries, ready to be searched by what there is.
pub fn retrieval(language: Language, entries: Vec<Entry>, sounds: Option<&ReadAloud>, embed: Option<Embed<'_>>) -> Retrieval {
    let vectors = embed.map(|embed| entries.iter().map(|entry| vectors(entry, embed)).collect());
    let retrieval = Retrieval::new(language, entries);
    let retrieval = match sounds {
        Some(sounds) => retrieval.with_sounds(sounds.clone()),
        None => retrieval,
    };
    match vectors {
        Some(vectors) => retrieval.with_vectors(vectors),
        None => retrieval,
    }
}

fn vectors(entry: &Entry, embed: Embed<'_>) -> EntryVectors {
    let answer = (!entry.answer.is_empty()).then(|| embed(&entry.answer));
    EntryVectors { asked: entry.asked.iter().map(|text| embed(text)).collect(), answer }
}

fn reception(locale: Locale) -> Scenario {
    Scenario::load(&Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/reception"), locale).unwrap()
}
