//! What callers said that the scenario did not understand, grouped by meaning: candidates for its knowledge, for a person to accept or not.
//!
//! What the scenario understands by now is left out, whatever it made of it then. Two sentences are as alike as the one is likely to mean the other, if it
//! means anything ([`Retrieval::kinship`](super::retrieval::Retrieval::kinship)); how sentences become groups stands in [`grouping`].

mod grouping;

use std::collections::HashMap;

use super::retrieval::{Entry, EntryVectors, Query};
use super::scenario::Scenario;
use super::understanding::Understood;
use super::words::words;

/// More different sentences than this are not compared with each other; the latest are.
const MOST: usize = 500;
/// So many passages and flows are named as near.
const MOST_NEAR: usize = 3;
/// Fewer words say too little: "hello", "hm".
const FEWEST_WORDS: usize = 2;

/// How alike sentences have to be to be one group, where they are compared by meaning, and where by text and sound alone. Chosen on the questions to two invented
/// offices (`tests/retrieval/fitted`), where two in three of the pairs that are put together mean the same.
const ALIKE_IN_MEANING: f32 = 0.35;
const ALIKE_IN_TEXT: f32 = 0.65;

/// A sentence that was not understood.
#[derive(Clone, PartialEq)]
pub struct Unanswered {
    /// What was heard.
    pub said: String,
    /// Its vector, by the model that made the scenario's.
    pub vector: Option<Vec<f32>>,
}

/// What several callers may have meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// What was said, each once, the most typical first.
    pub said: Vec<String>,
    /// How often.
    pub times: usize,
    /// What of the scenario is nearest, nearest first: passages by their source (`file.md#heading`), flows and intents by name.
    pub near: Vec<String>,
}

/// One sentence, however often it was said.
struct Sentence {
    said: Unanswered,
    times: usize,
}

impl Scenario {
    /// What callers may have wanted that it does not know, most wanted first. `latest` are sentences in its language that were not understood when they were
    /// said, the latest first.
    #[must_use]
    pub fn candidates(&self, latest: Vec<Unanswered>) -> Vec<Candidate> {
        let sentences = self.still_unanswered(latest);
        let entries = sentences.iter().map(|sentence| Entry { asked: vec![sentence.said.said.clone()], answer: String::new() }).collect();
        let vectors: Option<Vec<EntryVectors>> =
            sentences.iter().map(|sentence| Some(EntryVectors { asked: vec![sentence.said.vector.clone()?], answer: None })).collect();
        let retrieval = self.understanding.retrieval_of(entries);
        let (retrieval, enough) = match vectors {
            Some(vectors) => (retrieval.with_vectors(vectors), ALIKE_IN_MEANING),
            None => (retrieval, ALIKE_IN_TEXT),
        };
        let kinship: Vec<Vec<f32>> = sentences.iter().map(|Sentence { said, .. }| retrieval.kinship(&query(said))).collect();
        let mut candidates: Vec<Candidate> =
            grouping::groups(&grouping::mutual(&kinship), enough).into_iter().map(|group| self.candidate(&sentences, &group)).collect();
        // The sort is stable: of what was said as often, the latest comes first.
        candidates.sort_by_key(|candidate| std::cmp::Reverse(candidate.times));
        candidates
    }

    /// What was said and is not understood now, each sentence once.
    fn still_unanswered(&self, latest: Vec<Unanswered>) -> Vec<Sentence> {
        let mut places: HashMap<Vec<String>, usize> = HashMap::new();
        let mut sentences: Vec<Sentence> = Vec::new();
        for said in latest {
            let spoken = words(&said.said);
            if spoken.len() < FEWEST_WORDS {
                continue;
            }
            if let Some(sentence) = places.get(&spoken).and_then(|&place| sentences.get_mut(place)) {
                sentence.times += 1;
            } else if sentences.len() < MOST && !self.understands(&said) {
                places.insert(spoken, sentences.len());
                sentences.push(Sentence { said, times: 1 });
            }
        }
        sentences
    }

    fn understands(&self, said: &Unanswered) -> bool {
        matches!(self.understanding.understand(self, &said.said, said.vector.as_deref()), Understood::Sure(_))
    }

    fn candidate(&self, sentences: &[Sentence], group: &[usize]) -> Candidate {
        let members: Vec<&Sentence> = group.iter().filter_map(|&place| sentences.get(place)).collect();
        let near = members.first().map(|typical| self.understanding.near(self, &query(&typical.said), MOST_NEAR)).unwrap_or_default();
        Candidate {
            said: members.iter().map(|sentence| sentence.said.said.clone()).collect(),
            times: members.iter().map(|sentence| sentence.times).sum(),
            near,
        }
    }
}

fn query(said: &Unanswered) -> Query<'_> {
    Query { text: &said.said, vector: said.vector.as_deref() }
}

#[cfg(test)]
mod tests;
