//! Closeness of what a caller said to what the office wrote: the cosine of weighted features, best example wins.
//!
//! Features are word stems and, so that a misheard syllable costs little, the three-letter pieces of words; in Mandarin, whose words have no
//! spaces between them, pairs of characters and, as their pieces, single ones. Each feature weighs its
//! inverse document frequency (Spärck Jones 1972), so that "the" says nothing and "parking" says much. The score is in `[0, 1]`.

use std::collections::HashMap;

use super::words::{is_han, stem, words};

/// What a piece of a word counts beside a whole word.
const PIECE_WEIGHT: f32 = 0.35;

/// A feature vector of length 1, sparse and sorted by feature.
type Vector = Vec<(u32, f32)>;

/// Examples, each belonging to an entry of the caller's.
#[derive(Clone, Debug)]
pub struct Index {
    features: HashMap<String, (u32, f32)>,
    examples: Vec<(usize, Vector)>,
}

/// An entry that was close.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hit {
    /// The entry.
    pub entry: usize,
    /// How close its closest example is, in `[0, 1]`.
    pub score: f32,
}

fn features(text: &str) -> Vec<(String, f32)> {
    let mut found = Vec::new();
    let words = words(text);
    let han = |word: &String| word.chars().all(is_han);
    let pairs = words.iter().zip(words.iter().skip(1)).filter(|(one, next)| han(one) && han(next));
    found.extend(pairs.map(|(one, next)| (format!("{one}{next}"), 1.0)));
    for word in words {
        if han(&word) {
            found.push((word, PIECE_WEIGHT));
            continue;
        }
        let padded: Vec<char> = format!("^{word}$").chars().collect();
        found.extend(padded.windows(3).map(|piece| (format!("~{}", piece.iter().collect::<String>()), PIECE_WEIGHT)));
        found.push((stem(&word), 1.0));
    }
    found
}

impl Index {
    /// An index of `(entry, example)`.
    #[must_use]
    pub fn new<'a>(examples: impl IntoIterator<Item = (usize, &'a str)>) -> Self {
        let examples: Vec<(usize, Vec<(String, f32)>)> = examples.into_iter().map(|(entry, text)| (entry, features(text))).collect();
        let mut frequency: HashMap<String, u32> = HashMap::new();
        for (_, found) in &examples {
            let mut names: Vec<&String> = found.iter().map(|(name, _)| name).collect();
            names.sort_unstable();
            names.dedup();
            for name in names {
                *frequency.entry(name.clone()).or_default() += 1;
            }
        }
        let total = examples.len() as f32;
        let features = frequency.into_iter().zip(0..).map(|((name, n), id)| (name, (id, (1.0 + total / n as f32).ln()))).collect();
        let mut index = Self { features, examples: Vec::new() };
        index.examples = examples.into_iter().map(|(entry, found)| (entry, index.vector(&found))).collect();
        index
    }

    /// The entries by closeness to `text`, closest first, each once; none with a score of 0.
    #[must_use]
    pub fn search(&self, text: &str) -> Vec<Hit> {
        let query = self.vector(&features(text));
        let mut best: HashMap<usize, f32> = HashMap::new();
        for (entry, example) in &self.examples {
            let score = dot(&query, example);
            let seen = best.entry(*entry).or_default();
            *seen = seen.max(score);
        }
        let mut hits: Vec<Hit> = best.into_iter().filter(|&(_, score)| score > 0.0).map(|(entry, score)| Hit { entry, score }).collect();
        hits.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.entry.cmp(&b.entry)));
        hits
    }

    /// Words that no example has still count in the length, so that a text full of strange words is close to nothing.
    fn vector(&self, found: &[(String, f32)]) -> Vector {
        let unknown = (1.0 + self.examples.len().max(1) as f32).ln();
        let mut known: HashMap<u32, f32> = HashMap::new();
        let mut strange = 0.0;
        for (name, weight) in found {
            match self.features.get(name) {
                Some(&(id, idf)) => *known.entry(id).or_default() += weight * idf,
                None => strange += (weight * unknown).powi(2),
            }
        }
        let length = (known.values().map(|w| w * w).sum::<f32>() + strange).sqrt();
        let mut vector: Vector = known.into_iter().map(|(id, weight)| (id, weight / length.max(f32::MIN_POSITIVE))).collect();
        vector.sort_unstable_by_key(|&(id, _)| id);
        vector
    }
}

fn dot(a: &[(u32, f32)], b: &[(u32, f32)]) -> f32 {
    let (mut i, mut j, mut sum) = (0, 0, 0.0);
    while let (Some(x), Some(y)) = (a.get(i), b.get(j)) {
        match x.0.cmp(&y.0) {
            std::cmp::Ordering::Less => i += 1,
            std::cmp::Ordering::Greater => j += 1,
            std::cmp::Ordering::Equal => {
                sum += x.1 * y.1;
                i += 1;
                j += 1;
            }
        }
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    fn office() -> Index {
        Index::new([
            (0, "when are you open"),
            (0, "are you open on saturday"),
            (1, "where is your office"),
            (2, "do you take credit cards"),
        ])
    }

    #[test]
    fn the_closest_example_decides() {
        let hits = office().search("Are you open on Saturdays?");
        assert_eq!(hits[0].entry, 0);
        assert!(hits[0].score > 0.8, "{hits:?}");
    }

    #[test]
    fn a_misheard_syllable_costs_little() {
        let hits = office().search("do you take predit cards");
        assert_eq!(hits[0].entry, 2);
        assert!(hits[0].score > 0.5, "{hits:?}");
    }

    #[test]
    fn strange_words_are_close_to_nothing() {
        let hits = office().search("my hovercraft is full of eels");
        assert!(hits.first().is_none_or(|hit| hit.score < 0.25), "{hits:?}");
    }

    proptest::proptest! {
        #[test]
        fn scores_stay_between_nothing_and_the_same(text in "\\PC{0,80}") {
            for hit in office().search(&text) {
                proptest::prop_assert!((0.0..=1.001).contains(&hit.score));
            }
        }
    }
}
