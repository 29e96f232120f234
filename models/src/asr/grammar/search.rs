//! Best-first beam search that follows a grammar: the likeliest answers, by the recogniser's own probabilities.
//!
//! A path only becomes less likely with every token, so the likeliest path that is open is always the next to be followed, and answers come to their ends in
//! the order of their probabilities (C. Meister, T. Vieira and R. Cotterell, *Best-first beam search*, 2020). A clear answer costs little more than its own
//! tokens, so the beam can be wide where an answer begins, and an unclear one is not lost to others that only begin better: the first token of a "three"
//! that was written "City" is less likely than those of six other digits, of which none then comes to an end.
//!
//! An answer that can be written in several ways ("3", "three", "Three.") is as likely as all of them together.

use std::cmp::Ordering;
use std::collections::{BinaryHeap, HashSet};
use std::rc::Rc;

use super::automaton::Places;
use super::vocabulary::Vocabulary;
use super::{Grammar, plain};
use crate::{Cancel, Result};

/// Paths of one length that are followed at most, each a pass of the decoder, while they have no more than [`BEGINNING`] tokens. With 4, two of 20
/// single digits at 8 kHz were lost that are found with 16.
const WIDE: usize = 16;
/// Where an answer begins, and little of it tells which one it will be.
const BEGINNING: usize = 3;
/// Paths of one length that are followed at most, further on.
const NARROW: usize = 4;
/// Answers that are looked for, each with its own meaning.
const ANSWERS: usize = 4;
/// An answer that is less likely than the best by this much, as a logarithm, is no rival: e^-6 is one in four hundred.
pub(super) const BEHIND: f32 = 6.0;
/// Tokens without letters that may follow one another.
const MOST_SIGNS: usize = 2;

/// A decoder as the search sees it.
pub(in crate::asr) trait Reader {
    /// Where it stands after some tokens.
    type State: Clone;

    /// Read one more token; gives the logits of the next, of which those that must not be said are `-inf`.
    fn read(&self, state: &mut Self::State, token: u32) -> Result<Vec<f32>>;

    /// The token that ends a text.
    fn end(&self) -> u32;

    /// What tokens spell.
    fn spell(&self, tokens: &[u32]) -> String;
}

/// An answer that was found.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::asr) struct Found {
    pub(in crate::asr) meaning: Vec<String>,
    pub(in crate::asr) text: String,
    /// The logarithm of the probability of its tokens and of the end.
    pub(in crate::asr) log_probability: f32,
}

/// A path whose last token was not read yet.
struct Path<S> {
    tokens: Vec<u32>,
    /// What they spell, plain.
    text: Vec<u8>,
    /// Tokens without letters at its end.
    signs: usize,
    places: Places,
    /// Before its last token.
    state: Rc<S>,
}

/// What is to be followed next, the likeliest first.
struct Open<S> {
    /// The logarithm of the probability of its tokens, and of the end if it has one.
    log_probability: f32,
    what: What<S>,
}

enum What<S> {
    Path(Path<S>),
    /// The tokens of an answer that is over.
    Answer(Vec<u32>),
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

/// The likeliest answers, the likeliest first, each meaning once. `state` and `logits` are those before the first token; an answer has at most
/// `most` tokens.
pub(in crate::asr) fn answers<R: Reader>(
    reader: &R,
    (state, logits): (R::State, Vec<f32>),
    grammar: &Grammar,
    vocabulary: &Vocabulary,
    most: usize,
    cancel: &Cancel,
) -> Result<Vec<Found>> {
    let search = Search { reader, grammar, vocabulary };
    let start = Path { tokens: Vec::new(), text: Vec::new(), signs: 0, places: grammar.automaton.places(), state: Rc::new(state) };
    let mut open = BinaryHeap::new();
    search.go_on(&mut open, &start, 0.0, &logits, &start.state);
    let mut found = Vec::new();
    // The texts of the paths that were followed, by the number of their tokens.
    let mut followed: Vec<HashSet<Vec<u8>>> = Vec::new();
    followed.resize_with(most + 1, HashSet::new);
    while let Some(Open { log_probability, what }) = open.pop() {
        cancel.check()?;
        let behind = found.first().is_some_and(|best: &Found| log_probability < best.log_probability - BEHIND);
        if behind || found.len() >= ANSWERS {
            break;
        }
        match what {
            What::Answer(tokens) => search.keep(&mut found, &tokens, log_probability),
            What::Path(path) => {
                let (Some(&last), Some(same)) = (path.tokens.last(), followed.get_mut(path.tokens.len())) else { continue };
                // Commas and full stops make many paths of one answer: the likeliest stands for them.
                if same.len() >= width(path.tokens.len()) || !same.insert(path.text.clone()) {
                    continue;
                }
                let mut state = R::State::clone(&path.state);
                let logits = reader.read(&mut state, last)?;
                search.go_on(&mut open, &path, log_probability, &logits, &Rc::new(state));
            }
        }
    }
    Ok(found)
}

/// How many paths of so many tokens are followed.
fn width(tokens: usize) -> usize {
    if tokens <= BEGINNING { WIDE } else { NARROW }
}

struct Search<'a, R> {
    reader: &'a R,
    grammar: &'a Grammar,
    vocabulary: &'a Vocabulary,
}

impl<R: Reader> Search<'_, R> {
    /// Open what can come after a path, whose last token is read: `state` and `logits` are those behind it. More than can be followed is left out.
    fn go_on(
        &self,
        open: &mut BinaryHeap<Open<R::State>>,
        path: &Path<R::State>,
        log_probability: f32,
        logits: &[f32],
        state: &Rc<R::State>,
    ) {
        let total = log_sum(logits);
        let after = |token: u32| log_probability + logits.get(token as usize).map_or(f32::NEG_INFINITY, |logit| logit - total);
        if path.places.ended(&self.grammar.automaton) {
            open.push(Open { log_probability: after(self.reader.end()), what: What::Answer(path.tokens.clone()) });
        }
        let mut next: Vec<(f32, u32, Places)> = Vec::new();
        for (token, places) in self.vocabulary.next(self.grammar, &path.places) {
            let may_follow = places != path.places || path.signs < MOST_SIGNS;
            if token != self.reader.end() && may_follow && after(token).is_finite() {
                next.push((after(token), token, places));
            }
        }
        next.sort_unstable_by(|a, b| b.0.total_cmp(&a.0));
        let (mut texts, most) = (HashSet::new(), width(path.tokens.len() + 1));
        for (log_probability, token, places) in next {
            if texts.len() >= most {
                break;
            }
            let tokens = [path.tokens.as_slice(), &[token]].concat();
            let text = plain(&self.reader.spell(&tokens));
            if texts.insert(text.clone()) {
                let signs = if places == path.places { path.signs + 1 } else { 0 };
                let what = What::Path(Path { tokens, text, signs, places, state: Rc::clone(state) });
                open.push(Open { log_probability, what });
            }
        }
    }

    /// Take an answer among those found. Other words for the same meaning make it likelier; its text stays that of the likeliest.
    fn keep(&self, found: &mut Vec<Found>, tokens: &[u32], log_probability: f32) {
        let text = self.reader.spell(tokens);
        let Some(meaning) = self.grammar.automaton.read(&plain(&text)) else { return };
        match found.iter_mut().find(|known| known.meaning == meaning) {
            Some(known) => known.log_probability += (log_probability - known.log_probability).exp().ln_1p(),
            None => found.push(Found { meaning, text: text.trim().to_owned(), log_probability }),
        }
        found.sort_by(|a, b| b.log_probability.total_cmp(&a.log_probability));
    }
}

/// The logarithm of the sum of the exponentials.
fn log_sum(logits: &[f32]) -> f32 {
    let most = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    most + logits.iter().map(|logit| (logit - most).exp()).sum::<f32>().ln()
}
