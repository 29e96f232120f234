//! CTranslate2's `model.bin` (fp16).
//!
//! `model.bin` is little-endian: version `u32`, spec name, revision `u32`, then the variables: name, rank `u8`, dimensions `u32` each, type
//! `u8`, size in bytes `u32`, values. A name is a length `u16` (with its closing zero) and that many bytes. The queries, keys and values
//! of a layer come in one matrix, which is how [`crate::asr::whisper`] wants them.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use candle_core::{DType, Device, Tensor};
use serde::Deserialize;

use super::tokens::Vocabulary;
use super::write::stored;
use super::{Cursor, Model, Progress, read_bounded, read_text};
use crate::{Error, Result};

/// More than any Whisper has; bounds what a hostile file makes us allocate.
const MOST_VARIABLES: u32 = 10_000;
/// The largest Whisper in fp16 has 3.1 GB.
const MOST_BYTES: u64 = 4 << 30;

/// The parts of `config.json` that a recogniser needs.
#[derive(Deserialize)]
struct Config {
    suppress_ids: Vec<u32>,
    suppress_ids_begin: Vec<u32>,
}

/// One variable of `model.bin`, as it lies in the file.
struct Variable<'a> {
    shape: Vec<usize>,
    kind: Kind,
    bytes: &'a [u8],
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Kind {
    F32,
    I8,
    I16,
    I32,
    F16,
}

/// Read `model.bin` (or its parts), `vocabulary.txt` (or `.json`) and `config.json` in `sources`.
pub(super) fn read(sources: &Path, progress: Progress<'_>) -> Result<Model> {
    let (path, bytes) = read_model(sources)?;
    let fault = |what: String| Error::Format { path: path.clone(), what };
    let variables = parse(&bytes).map_err(fault)?;
    let vocabulary = read_vocabulary(sources)?;
    let config_path = sources.join("config.json");
    let config: Config = serde_json::from_str(&read_text(&config_path)?)
        .map_err(|fault| Error::Format { path: config_path, what: format!("not a CTranslate2 configuration: {fault}") })?;
    let (encoder_heads, decoder_heads) = (heads(&variables, "encoder").map_err(fault)?, heads(&variables, "decoder").map_err(fault)?);
    let vocabulary = vocabulary_of(&variables, &vocabulary, config).map_err(fault)?;

    let mut tensors = Vec::new();
    for (done, (name, variable)) in variables.iter().enumerate() {
        progress(done as f32 / variables.len() as f32);
        if variable.shape.is_empty() || name.ends_with("alignment_heads") {
            continue;
        }
        let name = rename(name).ok_or_else(|| fault(format!("unknown variable `{name}`")))?;
        let tensor = variable.tensor().map_err(|what| fault(format!("`{name}`: {what}")))?;
        let stored = stored(&name, &tensor)?;
        tensors.push((name, stored));
    }
    progress(1.0);
    Ok(Model { encoder_heads, decoder_heads, vocabulary, tensors })
}

/// The whole of `model.bin`, and the path to name in errors.
fn read_model(sources: &Path) -> Result<(PathBuf, Vec<u8>)> {
    let whole = sources.join("model.bin");
    if whole.is_file() {
        let bytes = read_bounded(&whole, MOST_BYTES)?;
        return Ok((whole, bytes));
    }
    let mut bytes = Vec::new();
    for part in (1..=99).map(|part| sources.join(format!("model.bin.part{part}"))).take_while(|path| path.is_file()) {
        bytes.extend(read_bounded(&part, MOST_BYTES.saturating_sub(bytes.len() as u64))?);
    }
    if bytes.is_empty() {
        return Err(Error::Format { path: whole, what: "neither this file nor its parts `model.bin.part1` ... are there".to_owned() });
    }
    Ok((whole, bytes))
}

/// The tokens, one on each line, from `vocabulary.txt` or, as newer tools write them, from `vocabulary.json`. Those call one token by a newer
/// name; it gets the older one, so that both forms convert to the same bytes.
fn read_vocabulary(sources: &Path) -> Result<String> {
    let json = sources.join("vocabulary.json");
    if !json.is_file() {
        return read_text(&sources.join("vocabulary.txt"));
    }
    let tokens: Vec<String> = serde_json::from_str(&read_text(&json)?)
        .map_err(|fault| Error::Format { path: json, what: format!("not a list of tokens: {fault}") })?;
    Ok(tokens.join("\n").replace("<|nospeech|>", "<|nocaptions|>"))
}

fn name<'a>(cursor: &mut Cursor<'a>) -> Result<&'a str, String> {
    let length = cursor.u16()?;
    let bytes = cursor.take(length.into())?;
    let bytes = bytes.strip_suffix(&[0]).unwrap_or(bytes);
    std::str::from_utf8(bytes).map_err(|_| "a name is not UTF-8".to_owned())
}

fn parse(bytes: &[u8]) -> Result<BTreeMap<&str, Variable<'_>>, String> {
    let mut cursor = Cursor(bytes);
    let version = cursor.u32()?;
    let spec = name(&mut cursor)?;
    if spec != "WhisperSpec" || version != 6 {
        return Err(format!("a CTranslate2 model `{spec}` in version {version}, not a `WhisperSpec` in version 6"));
    }
    let _revision = cursor.u32()?;
    let count = cursor.u32()?;
    if count > MOST_VARIABLES {
        return Err(format!("{count} variables are more than any Whisper model has"));
    }
    let mut variables = BTreeMap::new();
    for _ in 0..count {
        let name = name(&mut cursor)?;
        let variable = Variable::parse(&mut cursor).map_err(|what| format!("variable `{name}`: {what}"))?;
        if variables.insert(name, variable).is_some() {
            return Err(format!("variable `{name}` is there twice"));
        }
    }
    Ok(variables)
}

impl<'a> Variable<'a> {
    fn parse(cursor: &mut Cursor<'a>) -> Result<Self, String> {
        let rank = cursor.u8()?;
        if rank > 3 {
            return Err(format!("{rank} dimensions"));
        }
        let shape = (0..rank).map(|_| Ok(cursor.u32()? as usize)).collect::<Result<Vec<_>, String>>()?;
        let kind = Kind::from_code(cursor.u8()?)?;
        let size = cursor.u32()? as usize;
        let needed = shape.iter().try_fold(kind.size(), |size, dimension| size.checked_mul(*dimension));
        if needed != Some(size) {
            return Err(format!("{size} bytes for {kind:?} of shape {shape:?}"));
        }
        Ok(Self { shape, kind, bytes: cursor.take(size)? })
    }

    fn tensor(&self) -> Result<Tensor, String> {
        let kind = match self.kind {
            Kind::F16 => DType::F16,
            Kind::F32 => DType::F32,
            other => return Err(format!("weights of type {other:?}; only fp16 and fp32 models are converted")),
        };
        Tensor::from_raw_buffer(self.bytes, kind, &self.shape, &Device::Cpu)
            .and_then(|tensor| tensor.to_dtype(DType::F32))
            .map_err(|fault| fault.to_string())
    }

    /// The value of a whole-number scalar.
    fn whole(&self) -> Option<u32> {
        match (self.kind, self.bytes) {
            (Kind::I8, [value]) => u32::try_from(value.cast_signed()).ok(),
            (Kind::I16, [low, high]) => u32::try_from(i16::from_le_bytes([*low, *high])).ok(),
            (Kind::I32, [a, b, c, d]) => u32::try_from(i32::from_le_bytes([*a, *b, *c, *d])).ok(),
            _ => None,
        }
    }
}

impl Kind {
    fn from_code(code: u8) -> Result<Self, String> {
        Ok(match code {
            0 => Self::F32,
            1 => Self::I8,
            2 => Self::I16,
            3 => Self::I32,
            4 => Self::F16,
            other => return Err(format!("values of the unknown type {other}")),
        })
    }

    fn size(self) -> usize {
        match self {
            Self::I8 => 1,
            Self::I16 | Self::F16 => 2,
            Self::F32 | Self::I32 => 4,
        }
    }
}

/// From CTranslate2's names to ours: `decoder/layer_3/self_attention/linear_0/weight` is `decoder.3.self.qkv.weight`.
fn rename(name: &str) -> Option<String> {
    let mut parts = name.split('/');
    let side = parts.next().filter(|side| matches!(*side, "encoder" | "decoder"))?;
    let rest: Vec<&str> = parts.collect();
    let renamed = match rest.as_slice() {
        ["embeddings", "weight"] => "tokens.weight".to_owned(),
        ["position_encodings", "encodings"] => "positions".to_owned(),
        ["layer_norm", value] => format!("norm.{}", norm(value)?),
        [conv @ ("conv1" | "conv2"), value @ ("weight" | "bias")] => format!("{conv}.{value}"),
        [layer, block, "layer_norm", value] => format!("{}.{}.norm.{}", index(layer)?, self::block(block)?, norm(value)?),
        [layer, block, linear, value @ ("weight" | "bias")] => {
            let linear = match (*block, *linear) {
                ("self_attention", "linear_0") => "qkv",
                ("attention", "linear_0") => "q",
                ("attention", "linear_1") => "kv",
                ("self_attention", "linear_1") | ("attention", "linear_2") => "out",
                ("ffn", "linear_0") => "up",
                ("ffn", "linear_1") => "down",
                _ => return None,
            };
            format!("{}.{}.{linear}.{value}", index(layer)?, self::block(block)?)
        }
        _ => return None,
    };
    Some(format!("{side}.{renamed}"))
}

fn index(layer: &str) -> Option<usize> {
    layer.strip_prefix("layer_")?.parse().ok()
}

fn block(name: &str) -> Option<&'static str> {
    Some(match name {
        "self_attention" => "self",
        "attention" => "cross",
        "ffn" => "ffn",
        _ => return None,
    })
}

fn norm(value: &str) -> Option<&'static str> {
    Some(match value {
        "gamma" => "weight",
        "beta" => "bias",
        _ => return None,
    })
}

fn heads(variables: &BTreeMap<&str, Variable<'_>>, side: &str) -> Result<u32, String> {
    let name = format!("{side}/num_heads");
    variables.get(name.as_str()).and_then(Variable::whole).ok_or_else(|| format!("`{name}` is not there"))
}

fn vocabulary_of(variables: &BTreeMap<&str, Variable<'_>>, vocabulary: &str, config: Config) -> Result<Vocabulary, String> {
    let size = variables.get("decoder/embeddings/weight").and_then(|variable| variable.shape.first()).copied().unwrap_or(0);
    // Lines, not `str::lines`: some tokens hold a carriage return.
    let names: Vec<String> = vocabulary.split('\n').take(size).map(str::to_owned).collect();
    if names.len() != size || size == 0 {
        return Err(format!("an embedding of {size} tokens, but a vocabulary of {}", names.len()));
    }
    let Config { suppress_ids, suppress_ids_begin } = config;
    Ok(Vocabulary { names, suppressed: suppress_ids, suppressed_at_start: suppress_ids_begin, english_only: false })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use std::fs::File;

    use candle_core::quantized::{GgmlDType, gguf_file};
    use proptest::prelude::*;

    use super::*;
    use crate::asr::whisper::MODEL;

    fn convert(sources: &Path, out: &Path) -> Result<()> {
        read(sources, &|_| ())?.write(&out.join(MODEL))
    }

    /// A `model.bin` of the given variables: name, dimensions, type, values.
    fn model_bin(variables: &[(&str, &[u32], u8, Vec<u8>)]) -> Vec<u8> {
        fn name(bytes: &mut Vec<u8>, name: &str) {
            bytes.extend((name.len() as u16 + 1).to_le_bytes());
            bytes.extend(name.as_bytes());
            bytes.push(0);
        }
        let mut bytes = 6_u32.to_le_bytes().to_vec();
        name(&mut bytes, "WhisperSpec");
        bytes.extend(3_u32.to_le_bytes());
        bytes.extend((variables.len() as u32).to_le_bytes());
        for (variable, shape, kind, values) in variables {
            name(&mut bytes, variable);
            bytes.push(shape.len() as u8);
            shape.iter().for_each(|dimension| bytes.extend(dimension.to_le_bytes()));
            bytes.push(*kind);
            bytes.extend((values.len() as u32).to_le_bytes());
            bytes.extend(values);
        }
        bytes
    }

    fn small() -> Vec<u8> {
        let ones = |count: usize| half::f16::ONE.to_le_bytes().repeat(count);
        model_bin(&[
            ("encoder/num_heads", &[], 2, 8_u16.to_le_bytes().to_vec()),
            ("decoder/num_heads", &[], 2, 8_u16.to_le_bytes().to_vec()),
            ("decoder/embeddings/weight", &[3, 32], 4, ones(96)),
            ("encoder/conv1/weight", &[2, 2, 3], 4, ones(12)),
            ("encoder/layer_0/ffn/layer_norm/gamma", &[32], 4, ones(32)),
        ])
    }

    fn sources(model: &[u8], vocabulary: &str) -> tempfile::TempDir {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join("model.bin"), model).unwrap();
        std::fs::write(dir.path().join("vocabulary.txt"), vocabulary).unwrap();
        std::fs::write(dir.path().join("config.json"), r#"{"suppress_ids": [1], "suppress_ids_begin": [2]}"#).unwrap();
        dir
    }

    #[test]
    fn the_same_source_gives_the_same_bytes() {
        let from = sources(&small(), "a\nb\r\nc\n");
        let (one, two) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        convert(from.path(), one.path()).unwrap();
        convert(from.path(), two.path()).unwrap();
        assert_eq!(std::fs::read(one.path().join(MODEL)).unwrap(), std::fs::read(two.path().join(MODEL)).unwrap());
    }

    #[test]
    fn matrices_become_q8_0_and_the_rest_stays_exact() {
        let (from, to) = (sources(&small(), "a\nb\nc\n"), tempfile::tempdir().unwrap());
        convert(from.path(), to.path()).unwrap();
        let content = gguf_file::Content::read(&mut File::open(to.path().join(MODEL)).unwrap()).unwrap();
        let kind = |name: &str| content.tensor_infos[name].ggml_dtype;
        assert_eq!(kind("decoder.tokens.weight"), GgmlDType::Q8_0);
        assert_eq!(kind("encoder.conv1.weight"), GgmlDType::F16);
        assert_eq!(kind("encoder.0.ffn.norm.weight"), GgmlDType::F32);
    }

    #[test]
    fn a_model_in_parts_is_the_model() {
        let (from, to, parts) = (sources(&small(), "a\nb\nc\n"), tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        convert(from.path(), to.path()).unwrap();
        let whole = std::fs::read(to.path().join(MODEL)).unwrap();
        let model = small();
        let (first, second) = model.split_at(100);
        std::fs::write(from.path().join("model.bin.part1"), first).unwrap();
        std::fs::write(from.path().join("model.bin.part2"), second).unwrap();
        std::fs::remove_file(from.path().join("model.bin")).unwrap();
        convert(from.path(), parts.path()).unwrap();
        assert_eq!(std::fs::read(parts.path().join(MODEL)).unwrap(), whole);
    }

    #[test]
    fn a_vocabulary_of_another_size_is_refused() {
        let (from, to) = (sources(&small(), "a\nb"), tempfile::tempdir().unwrap());
        let fault = convert(from.path(), to.path()).unwrap_err().to_string();
        assert!(fault.contains("vocabulary of 2"), "{fault}");
    }

    #[test]
    fn a_model_cut_short_anywhere_is_refused() {
        let whole = small();
        for length in 0..whole.len() {
            assert!(parse(&whole[..length]).is_err(), "{length} bytes were taken for a model");
        }
    }

    proptest! {
        #[test]
        fn no_bytes_make_the_reader_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400), at in 0_usize..400) {
            let mut model = small();
            let at = at.min(model.len());
            let end = (at + bytes.len()).min(model.len());
            model.splice(at..end, bytes);
            if let Ok(variables) = parse(&model) {
                for variable in variables.values() {
                    let _ = variable.tensor();
                }
            }
        }
    }
}
