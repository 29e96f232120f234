//! Which of all that an office wrote a caller means, and how likely it is that anything of it fits.
//!
//! An [`Entry`] is an intent or a passage: ways to ask for it and what is answered. Each is compared with what was said in several ways: by words and by
//! their pieces ([`bm25`] over [`terms`]), in Mandarin by sound ([`sounds`]), and in meaning where somebody computed vectors ([`vectors`]). [`choice`] weighs
//! these into one probability for each entry; what is missing to 1 is the probability that nothing fits. Everything is computed here, without I/O: what
//! reads Mandarin aloud and what computes vectors are handed in, and without them the text alone decides.

mod bm25;
pub mod choice;
mod sounds;
mod terms;
mod vectors;

use std::fmt;
use std::sync::Arc;

use switchhook_models::Language;

use self::bm25::{Bm25, Term};
use self::choice::{Evidence, Weights};
pub use self::vectors::EntryVectors;

/// As likely as this is sure.
const SURE: f32 = 0.65;
/// Less likely than this is nothing: where no language model can be asked, the likeliest stands.
pub(super) const POSSIBLE: f32 = 0.35;
/// What is so much less likely than the likeliest is no rival of it.
const RIVAL: f32 = 0.25;
/// A language model is not given more choices than this.
const MOST_CHOICES: usize = 4;

/// More characters than any turn of 30 s has.
const LONGEST: usize = 400;

/// Something that can be meant.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Entry {
    /// Ways to ask for it.
    pub asked: Vec<String>,
    /// What is answered, if that is written.
    pub answer: String,
}

/// What was said.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Query<'a> {
    /// In words.
    pub text: &'a str,
    /// Its vector of length 1, by the model that made the entries' vectors.
    pub vector: Option<&'a [f32]>,
}

/// An entry that may be meant.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hit {
    /// Its place.
    pub entry: usize,
    /// How likely it is that this one is meant, in `[0, 1]`.
    pub probability: f32,
}

/// What the probabilities of entries come to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// This entry is meant.
    Sure(usize),
    /// One of these may be meant, likeliest first.
    Perhaps(Vec<usize>),
    /// Nothing fits.
    Nothing,
}

impl Verdict {
    /// The verdict over these, which are in order.
    #[must_use]
    pub fn of(hits: &[Hit]) -> Self {
        match hits {
            [best, ..] if best.probability >= SURE => Self::Sure(best.entry),
            [best, ..] if best.probability >= POSSIBLE => {
                let rivals = hits.iter().filter(|hit| hit.probability >= RIVAL * best.probability);
                Self::Perhaps(rivals.take(MOST_CHOICES).map(|hit| hit.entry).collect())
            }
            _ => Self::Nothing,
        }
    }
}

/// Reads Mandarin aloud: a syllable in pinyin for each character, its tone as a digit behind it, such as `zhong1`.
pub type ReadAloud = Arc<dyn Fn(&str) -> Vec<String> + Send + Sync>;

/// Entries, ready to be searched.
#[derive(Clone)]
pub struct Retrieval {
    language: Language,
    entries: Arc<[Entry]>,
    words: Bm25,
    pieces: Bm25,
    passages: Bm25,
    sounds: Option<(ReadAloud, Bm25)>,
    vectors: Option<Vec<EntryVectors>>,
}

impl Retrieval {
    /// Entries in a language, to be searched by text.
    #[must_use]
    pub fn new(language: Language, entries: Vec<Entry>) -> Self {
        let asked = |of: fn(&str) -> Vec<Term>| Bm25::new(ways(&entries).map(|(entry, text)| (entry, of(&text))));
        let (words, pieces) = (asked(terms::of_words), asked(terms::of_pieces));
        let whole = |entry: &Entry| entry.asked.iter().chain([&entry.answer]).flat_map(|text| terms::of_words(text)).collect();
        let passages = Bm25::new(entries.iter().map(whole).enumerate());
        Self { language, words, pieces, passages, entries: entries.into(), sounds: None, vectors: None }
    }

    /// The same entries, to be searched by their sound as well.
    #[must_use]
    pub fn with_sounds(self, read_aloud: ReadAloud) -> Self {
        let sounds = Bm25::new(ways(&self.entries).map(|(entry, text)| (entry, terms::of_sounds(&sounds::merged(&read_aloud(&text))))));
        Self { sounds: Some((read_aloud, sounds)), ..self }
    }

    /// The same entries, to be searched by their meaning as well: the vectors of [`Retrieval::entries`], in their order.
    #[must_use]
    pub fn with_vectors(self, vectors: Vec<EntryVectors>) -> Self {
        Self { vectors: (vectors.len() == self.entries.len()).then_some(vectors), ..self }
    }

    /// The entries.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The entries that may be meant, likeliest first; what their probabilities lack to 1 is that nothing fits.
    #[must_use]
    pub fn search(&self, query: &Query<'_>) -> Vec<Hit> {
        let (evidence, strange) = self.evidence(query);
        let hits = self.weights(query).choose(&evidence, strange);
        hits.into_iter().map(|(entry, probability)| Hit { entry, probability }).collect()
    }

    /// How a text sounds, where that is known: a name for each of its syllables.
    pub(super) fn sounds(&self, text: &str) -> Option<Vec<String>> {
        self.sounds.as_ref().map(|(read_aloud, _)| sounds::merged(&read_aloud(text)))
    }

    /// How likely each entry is meant if it is that or nothing: whatever else is as near makes it no less likely.
    #[must_use]
    pub fn kinship(&self, query: &Query<'_>) -> Vec<f32> {
        let weights = self.weights(query);
        self.evidence(query).0.iter().map(|evidence| weights.kinship(evidence)).collect()
    }

    /// Other entries, to be searched in the same way: in the same language, and by sound if these are.
    #[must_use]
    pub fn of_others(&self, entries: Vec<Entry>) -> Self {
        let others = Self::new(self.language, entries);
        match &self.sounds {
            Some((read_aloud, _)) => others.with_sounds(Arc::clone(read_aloud)),
            None => others,
        }
    }

    /// What speaks for each entry, and which share of the query's words no entry has. For fitting weights.
    #[must_use]
    pub fn evidence(&self, query: &Query<'_>) -> (Vec<Evidence>, f32) {
        let text = terms::to_the_point(&query.text.chars().take(LONGEST).collect::<String>());
        let all = self.entries.len();
        let words = self.words.search(&terms::of_words(&text), all);
        let pieces = self.pieces.search(&terms::of_pieces(&text), all);
        let passages = self.passages.search(&terms::of_words(&text), all);
        let sounds =
            self.sounds.as_ref().map(|(read_aloud, index)| index.search(&terms::of_sounds(&sounds::merged(&read_aloud(&text))), all));
        let of = |values: &[f32], entry: usize| values.get(entry).copied().unwrap_or_default();
        let vectors = |entry: usize| Some((self.vectors.as_ref()?.get(entry)?, query.vector?));
        let evidence = (0..all).map(|entry| Evidence {
            words: of(&words.alike, entry),
            pieces: of(&pieces.alike, entry),
            passage: of(&passages.shares, entry),
            sound: sounds.as_ref().map(|found| (of(&found.alike, entry) - of(&pieces.alike, entry)).max(0.0)).unwrap_or_default(),
            asked: vectors(entry).map(|(own, query)| own.near_asked(query)).unwrap_or_default(),
            answer: vectors(entry).map(|(own, query)| own.near_answer(query)).unwrap_or_default(),
        });
        (evidence.collect(), passages.strange)
    }

    fn weights(&self, query: &Query<'_>) -> Weights {
        let by_meaning = self.vectors.is_some() && query.vector.is_some();
        match self.language {
            Language::En if by_meaning => choice::ENGLISH_WITH_MEANING,
            Language::En => choice::ENGLISH,
            Language::Zh if self.sounds.is_some() => choice::MANDARIN_WITH_SOUND,
            Language::Zh => choice::MANDARIN,
        }
    }
}

fn ways(entries: &[Entry]) -> impl Iterator<Item = (usize, String)> {
    entries.iter().enumerate().flat_map(|(place, entry)| entry.asked.iter().map(move |text| (place, terms::to_the_point(text))))
}

impl fmt::Debug for Retrieval {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { language, entries, sounds, vectors, .. } = self;
        let (sounds, vectors) = (sounds.is_some(), vectors.is_some());
        f.debug_struct("Retrieval")
            .field("language", language)
            .field("entries", &entries.len())
            .field("sounds", &sounds)
            .field("vectors", &vectors)
            .finish()
    }
}

#[cfg(test)]
mod tests;
