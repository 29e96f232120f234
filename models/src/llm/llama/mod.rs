//! The decoder that the Llama family shares: Llama, SmolLM, Mistral, Qwen2 and their kin, from GGUF files in Q8_0.
//!
//! A block of tokens passes all layers together: normalise, project to queries, keys and values, attend to what came before, project
//! back, and the gated feed-forward net. Weights stay quantized and packed for this processor, the embedding too, which is also the
//! output projection where a model ties them. Keys and values of a few jobs are kept, in allocations made at the start; their pages cost memory only once
//! they are written ([`memory`]).
//!
//! Threads: a block's rows are shared out between the threads of the model's own pool, a single row's outputs are
//! ([`crate::kernels::q8`]). Which of the two happens changes no bit of the result.

mod cache;
mod config;
mod layers;
mod memory;
mod weights;

use rayon::prelude::*;
use rayon::{ThreadPool, ThreadPoolBuilder};

pub use config::{Config, Family};

use self::layers::Scratch;
use self::memory::Memory;
use self::weights::Weights;
use crate::kernels::pointwise;
use crate::kernels::q8::Rows;
use crate::llm::gguf::GgufFile;
use crate::{Cancel, Error, Result};

/// Tokens that pass the layers together.
const BLOCK: usize = 128;
/// Tokens whose logits are computed together, of which each has one for every token of the vocabulary: 10 MB with Qwen's.
const TOGETHER: usize = 16;

/// A decoder and what it has seen.
#[derive(Debug)]
pub struct Llama {
    config: Config,
    weights: Weights,
    memory: Memory,
    scratch: Scratch,
    pool: ThreadPool,
}

impl Llama {
    /// Read a GGUF file whose matrices are Q8_0. It will compute on `threads` threads and see at most `context` tokens at once.
    ///
    /// # Errors
    /// [`Error::Io`] if the file cannot be read; [`Error::Format`] if it is not such a model.
    pub(crate) fn read(file: &mut GgufFile, context: usize, threads: usize) -> Result<Self> {
        let config = Config::from_metadata(file.metadata(), context).map_err(|what| file.wrong(what))?;
        let weights = Weights::read(file, &config)?;
        let pool = ThreadPoolBuilder::new()
            .num_threads(threads.max(1))
            .thread_name(|index| format!("llm-{index}"))
            .build()
            .map_err(|error| Error::Input(format!("the language model's threads could not be started: {error}")))?;
        Ok(Self { memory: Memory::new(&config), scratch: Scratch::default(), config, weights, pool })
    }

    /// The model's sizes.
    #[must_use]
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// How many tokens were seen in the last job.
    #[must_use]
    pub fn seen(&self) -> usize {
        self.memory.seen().len()
    }

    /// Make `tokens` what was seen, and return the logits of the token after them.
    ///
    /// Only what differs from what was seen in one of the last jobs is computed.
    ///
    /// # Errors
    /// [`Error::Cancelled`]; [`Error::Input`] if there are no tokens, more than the context holds, or one that is not in the vocabulary.
    pub fn see(&mut self, tokens: &[u32], cancel: &Cancel) -> Result<Vec<f32>> {
        if tokens.is_empty() {
            return Err(Error::Input("the language model needs at least one token to start from".to_owned()));
        }
        self.memory.recall(tokens);
        // The last token is always computed: its logits are not kept.
        self.memory.forget(tokens.len() - 1);
        let hidden = self.append(&tokens[self.seen()..], cancel)?;
        let last = hidden.len() - self.config.width;
        Ok(self.logits(&hidden[last..]))
    }

    /// The logarithm of the probability of `ending`, of all its tokens together, after what was seen, whose next logits are `first`.
    /// What was seen stays as it is.
    ///
    /// # Errors
    /// As [`Llama::see`].
    pub fn likelihood(&mut self, first: &[f32], ending: &[u32], cancel: &Cancel) -> Result<f32> {
        let (Some((_, before)), [next, rest @ ..]) = (ending.split_last(), ending) else {
            return Err(Error::Input("an empty ending has no likelihood".to_owned()));
        };
        self.check(ending)?;
        let start = self.seen();
        let hidden = self.append(before, cancel);
        self.memory.forget(start);
        let (width, vocabulary) = (self.config.width, self.config.vocabulary);
        let mut sum = pointwise::log_probability(first, *next as usize);
        for (tokens, hidden) in rest.chunks(TOGETHER).zip(hidden?.chunks(TOGETHER * width)) {
            cancel.check()?;
            let logits = self.logits(hidden);
            sum += tokens
                .iter()
                .zip(logits.chunks_exact(vocabulary))
                .map(|(token, row)| pointwise::log_probability(row, *token as usize))
                .sum::<f32>();
        }
        Ok(sum)
    }

    /// Let `tokens` pass the layers behind what was seen, and return their hidden states.
    fn append(&mut self, tokens: &[u32], cancel: &Cancel) -> Result<Vec<f32>> {
        self.check(tokens)?;
        let (count, context) = (self.seen() + tokens.len(), self.config.context);
        if count > context {
            return Err(Error::Input(format!("{count} tokens do not fit the language model's context of {context}")));
        }
        let mut hidden = vec![0.0; tokens.len() * self.config.width];
        for (token, hidden) in tokens.iter().zip(hidden.chunks_exact_mut(self.config.width)) {
            self.weights.embedding.row(*token as usize, hidden);
        }
        let Self { config, weights, memory, scratch, pool } = self;
        for (tokens, hidden) in tokens.chunks(BLOCK).zip(hidden.chunks_mut(BLOCK * config.width)) {
            let position = memory.seen().len();
            pool.install(|| {
                for (index, layer) in weights.layers.iter().enumerate() {
                    cancel.check()?;
                    layer.forward(config, &mut memory.layer(index), position, hidden, scratch);
                }
                Ok::<_, Error>(())
            })?;
            memory.saw(tokens);
        }
        Ok(hidden)
    }

    /// What comes next behind each of these hidden states, one row of the vocabulary's size after the other. The vocabulary is the largest matrix of all, and is read
    /// once for several states.
    fn logits(&self, hidden: &[f32]) -> Vec<f32> {
        let (width, vocabulary) = (self.config.width, self.config.vocabulary);
        let output = self.weights.output.as_ref().unwrap_or(&self.weights.embedding);
        let count = hidden.len() / width;
        let mut logits = vec![0.0; count * vocabulary];
        self.pool.install(|| {
            // A single state is shared out by its outputs.
            let share = count.div_ceil(rayon::current_num_threads()).max(1);
            hidden.par_chunks(share * width).zip(logits.par_chunks_mut(share * vocabulary)).for_each(|(hidden, logits)| {
                let mut normed = vec![0.0; hidden.len()];
                pointwise::rms_norm(hidden, &self.weights.output_norm, self.config.epsilon, &mut normed);
                let mut rows = Rows::default();
                rows.quantize(&normed, width);
                output.multiply(&rows, logits);
            });
        });
        logits
    }

    fn check(&self, tokens: &[u32]) -> Result<()> {
        match tokens.iter().find(|token| **token as usize >= self.config.vocabulary) {
            Some(token) => Err(Error::Input(format!("the language model has no token {token}"))),
            None => Ok(()),
        }
    }
}
