//! all-MiniLM-L6-v2 (<https://huggingface.co/sentence-transformers/all-MiniLM-L6-v2>, Apache-2.0): English sentences as 384 values.
//!
//! A BERT (J. Devlin et al. 2019) of six layers, distilled (W. Wang et al. 2020, *MiniLM*) and trained on a billion pairs of sentences that belong together. The
//! way of a text: lower case, cut into word pieces; the pieces' embeddings and those of their places, through the layers; the mean over
//! all pieces, brought to length 1 (N. Reimers and I. Gurevych 2019, *Sentence-BERT*).
//!
//! Matrices and the pieces' embeddings are Q8_0, 24 MB instead of 91. The embeddings are looked up row by row and never expanded.

use std::path::Path;

use candle_core::Tensor;
// The same type for word pieces, which has no public name there.
use tokenizers::models::bpe::Vocab;
use tokenizers::models::wordpiece::WordPiece;
use tokenizers::normalizers::BertNormalizer;
use tokenizers::pre_tokenizers::bert::BertPreTokenizer;
use tokenizers::{Model as _, Tokenizer};

use super::Embedder;
use crate::asr::weights::Weights;
use crate::catalog::Installed;
use crate::kernels::tensor::attention::self_attention;
use crate::kernels::tensor::elementwise::LayerNorm;
use crate::kernels::tensor::q8::Linear;
use crate::{Cancel, Error, Result};

/// The file of the weights and the word pieces.
pub const MODEL: &str = "model.gguf";
/// The architecture that a file of ours names.
pub(crate) const ARCHITECTURE: &str = "minilm";
/// The word pieces in the metadata.
pub(crate) const PIECES: &str = "tokenizer.ggml.tokens";
/// How many heads a layer has, in the metadata.
pub(crate) const HEADS: &str = "bert.attention.head_count";
/// How many layers there are, in the metadata.
pub(crate) const LAYERS: &str = "bert.block_count";
/// A text is no longer than this, in pieces: as it was trained.
pub(crate) const LONGEST: usize = 256;
/// Added to variances.
const EPSILON: f32 = 1e-12;
/// More characters than [`LONGEST`] pieces of any language have; the rest is not even read.
const MOST_CHARACTERS: usize = 8_192;

/// An installed all-MiniLM-L6-v2.
pub struct MiniLm {
    pieces: Pieces,
    words: Linear,
    /// Of each place, with what is the same in all: `[LONGEST, width]`.
    places: Tensor,
    norm: LayerNorm,
    layers: Vec<Layer>,
    heads: usize,
}

struct Layer {
    qkv: Linear,
    mix: Linear,
    mix_norm: LayerNorm,
    up: Linear,
    down: Linear,
    norm: LayerNorm,
}

impl MiniLm {
    /// Open an installed model.
    ///
    /// # Errors
    /// [`Error::Damaged`] if its file cannot be read or is no MiniLM of ours.
    pub fn open(installed: &Installed) -> Result<Self> {
        let path = installed.file(MODEL);
        Self::load(&path).map_err(|fault| Error::Damaged { model: installed.name().to_owned(), path, what: fault.to_string() })
    }

    fn load(path: &Path) -> Result<Self> {
        let mut weights = Weights::open(path, ARCHITECTURE)?;
        let pieces = Pieces::load(&weights)?;
        let (heads, layers) = (weights.number(HEADS)?, weights.number(LAYERS)?);
        let words = weights.matrix("words")?;
        let places = weights.tensor("places")?;
        let width = words.inputs();
        if heads == 0 || !width.is_multiple_of(heads) || words.outputs() != pieces.count || places.dims() != [LONGEST, width] {
            let what = format!("{} pieces of {width} values in {heads} heads, places {:?}", words.outputs(), places.dims());
            return Err(weights.fault(what));
        }
        let norm = weights.norm("norm")?.with_epsilon(EPSILON);
        let layers = (0..layers).map(|layer| Layer::load(&mut weights, layer, width)).collect::<Result<_>>()?;
        Ok(Self { pieces, words, places, norm, layers, heads })
    }

    /// The word pieces of a text, as their numbers. For comparing stages.
    ///
    /// # Errors
    /// [`Error::Input`] if the text cannot be cut, which no text is known to cause.
    pub fn pieces(&self, text: &str) -> Result<Vec<u32>> {
        self.pieces.of(text)
    }

    /// The embeddings of pieces at their places: shape `[pieces, width]`. For comparing stages.
    ///
    /// # Errors
    /// [`Error::Candle`] if there are too many pieces, or one that does not exist.
    pub fn embedded(&self, pieces: &[u32]) -> Result<Tensor> {
        let mut values = Vec::with_capacity(pieces.len() * self.width());
        for piece in pieces {
            values.extend(self.words.embedding(*piece as usize)?);
        }
        let words = Tensor::from_vec(values, (pieces.len(), self.width()), self.places.device())?;
        Ok(self.norm.forward(&(words + self.places.narrow(0, 0, pieces.len())?)?)?)
    }

    /// What the layers make of embedded pieces: shape `[pieces, width]`. For comparing stages.
    ///
    /// # Errors
    /// [`Error::Cancelled`], or [`Error::Candle`] if the shape is another.
    pub fn encoded(&self, embedded: &Tensor, cancel: &Cancel) -> Result<Tensor> {
        let mut x = embedded.clone();
        for layer in &self.layers {
            cancel.check()?;
            x = layer.forward(&x, self.heads)?;
        }
        Ok(x)
    }
}

impl Embedder for MiniLm {
    fn width(&self) -> usize {
        self.words.inputs()
    }

    fn embed(&self, text: &str, cancel: &Cancel) -> Result<Vec<f32>> {
        cancel.check()?;
        let encoded = self.encoded(&self.embedded(&self.pieces(text)?)?, cancel)?;
        let mut mean = encoded.mean(0)?.to_vec1::<f32>()?;
        let length = mean.iter().map(|value| value * value).sum::<f32>().sqrt().max(f32::MIN_POSITIVE);
        mean.iter_mut().for_each(|value| *value /= length);
        Ok(mean)
    }
}

impl Layer {
    fn load(weights: &mut Weights, layer: usize, width: usize) -> Result<Self> {
        let name = |part: &str| format!("layer.{layer}.{part}");
        let own = Self {
            qkv: weights.linear(&name("qkv"))?,
            mix: weights.linear(&name("mix"))?,
            mix_norm: weights.norm(&name("mix.norm"))?.with_epsilon(EPSILON),
            up: weights.linear(&name("up"))?,
            down: weights.linear(&name("down"))?,
            norm: weights.norm(&name("norm"))?.with_epsilon(EPSILON),
        };
        let shapes = [&own.qkv, &own.mix, &own.up, &own.down].map(|linear| (linear.inputs(), linear.outputs()));
        let inner = own.up.outputs();
        if shapes != [(width, 3 * width), (width, width), (width, inner), (inner, width)] {
            return Err(weights.fault(format!("layer {layer} has the shapes {shapes:?}")));
        }
        Ok(own)
    }

    fn forward(&self, x: &Tensor, heads: usize) -> Result<Tensor> {
        let mixed = self_attention(&self.qkv.forward(x)?, heads, None)?;
        let x = self.mix_norm.forward(&self.mix.forward_add(&mixed, x)?)?;
        Ok(self.norm.forward(&self.down.forward_add(&self.up.forward_gelu(&x)?, &x)?)?)
    }
}

/// The word pieces, and how a text is cut into them.
struct Pieces {
    tokenizer: Tokenizer,
    count: usize,
    first: u32,
    last: u32,
}

impl Pieces {
    fn load(weights: &Weights) -> Result<Self> {
        let texts = weights.list(PIECES)?.iter().map(|value| value.to_string().cloned()).collect::<Result<Vec<_>, _>>()?;
        let count = texts.len();
        let wrong = |fault: tokenizers::Error| weights.fault(format!("its word pieces are wrong: {fault}"));
        let model = WordPiece::builder()
            .vocab(texts.into_iter().zip(0_u32..).collect::<Vocab>())
            .unk_token("[UNK]".to_owned())
            .build()
            .map_err(wrong)?;
        let mark = |mark: &str| model.token_to_id(mark).ok_or_else(|| weights.fault(format!("there is no word piece `{mark}`")));
        let (first, last) = (mark("[CLS]")?, mark("[SEP]")?);
        mark("[UNK]")?;
        let mut tokenizer = Tokenizer::new(model);
        tokenizer.with_normalizer(Some(BertNormalizer::new(true, true, None, true))).map_err(wrong)?;
        tokenizer.with_pre_tokenizer(Some(BertPreTokenizer));
        Ok(Self { tokenizer, count, first, last })
    }

    fn of(&self, text: &str) -> Result<Vec<u32>> {
        let text = text.char_indices().nth(MOST_CHARACTERS).map_or(text, |(end, _)| &text[..end]);
        let cut =
            self.tokenizer.encode_fast(text, false).map_err(|fault| Error::Input(format!("a text cannot be cut into pieces: {fault}")))?;
        let inner = cut.get_ids().iter().copied().take(LONGEST - 2);
        Ok(std::iter::once(self.first).chain(inner).chain([self.last]).collect())
    }
}
