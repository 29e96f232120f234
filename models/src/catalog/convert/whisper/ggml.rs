//! whisper.cpp's ggml form (fp16).
//!
//! The file is little-endian: a magic number; eleven sizes `i32`; the mel filters, which are the same for all models and are not read; the
//! vocabulary, each text a length `u32` and its bytes; then the tensors to the end of the file: rank, length of the name and type `i32`,
//! the dimensions from the last to the first, the name, the values. Names are those of the published code ([`super::published`]).

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use candle_core::{DType, Device, Tensor};

use super::published::{self, Named};
use super::tokens::Vocabulary;
use super::{Cursor, Model, Progress, read_bounded};
use crate::{Error, Result};

const MAGIC: u32 = 0x6767_6d6c;
/// The largest Whisper in fp16 has 3.1 GB.
const MOST_BYTES: u64 = 4 << 30;
/// More texts and filters than any Whisper has.
const MOST_TEXTS: usize = 100_000;
const MOST_FILTERS: usize = 1 << 20;

/// What the file says of the model.
struct Sizes {
    vocabulary: usize,
    encoder_heads: u32,
    decoder_heads: u32,
}

/// One tensor, as it lies in the file.
struct Stored<'a> {
    kind: DType,
    dims: Vec<usize>,
    bytes: &'a [u8],
}

struct Parsed<'a> {
    sizes: Sizes,
    texts: Vec<Vec<u8>>,
    tensors: HashMap<&'a str, Stored<'a>>,
}

/// Read the model at `path`.
pub(super) fn read(path: &Path, progress: Progress<'_>) -> Result<Model> {
    let bytes = read_bounded(path, MOST_BYTES)?;
    let fault = |what: String| Error::Format { path: path.to_owned(), what };
    let Parsed { sizes, texts, tensors } = parse(&bytes).map_err(fault)?;
    progress(0.1);
    Ok(Model {
        encoder_heads: sizes.encoder_heads,
        decoder_heads: sizes.decoder_heads,
        vocabulary: Vocabulary::of_texts(&texts, sizes.vocabulary).map_err(fault)?,
        tensors: published::tensors(&Weights { path: path.to_owned(), tensors }, &|done| progress(0.1 + 0.9 * done))?,
    })
}

struct Weights<'a> {
    path: PathBuf,
    tensors: HashMap<&'a str, Stored<'a>>,
}

impl Named for Weights<'_> {
    fn has(&self, name: &str) -> bool {
        self.tensors.contains_key(name)
    }

    fn values(&self, name: &str) -> Result<Tensor> {
        let stored = self.tensors.get(name).ok_or_else(|| self.fault(format!("there is no tensor `{name}`")))?;
        let tensor = Tensor::from_raw_buffer(stored.bytes, stored.kind, &stored.dims, &Device::Cpu)?.to_dtype(DType::F32)?;
        // The biases of the convolutions are columns here.
        Ok(if name.ends_with(".bias") { tensor.flatten_all()? } else { tensor })
    }

    fn fault(&self, what: String) -> Error {
        Error::Format { path: self.path.clone(), what }
    }
}

fn parse(bytes: &[u8]) -> Result<Parsed<'_>, String> {
    let mut cursor = Cursor(bytes);
    if cursor.u32()? != MAGIC {
        return Err("no ggml model".to_owned());
    }
    let sizes = sizes(&mut cursor)?;
    let filters = count(&mut cursor, MOST_FILTERS)?.checked_mul(count(&mut cursor, MOST_FILTERS)?).filter(|all| *all <= MOST_FILTERS);
    cursor.take(4 * filters.ok_or("more mel filters than any Whisper has")?)?;
    let mut texts = Vec::new();
    for _ in 0..count(&mut cursor, MOST_TEXTS)? {
        let length = count(&mut cursor, bytes.len())?;
        texts.push(cursor.take(length)?.to_vec());
    }
    let mut tensors = HashMap::new();
    while !cursor.0.is_empty() {
        let (name, stored) = tensor(&mut cursor)?;
        if tensors.insert(name, stored).is_some() {
            return Err(format!("tensor `{name}` is there twice"));
        }
    }
    Ok(Parsed { sizes, texts, tensors })
}

fn sizes(cursor: &mut Cursor<'_>) -> Result<Sizes, String> {
    let mut sizes = [0_u32; 11];
    for size in &mut sizes {
        *size = cursor.u32()?;
    }
    let [vocabulary, _, _, encoder_heads, _, _, _, decoder_heads, _, bands, kind] = sizes;
    if bands != 80 || kind > 1 {
        return Err(format!("a model of {bands} mel bands in the form {kind}; only those of 80 bands in fp16 or fp32 are converted"));
    }
    Ok(Sizes { vocabulary: vocabulary as usize, encoder_heads, decoder_heads })
}

fn tensor<'a>(cursor: &mut Cursor<'a>) -> Result<(&'a str, Stored<'a>), String> {
    let rank = count(cursor, 4)?;
    let length = count(cursor, 1 << 10)?;
    let kind = match cursor.u32()? {
        0 => DType::F32,
        1 => DType::F16,
        other => return Err(format!("values of the type {other}; only fp16 and fp32 are converted")),
    };
    let mut dims = (0..rank).map(|_| Ok(cursor.u32()? as usize)).collect::<Result<Vec<_>, String>>()?;
    dims.reverse();
    let name = std::str::from_utf8(cursor.take(length)?).map_err(|_| "a name is not UTF-8")?;
    let size = dims.iter().try_fold(kind.size_in_bytes(), |size, dimension| size.checked_mul(*dimension));
    let size = size.ok_or_else(|| format!("`{name}` of shape {dims:?}"))?;
    let bytes = cursor.take(size).map_err(|what| format!("`{name}` of shape {dims:?} {what}"))?;
    Ok((name, Stored { kind, dims, bytes }))
}

fn count(cursor: &mut Cursor<'_>, most: usize) -> Result<usize, String> {
    let count = cursor.u32()? as usize;
    if count > most { Err(format!("{count} where there are at most {most}")) } else { Ok(count) }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use proptest::prelude::*;

    use super::*;

    fn with_tensors(tensors: &[(&str, u32, &[u32], &[u8])]) -> Vec<u8> {
        let numbers = |numbers: &[u32]| numbers.iter().flat_map(|number| number.to_le_bytes()).collect::<Vec<u8>>();
        let mut file = numbers(&[MAGIC, 51_864, 1500, 384, 6, 4, 448, 384, 8, 4, 80, 1, 2, 3]);
        file.extend([0; 24]);
        file.extend(numbers(&[2, 1]));
        file.extend(b"a");
        file.extend(numbers(&[0]));
        for (name, kind, dims, values) in tensors {
            file.extend(numbers(&[dims.len() as u32, name.len() as u32, *kind]));
            file.extend(numbers(dims));
            file.extend(name.as_bytes());
            file.extend(*values);
        }
        file
    }

    fn small() -> Vec<u8> {
        let ones = half::f16::ONE.to_le_bytes().repeat(6);
        with_tensors(&[("decoder.ln.weight", 0, &[1], &2.0_f32.to_le_bytes()), ("m", 1, &[3, 2], &ones)])
    }

    #[test]
    fn sizes_texts_and_tensors_are_read() {
        let file = small();
        let Parsed { sizes, texts, tensors } = parse(&file).unwrap();
        assert_eq!((sizes.vocabulary, sizes.encoder_heads, sizes.decoder_heads), (51_864, 6, 8));
        assert_eq!(texts, [b"a".to_vec(), Vec::new()]);
        let weights = Weights { path: PathBuf::new(), tensors };
        assert_eq!(weights.values("decoder.ln.weight").unwrap().to_vec1::<f32>().unwrap(), [2.0]);
        assert_eq!(weights.values("m").unwrap().to_vec2::<f32>().unwrap(), [[1.0; 3]; 2]);
        assert!(weights.values("n").is_err());
    }

    #[test]
    fn a_model_cut_short_anywhere_is_refused() {
        let whole = small();
        let ends = [whole.len() - (12 + 8 + 1 + 12), whole.len() - (12 + 8 + 1 + 12) - (12 + 4 + 17 + 4)];
        for length in (0..whole.len()).filter(|length| !ends.contains(length)) {
            assert!(parse(&whole[..length]).is_err(), "{length} bytes were taken for a model");
        }
    }

    #[test]
    fn a_tensor_that_is_there_twice_is_refused() {
        let fault = parse(&with_tensors(&[("m", 0, &[], &[0; 4]), ("m", 0, &[], &[0; 4])])).err().unwrap();
        assert!(fault.contains("twice"), "{fault}");
    }

    proptest! {
        #[test]
        fn no_bytes_make_the_reader_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200), at in 0_usize..200) {
            let mut model = small();
            let at = at.min(model.len());
            let end = (at + bytes.len()).min(model.len());
            model.splice(at..end, bytes);
            if let Ok(Parsed { tensors, .. }) = parse(&model) {
                let weights = Weights { path: PathBuf::new(), tensors };
                for name in weights.tensors.keys() {
                    let _ = weights.values(name);
                }
            }
        }
    }
}
