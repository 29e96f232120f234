//! What callers said that the scenario did not understand, grouped by meaning: candidates for its knowledge, for a person to accept or not.
//!
//! What the scenario understands by now is left out, whatever it made of it then. Two sentences are as alike as the one is likely to mean the other, if it
//! means anything ([`Retrieval::kinship`](super::retrieval::Retrieval::kinship)); how sentences become groups stands in [`grouping`].

mod grouping;

use std::collections::HashMap;
use std::fmt;

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
/// offices (`tests/conversation/retrieval/fitted`), where two in three of the pairs that are put together mean the same.
const ALIKE_IN_MEANING: f32 = 0.35;
const ALIKE_IN_TEXT: f32 = 0.65;

/// What several callers may have meant. Personal data.
#[derive(Clone, PartialEq, Eq)]
pub struct Candidate {
    /// What was said, each once, the most typical first.
    pub said: Vec<String>,
    /// How often.
    pub times: usize,
    /// What of the scenario is nearest, nearest first: passages by their source (`file.md#heading`), flows and intents by name.
    pub near: Vec<String>,
}

impl fmt::Debug for Candidate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The words are callers', and `{:?}` is how things end up in logs.
        f.debug_struct("Candidate").field("times", &self.times).finish_non_exhaustive()
    }
}

/// One sentence, however often it was said.
struct Sentence {
    said: String,
    vector: Option<Vec<f32>>,
    times: usize,
}

impl Sentence {
    fn query(&self) -> Query<'_> {
        Query { text: &self.said, vector: self.vector.as_deref() }
    }
}

impl Scenario {
    /// What callers may have wanted that it does not know, most wanted first. `latest` are sentences in its language that were not understood when they were
    /// said, the latest first; `embed` makes vectors as those of the scenario were made, if any were.
    ///
    /// # Errors
    /// That of `embed`.
    pub fn candidates<E>(&self, latest: Vec<String>, embed: impl FnMut(&str) -> Result<Option<Vec<f32>>, E>) -> Result<Vec<Candidate>, E> {
        let sentences = self.still_unanswered(latest, embed)?;
        let entries = sentences.iter().map(|sentence| Entry { asked: vec![sentence.said.clone()], answer: String::new() }).collect();
        let vectors: Option<Vec<EntryVectors>> =
            sentences.iter().map(|sentence| Some(EntryVectors { asked: vec![sentence.vector.clone()?], answer: None })).collect();
        let retrieval = self.understanding.retrieval_of(entries);
        let (retrieval, enough) = match vectors {
            Some(vectors) => (retrieval.with_vectors(vectors), ALIKE_IN_MEANING),
            None => (retrieval, ALIKE_IN_TEXT),
        };
        let kinship: Vec<Vec<f32>> = sentences.iter().map(|sentence| retrieval.kinship(&sentence.query())).collect();
        let mut candidates: Vec<Candidate> =
            grouping::groups(&grouping::mutual(&kinship), enough).into_iter().map(|group| self.candidate(&sentences, &group)).collect();
        // The sort is stable: of what was said as often, the latest comes first.
        candidates.sort_by_key(|candidate| std::cmp::Reverse(candidate.times));
        Ok(candidates)
    }

    /// What was said and is not understood now, each sentence once.
    fn still_unanswered<E>(
        &self,
        latest: Vec<String>,
        mut embed: impl FnMut(&str) -> Result<Option<Vec<f32>>, E>,
    ) -> Result<Vec<Sentence>, E> {
        // Nothing where it is understood by now.
        let mut places: HashMap<Vec<String>, Option<usize>> = HashMap::new();
        let mut sentences: Vec<Sentence> = Vec::new();
        for said in latest {
            let spoken = words(&said);
            if spoken.len() < FEWEST_WORDS {
                continue;
            }
            if let Some(place) = places.get(&spoken) {
                if let Some(sentence) = place.and_then(|place| sentences.get_mut(place)) {
                    sentence.times += 1;
                }
            } else if sentences.len() < MOST {
                let sentence = Sentence { vector: embed(&said)?, said, times: 1 };
                let is_new = !self.understands(&sentence);
                places.insert(spoken, is_new.then_some(sentences.len()));
                sentences.extend(is_new.then_some(sentence));
            }
        }
        Ok(sentences)
    }

    fn understands(&self, Sentence { said, vector, .. }: &Sentence) -> bool {
        matches!(self.understanding.understand(self, said, vector.as_deref()), Understood::Sure(_))
    }

    fn candidate(&self, sentences: &[Sentence], group: &[usize]) -> Candidate {
        let members: Vec<&Sentence> = group.iter().filter_map(|&place| sentences.get(place)).collect();
        let near = members.first().map(|typical| self.understanding.near(self, &typical.query(), MOST_NEAR)).unwrap_or_default();
        Candidate {
            said: members.iter().map(|sentence| sentence.said.clone()).collect(),
            times: members.iter().map(|sentence| sentence.times).sum(),
            near,
        }
    }
}

#[cfg(test)]
mod tests;
