//! A constraint at work: which tokens may come next, and which must.

use std::fmt;
use std::sync::Arc;

use llguidance::earley::SlicedBiasComputer;
use llguidance::toktrie::{InferenceCapabilities, TokEnv, TokRxInfo, TokTrie, TokenizerEnv};
use llguidance::{Matcher, ParserFactory};

use super::Constraint;
use crate::llm::tokenizer::Tokenizer;
use crate::{Error, Result};

/// Longest token, in bytes, that the trie can hold.
const LONGEST_TOKEN: usize = 1023;

/// Makes guides over one vocabulary. Its trie takes some ten times the vocabulary's bytes, so it is made for the first constraint.
pub(in crate::llm) struct Guides(ParserFactory);

impl fmt::Debug for Guides {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Guides")
    }
}

impl Guides {
    /// For the tokens of `tokenizer`.
    pub(in crate::llm) fn new(tokenizer: Arc<Tokenizer>) -> Result<Self> {
        let mut words: Vec<Vec<u8>> = tokenizer.vocabulary().to_vec();
        let end_of_turn = tokenizer.end_of_turn();
        // No text spells the end of the turn; the marker in front says so.
        if let Some(word) = words.get_mut(end_of_turn as usize) {
            *word = [&[TokTrie::SPECIAL_TOKEN_MARKER], b"<end of turn>".as_slice()].concat();
        }
        if let Some(long) = words.iter().find(|word| word.len() > LONGEST_TOKEN) {
            return Err(Error::Input(format!("the model has a token of {} bytes, too long for a constraint", long.len())));
        }
        let trie = TokTrie::from(&TokRxInfo::new(words.len() as u32, end_of_turn), &words);
        let vocabulary: TokEnv = Arc::new(Vocabulary { tokenizer, trie });
        let able = InferenceCapabilities { ff_tokens: true, ..InferenceCapabilities::default() };
        let mut factory = ParserFactory::new(&vocabulary, able, &SlicedBiasComputer::general_slices()).map_err(unmet)?;
        factory.quiet().limits_mut().verbose_errors = false;
        Ok(Self(factory))
    }

    /// Begin an answer that `constraint` bounds.
    pub(in crate::llm) fn begin(&self, constraint: &Constraint) -> Result<Guide> {
        let parser = self.0.create_parser(constraint.grammar()?).map_err(unmet)?;
        Ok(Guide(Matcher::new(Ok(parser))))
    }
}

/// The crate's errors are long: the first line says what is wrong.
fn unmet(error: impl fmt::Display) -> Error {
    let what = error.to_string();
    let first = what.lines().find(|line| !line.trim().is_empty()).unwrap_or("for an unknown reason");
    Error::Input(format!("no answer can be written under this constraint: {first}"))
}

/// One answer's constraint, and how far the answer is.
pub(in crate::llm) struct Guide(Matcher);

impl Guide {
    /// The tokens that come next whatever the model thinks; taken already.
    pub(in crate::llm) fn forced(&mut self) -> Result<Vec<u32>> {
        if self.finished()? {
            return Ok(Vec::new());
        }
        let forced = self.0.compute_ff_tokens();
        if let Some(error) = self.0.get_error() {
            return Err(unmet(error));
        }
        self.0.consume_tokens(&forced).map_err(unmet)?;
        Ok(forced)
    }

    /// Make every token impossible that may not come next. The end of the turn may come where the answer can end.
    pub(in crate::llm) fn mask(&mut self, logits: &mut [f32]) -> Result<()> {
        let allowed = self.0.compute_mask().map_err(unmet)?;
        let words = allowed.as_slice();
        let mut any = false;
        for (token, logit) in logits.iter_mut().enumerate() {
            let may = words.get(token / 32).is_some_and(|word| word >> (token % 32) & 1 == 1);
            if may && logit.is_finite() {
                any = true;
            } else {
                *logit = f32::NEG_INFINITY;
            }
        }
        if any { Ok(()) } else { Err(unmet("the model has no token that fits")) }
    }

    /// Go on behind a token that was allowed.
    pub(in crate::llm) fn take(&mut self, token: u32) -> Result<()> {
        self.0.consume_token(token).map_err(unmet)
    }

    /// Whether the answer is whole and cannot go on.
    pub(in crate::llm) fn finished(&self) -> Result<bool> {
        match self.0.get_error() {
            Some(error) => Err(unmet(error)),
            None if !self.0.is_stopped() => Ok(false),
            None if self.0.stop_reason().is_ok() => Ok(true),
            None => Err(unmet(format!("it stopped by `{}`", self.0.stop_reason()))),
        }
    }
}

/// A model's tokens, as the parser asks for them.
struct Vocabulary {
    tokenizer: Arc<Tokenizer>,
    trie: TokTrie,
}

impl TokenizerEnv for Vocabulary {
    fn tok_trie(&self) -> &TokTrie {
        &self.trie
    }

    /// As the model would have been shown it; what no text can be cut into is spelled by the longest tokens that fit.
    fn tokenize_bytes(&self, bytes: &[u8]) -> Vec<u32> {
        self.trie.tokenize_with_greedy_fallback(bytes, |text| {
            // A control token that is spelled out is a text here.
            let plain = !self.tokenizer.control().iter().any(|control| text.contains(control.as_str()));
            let cut = plain.then(|| self.tokenizer.encode_as_is(text).ok()).flatten();
            cut.unwrap_or_else(|| self.trie.greedy_tokenize(text.as_bytes()))
        })
    }
}
