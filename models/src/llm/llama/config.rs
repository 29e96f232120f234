//! A decoder's sizes, from the metadata of its GGUF file.

use std::collections::HashMap;

use candle_core::quantized::gguf_file::Value;

use crate::kernels::q8::{BLOCK, OUTPUTS};
use crate::llm::gguf::Metadata;

/// Which of the decoders that differ in little.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Family {
    /// Llama, SmolLM, Mistral: no biases; a head's rotary pairs are neighbours, as GGUF's writer reorders them.
    Llama,
    /// Qwen2 and Qwen2.5: queries, keys and values have biases; a rotary pair is a value of a head's first half and its counterpart in the second.
    Qwen2,
}

impl Family {
    /// What the keys of its metadata begin with.
    fn prefix(self) -> &'static str {
        match self {
            Self::Llama => "llama",
            Self::Qwen2 => "qwen2",
        }
    }
}

/// The sizes and constants of a decoder; consistent with each other, and small enough to compute with.
#[derive(Clone, Debug, PartialEq)]
pub struct Config {
    /// The kind of decoder.
    pub family: Family,
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
        let family = match read.text("general.architecture")? {
            "llama" => Family::Llama,
            "qwen2" => Family::Qwen2,
            other => return Err(format!("the file holds a model of architecture `{other}`, not `llama` or `qwen2`")),
        };
        let key = |name: &str| format!("{}.{name}", family.prefix());
        let size = |name: &str, range| read.size(&key(name), range);
        let (width, heads) = (size("embedding_length", 32..=16_384)?, size("attention.head_count", 1..=256)?);
        let config = Self {
            family,
            layers: size("block_count", 1..=512)?,
            width,
            feed_forward: size("feed_forward_length", 32..=131_072)?,
            heads,
            kv_heads: size("attention.head_count_kv", 1..=256)?,
            // Qwen's files leave out what follows from the rest.
            head_width: match family {
                Family::Llama => size("rope.dimension_count", 16..=512)?,
                Family::Qwen2 => width / heads,
            },
            vocabulary: match family {
                Family::Llama => size("vocab_size", 1..=1_000_000)?,
                Family::Qwen2 => read.list("tokenizer.ggml.tokens")?.len(),
            },
            context: size("context_length", 1..=1_048_576)?.min(context),
            rope_base: read.number(&key("rope.freq_base"))?,
            epsilon: read.number(&key("attention.layer_norm_rms_epsilon"))?,
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
            (self.vocabulary > 0 && self.vocabulary <= 1_000_000, "its vocabulary has no size"),
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
    fn what_a_qwen_file_leaves_out_follows_from_the_rest() {
        let mut metadata: HashMap<_, _> = metadata().into_iter().map(|(key, value)| (key.replace("llama.", "qwen2."), value)).collect();
        metadata.insert("general.architecture".to_owned(), Value::String("qwen2".to_owned()));
        metadata.remove("qwen2.rope.dimension_count");
        metadata.remove("qwen2.vocab_size");
        assert!(Config::from_metadata(&metadata, 100).unwrap_err().contains("tokenizer.ggml.tokens"));
        metadata.insert("tokenizer.ggml.tokens".to_owned(), Value::Array(vec![Value::String("a".to_owned()); 48]));
        let config = Config::from_metadata(&metadata, 100).unwrap();
        assert_eq!((config.family, config.head_width, config.vocabulary), (Family::Qwen2, 16, 48));
        metadata.insert("tokenizer.ggml.tokens".to_owned(), Value::Array(Vec::new()));
        assert!(Config::from_metadata(&metadata, 100).is_err());
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
