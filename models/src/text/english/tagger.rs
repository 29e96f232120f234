//! Parts of speech, as Penn Treebank tags, by an averaged perceptron.
//!
//! The lexicon needs them for words that sound differently as noun and verb ("record") and for small words ("a", "to", "in"). A word
//! with one dominant tag is answered from a table; the rest is scored from its letters, its neighbours and the two tags before it.
//! M. Collins, "Discriminative Training Methods for Hidden Markov Models", EMNLP 2002, without the Viterbi search.

use super::chars::{is_digit_like, last};
use super::tables::Table;

const BEFORE: [&str; 2] = ["-START2-", "-START-"];
const AFTER: [&str; 2] = ["-END-", "-END2-"];
/// Bytes of one weight: the tag's number, then tenths as a 16-bit integer.
const WEIGHT: usize = 3;

/// Tags the words of a sentence.
pub(super) struct Tagger {
    tags: Vec<String>,
    /// Word to its tag's number, for words that have one.
    dominant: Table,
    /// The words that weights know; others stand as their shape.
    known: Table,
    /// Feature to its weights.
    weights: Table,
}

impl Tagger {
    pub fn new(tags: Vec<String>, dominant: Table, known: Table, weights: Table) -> Self {
        Self { tags, dominant, known, weights }
    }

    /// One tag per word.
    pub fn tags(&self, words: &[&str]) -> Vec<&str> {
        let window: Vec<String> = BEFORE
            .iter()
            .map(|s| (*s).to_owned())
            .chain(words.iter().map(|w| self.normal(w)))
            .chain(AFTER.iter().map(|s| (*s).to_owned()))
            .collect();
        let (mut before_last, mut previous) = (BEFORE[0], BEFORE[1]);
        let mut tags = Vec::with_capacity(words.len());
        for (i, word) in words.iter().enumerate() {
            let dominant = self.dominant.get(word.as_bytes()).and_then(|v| self.tags.get(usize::from(*v.first()?)));
            let tag = dominant.map_or_else(|| self.scored(i, word, &window, previous, before_last), String::as_str);
            tags.push(tag);
            (before_last, previous) = (previous, tag);
        }
        tags
    }

    fn normal(&self, word: &str) -> String {
        let normal = normal(word);
        if self.known.has(&normal) { normal } else { format!("<{}>", shape(word)) }
    }

    fn scored(&self, i: usize, word: &str, window: &[String], previous: &str, before_last: &str) -> &str {
        let mut scores = vec![0.0; self.tags.len()];
        let mut any = false;
        let at = |offset: usize| window.get(i + offset).map_or("", String::as_str);
        let first = word.chars().next().map(String::from).unwrap_or_default();
        let features = [
            "b".to_owned(),
            format!("s3={}", last(word, 3)),
            format!("p1={first}"),
            format!("w={}", at(2)),
            format!("sh={}", shape(word)),
            (if i == 0 { "i0" } else { "i+" }).to_owned(),
            format!("t-1={previous}"),
            format!("t-2={before_last}"),
            format!("t-12={previous},{before_last}"),
            format!("w-1={}", at(1)),
            format!("s3-1={}", last(at(1), 3)),
            format!("w-2={}", at(0)),
            format!("w+1={}", at(3)),
            format!("s3+1={}", last(at(3), 3)),
            format!("w+2={}", at(4)),
        ];
        for weights in features.iter().filter_map(|f| self.weights.get(f.as_bytes())) {
            any = true;
            for [tag, low, high] in weights.as_chunks::<WEIGHT>().0 {
                if let Some(score) = scores.get_mut(usize::from(*tag)) {
                    *score += f64::from(i16::from_le_bytes([*low, *high])) / 10.0;
                }
            }
        }
        let best = scores.iter().zip(&self.tags).max_by(|(a, x), (b, y)| a.total_cmp(b).then_with(|| x.cmp(y)));
        best.filter(|_| any).map_or("NN", |(_, tag)| tag)
    }
}

fn normal(word: &str) -> String {
    let first = word.chars().next();
    if word.contains('-') && first != Some('-') {
        "!HYPHEN".to_owned()
    } else if word.chars().count() == 4 && word.chars().all(is_digit_like) {
        "!YEAR".to_owned()
    } else if first.is_some_and(is_digit_like) {
        "!DIGITS".to_owned()
    } else {
        word.to_lowercase()
    }
}

fn shape(word: &str) -> String {
    let mut chars = word.chars();
    let first_upper = chars.next().is_some_and(char::is_uppercase);
    let lower = |s: &str| s.chars().any(char::is_lowercase) && !s.chars().any(char::is_uppercase);
    let letters = !word.is_empty() && word.chars().all(char::is_alphabetic);
    if letters && lower(word) {
        "x".to_owned()
    } else if letters && word.chars().any(char::is_uppercase) && !word.chars().any(char::is_lowercase) {
        (if chars.next().is_some() { "XX" } else { "X1" }).to_owned()
    } else if letters {
        (if first_upper && lower(chars.as_str()) { "Xx" } else { "xX" }).to_owned()
    } else if !word.is_empty() && word.chars().all(is_digit_like) {
        "d".to_owned()
    } else {
        let class = |c: char| {
            if is_digit_like(c) {
                'd'
            } else if c.is_alphabetic() {
                'x'
            } else {
                c
            }
        };
        word.chars().take(4).map(class).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::{normal, shape};

    #[test]
    fn shapes_tell_words_from_figures() {
        let shapes = ["hello", "Hello", "HI", "I", "iPhone", "2024", "a1!b2", "don't"].map(shape);
        assert_eq!(shapes, ["x", "Xx", "XX", "X1", "xX", "d", "xd!x", "xxx'"]);
        assert_eq!(["co-op", "1999", "3rd", "Hi"].map(normal), ["!HYPHEN", "!YEAR", "!DIGITS", "hi"]);
    }
}
