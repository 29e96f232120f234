//! Okapi BM25 (S. Robertson and H. Zaragoza, *The Probabilistic Relevance Framework: BM25 and Beyond*, 2009), as a share of what the query could reach.
//!
//! BM25 alone ranks: its sums grow with the query, so that no number says "this fits". Here the sum is divided by the weight of the whole
//! query, words that no document has included: 0 is nothing in common, 1 a document of mean length that has each term once. A query weighs
//! as much as one strange word at the least, so that a lone "yes" reaches nothing. A term
//! weighs its inverse frequency among the *entries* that documents belong to: an office that writes "open" in six questions about its hours makes
//! that word no less telling.

use std::collections::{HashMap, HashSet};

/// How soon more of the same term stops to count, as in the paper.
const SATURATION: f32 = 1.2;
/// How much a document's length counts, as in the paper.
const LENGTH: f32 = 0.75;

/// A part of a text that is counted.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Term {
    pub text: String,
    /// What it says beside others: 1, or less if it holds sentences together and says nothing.
    pub weight: f32,
}

/// Documents by their terms, each belonging to an entry.
#[derive(Clone, Debug)]
pub(super) struct Bm25 {
    terms: HashMap<String, Posting>,
    documents: Vec<Document>,
    mean_length: f32,
    /// The inverse frequency of a term that no entry has.
    unknown: f32,
}

#[derive(Clone, Debug, Default)]
struct Posting {
    /// The term's weight times its inverse frequency.
    weight: f32,
    /// Document and how often the term stands in it, in the order of documents.
    places: Vec<(usize, u32)>,
}

#[derive(Clone, Copy, Debug)]
struct Document {
    entry: usize,
    /// In terms.
    length: f32,
    /// What its terms weigh together, each once.
    weight: f32,
}

/// What a query finds.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Found {
    /// For each entry, the share that its best document reaches.
    pub shares: Vec<f32>,
    /// For each entry, how alike the query and its most alike document are: the geometric mean of that share and of the share of the document's weight
    /// that the query has.
    pub alike: Vec<f32>,
    /// The share of the query's weight that lies in terms which no document has; what it lacks to the least weight counts as such.
    pub strange: f32,
}

impl Bm25 {
    /// An index of `(entry, terms of a document)`; entries are numbered from 0.
    pub fn new(documents: impl IntoIterator<Item = (usize, Vec<Term>)>) -> Self {
        let mut index = Self { terms: HashMap::new(), documents: Vec::new(), mean_length: 1.0, unknown: 0.0 };
        for (number, (entry, terms)) in documents.into_iter().enumerate() {
            index.documents.push(Document { entry, length: terms.len() as f32, weight: 0.0 });
            for term in terms {
                let posting = index.terms.entry(term.text).or_default();
                posting.weight = term.weight;
                match posting.places.last_mut() {
                    Some((last, times)) if *last == number => *times += 1,
                    _ => posting.places.push((number, 1)),
                }
            }
        }
        let total: f32 = index.documents.iter().map(|document| document.length).sum();
        index.mean_length = (total / index.documents.len().max(1) as f32).max(1.0);
        index.weigh();
        index
    }

    fn weigh(&mut self) {
        let entries = self.documents.iter().map(|document| document.entry).collect::<HashSet<_>>().len();
        let inverse = |having: usize| (1.0 + (entries as f32 - having as f32 + 0.5) / (having as f32 + 0.5)).ln();
        for posting in self.terms.values_mut() {
            let places = posting.places.iter().filter_map(|(document, _)| self.documents.get(*document));
            let having: HashSet<usize> = places.map(|document| document.entry).collect();
            posting.weight *= inverse(having.len());
            for (number, _) in &posting.places {
                if let Some(document) = self.documents.get_mut(*number) {
                    document.weight += posting.weight;
                }
            }
        }
        self.unknown = inverse(0);
    }

    /// What each of `entries` entries has in common with the query.
    pub fn search(&self, query: &[Term], entries: usize) -> Found {
        // Of each document: the sum of BM25, and what the terms weigh that it shares.
        let mut sums = vec![(0.0, 0.0); self.documents.len()];
        let (mut whole, mut strange) = (0.0, 0.0);
        let mut seen = HashSet::new();
        for term in query.iter().filter(|term| seen.insert(term.text.as_str())) {
            let Some(posting) = self.terms.get(&term.text) else {
                whole += term.weight * self.unknown;
                strange += term.weight * self.unknown;
                continue;
            };
            whole += posting.weight;
            for &(number, times) in &posting.places {
                if let (Some((sum, shared)), Some(document)) = (sums.get_mut(number), self.documents.get(number)) {
                    *sum += posting.weight * self.saturated(times as f32, document.length);
                    *shared += posting.weight;
                }
            }
        }
        let least = self.unknown.max(f32::MIN_POSITIVE);
        let strange = strange + (least - whole).max(0.0);
        let whole = whole.max(least);
        let (mut shares, mut alike) = (vec![0.0_f32; entries], vec![0.0_f32; entries]);
        for (document, (sum, shared)) in self.documents.iter().zip(sums) {
            if let (Some(share), Some(alike)) = (shares.get_mut(document.entry), alike.get_mut(document.entry)) {
                *share = share.max(sum / whole);
                *alike = alike.max((sum / whole * shared / document.weight.max(least)).sqrt());
            }
        }
        Found { shares, alike, strange: strange / whole }
    }

    /// 1 for a term that stands once in a document of mean length.
    fn saturated(&self, times: f32, length: f32) -> f32 {
        let relative = 1.0 - LENGTH + LENGTH * length / self.mean_length;
        times * (SATURATION + 1.0) / (times + SATURATION * relative)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn terms(text: &str) -> Vec<Term> {
        text.split(' ').map(|word| Term { text: word.to_owned(), weight: 1.0 }).collect()
    }

    fn index(documents: &[(usize, &str)]) -> Bm25 {
        Bm25::new(documents.iter().map(|(entry, text)| (*entry, terms(text))))
    }

    #[test]
    fn a_rare_term_says_more_than_a_common_one() {
        let index = index(&[(0, "the hours"), (1, "the place"), (2, "the price")]);
        let found = index.search(&terms("the price"), 3);
        assert!(found.shares[2] > 3.0 * found.shares[0] && found.shares[0] > 0.0, "{found:?}");
        assert_eq!(found.shares[0], found.shares[1]);
    }

    #[test]
    fn a_term_of_many_documents_of_one_entry_is_as_rare_as_in_one() {
        let once = index(&[(0, "open"), (1, "park"), (2, "pay")]).search(&terms("open strange"), 3);
        let often = index(&[(0, "open"), (0, "open"), (0, "open"), (1, "park"), (2, "pay")]).search(&terms("open strange"), 3);
        assert_eq!(once, often, "each document has one term");
    }

    #[test]
    fn a_word_that_says_little_reaches_little_even_alone() {
        let lone = [Term { text: "yes".to_owned(), weight: 0.2 }];
        let index = Bm25::new([(0, lone.to_vec()), (1, terms("park"))]);
        let found = index.search(&lone, 2);
        assert!(found.shares[0] < 0.2 && found.shares[0] > 0.0 && found.strange > 0.8, "{found:?}");
    }

    #[test]
    fn a_query_without_known_terms_is_wholly_strange_and_reaches_nothing() {
        let found = index(&[(0, "open"), (1, "park")]).search(&terms("hovercraft eels"), 2);
        assert_eq!(found, Found { shares: vec![0.0, 0.0], alike: vec![0.0, 0.0], strange: 1.0 });
        assert_eq!(index(&[]).search(&terms("open"), 0).shares, Vec::<f32>::new());
    }

    #[test]
    fn the_arithmetic_is_the_paper_s() {
        // Two entries with one document each, of lengths 1 and 3; mean 2. "a" stands in one of two: ln(1 + 1.5/1.5).
        let index = index(&[(0, "a"), (1, "b b c")]);
        let found = index.search(&terms("a z"), 2);
        let (relative, known, unknown) = (1.0 - 0.75 + 0.75 * 0.5, 2.0_f32.ln(), 6.0_f32.ln());
        let reached = known * 2.2 / (1.0 + 1.2 * relative) / (known + unknown);
        assert!((found.shares[0] - reached).abs() < 1e-5 && found.shares[1] == 0.0, "{found:?}");
        assert!((found.strange - unknown / (known + unknown)).abs() < 1e-5, "{found:?}");
    }
}
