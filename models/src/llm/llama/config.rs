//! A decoder's sizes, from the metadata of its GGUF file.

use std::collections::HashMap;

use candle_core::quantized::gguf_file::Value;

use crate::kernels::q8::{BLOCK, OUTPUTS};
use crate::llm::gguf::Metadata;

/// The sizes and constants of a decoder; consistent with each other, and small enough to compute with.
#[derive(Clone, Debug, PartialEq)]
pub struct Config {
    /// Layers.
    pub layers: usize,
    /// Values in the hidden state.
    pub width: usize,
    /// Values between the two halves of the feed-forward net.
    pub feed_forward: usize,
    /// Heads of queries.
    pub heads: usize,
    /// Heads of keys and values; each serves the same number of query heads.
    pub kv_heads: usize,
    /// Values in a head.
    pub head_width: usize,
    /// Tokens in the vocabulary.
    pub vocabulary: usize,
    /// Most tokens that can be seen at once.
    pub context: usize,
    /// Base of the rotary embedding's frequencies.
    pub rope_base: f32,
    /// Keeps the norm's divisor from 0.
    pub epsilon: f32,
}

impl Config {
    /// The sizes that `metadata` states, the context cut to `context`. The error says, for a reader, what cannot be.
    pub(super) fn from_metadata(metadata: &HashMap<String, Value>, context: usize) -> Result<Self, String> {
        let read = Metadata(metadata);
        let architecture = read.text("general.architecture")?;
        if architecture != "llama" {
            return Err(format!("the file holds a model of architecture `{architecture}`, not `llama`"));
        }
        let config = Self {
            layers: read.size("llama.block_count", 1..=512)?,
            width: read.size("llama.embedding_length", 32..=16_384)?,
            feed_forward: read.size("llama.feed_forward_length", 32..=131_072)?,
            heads: read.size("llama.attention.head_count", 1..=256)?,
            kv_heads: read.size("llama.attention.head_count_kv", 1..=256)?,
            head_width: read.size("llama.rope.dimension_count", 16..=512)?,
            vocabulary: read.size("llama.vocab_size", 1..=1_000_000)?,
            context: read.size("llama.context_length", 1..=1_048_576)?.min(context),
            rope_base: read.number("llama.rope.freq_base")?,
            epsilon: read.number("llama.attention.layer_norm_rms_epsilon")?,
        };
        config.check()?;
        Ok(config)
    }

    fn check(&self) -> Result<(), String> {
        let whole_blocks = |size: usize| size.is_multiple_of(BLOCK);
        let conditions = [
            (self.heads * self.head_width == self.width, "its heads do not make up its width"),
            (self.heads.is_multiple_of(self.kv_heads), "its heads cannot share its key and value heads"),
            (self.head_width.is_multiple_of(16), "the width of its heads is not a multiple of 16"),
            (whole_blocks(self.width) && whole_blocks(self.feed_forward), "its widths are not multiples of 32"),
            (self.vocabulary.is_multiple_of(OUTPUTS), "its vocabulary is not a multiple of 16"),
            (self.context > 0, "its context is empty"),
        ];
        match conditions.iter().find(|(holds, _)| !holds) {
            Some((_, what)) => Err(format!("the model cannot be computed: {what}")),
            None => Ok(()),
        }
    }

    /// Values of all key heads of a position.
    pub(super) fn kv_width(&self) -> usize {
        self.kv_heads * self.head_width
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]

    use super::*;

    fn metadata() -> HashMap<String, Value> {
        let sizes = [
            ("block_count", 2),
            ("embedding_length", 64),
            ("feed_forward_length", 96),
            ("attention.head_count", 4),
            ("attention.head_count_kv", 2),
            ("rope.dimension_count", 16),
            ("vocab_size", 48),
            ("context_length", 128),
        ];
        let mut metadata: HashMap<_, _> = sizes.into_iter().map(|(key, size)| (format!("llama.{key}"), Value::U32(size))).collect();
        metadata.insert("general.architecture".to_owned(), Value::String("llama".to_owned()));
        metadata.insert("llama.rope.freq_base".to_owned(), Value::F32(10_000.0));
        metadata.insert("llama.attention.layer_norm_rms_epsilon".to_owned(), Value::F32(1e-5));
        metadata
    }

    #[test]
    fn sizes_are_read_and_the_context_is_cut() {
        let config = Config::from_metadata(&metadata(), 100).unwrap();
        assert_eq!((config.layers, config.width, config.kv_width(), config.context), (2, 64, 32, 100));
    }

    #[test]
    fn sizes_that_cannot_be_are_refused_by_name() {
        for (key, value) in [
            ("llama.block_count", Value::U32(0)),
            ("llama.embedding_length", Value::U32(u32::MAX)),
            ("llama.attention.head_count", Value::U32(5)),
            ("llama.attention.head_count_kv", Value::U32(3)),
            ("llama.rope.dimension_count", Value::String("16".to_owned())),
            ("llama.rope.freq_base", Value::F32(f32::NAN)),
            ("general.architecture", Value::String("bert".to_owned())),
        ] {
            let mut metadata = metadata();
            metadata.insert(key.to_owned(), value);
            assert!(Config::from_metadata(&metadata, 100).is_err(), "{key}");
            metadata.remove(key);
            let error = Config::from_metadata(&metadata, 100).unwrap_err();
            assert!(error.contains(key), "{error}");
        }
    }
}
