//! A beam search that follows a grammar: the likeliest answers, by the recogniser's own probabilities.

use std::collections::HashSet;

use super::automaton::Places;
use super::vocabulary::Vocabulary;
use super::{Grammar, plain};
use crate::{Cancel, Result};

/// Paths that are followed at once, each a pass of the decoder for each token.
const WIDTH: usize = 4;
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

struct Path<S> {
    tokens: Vec<u32>,
    /// Tokens without letters at its end.
    signs: usize,
    places: Places,
    state: S,
    /// Of its tokens so far.
    log_probability: f32,
    logits: Vec<f32>,
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
    let places = grammar.automaton.places();
    let mut paths = vec![Path { tokens: Vec::new(), signs: 0, places, state, log_probability: 0.0, logits }];
    let mut found: Vec<Found> = Vec::new();
    for _ in 0..=most {
        let mut next = Vec::new();
        for (from, path) in paths.iter().enumerate() {
            let total = log_sum(&path.logits);
            let after =
                |token: u32| path.log_probability + path.logits.get(token as usize).map_or(f32::NEG_INFINITY, |logit| logit - total);
            if path.places.ended(&grammar.automaton) {
                keep(&mut found, reader, grammar, &path.tokens, after(reader.end()));
            }
            for (token, places) in vocabulary.next(grammar, &path.places) {
                let is_sign = places == path.places;
                if token != reader.end() && (!is_sign || path.signs < MOST_SIGNS) {
                    next.push((after(token), from, token, is_sign, places));
                }
            }
        }
        next.retain(|(log_probability, ..)| log_probability.is_finite());
        next.sort_unstable_by(|a, b| b.0.total_cmp(&a.0));
        // Commas and full stops make many paths of one answer: the likeliest stands for them.
        let mut texts = HashSet::new();
        next.retain(|(_, from, token, ..)| {
            let said = paths.get(*from).map_or(&[][..], |path| path.tokens.as_slice());
            texts.len() < WIDTH && texts.insert(plain(&reader.spell(&[said, &[*token]].concat())))
        });
        // A path only becomes less likely: what falls behind by so much will not be among the answers that matter.
        let worst = found.get(WIDTH - 1).map_or(f32::NEG_INFINITY, |answer| answer.log_probability);
        let bar = found.first().map_or(worst, |best| worst.max(best.log_probability - BEHIND));
        next.retain(|(log_probability, ..)| *log_probability > bar);
        if next.is_empty() {
            break;
        }
        let mut longer = Vec::with_capacity(next.len());
        for (log_probability, from, token, is_sign, places) in next {
            cancel.check()?;
            let Some(path) = paths.get(from) else { continue };
            let mut state = path.state.clone();
            let logits = reader.read(&mut state, token)?;
            let tokens = path.tokens.iter().copied().chain([token]).collect();
            longer.push(Path { tokens, signs: if is_sign { path.signs + 1 } else { 0 }, places, state, log_probability, logits });
        }
        paths = longer;
    }
    Ok(found)
}

/// Take an answer among those found, unless it is known to be likelier in other words.
fn keep<R: Reader>(found: &mut Vec<Found>, reader: &R, grammar: &Grammar, tokens: &[u32], log_probability: f32) {
    let text = reader.spell(tokens);
    let Some(meaning) = grammar.automaton.read(&plain(&text)) else { return };
    if found.iter().any(|other| other.meaning == meaning && other.log_probability >= log_probability) {
        return;
    }
    found.retain(|other| other.meaning != meaning);
    found.push(Found { meaning, text: text.trim().to_owned(), log_probability });
    found.sort_unstable_by(|a, b| b.log_probability.total_cmp(&a.log_probability));
}

/// The logarithm of the sum of the exponentials.
fn log_sum(logits: &[f32]) -> f32 {
    let most = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    most + logits.iter().map(|logit| (logit - most).exp()).sum::<f32>().ln()
}
