//! What a search in a grammar has open: beginnings of answers, read by the decoder or not yet, and answers that are over.

use std::cmp::Ordering;
use std::rc::Rc;

use super::determined::Place;

/// The beginning of an answer.
#[derive(Clone)]
pub(super) struct Path {
    pub(super) tokens: Vec<u32>,
    /// What they spell, plain.
    pub(super) text: Vec<u8>,
    /// Tokens without letters at its end.
    pub(super) signs: usize,
    pub(super) place: Place,
}

/// How a path can go on; `S` is where the decoder stands after a text.
pub(super) struct Onward<S> {
    /// After the path's last token.
    pub(super) state: Rc<S>,
    /// The logarithm of the probability that the answer is over, if it may be.
    pub(super) end: Option<f32>,
    /// The path with one more token, and the logarithm of that token's probability; the likeliest first.
    pub(super) next: Vec<(f32, Path)>,
}

/// What is to be followed next, the likeliest first.
pub(super) struct Open<S> {
    /// The logarithm of the probability of its tokens, and of the end if it has one.
    pub(super) log_probability: f32,
    pub(super) what: What<S>,
}

pub(super) enum What<S> {
    /// The decoder stands before the path's last token.
    Unread(Path, Rc<S>),
    Read(Path, Onward<S>),
    /// The tokens of an answer that is over.
    Over(Vec<u32>),
}

impl Path {
    /// Where an answer begins.
    pub(super) fn empty(place: Place) -> Self {
        Self { tokens: Vec::new(), text: Vec::new(), signs: 0, place }
    }

    /// What can come after a path of this probability.
    pub(super) fn opened<S>(self, log_probability: f32, onward: Onward<S>) -> impl Iterator<Item = Open<S>> {
        let Onward { state, end, next } = onward;
        let over = end.map(|end| Open { log_probability: log_probability + end, what: What::Over(self.tokens) });
        let longer = next
            .into_iter()
            .map(move |(more, path)| Open { log_probability: log_probability + more, what: What::Unread(path, Rc::clone(&state)) });
        over.into_iter().chain(longer)
    }
}

impl<S> PartialEq for Open<S> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl<S> Eq for Open<S> {}

impl<S> PartialOrd for Open<S> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<S> Ord for Open<S> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.log_probability.total_cmp(&other.log_probability)
    }
}
