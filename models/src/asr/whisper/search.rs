//! Greedy decoding: always the most probable token, until the text is over, goes in circles, or is longer than anyone speaks.

use std::time::Duration;

use candle_core::Tensor;

use super::decoder::{Decoder, State};
use super::silence::Silence;
use super::tokens::Tokens;
use crate::asr::grammar::search::Reader;
use crate::asr::guards;
use crate::{Cancel, Language, Result};

/// What greedy decoding found.
#[derive(Debug)]
pub struct Hypothesis {
    pub(super) tokens: Vec<u32>,
    /// Of each token, in `[0, 1]`.
    pub(super) probabilities: Vec<f32>,
    pub(super) language: Language,
    /// The mean probability of the tokens, in `[0, 1]`.
    pub(super) confidence: f32,
    /// The mean logarithm of the probability of the tokens and of the end.
    pub(super) mean_log_probability: f32,
    /// How probable Whisper holds it that nobody spoke, in `[0, 1]`.
    pub(super) no_speech: f32,
    /// Whether the text was cut because it went in circles or did not end.
    pub(super) cut: bool,
}

/// The most tokens that a turn of this length is given: nobody speaks faster. Quick English has 5 tokens a second, quick Mandarin 10.
pub(super) fn token_bound(turn: Duration) -> usize {
    /// Half of the decoder's positions, which is also where the published code stops.
    const MOST: usize = 224;
    ((turn.as_secs_f32() * 12.0) as usize + 8).min(MOST)
}

/// A turn whose text is about to be written.
#[derive(Clone)]
pub(super) struct Begun {
    pub(super) state: State,
    pub(super) language: Language,
    no_speech: f32,
    /// Of the first token.
    pub(super) logits: Vec<f32>,
}

/// Read the prompt; find the language if it is not given.
pub(super) fn begin(
    decoder: &Decoder,
    tokens: &Tokens,
    encoded: &Tensor,
    silence: Option<&Silence>,
    language: Option<Language>,
    most: usize,
) -> Result<Begun> {
    let mut state = decoder.begin(encoded, silence, most + 4)?;
    let (language, read, first) = match language.or(tokens.only_language()) {
        Some(language) => (language, 0, None),
        None => {
            let logits = decoder.logits(&decoder.forward(&mut state, &[tokens.start()])?)?;
            (likelier(&logits, tokens).0, 1, Some(logits))
        }
    };
    let prompt = tokens.prompt(language);
    let left = prompt.get(read..).unwrap_or_default();
    let hidden = decoder.forward(&mut state, left)?;
    // Whether nobody spoke stands where the language is asked for.
    let first = match first {
        Some(logits) => logits,
        None => decoder.logits(&hidden.narrow(0, 0, 1)?)?,
    };
    let mut logits = decoder.logits(&hidden.narrow(0, left.len().saturating_sub(1), 1)?)?;
    let no_speech = probability(&first, tokens.no_speech());
    tokens.suppress(&mut logits, true);
    Ok(Begun { state, language, no_speech, logits })
}

/// Write what is most probable, token by token.
pub(super) fn greedy(decoder: &Decoder, tokens: &Tokens, begun: Begun, most: usize, cancel: &Cancel) -> Result<Hypothesis> {
    let Begun { mut state, language, no_speech, mut logits } = begun;
    let mut text = Vec::new();
    let (mut probabilities, mut logarithms, mut cut) = (Vec::new(), 0.0, false);
    loop {
        cancel.check()?;
        let (token, probability) = most_probable(&logits);
        logarithms += probability.max(f32::MIN_POSITIVE).ln();
        if token == tokens.end() {
            break;
        }
        probabilities.push(probability);
        text.push(token);
        if let Some(keep) = guards::circle(&text) {
            text.truncate(keep);
            cut = true;
            break;
        }
        if text.len() >= most {
            cut = true;
            break;
        }
        let hidden = decoder.forward(&mut state, &[token])?;
        logits = decoder.logits(&hidden)?;
        tokens.suppress(&mut logits, false);
    }
    let count = text.len().max(1) as f32;
    Ok(Hypothesis {
        confidence: (probabilities.iter().sum::<f32>() / count).clamp(0.0, 1.0),
        mean_log_probability: logarithms / (text.len() + 1) as f32,
        tokens: text,
        probabilities,
        language,
        no_speech,
        cut,
    })
}

/// The decoder as a search in a grammar sees it.
pub(super) struct Spelling<'a> {
    pub(super) decoder: &'a Decoder,
    pub(super) tokens: &'a Tokens,
}

impl Reader for Spelling<'_> {
    type State = State;

    fn read(&self, states: &mut [State], tokens: &[u32]) -> Result<Vec<Vec<f32>>> {
        let logits = self.decoder.logits(&self.decoder.forward_each(states, tokens)?)?;
        let mut logits: Vec<Vec<f32>> = logits.chunks_exact(self.decoder.vocabulary()).map(<[f32]>::to_vec).collect();
        logits.iter_mut().for_each(|logits| self.tokens.suppress(logits, false));
        Ok(logits)
    }

    fn end(&self) -> u32 {
        self.tokens.end()
    }

    fn spell(&self, tokens: &[u32]) -> String {
        self.tokens.spell(tokens)
    }
}

/// Of the languages spoken here, the one that Whisper takes the audio for, and how probable it is among them.
pub(super) fn likelier(logits: &[f32], tokens: &Tokens) -> (Language, f32) {
    let of = |language| tokens.language(language).and_then(|mark| logits.get(mark as usize)).copied().unwrap_or(f32::NEG_INFINITY);
    let (english, mandarin) = (of(Language::En), of(Language::Zh));
    let probability = 1.0 / (1.0 + (-(english - mandarin).abs()).exp());
    (if mandarin > english { Language::Zh } else { Language::En }, probability)
}

/// The softmax of one token.
fn probability(logits: &[f32], token: u32) -> f32 {
    let (_, most) = highest(logits);
    let sum: f32 = logits.iter().map(|logit| (logit - most).exp()).sum();
    logits.get(token as usize).map_or(0.0, |logit| (logit - most).exp() / sum)
}

fn most_probable(logits: &[f32]) -> (u32, f32) {
    let (token, most) = highest(logits);
    let sum: f32 = logits.iter().map(|logit| (logit - most).exp()).sum();
    (token as u32, 1.0 / sum)
}

/// The first of the highest logits.
fn highest(logits: &[f32]) -> (usize, f32) {
    logits.iter().copied().enumerate().fold((0, f32::NEG_INFINITY), |best, next| if next.1 > best.1 { next } else { best })
}
