//! What a caller's words mean in a scenario, by the cheapest layer that is sure.

use std::collections::BTreeMap;
use std::ops::Range;

use switchhook_models::asr::grammar::Grammar;

use super::index::Index;
use super::knowledge::Passage;
use super::scenario::{Flow, Intent, Scenario, Signs};
use super::words::{places, words};

/// As close as this is sure.
const SURE: f32 = 0.55;
/// Less close than this is nothing.
const POSSIBLE: f32 = 0.28;
/// Two candidates nearer to each other than this are as good as each other.
const AMBIGUOUS: f32 = 0.08;
/// The language model is not given more choices than this.
const MOST_CHOICES: usize = 4;

/// In which order the words of intents decide: what must never be missed comes first; "are you human" asks for no person.
const FIRST: [Intent; 4] = [Intent::Emergency, Intent::Robot, Intent::Person, Intent::Complaint];
/// What the words of the scenario's flows go before: "cancel my appointment, that's all" cancels it.
const LAST: [Intent; 3] = [Intent::Message, Intent::Repeat, Intent::Goodbye];

/// What was meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Meaning {
    /// One of the scenario's intents.
    Intent(Intent),
    /// A flow of the scenario's, by its place.
    Flow(usize),
    /// A passage of the office's knowledge, by its place.
    Passage(usize),
}

/// How sure that is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Understood {
    /// This.
    Sure(Meaning),
    /// One of these, likeliest first: worth asking the language model.
    Perhaps(Vec<Meaning>),
    /// Nothing that the scenario knows.
    Nothing,
}

/// A scenario's intents and knowledge, made ready to be searched.
#[derive(Clone, Debug)]
pub(super) struct Understanding {
    index: Index,
    meanings: Vec<Meaning>,
    /// What is a yes or a no by itself in the scenario's language, whatever the scenario lists.
    answers: Grammar,
}

impl Understanding {
    pub(super) fn of(intents: &BTreeMap<Intent, Signs>, flows: &[Flow], knowledge: &[Passage], answers: Grammar) -> Self {
        let mut meanings = Vec::new();
        let mut examples: Vec<(usize, &str)> = Vec::new();
        for (&intent, signs) in intents {
            examples.extend(signs.examples.iter().map(|example| (meanings.len(), example.as_str())));
            meanings.push(Meaning::Intent(intent));
        }
        for (place, flow) in flows.iter().enumerate() {
            examples.extend(flow.signs.examples.iter().map(|example| (meanings.len(), example.as_str())));
            meanings.push(Meaning::Flow(place));
        }
        for (place, passage) in knowledge.iter().enumerate() {
            examples.push((meanings.len(), &passage.title));
            examples.extend(passage.asked.iter().map(|asked| (meanings.len(), asked.as_str())));
            meanings.push(Meaning::Passage(place));
        }
        Self { index: Index::new(examples), meanings, answers }
    }

    /// A yes or a no, if this is one and nothing else.
    pub(super) fn just_yes_or_no(&self, said: &str) -> Option<bool> {
        match self.answers.read(said)?.as_slice() {
            [answer] if answer == "yes" => Some(true),
            [answer] if answer == "no" => Some(false),
            _ => None,
        }
    }

    pub(super) fn understand(&self, scenario: &Scenario, said: &str) -> Understood {
        let spoken = words(said);
        if let Some(meaning) = decided(scenario, &spoken) {
            return Understood::Sure(meaning);
        }
        let hits = self.index.search(said);
        let Some(best) = hits.first().filter(|hit| hit.score >= POSSIBLE) else {
            return Understood::Nothing;
        };
        let close: Vec<Meaning> = hits
            .iter()
            .filter(|hit| hit.score >= POSSIBLE.max(best.score - 2.0 * AMBIGUOUS))
            .take(MOST_CHOICES)
            .map(|hit| self.meanings[hit.entry])
            .collect();
        let rival = hits.get(1).map_or(0.0, |hit| hit.score);
        if best.score >= SURE && best.score - rival >= AMBIGUOUS { Understood::Sure(close[0]) } else { Understood::Perhaps(close) }
    }
}

/// What the words of `spoken` decide for, if they do.
fn decided(scenario: &Scenario, spoken: &[String]) -> Option<Meaning> {
    let intent =
        |intents: &[Intent]| intents.iter().copied().find(|&intent| decided_by_words(scenario, intent, spoken)).map(Meaning::Intent);
    let flow = || scenario.flows.iter().position(|flow| flow.signs.decide(spoken)).map(Meaning::Flow);
    intent(&FIRST).or_else(flow).or_else(|| intent(&LAST))
}

/// Whether `spoken` holds words that decide for `intent`.
pub(super) fn decided_by_words(scenario: &Scenario, intent: Intent, spoken: &[String]) -> bool {
    scenario.intents.get(&intent).is_some_and(|signs| signs.decide(spoken))
}

/// Yes or no, or neither. "No, that's not correct" holds "correct": a no anywhere is a no, unless it is a part of a longer yes, as in "no
/// problem" and 沒有錯.
pub(super) fn yes_or_no(scenario: &Scenario, said: &str) -> Option<bool> {
    if let Some(answer) = scenario.understanding.just_yes_or_no(said) {
        return Some(answer);
    }
    let spoken = words(said);
    let found = |intent| {
        let phrases = scenario.intents.get(&intent).map(|signs| signs.words.as_slice()).unwrap_or_default();
        phrases.iter().flat_map(|phrase| places(&spoken, phrase)).collect::<Vec<_>>()
    };
    let (yes, no) = (found(Intent::Yes), found(Intent::No));
    let inside = |no: &Range<usize>| yes.iter().any(|yes| yes.len() > no.len() && yes.start <= no.start && no.end <= yes.end);
    if no.iter().any(|no| !inside(no)) {
        Some(false)
    } else if yes.is_empty() {
        None
    } else {
        Some(true)
    }
}
