//! The publisher's own form, `model.pt`: a zip that PyTorch wrote.
//!
//! A member `NAME/data.pkl` says which tensors there are ([`super::pickle`]), and each member `NAME/data/N` holds the values of one. A tensor is a
//! view of its values, with a stride for each dimension: some matrices lie column by column. Only the models for English alone are read in
//! this form, whose vocabulary is GPT-2's: `gpt2.tiktoken` has a line for each text, its bytes in Base64 and its number.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufReader, Read};
use std::path::{Path, PathBuf};

use candle_core::{Device, Tensor};
use half::f16;
use zip::ZipArchive;

use super::pickle::{self, Value, View};
use super::published::{self, Named};
use super::tokens::Vocabulary;
use super::{Model, Progress, read_text};
use crate::{Error, Result};

/// The pickle of the largest Whisper has 150 kB.
const MOST_PICKLE: u64 = 1 << 20;
/// The largest tensor, the embedding of the largest Whisper in fp32, has 265 MB.
const MOST_VALUES: u64 = 1 << 30;

/// Read `model.pt` and `gpt2.tiktoken` in `sources`.
pub(super) fn read(sources: &Path, progress: Progress<'_>) -> Result<Model> {
    let path = sources.join("model.pt");
    let checkpoint = Checkpoint::open(&path)?;
    let vocabulary_path = sources.join("gpt2.tiktoken");
    let texts = texts(&read_text(&vocabulary_path)?).map_err(|what| Error::Format { path: vocabulary_path.clone(), what })?;
    let count = checkpoint.size("n_vocab")?;
    let heads = |name| -> Result<u32> {
        let heads = checkpoint.size(name)?;
        u32::try_from(heads).map_err(|_| checkpoint.fault(format!("`{name}` is {heads}")))
    };
    Ok(Model {
        encoder_heads: heads("n_audio_head")?,
        decoder_heads: heads("n_text_head")?,
        vocabulary: Vocabulary::of_texts(&texts, count).map_err(|what| Error::Format { path: vocabulary_path, what })?,
        tensors: published::tensors(&checkpoint, progress)?,
    })
}

/// An open `.pt`.
struct Checkpoint {
    path: PathBuf,
    /// The folder in the zip that everything lies in, with its slash.
    root: String,
    dims: BTreeMap<String, usize>,
    tensors: BTreeMap<String, View>,
}

impl Checkpoint {
    fn open(path: &Path) -> Result<Self> {
        let fault = |what: String| Error::Format { path: path.to_owned(), what };
        let mut zip = open(path)?;
        let name = zip.file_names().flatten().find(|name| name.ends_with("/data.pkl")).map(Cow::into_owned);
        let name = name.ok_or_else(|| fault("a zip without a `data.pkl`".to_owned()))?;
        let bytes = member(&mut zip, &name, MOST_PICKLE).map_err(fault)?;
        let file = pickle::read(&bytes).map_err(fault)?;
        let part = |name: &str| file.get(name).and_then(Value::entries).ok_or_else(|| fault(format!("there is no `{name}`")));
        let dims = part("dims")?.iter().filter_map(|(name, value)| Some((name.to_string(), value.size()?))).collect();
        let tensors = part("model_state_dict")?.iter().filter_map(|(name, value)| match value {
            Value::Tensor(view) => Some((name.to_string(), view.clone())),
            _ => None,
        });
        let root = name.strip_suffix("data.pkl").unwrap_or_default().to_owned();
        Ok(Self { path: path.to_owned(), root, dims, tensors: tensors.collect() })
    }

    fn size(&self, name: &str) -> Result<usize> {
        self.dims.get(name).copied().ok_or_else(|| self.fault(format!("there is no size `{name}`")))
    }

    fn floats(&self, view: &View) -> Result<Vec<f32>, String> {
        let mut zip = open(&self.path).map_err(|fault| fault.to_string())?;
        let bytes = member(&mut zip, &format!("{}data/{}", self.root, view.storage.key), MOST_VALUES)?;
        match &*view.storage.kind {
            "HalfStorage" => gather(bytes.as_chunks().0, view, |value| f16::from_le_bytes(value).to_f32()),
            "FloatStorage" => gather(bytes.as_chunks().0, view, f32::from_le_bytes),
            other => Err(format!("values of the type {other}; only fp16 and fp32 are converted")),
        }
    }
}

impl Named for Checkpoint {
    fn has(&self, name: &str) -> bool {
        self.tensors.contains_key(name)
    }

    fn values(&self, name: &str) -> Result<Tensor> {
        let view = self.tensors.get(name).ok_or_else(|| self.fault(format!("there is no tensor `{name}`")))?;
        let values = self.floats(view).map_err(|what| self.fault(format!("`{name}`: {what}")))?;
        Ok(Tensor::from_vec(values, view.dims.as_slice(), &Device::Cpu)?)
    }

    fn fault(&self, what: String) -> Error {
        Error::Format { path: self.path.clone(), what }
    }
}

fn open(path: &Path) -> Result<ZipArchive<BufReader<File>>> {
    let file = File::open(path).map_err(Error::io(path))?;
    ZipArchive::new(BufReader::new(file)).map_err(|fault| Error::Format { path: path.to_owned(), what: format!("no zip: {fault}") })
}

fn member(zip: &mut ZipArchive<BufReader<File>>, name: &str, most: u64) -> Result<Vec<u8>, String> {
    let member = zip.by_name(name).map_err(|fault| format!("`{name}` in the zip: {fault}"))?;
    let mut bytes = Vec::new();
    member.take(most + 1).read_to_end(&mut bytes).map_err(|fault| format!("`{name}` in the zip: {fault}"))?;
    if bytes.len() as u64 > most { Err(format!("`{name}` in the zip is larger than any Whisper's")) } else { Ok(bytes) }
}

/// The values of a view, row by row.
fn gather<const N: usize>(stored: &[[u8; N]], view: &View, value: impl Fn([u8; N]) -> f32) -> Result<Vec<f32>, String> {
    let outside = || format!("a tensor of shape {:?} with strides {:?} in {} values", view.dims, view.strides, stored.len());
    let count = view.dims.iter().try_fold(1_usize, |count, size| count.checked_mul(*size)).filter(|count| *count <= stored.len());
    let count = count.ok_or_else(outside)?;
    let mut places = vec![view.offset];
    for (size, stride) in view.dims.iter().zip(&view.strides) {
        let mut next = Vec::with_capacity(count.min(places.len().saturating_mul(*size)));
        for place in &places {
            for index in 0..*size {
                next.push(index.checked_mul(*stride).and_then(|step| place.checked_add(step)).ok_or_else(outside)?);
            }
        }
        places = next;
    }
    places.into_iter().map(|place| stored.get(place).map(|bytes| value(*bytes)).ok_or_else(outside)).collect()
}

/// The texts of a vocabulary that tiktoken reads, in their order.
fn texts(lines: &str) -> Result<Vec<Vec<u8>>, String> {
    let mut texts = Vec::new();
    for line in lines.lines() {
        let (text, number) = line.split_once(' ').ok_or_else(|| format!("`{line}` is no text and its number"))?;
        if number.parse() != Ok(texts.len()) {
            return Err(format!("the text number {number} in the place of {}", texts.len()));
        }
        texts.push(base64(text).ok_or_else(|| format!("`{text}` is not Base64"))?);
    }
    Ok(texts)
}

/// RFC 4648, with padding.
fn base64(text: &str) -> Option<Vec<u8>> {
    let (groups, []) = text.as_bytes().as_chunks::<4>() else { return None };
    let mut bytes = Vec::with_capacity(3 * groups.len());
    for group in groups {
        let padding = group.iter().rev().take_while(|letter| **letter == b'=').count();
        let mut bits = 0_u32;
        for letter in group {
            let six = match letter {
                b'A'..=b'Z' => letter - b'A',
                b'a'..=b'z' => letter - b'a' + 26,
                b'0'..=b'9' => letter - b'0' + 52,
                b'+' => 62,
                b'/' => 63,
                b'=' if padding <= 2 => 0,
                _ => return None,
            };
            bits = bits << 6 | u32::from(six);
        }
        bytes.extend(bits.to_be_bytes().into_iter().skip(1).take(3 - padding.min(2)));
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use proptest::prelude::*;

    use super::super::pickle::Storage;
    use super::*;

    fn view(offset: usize, dims: &[usize], strides: &[usize]) -> View {
        let storage = Storage { kind: "FloatStorage".into(), key: "0".into() };
        View { storage, offset, dims: dims.into(), strides: strides.into() }
    }

    fn stored(count: u8) -> Vec<[u8; 4]> {
        (0..count).map(|value| f32::from(value).to_le_bytes()).collect()
    }

    #[test]
    fn a_matrix_that_lies_column_by_column_is_read_row_by_row() {
        let values = |view: &View| gather(&stored(8), view, f32::from_le_bytes);
        assert_eq!(values(&view(1, &[2, 3], &[3, 1])).unwrap(), [1.0, 2.0, 3.0, 4.0, 5.0, 6.0]);
        assert_eq!(values(&view(1, &[3, 2], &[1, 3])).unwrap(), [1.0, 4.0, 2.0, 5.0, 3.0, 6.0]);
    }

    #[test]
    fn a_view_beyond_its_values_is_refused() {
        for view in [view(3, &[2, 3], &[3, 1]), view(0, &[3, 3], &[1, 3]), view(0, &[usize::MAX, 2], &[1, 1]), view(1, &[2], &[usize::MAX])]
        {
            assert!(gather(&stored(8), &view, f32::from_le_bytes).is_err(), "{view:?}");
        }
    }

    #[test]
    fn a_vocabulary_is_read_in_its_order() {
        assert_eq!(texts("IQ== 0\nIg== 1\nIHRoZQ== 2\n").unwrap(), [b"!".to_vec(), b"\"".to_vec(), b" the".to_vec()]);
        for other in ["IQ== 1", "IQ==", "IQ=! 0", "IQ= 0"] {
            assert!(texts(other).is_err(), "{other}");
        }
    }

    #[test]
    fn what_is_no_zip_of_tensors_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("model.pt");
        std::fs::write(&path, b"PK\x03\x04").unwrap();
        assert!(matches!(Checkpoint::open(&path), Err(Error::Format { .. })));
    }

    proptest! {
        #[test]
        fn no_text_makes_the_vocabulary_reader_panic(text in "[A-Za-z0-9+/= \n]{0,60}|\\PC{0,30}") {
            let _ = texts(&text);
        }
    }
}
