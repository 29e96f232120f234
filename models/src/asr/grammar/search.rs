//! Best-first beam search that follows a grammar: the likeliest answers, by the recogniser's own probabilities.
//!
//! A path only becomes less likely with every token, so the likeliest path that is open is always the next to be followed, and answers come to their ends in
//! the order of their probabilities (C. Meister, T. Vieira and R. Cotterell, *Best-first beam search*, 2020). A clear answer costs little more than its own
//! tokens, so the beam can be wide where an answer begins, and an unclear one is not lost to others that only begin better: the first token of a "three"
//! that was written "City" is less likely than those of six other digits, of which none then comes to an end.
//!
//! A pass of the decoder takes little longer for several paths than for one: what takes time is to read its weights. So with each path, the likeliest of the others
//! are read too, in case they are next. What is found does not depend on that.
//!
//! An answer that can be written in several ways ("3", "three", "Three.") is as likely as all of them together.

use std::collections::{BinaryHeap, HashSet};
use std::rc::Rc;

use super::paths::{Onward, Open, Path, What};
use super::vocabulary::{InTokens, Vocabulary};
use super::{Grammar, plain};
use crate::{Cancel, Result};

/// Paths of one length that are followed at most, while they have no more than [`BEGINNING`] tokens. With 4, two of 20 single digits at 8 kHz were lost that are
/// found with 16.
const WIDE: usize = 16;
/// Where an answer begins, and little of it tells which one it will be.
const BEGINNING: usize = 3;
/// Paths of one length that are followed at most, further on.
const NARROW: usize = 4;
/// Paths that are read in one pass of the decoder.
const TOGETHER: usize = 4;
/// How much of what is open is looked through for paths that may be next.
const LOOKED_AT: usize = 4 * TOGETHER;
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

    /// Read one more token of each of these texts about the same sound; gives the logits of what comes next in each, of which those that must not be said are
    /// `-inf`.
    fn read(&self, states: &mut [Self::State], tokens: &[u32]) -> Result<Vec<Vec<f32>>>;

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
    let (tokens, start) = InTokens::of(grammar, vocabulary);
    let followed = std::iter::repeat_with(Followed::default).take(most + 1).collect();
    let mut search = Search { reader, grammar, tokens, open: BinaryHeap::new(), followed, found: Vec::new() };
    let path = Path::empty(start);
    let onward = search.onward(&path, &logits, state);
    search.open.extend(path.opened(0.0, onward));
    while let Some(Open { log_probability, what }) = search.open.pop() {
        cancel.check()?;
        if log_probability < search.least() || search.found.len() >= ANSWERS {
            break;
        }
        match what {
            What::Over(tokens) => search.keep(&tokens, log_probability),
            What::Unread(path, state) => search.read(log_probability, path, state)?,
            What::Read(path, onward) => search.follow(log_probability, path, onward),
        }
    }
    Ok(search.found)
}

/// The paths of one length.
#[derive(Default)]
struct Followed {
    /// What those spell that were followed.
    texts: HashSet<Vec<u8>>,
    /// How many were read and wait to be followed.
    waiting: usize,
}

/// How many paths of so many tokens are followed.
fn width(tokens: usize) -> usize {
    if tokens <= BEGINNING { WIDE } else { NARROW }
}

struct Search<'a, R: Reader> {
    reader: &'a R,
    grammar: &'a Grammar,
    tokens: InTokens<'a>,
    open: BinaryHeap<Open<R::State>>,
    /// By the number of their tokens.
    followed: Vec<Followed>,
    found: Vec<Found>,
}

impl<R: Reader> Search<'_, R> {
    /// What is less likely than this, as a logarithm, is no rival of what was found.
    fn least(&self) -> f32 {
        self.found.first().map_or(f32::NEG_INFINITY, |best| best.log_probability - BEHIND)
    }

    /// Whether there is room for a path beside those that were followed or are `waiting`, and none that spells the same: commas and full stops make many paths of one
    /// answer, and the likeliest stands for them.
    fn may_follow(&self, path: &Path, waiting: impl Fn(&Followed) -> usize) -> bool {
        let length = path.tokens.len();
        let room = |same: &Followed| same.texts.len() + waiting(same) < width(length) && !same.texts.contains(&path.text);
        self.followed.get(length).is_some_and(room)
    }

    /// Read the last token of a path, and of those that may be next.
    fn read(&mut self, log_probability: f32, path: Path, state: Rc<R::State>) -> Result<()> {
        if !self.may_follow(&path, |_| 0) {
            return Ok(());
        }
        let mut together = vec![(log_probability, path, state)];
        self.take_likeliest(&mut together);
        let tokens: Vec<u32> = together.iter().filter_map(|(_, path, _)| path.tokens.last().copied()).collect();
        let mut states: Vec<R::State> = together.iter().map(|(_, _, state)| R::State::clone(state)).collect();
        let logits = self.reader.read(&mut states, &tokens)?;
        for (((log_probability, path, _), logits), state) in together.into_iter().zip(logits).zip(states) {
            let onward = self.onward(&path, &logits, state);
            if let Some(same) = self.followed.get_mut(path.tokens.len()) {
                same.waiting += 1;
            }
            self.open.push(Open { log_probability, what: What::Read(path, onward) });
        }
        Ok(())
    }

    /// Take the likeliest paths that are open and were not read, as far as all together can be read at once and are likely to be followed.
    fn take_likeliest(&mut self, together: &mut Vec<(f32, Path, Rc<R::State>)>) {
        let mut others = Vec::new();
        while together.len() < TOGETHER && others.len() < LOOKED_AT {
            match self.open.pop() {
                Some(Open { log_probability, .. }) if log_probability < self.least() => break,
                Some(Open { log_probability, what: What::Unread(path, state) }) if self.may_follow(&path, |same| same.waiting) => {
                    together.push((log_probability, path, state));
                }
                Some(other) => others.push(other),
                None => break,
            }
        }
        self.open.extend(others);
    }

    /// Open what can come after a path that was read.
    fn follow(&mut self, log_probability: f32, path: Path, onward: Onward<R::State>) {
        let may_follow = self.may_follow(&path, |_| 0);
        if let Some(same) = self.followed.get_mut(path.tokens.len()) {
            same.waiting = same.waiting.saturating_sub(1);
            if may_follow {
                same.texts.insert(path.text.clone());
            }
        }
        if may_follow {
            self.open.extend(path.opened(log_probability, onward));
        }
    }

    /// What can come after a path, by the `logits` behind it. More than can be followed is left out.
    fn onward(&mut self, path: &Path, logits: &[f32], state: R::State) -> Onward<R::State> {
        let total = log_sum(logits);
        let after = |token: u32| logits.get(token as usize).map_or(f32::NEG_INFINITY, |logit| logit - total);
        let tokens = self.tokens.next(path.place);
        let mut likely: Vec<_> = tokens
            .iter()
            .filter(|(token, place)| *token != self.reader.end() && (*place != path.place || path.signs < MOST_SIGNS))
            .map(|&(token, place)| (after(token), token, place))
            .filter(|(log_probability, ..)| log_probability.is_finite())
            .collect();
        likely.sort_unstable_by(|a, b| b.0.total_cmp(&a.0));
        let (mut texts, mut next) = (HashSet::new(), Vec::new());
        for (log_probability, token, place) in likely {
            let tokens = [path.tokens.as_slice(), &[token]].concat();
            let text = plain(&self.reader.spell(&tokens));
            if texts.insert(text.clone()) {
                let signs = if place == path.place { path.signs + 1 } else { 0 };
                next.push((log_probability, Path { tokens, text, signs, place }));
            }
            if next.len() >= width(path.tokens.len() + 1) {
                break;
            }
        }
        let end = self.tokens.ended(path.place).then(|| after(self.reader.end()));
        Onward { state: Rc::new(state), end, next }
    }

    /// Take an answer among those found. Other words for the same meaning make it likelier; its text stays that of the likeliest.
    fn keep(&mut self, tokens: &[u32], log_probability: f32) {
        let text = self.reader.spell(tokens);
        let Some(meaning) = self.grammar.automaton.read(&plain(&text)) else { return };
        match self.found.iter_mut().find(|known| known.meaning == meaning) {
            Some(known) => known.log_probability += (log_probability - known.log_probability).exp().ln_1p(),
            None => self.found.push(Found { meaning, text: text.trim().to_owned(), log_probability }),
        }
        self.found.sort_by(|a, b| b.log_probability.total_cmp(&a.log_probability));
    }
}

/// The logarithm of the sum of the exponentials.
fn log_sum(logits: &[f32]) -> f32 {
    let most = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    most + logits.iter().map(|logit| (logit - most).exp()).sum::<f32>().ln()
}
