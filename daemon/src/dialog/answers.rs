//! What a caller most likely answers to a question that has few answers, made ready for the recogniser: yes or no, one of a choice, a small number. What counts
//! wherever it is said (a person, once more, slower) is listened for as well, so that it is not taken for the answer that sounds nearest.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use switchhook_models::asr::grammar::{Grammar, common};
use switchhook_models::{Language, Locale, Result};

use super::scenario::{Intent, Signs};
use super::slots::{Kind, Limits};
use super::words::{contains, is_han, words};

/// An answer that is less sure than this does not stand against what was freely heard.
pub const SURE: f32 = 0.6;
/// A lone Mandarin yes or no is short: one that is less sure is asked for once more, since a wrong no ends many a call. Measured with Whisper small on 148 of them of our voices over
/// the line: 122 of 123 that are as sure are right, and 138 of 140 at 0.6. In simulated calls, those that were taken for the other had 0.61 to 0.87.
const SURE_OF_A_MANDARIN_ANSWER: f32 = 0.9;
/// A number that is less sure is asked for once more, or by key: nobody notices a wrong one. Measured with Whisper small on 103 Mandarin digits of our voices over the line: 36 of
/// the 37 that are as sure are right, and 48 of 59 at 0.6.
const SURE_OF_A_NUMBER: f32 = 0.8;
/// Intents that callers name instead of an answer. What is dangerous to mishear (an emergency, a threat) is not here: it is told from free words alone.
const INSTEAD: [Intent; 6] = [Intent::Person, Intent::OptOut, Intent::Complaint, Intent::Repeat, Intent::Slower, Intent::Robot];

/// Intents whose words are believed as they were freely heard, however near an answer sounds.
const DECIDING: [Intent; 6] = [Intent::Emergency, Intent::Threat, Intent::Person, Intent::OptOut, Intent::OwnData, Intent::Complaint];

/// How well a call may have helped.
pub(super) const MARKS: Limits = Limits { least: Some(1), most: Some(5) };

/// The answers to one question. A copy costs nothing.
#[derive(Clone, Serialize, Deserialize)]
pub struct Answers(Arc<Listened>);

#[derive(Serialize, Deserialize)]
struct Listened {
    grammar: Grammar,
    tells: Tells,
    sure: f32,
    instead: Arc<Instead>,
}

/// What counts wherever it is said.
#[derive(Default, Serialize, Deserialize)]
struct Instead {
    /// Phrases that stand in the grammar as well.
    phrases: Vec<String>,
    /// Words that decide by themselves, wherever they stand.
    deciding: Vec<Vec<String>>,
}

/// What the dialog is told of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Tells {
    /// Its words as they were heard.
    Words,
    /// What it means: the name of a choice, a number in digits.
    Meaning,
}

impl Answers {
    fn of(answers: common::Answers, tells: Tells, sure: f32, instead: &Arc<Instead>) -> Result<Self> {
        Ok(Self(Arc::new(Listened { grammar: answers.grammar()?, tells, sure, instead: Arc::clone(instead) })))
    }

    /// Whether this meaning is no answer, but something that callers say instead.
    #[must_use]
    pub fn is_instead(&self, meaning: &[String]) -> bool {
        matches!(meaning, [meaning] if self.0.instead.phrases.contains(meaning))
    }

    /// Whether these words decide by themselves, whatever was asked: a person, no more calls, an emergency.
    #[must_use]
    pub fn is_decided_by(&self, said: &str) -> bool {
        let said = words(said);
        self.0.instead.deciding.iter().any(|phrase| contains(&said, phrase))
    }

    /// What the recogniser follows.
    #[must_use]
    pub fn grammar(&self) -> &Grammar {
        &self.0.grammar
    }

    /// What the dialog is told of one of them.
    #[must_use]
    pub fn tells(&self) -> Tells {
        self.0.tells
    }

    /// How sure one of them has to be, to stand against what was freely heard.
    #[must_use]
    pub fn sure(&self) -> f32 {
        self.0.sure
    }
}

impl fmt::Debug for Answers {
    /// Without its grammar, which has thousands of nodes.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Answers").field("tells", &self.0.tells).field("sure", &self.0.sure).finish_non_exhaustive()
    }
}

impl PartialEq for Answers {
    /// Whether they belong to the same question.
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl Eq for Answers {}

/// The answers to all questions of a scenario that have few.
#[derive(Clone, Debug)]
pub struct Answering {
    yes_or_no: Answers,
    marks: Answers,
    slots: Vec<Option<Answers>>,
}

impl Answering {
    /// To the questions for these slots, for a yes or a no, and for a mark.
    ///
    /// # Errors
    /// [`switchhook_models::Error::Input`] if there are too many.
    pub fn of(locale: Locale, slots: &[(String, Kind)], intents: &BTreeMap<Intent, Signs>) -> Result<Self> {
        let deciding = DECIDING.iter().filter_map(|intent| intents.get(intent)).flat_map(|signs| signs.words.iter().cloned());
        let instead = Arc::new(Instead { phrases: instead(intents), deciding: deciding.collect() });
        let empty = || common::Answers::new(locale.language()).or(instead.phrases.iter().map(String::as_str));
        let sure = if locale.language() == Language::Zh { SURE_OF_A_MANDARIN_ANSWER } else { SURE };
        let yes_or_no = Answers::of(empty().yes_or_no(), Tells::Words, sure, &instead)?;
        let few = |kind: &Kind| {
            Ok(match kind {
                Kind::YesNo => Some(yes_or_no.clone()),
                Kind::Number(limits) => numbers(*limits)
                    .map(|numbers| Answers::of(empty().numbers(numbers), Tells::Meaning, SURE_OF_A_NUMBER, &instead))
                    .transpose()?,
                Kind::Choice(options) => {
                    let mut named = empty();
                    for names in options.iter().map(|option| option.names(locale)) {
                        if let Some(first) = names.first() {
                            named = named.named(first, names.iter().map(String::as_str));
                        }
                    }
                    Some(Answers::of(named, Tells::Meaning, SURE, &instead)?)
                }
                _ => None,
            })
        };
        Ok(Self {
            slots: slots.iter().map(|(_, kind)| few(kind)).collect::<Result<_>>()?,
            marks: few(&Kind::Number(MARKS))?.unwrap_or_else(|| yes_or_no.clone()),
            yes_or_no,
        })
    }

    /// A yes or a no.
    #[must_use]
    pub fn yes_or_no(&self) -> Answers {
        self.yes_or_no.clone()
    }

    /// How well the call helped.
    #[must_use]
    pub fn mark(&self) -> Answers {
        self.marks.clone()
    }

    /// To the question for a slot, by its place, if that has few.
    #[must_use]
    pub fn slot(&self, place: usize) -> Option<Answers> {
        self.slots.get(place).cloned().flatten()
    }
}

/// What callers say instead of an answer, as the manners and the scenario have it: the examples of an intent, and those of its words that are phrases. An intent without
/// examples is heard by all of its words.
fn instead(intents: &BTreeMap<Intent, Signs>) -> Vec<String> {
    let phrases = |signs: &Signs| {
        let known = signs.words.iter().filter(|words| !words.iter().any(|word| word == "*"));
        let long = known.filter(|words| signs.examples.is_empty() || is_phrase(words)).map(|words| words.join(" "));
        signs.examples.iter().cloned().chain(long).collect::<Vec<_>>()
    };
    let mut all: Vec<String> = INSTEAD.iter().filter_map(|intent| intents.get(intent)).flat_map(phrases).collect();
    all.retain(|phrase| phrase.chars().any(char::is_alphanumeric));
    all.sort_unstable();
    all.dedup();
    all
}

/// Whether these words are long enough that no answer sounds like them: "agent" and 真人 are not, nor is "repeat it".
fn is_phrase(words: &[String]) -> bool {
    /// In letters of English.
    const SHORTEST: usize = 9;
    /// In characters of Mandarin.
    const SHORTEST_HAN: usize = 3;
    let han = words.iter().filter(|word| word.chars().all(is_han)).count();
    if han > 0 { han >= SHORTEST_HAN } else { words.len() > 1 && words.iter().map(String::len).sum::<usize>() >= SHORTEST }
}

/// The numbers within these limits, if they are few and small.
fn numbers(limits: Limits) -> Option<std::ops::RangeInclusive<usize>> {
    let (least, most) = (usize::try_from(limits.least?).ok()?, usize::try_from(limits.most?).ok()?);
    (most < common::MOST_NUMBERS && least <= most).then_some(least..=most)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::path::Path;

    use super::*;
    use crate::dialog::Scenario;

    fn answering(scenario: &str, locale: Locale) -> (Scenario, Answering) {
        let scenario = Scenario::load(&Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios").join(scenario), locale).unwrap();
        let answering = scenario.answering.clone();
        (scenario, answering)
    }

    fn means(answers: &Answers, said: &str) -> Option<String> {
        answers.grammar().read(said).map(|meaning| meaning.join(" "))
    }

    #[test]
    fn a_choice_is_listened_for_by_the_names_that_the_scenario_gives_it() {
        let (scenario, answering) = answering("appointment", Locale::ZhTw);
        let place = scenario.slots.iter().position(|(name, _)| name == "service").unwrap();
        let services = answering.slot(place).unwrap();
        assert_eq!(means(&services, "我要洗牙，謝謝").as_deref(), Some("洗牙"));
        assert_eq!(means(&services, "不要治療"), None);
        let phone = scenario.slots.iter().position(|(name, _)| name == "phone").unwrap();
        assert_eq!(answering.slot(phone), None, "a number has too many answers");
    }

    #[test]
    fn whoever_wants_a_person_is_heard_where_a_yes_or_a_mark_is_expected() {
        for locale in [Locale::ZhTw, Locale::ZhCn, Locale::En] {
            let (scenario, answering) = answering("survey", locale);
            let person = scenario.intents[&Intent::Person].examples.first().unwrap();
            let no_more = scenario.intents[&Intent::OptOut].words.first().unwrap().join(" ");
            for answers in [answering.yes_or_no(), answering.mark()] {
                assert_eq!(means(&answers, person).as_deref(), Some(person.as_str()));
                assert_eq!(means(&answers, &no_more), Some(no_more.clone()));
            }
        }
    }

    #[test]
    fn words_of_an_intent_that_has_examples_are_heard_if_no_answer_sounds_like_them() {
        for (locale, phrase, short) in
            [(Locale::En, "put me through", "agent"), (Locale::ZhTw, "再講一次", "真人"), (Locale::ZhCn, "再讲一次", "真人")]
        {
            let (_, answering) = answering("survey", locale);
            for answers in [answering.yes_or_no(), answering.mark()] {
                assert!(means(&answers, phrase).is_some_and(|meaning| answers.is_instead(&[meaning])), "{phrase}");
                assert_eq!(means(&answers, short), None);
            }
        }
    }

    #[test]
    fn a_mark_is_a_number_in_digits() {
        let (_, answering) = answering("survey", Locale::ZhTw);
        assert_eq!(means(&answering.mark(), "四分").as_deref(), Some("4"));
        assert_eq!((means(&answering.mark(), "七"), answering.mark().tells()), (None, Tells::Meaning));
        assert_eq!(answering.yes_or_no().tells(), Tells::Words);
    }
}
