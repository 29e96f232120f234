//! What a caller's words mean in a scenario, by the cheapest layer that is sure.

mod only_with;

use std::collections::BTreeMap;

use switchhook_models::Language;
use switchhook_models::asr::grammar::Grammar;

use self::only_with::OnlyWith;
use super::knowledge::Passage;
use super::retrieval::{Entry, EntryVectors, Hit, POSSIBLE, Query, ReadAloud, Retrieval, Verdict};
use super::scenario::{Flow, Intent, Scenario, Signs};
use super::thinking::is_worth_thinking_about;
use super::words::words;

/// A language model weighs no more meanings than this: each takes it as long as the first, and a fourth is hardly ever meant.
const MOST_THOUGHT_OF: usize = 3;

/// In which order the words of intents decide: what must never be missed comes first; "are you human" asks for no person.
const FIRST: [Intent; 7] =
    [Intent::Emergency, Intent::Threat, Intent::Robot, Intent::OptOut, Intent::OwnData, Intent::Person, Intent::Complaint];
/// What the words of the scenario's flows go before: "cancel my appointment, that's all" cancels it.
const LAST: [Intent; 6] = [Intent::Message, Intent::Slower, Intent::Repeat, Intent::Language, Intent::Privacy, Intent::Goodbye];

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

/// What may be meant, and how likely that is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Likely {
    pub(super) meaning: Meaning,
    pub(super) probability: f32,
}

impl Likely {
    /// Whether it stands where no language model says anything about it.
    pub(super) fn stands_alone(&self) -> bool {
        self.probability >= POSSIBLE
    }
}

/// How sure that is.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Understood {
    /// This.
    Sure(Meaning),
    /// One of these, likeliest first: worth asking the language model.
    Perhaps(Vec<Likely>),
    /// Nothing that the scenario knows.
    Nothing,
}

/// A scenario's intents and knowledge, made ready to be searched.
#[derive(Clone, Debug)]
pub(super) struct Understanding {
    retrieval: Retrieval,
    meanings: Vec<Meaning>,
    /// With what each of them may be meant by being close to it.
    only_with: Vec<OnlyWith>,
    /// What is a yes or a no by itself in the scenario's language, whatever the scenario lists.
    answers: Grammar,
}

impl Understanding {
    pub(super) fn of(
        language: Language,
        intents: &BTreeMap<Intent, Signs>,
        flows: &[Flow],
        knowledge: &[Passage],
        answers: Grammar,
    ) -> Self {
        // What has no examples is told by its words alone.
        let intents = intents.iter().filter(|(_, signs)| !signs.examples.is_empty());
        let intents = intents.map(|(&intent, signs)| (Meaning::Intent(intent), signs));
        let flows = flows
            .iter()
            .enumerate()
            .filter(|(_, flow)| !flow.signs.examples.is_empty())
            .map(|(place, flow)| (Meaning::Flow(place), &flow.signs));
        let wishes = intents.chain(flows).map(|(meaning, signs)| ((meaning, OnlyWith::of(&signs.only_with)), signs.entry()));
        let passage = |(place, passage): (usize, &Passage)| ((Meaning::Passage(place), OnlyWith::default()), passage.entry());
        let (meanings, entries): (Vec<(Meaning, OnlyWith)>, Vec<Entry>) = wishes.chain(knowledge.iter().enumerate().map(passage)).unzip();
        let (meanings, only_with) = meanings.into_iter().unzip();
        Self { retrieval: Retrieval::new(language, entries), meanings, only_with, answers }
    }

    /// The same, by sound too.
    pub(super) fn with_sounds(self, read_aloud: ReadAloud) -> Self {
        let retrieval = self.retrieval.with_sounds(read_aloud);
        let only_with = self.only_with.into_iter().map(|signs| signs.with_sounds(&retrieval)).collect();
        Self { retrieval, only_with, ..self }
    }

    /// The same, by meaning too.
    pub(super) fn with_vectors<E>(self, mut embed: impl FnMut(&str) -> Result<Vec<f32>, E>) -> Result<Self, E> {
        let mut vectors = |entry: &Entry| {
            let answer = if entry.answer.is_empty() { None } else { Some(embed(&entry.answer)?) };
            Ok(EntryVectors { asked: entry.asked.iter().map(|text| embed(text)).collect::<Result<_, E>>()?, answer })
        };
        let vectors = self.retrieval.entries().iter().map(&mut vectors).collect::<Result<_, E>>()?;
        Ok(Self { retrieval: self.retrieval.with_vectors(vectors), ..self })
    }

    /// A yes or a no, if this is one and nothing else.
    pub(super) fn just_yes_or_no(&self, said: &str) -> Option<bool> {
        match self.answers.read(said)?.as_slice() {
            [answer] if answer == "yes" => Some(true),
            [answer] if answer == "no" => Some(false),
            _ => None,
        }
    }

    /// Other entries, to be searched as these are.
    pub(super) fn retrieval_of(&self, entries: Vec<Entry>) -> Retrieval {
        self.retrieval.of_others(entries)
    }

    /// What is nearest to what was said, however far it is: passages by their source, intents and flows by their names.
    pub(super) fn near(&self, scenario: &Scenario, query: &Query<'_>, most: usize) -> Vec<String> {
        let hits = self.retrieval.search(query).into_iter().take(most);
        let name = |meaning: &Meaning| match meaning {
            Meaning::Intent(intent) => Some(intent.as_str().to_owned()),
            Meaning::Flow(place) => scenario.flows.get(*place).map(|flow| flow.name.clone()),
            Meaning::Passage(place) => scenario.knowledge.get(*place).map(|passage| passage.source.clone()),
        };
        hits.filter_map(|hit| name(self.meanings.get(hit.entry)?)).collect()
    }

    /// `vector` is what an embedding model made of `said`, if there is one.
    pub(super) fn understand(&self, scenario: &Scenario, said: &str, vector: Option<&[f32]>) -> Understood {
        let spoken = words(said);
        if let Some(meaning) = decided(scenario, &spoken) {
            return Understood::Sure(meaning);
        }
        let meaning = |entry: usize| self.meanings.get(entry).copied();
        let hits = self.admitted(said, self.retrieval.search(&Query { text: said, vector }));
        let likely = |hit: &Hit| Some(Likely { meaning: meaning(hit.entry)?, probability: hit.probability });
        // What is not likely by itself may be so by what a model makes of it.
        let thinkable = scenario.calibration.is_some() && !hits.is_empty() && is_worth_thinking_about(said);
        match Verdict::of(&hits) {
            // Who insults and wants something gets it; an insult is one only where nothing else is meant.
            Verdict::Perhaps(_) | Verdict::Nothing if decided_by_words(scenario, Intent::Abuse, &spoken) => {
                Understood::Sure(Meaning::Intent(Intent::Abuse))
            }
            Verdict::Sure(entry) => meaning(entry).map_or(Understood::Nothing, Understood::Sure),
            Verdict::Perhaps(_) | Verdict::Nothing if thinkable => {
                Understood::Perhaps(hits.iter().take(MOST_THOUGHT_OF).filter_map(likely).collect())
            }
            Verdict::Perhaps(entries) => {
                Understood::Perhaps(hits.iter().filter(|hit| entries.contains(&hit.entry)).filter_map(likely).collect())
            }
            Verdict::Nothing => Understood::Nothing,
        }
    }

    /// The hits without those that are close by words which tell nothing of them. How likely the others are is what it would be if those were not there.
    fn admitted(&self, said: &str, hits: Vec<Hit>) -> Vec<Hit> {
        let admits = |hit: &Hit| self.only_with.get(hit.entry).is_none_or(|signs| signs.admits(said, &self.retrieval));
        let (admitted, others): (Vec<Hit>, Vec<Hit>) = hits.into_iter().partition(admits);
        let left = (1.0 - others.iter().map(|hit| hit.probability).sum::<f32>()).max(f32::EPSILON);
        admitted.into_iter().map(|hit| Hit { probability: (hit.probability / left).min(1.0), ..hit }).collect()
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

#[cfg(test)]
mod tests;
