//! Words that no lexicon knows: a small transformer over their letters.
//!
//! Four pre-norm layers of width 128 over at most a few dozen letters; each letter yields some slots, each slot a phoneme or a blank. As in
//! connectionist temporal classification, repetitions collapse and blanks vanish.

use std::collections::HashMap;
use std::path::Path;

use candle_core::{D, Device, Tensor};
use candle_nn::{Embedding, LayerNorm, Linear, Module, VarBuilder, ops::softmax_last_dim};
use serde::{Deserialize, Serialize};

use crate::{Error, Result};

const WIDTH: usize = 128;
const INNER: usize = 384;
const LAYERS: usize = 4;
const HEADS: usize = 4;

/// What goes into the net and what comes out of it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Alphabet {
    /// The letters that it knows, in the order of their numbers from 1.
    pub letters: Vec<char>,
    /// The phonemes that it says, in the order of their numbers from 1.
    pub phonemes: Vec<char>,
    /// Phonemes, or blanks, per letter.
    pub slots: usize,
    /// The most letters that it reads.
    pub longest: usize,
}

/// The net with its alphabet.
pub(super) struct UnknownWords {
    alphabet: Alphabet,
    numbers: HashMap<char, u32>,
    letters: Embedding,
    places: Tensor,
    layers: Vec<Layer>,
    norm: LayerNorm,
    head: Linear,
}

struct Layer {
    norm_before: LayerNorm,
    project: Linear,
    out: Linear,
    norm_between: LayerNorm,
    widen: Linear,
    narrow: Linear,
}

impl UnknownWords {
    /// Load the net's weights (safetensors).
    ///
    /// # Errors
    /// [`Error::Io`]; [`Error::Format`] if a weight is missing or of another shape.
    pub fn open(path: &Path, alphabet: Alphabet) -> Result<Self> {
        let bytes = std::fs::read(path).map_err(Error::io(path))?;
        let weights = candle_core::safetensors::load_buffer(&bytes, &Device::Cpu);
        let weights = weights.and_then(|w| Self::load(&VarBuilder::from_tensors(w, candle_core::DType::F32, &Device::Cpu), alphabet));
        weights.map_err(|e| Error::Format { path: path.to_owned(), what: e.to_string() })
    }

    fn load(vb: &VarBuilder<'_>, alphabet: Alphabet) -> candle_core::Result<Self> {
        let vb = vb.pp("m");
        let outputs = (alphabet.phonemes.len() + 1) * alphabet.slots;
        Ok(Self {
            letters: candle_nn::embedding(alphabet.letters.len() + 1, WIDTH, vb.pp("emb"))?,
            places: vb.get((alphabet.longest, WIDTH), "pos")?,
            layers: (0..LAYERS).map(|i| Layer::load(&vb.pp(format!("layers.{i}")))).collect::<Result<_, _>>()?,
            norm: norm(&vb.pp("norm"))?,
            head: candle_nn::linear(WIDTH, outputs, vb.pp("head"))?,
            numbers: (1..).zip(&alphabet.letters).map(|(n, c)| (*c, n)).collect(),
            alphabet,
        })
    }

    /// The phonemes of `word`; `None` if it has no letter that the net knows. What is too long is cut.
    ///
    /// # Errors
    /// Only if inference fails.
    pub fn phonemes(&self, word: &str) -> Result<Option<String>> {
        let ids: Vec<u32> = word.chars().filter_map(|c| self.numbers.get(&c).copied()).take(self.alphabet.longest).collect();
        if ids.is_empty() { Ok(None) } else { Ok(Some(self.run(&ids)?)) }
    }

    fn run(&self, ids: &[u32]) -> candle_core::Result<String> {
        let mut x = (self.letters.forward(&Tensor::new(ids, &Device::Cpu)?)? + self.places.narrow(0, 0, ids.len())?)?;
        for layer in &self.layers {
            x = layer.forward(&x)?;
        }
        let scores = self.head.forward(&self.norm.forward(&x)?)?;
        let slots = scores.reshape((ids.len() * self.alphabet.slots, self.alphabet.phonemes.len() + 1))?;
        let mut said = String::new();
        let mut previous = 0;
        for id in slots.argmax(D::Minus1)?.to_vec1::<u32>()? {
            let phoneme = (id as usize).checked_sub(1).and_then(|i| self.alphabet.phonemes.get(i));
            said.extend(phoneme.filter(|_| id != previous));
            previous = id;
        }
        Ok(said)
    }
}

fn norm(vb: &VarBuilder<'_>) -> candle_core::Result<LayerNorm> {
    candle_nn::layer_norm(WIDTH, 1e-5, vb.clone())
}

impl Layer {
    fn load(vb: &VarBuilder<'_>) -> candle_core::Result<Self> {
        let attention = vb.pp("self_attn");
        let project = Linear::new(attention.get((3 * WIDTH, WIDTH), "in_proj_weight")?, Some(attention.get(3 * WIDTH, "in_proj_bias")?));
        Ok(Self {
            norm_before: norm(&vb.pp("norm1"))?,
            project,
            out: candle_nn::linear(WIDTH, WIDTH, attention.pp("out_proj"))?,
            norm_between: norm(&vb.pp("norm2"))?,
            widen: candle_nn::linear(WIDTH, INNER, vb.pp("linear1"))?,
            narrow: candle_nn::linear(INNER, WIDTH, vb.pp("linear2"))?,
        })
    }

    /// `[letters, WIDTH]` to the same.
    fn forward(&self, x: &Tensor) -> candle_core::Result<Tensor> {
        let x = (x + self.attend(&self.norm_before.forward(x)?)?)?;
        let inner = self.widen.forward(&self.norm_between.forward(&x)?)?.gelu_erf()?;
        x + self.narrow.forward(&inner)?
    }

    fn attend(&self, x: &Tensor) -> candle_core::Result<Tensor> {
        let length = x.dim(0)?;
        let parts = self.project.forward(x)?.reshape((length, 3, HEADS, WIDTH / HEADS))?;
        let part = |i: usize| parts.narrow(1, i, 1)?.squeeze(1)?.transpose(0, 1)?.contiguous();
        let (queries, keys, values) = (part(0)?, part(1)?, part(2)?);
        let scores = (queries.matmul(&keys.t()?)? / ((WIDTH / HEADS) as f64).sqrt())?;
        let mixed = softmax_last_dim(&scores)?.matmul(&values)?;
        self.out.forward(&mixed.transpose(0, 1)?.reshape((length, WIDTH))?)
    }
}
