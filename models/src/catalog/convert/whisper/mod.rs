//! Whisper, in whichever form a package has it, to a GGUF with Q8_0 matrices and the silence that goes with it.
//!
//! | file | form | weights | vocabulary |
//! |---|---|---|---|
//! | [`ct2`] | CTranslate2's `model.bin` | fp16, queries, keys and values in one matrix | `vocabulary.txt` or `.json` |
//! | [`ggml`] | whisper.cpp's `model.ggml` | fp16 under the published code's names | inside, as bytes |
//! | [`pt`] | the publisher's `model.pt`: a zip with a pickle | fp16 under the published code's names | `gpt2.tiktoken`, for English alone |
//! | [`onnx`] | two graphs in 8 bits | whole matrices in steps of one scale | `tokenizer.json` |
//!
//! Each form yields a [`Model`]; [`published`] brings the published code's names and separate projections to ours, and [`write`] makes the
//! GGUF: the matrices of the layers and the embedding in Q8_0, the convolutions and positions in `f16`, the rest in `f32`; the
//! vocabulary ([`tokens`]) and the lists of tokens never to be said in its metadata. The same source gives the same bytes.

mod ct2;
mod ggml;
mod onnx;
mod pickle;
mod pt;
mod published;
mod tokens;
mod write;

use std::path::Path;

use candle_core::quantized::QTensor;

use self::tokens::Vocabulary;
use super::Progress;
use crate::asr::whisper::{MODEL, silence};
use crate::{Error, Result};

/// What a source form yields.
struct Model {
    encoder_heads: u32,
    decoder_heads: u32,
    vocabulary: Vocabulary,
    /// By our names, as the GGUF stores them.
    tensors: Vec<(String, QTensor)>,
}

/// Convert `model.bin` (or its parts `model.bin.part1`, `model.bin.part2` ...), `vocabulary.txt` (or `.json`) and `config.json` in `sources` to
/// `model.gguf` in `out`, and what silence looks like to it ([`silence`]) to `silence.gguf`.
///
/// # Errors
/// [`Error::Format`] if a source is not what its name says, [`Error::Io`] if one cannot be read or the result not be written.
pub fn from_ct2(sources: &Path, out: &Path, progress: Progress<'_>) -> Result<()> {
    finish(ct2::read(sources, &|done| progress(0.7 * done))?, out, progress)
}

/// Convert `model.ggml` in `sources`, as [`from_ct2`] does.
///
/// # Errors
/// As [`from_ct2`].
pub fn from_ggml(sources: &Path, out: &Path, progress: Progress<'_>) -> Result<()> {
    finish(ggml::read(&sources.join("model.ggml"), &|done| progress(0.7 * done))?, out, progress)
}

/// Convert `model.pt` and `gpt2.tiktoken` in `sources`, as [`from_ct2`] does.
///
/// # Errors
/// As [`from_ct2`].
pub fn from_pt(sources: &Path, out: &Path, progress: Progress<'_>) -> Result<()> {
    finish(pt::read(sources, &|done| progress(0.7 * done))?, out, progress)
}

/// Convert `encoder_model.onnx`, `decoder_model_merged.onnx`, `config.json`, `generation_config.json` and `tokenizer.json` in `sources`, as
/// [`from_ct2`] does.
///
/// # Errors
/// As [`from_ct2`].
pub fn from_onnx(sources: &Path, out: &Path, progress: Progress<'_>) -> Result<()> {
    finish(onnx::read(sources, &|done| progress(0.7 * done))?, out, progress)
}

fn finish(model: Model, out: &Path, progress: Progress<'_>) -> Result<()> {
    model.write(&out.join(MODEL))?;
    progress(0.75);
    silence::remember(&out.join(MODEL), &out.join(silence::FILE))?;
    progress(1.0);
    Ok(())
}

/// A whole file of at most `most` bytes.
fn read_bounded(path: &Path, most: u64) -> Result<Vec<u8>> {
    let size = std::fs::metadata(path).map_err(Error::io(path))?.len();
    if size > most {
        return Err(Error::Format { path: path.to_owned(), what: format!("{size} bytes are more than any Whisper model has") });
    }
    std::fs::read(path).map_err(Error::io(path))
}

fn read_text(path: &Path) -> Result<String> {
    String::from_utf8(read_bounded(path, 16 << 20)?)
        .map_err(|fault| Error::Format { path: path.to_owned(), what: format!("not UTF-8: {fault}") })
}

/// Reads little-endian values from the front of what is left. Its errors are for a reader.
struct Cursor<'a>(&'a [u8]);

impl<'a> Cursor<'a> {
    fn take(&mut self, count: usize) -> Result<&'a [u8], String> {
        let (taken, left) = self.0.split_at_checked(count).ok_or_else(|| format!("ends {} bytes too early", count - self.0.len()))?;
        self.0 = left;
        Ok(taken)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], String> {
        self.take(N)?.try_into().map_err(|_| "ends too early".to_owned())
    }

    fn u8(&mut self) -> Result<u8, String> {
        Ok(u8::from_le_bytes(self.array()?))
    }

    fn u16(&mut self) -> Result<u16, String> {
        Ok(u16::from_le_bytes(self.array()?))
    }

    fn u32(&mut self) -> Result<u32, String> {
        Ok(u32::from_le_bytes(self.array()?))
    }
}
