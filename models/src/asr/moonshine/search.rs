//! Greedy decoding: always the most probable token, until the text is over, goes in circles, or is longer than anyone speaks.
//!
//! A turn that is heard while it grows is decoded again and again, and mostly says again what it said before. So a *draft*, the text of the
//! last time, is read at once, as far as the most probable tokens are the draft's; from there on, token by token. Since a row of the
//! decoder depends on nothing but its own token and those before it, the text is the one that would be found without a draft.

use std::time::Duration;

use candle_core::Tensor;

use super::decoder::{Decoder, State};
use super::tokens::Tokens;
use crate::asr::grammar::search::Reader;
use crate::asr::guards;
use crate::kernels::tensor::activations::most_probable;
use crate::{Cancel, Result};

/// What greedy decoding found.
#[derive(Clone, Debug, Default)]
pub(super) struct Hypothesis {
    pub(super) tokens: Vec<u32>,
    /// Of each token, in `[0, 1]`.
    pub(super) probabilities: Vec<f32>,
    /// The mean probability of the tokens, in `[0, 1]`.
    pub(super) confidence: f32,
    /// The mean logarithm of the probability of the tokens and of the end.
    pub(super) mean_log_probability: f32,
    /// Whether the text was cut because it went in circles or did not end.
    pub(super) cut: bool,
}

/// The most tokens that a turn of this length is given: as many as its publisher recommends for English. Of 150 turns of a second and more,
/// clean and in noise, the quickest had 5.5 a second; what had more went in circles.
pub(super) fn token_bound(turn: Duration) -> usize {
    const A_SECOND: f32 = 6.5;
    (turn.as_secs_f32() * A_SECOND).ceil() as usize
}

/// A text that grows by the token.
struct Text<'a> {
    meaning: &'a Tokens,
    tokens: Vec<u32>,
    /// The same without case: a text that goes in circles begins them with a capital.
    folded: Vec<u32>,
    probabilities: Vec<f32>,
    logarithms: f32,
}

enum Goes {
    On,
    /// To its end.
    Over,
    /// Beyond what anybody says.
    Astray,
}

impl Text<'_> {
    fn take(&mut self, token: u32, probability: f32, most: usize) -> Goes {
        self.logarithms += probability.max(f32::MIN_POSITIVE).ln();
        if token == self.meaning.end() {
            return Goes::Over;
        }
        self.probabilities.push(probability);
        self.tokens.push(token);
        self.folded.push(self.meaning.folded(token));
        if let Some(keep) = guards::circle(&self.folded) {
            self.tokens.truncate(keep);
            return Goes::Astray;
        }
        if self.tokens.len() < most {
            return Goes::On;
        }
        // Who speaks this fast does not repeat himself.
        if let Some(keep) = guards::repetition(&self.folded) {
            self.tokens.truncate(keep);
        }
        Goes::Astray
    }

    fn finished(self, read: usize, cut: bool) -> Hypothesis {
        Hypothesis {
            confidence: (self.probabilities.iter().sum::<f32>() / read.max(1) as f32).clamp(0.0, 1.0),
            mean_log_probability: self.logarithms / (read + usize::from(!cut)).max(1) as f32,
            tokens: self.tokens,
            probabilities: self.probabilities,
            cut,
        }
    }
}

/// Write down what was `encoded`, in at most `most` tokens. Gives also where the decoder then stands.
pub(super) fn greedy(
    decoder: &Decoder,
    tokens: &Tokens,
    encoded: &Tensor,
    draft: &[u32],
    most: usize,
    cancel: &Cancel,
) -> Result<(Hypothesis, State)> {
    let mut state = decoder.begin(encoded, most + 1, cancel)?;
    let mut text = Text { meaning: tokens, tokens: Vec::new(), folded: Vec::new(), probabilities: Vec::new(), logarithms: 0.0 };
    let mut read = 0;
    let mut next: Vec<u32> = [tokens.start()].into_iter().chain(draft.iter().copied().take(most)).collect();
    loop {
        cancel.check()?;
        let before = state.length();
        let mut logits = decoder.logits(&decoder.forward(&mut state, &next, cancel)?)?;
        let mut rows = logits.chunks_exact_mut(decoder.vocabulary()).enumerate();
        next = loop {
            let Some((row, (token, probability))) = rows.next().and_then(|(row, logits)| Some((row, most_probable(logits)?))) else {
                return Ok((text.finished(read, true), state));
            };
            match text.take(token as u32, probability, most) {
                Goes::On => read += 1,
                Goes::Over => return Ok((text.finished(read, false), state)),
                Goes::Astray => return Ok((text.finished(read + 1, true), state)),
            }
            if next.get(row + 1) != Some(&(token as u32)) {
                state.truncate(before + row + 1);
                break vec![token as u32];
            }
        };
    }
}

/// The decoder as a search in a grammar sees it.
pub(super) struct Spelling<'a> {
    pub(super) decoder: &'a Decoder,
    pub(super) tokens: &'a Tokens,
    pub(super) cancel: &'a Cancel,
}

impl Spelling<'_> {
    /// Where every text begins: after the first token.
    pub(super) fn begin(&self, encoded: &Tensor, most: usize) -> Result<(State, Vec<f32>)> {
        let mut state = self.decoder.begin(encoded, most + 1, self.cancel)?;
        let hidden = self.decoder.forward(&mut state, &[self.tokens.start()], self.cancel)?;
        Ok((state, self.decoder.logits(&hidden)?))
    }
}

impl Reader for Spelling<'_> {
    type State = State;

    fn read(&self, states: &mut [State], tokens: &[u32]) -> Result<Vec<Vec<f32>>> {
        let logits = self.decoder.logits(&self.decoder.forward_each(states, tokens, self.cancel)?)?;
        Ok(logits.chunks_exact(self.decoder.vocabulary()).map(<[f32]>::to_vec).collect())
    }

    fn end(&self) -> u32 {
        self.tokens.end()
    }

    fn spell(&self, tokens: &[u32]) -> String {
        self.tokens.spell(tokens)
    }
}
