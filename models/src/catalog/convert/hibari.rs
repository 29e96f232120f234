//! The hibari voice: from its wheel's assets (ONNX, JSON, gzip) to two weight files and one file of tables.
//!
//! - `voice.safetensors`: the matrices stay the 8-bit integers they are published as, `[out, in]` with one scale each beside them as
//!   `<name>_scale`, so that nothing is lost and nothing is rounded twice; all else is `f32`.
//! - `unknown.safetensors`: the net for unknown words, `f32`.
//! - `english.tables`: lexicons, tagger, special cases and the normaliser's words (see [`crate::text::english::tables`]).
//! - `NOTICE` and `LICENSE` of the source, which its licence asks to be kept.
//!
//! The bytes that are written depend on the sources alone.

use std::collections::BTreeMap;
use std::io::Read as _;
use std::marker::PhantomData;
use std::path::{Path, PathBuf};
use std::{fmt, fs};

use flate2::read::GzDecoder;
use safetensors::Dtype;
use safetensors::tensor::TensorView;
use serde::Deserialize;
use serde::de::{DeserializeOwned, Deserializer, MapAccess, Visitor};

use super::Progress;
use super::onnx::{Values, Weights};
use crate::text::english::tables::TablesBuilder;
use crate::text::english::{Alphabet, Vocabulary};
use crate::{Error, Result};

/// The voice's weights.
pub const VOICE: &str = "voice.safetensors";
/// The weights of the net for unknown words.
pub const UNKNOWN: &str = "unknown.safetensors";
/// The front end's tables.
pub const TABLES: &str = "english.tables";

/// No unpacked JSON of the source is larger.
const MAX_JSON: u64 = 64 << 20;

/// Convert the unpacked wheel in `sources`; its assets may lie there or in `hibari/assets`.
///
/// # Errors
/// [`Error::Io`]; [`Error::Format`] naming the source file that is not what it should be.
pub fn convert(sources: &Path, out: &Path, progress: Progress<'_>) -> Result<()> {
    progress(0.0);
    write(out, VOICE, &weights(&Source(sources).asset("hibari.onnx"))?)?;
    progress(0.3);
    front_end(sources, out)?;
    progress(0.95);
    legal(sources, out)?;
    progress(1.0);
    Ok(())
}

/// Write what [`crate::text::english`] reads: the net for unknown words and the tables.
///
/// # Errors
/// As [`convert`].
pub(super) fn front_end(sources: &Path, out: &Path) -> Result<()> {
    let source = Source(sources);
    write(out, UNKNOWN, &weights(&source.asset("oov.onnx"))?)?;
    write(out, TABLES, &tables(&source)?)
}

/// Copy the licence and the notices.
///
/// # Errors
/// [`Error::Io`].
pub(super) fn legal(sources: &Path, out: &Path) -> Result<()> {
    for name in ["NOTICE", "LICENSE"] {
        if let Some(text) = Source(sources).licence(name) {
            write(out, name, &fs::read(&text).map_err(Error::io(&text))?)?;
        }
    }
    Ok(())
}

struct Source<'a>(&'a Path);

impl Source<'_> {
    fn asset(&self, name: &str) -> PathBuf {
        let inside = self.0.join("hibari/assets").join(name);
        if inside.is_file() { inside } else { self.0.join(name) }
    }

    fn licence(&self, name: &str) -> Option<PathBuf> {
        let inside = fs::read_dir(self.0).ok()?.flatten().map(|entry| entry.path().join("licenses").join(name));
        inside.chain([self.0.join(name)]).find(|path| path.is_file())
    }

    fn json<T: DeserializeOwned>(&self, name: &str) -> Result<T> {
        let path = self.asset(name);
        let file = fs::File::open(&path).map_err(Error::io(&path))?;
        let mut text = Vec::new();
        let read = if name.ends_with(".gz") {
            GzDecoder::new(file).take(MAX_JSON).read_to_end(&mut text)
        } else {
            file.take(MAX_JSON).read_to_end(&mut text)
        };
        read.map_err(Error::io(&path))?;
        serde_json::from_slice(&text).map_err(|e| Error::Format { path, what: e.to_string() })
    }
}

fn write(out: &Path, name: &str, bytes: &[u8]) -> Result<()> {
    let path = out.join(name);
    fs::write(&path, bytes).map_err(Error::io(path))
}

/// All weights of an ONNX file as safetensors, under their names in the trained model.
fn weights(path: &Path) -> Result<Vec<u8>> {
    let onnx = Weights::read(path)?;
    let mut tensors: BTreeMap<String, (Dtype, Vec<usize>, Vec<u8>)> = BTreeMap::new();
    for name in onnx.names() {
        if let Some(stem) = name.strip_suffix("_quantized") {
            let clean = onnx.name_by_bias(name).ok_or_else(|| nameless(path, name))?;
            let matrix = onnx.bytes(name)?.transposed();
            if onnx.bytes(&format!("{stem}_zero_point"))?.data != [0] {
                return Err(Error::Format { path: path.to_owned(), what: format!("`{name}` is not symmetric about 0") });
            }
            tensors.insert(format!("{clean}_scale"), float_tensor(&onnx.floats(&format!("{stem}_scale"))?));
            tensors.insert(clean, (Dtype::I8, matrix.dims, matrix.data.into_iter().map(i8::cast_unsigned).collect()));
        } else if name.starts_with("onnx::") {
            let clean = onnx.name_by_bias(name).ok_or_else(|| nameless(path, name))?;
            tensors.insert(clean, float_tensor(&onnx.floats(name)?.transposed()));
        } else if !name.starts_with('/') && !onnx.is_bytes(name) {
            tensors.insert(name.to_owned(), float_tensor(&onnx.floats(name)?));
        }
    }
    let views = tensors.iter().map(|(name, (dtype, dims, bytes))| Ok((name, TensorView::new(*dtype, dims.clone(), bytes)?)));
    let views = views.collect::<Result<Vec<_>, safetensors::SafeTensorError>>();
    views.and_then(|views| safetensors::serialize(views, None)).map_err(|e| Error::Format { path: path.to_owned(), what: e.to_string() })
}

fn nameless(path: &Path, name: &str) -> Error {
    Error::Format { path: path.to_owned(), what: format!("no bias tells the name of the weights `{name}`") }
}

fn float_tensor(values: &Values<f32>) -> (Dtype, Vec<usize>, Vec<u8>) {
    (Dtype::F32, values.dims.clone(), values.data.iter().flat_map(|v| v.to_le_bytes()).collect())
}

fn tables(source: &Source<'_>) -> Result<Vec<u8>> {
    let tagger: TaggerSource = source.json("tagger.json.gz")?;
    let special: BTreeMap<String, Vec<String>> = source.json("tokenizer_exceptions.json")?;
    let ids: BTreeMap<char, u8> = source.json("vocab.json")?;
    let vocabulary: VocabularySource = source.json("normalize.json")?;
    let alphabet: AlphabetSource = source.json("oov.json")?;
    let entries = |pairs: Vec<(String, Vec<u8>)>| pairs.into_iter().map(|(k, v)| (k.into_bytes(), v)).collect();
    let number = tagger.numbers();
    let dominant = tagger.tagdict.iter().filter_map(|(word, tag)| Some((word.clone(), vec![*number.get(tag.as_str())?])));
    let builder = TablesBuilder::default()
        .table("gold", &lexicon(source.json("lexicon_us_gold.json.gz")?))
        .table("silver", &lexicon(source.json("lexicon_us_silver.json.gz")?))
        .table("special", &entries(special.into_iter().map(|(k, v)| (k, v.join("\u{1}").into_bytes())).collect()))
        .table("dominant", &entries(dominant.collect()))
        .table("known", &entries(tagger.vocab.iter().map(|word| (word.clone(), Vec::new())).collect()))
        .table("weights", &entries(tagger.weights.iter().map(|(k, v)| (k.clone(), packed(v, &number))).collect()))
        .table("ids", &entries(ids.into_iter().map(|(c, id)| (c.to_string(), vec![id])).collect()))
        .section("tags", json_bytes(&tagger.tags))
        .section("vocabulary", json_bytes(&Vocabulary::from(vocabulary)))
        .section("alphabet", json_bytes(&Alphabet::from(alphabet)));
    Ok(builder.finish())
}

fn json_bytes<T: serde::Serialize>(value: &T) -> Vec<u8> {
    serde_json::to_vec(value).unwrap_or_default()
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Pronunciation {
    One(String),
    ByTag(BTreeMap<String, Option<String>>),
}

/// One reading as it is; several behind a `\u{1}` each, as `TAG=phonemes`, or `TAG` where the tag has none.
fn lexicon(words: BTreeMap<String, Pronunciation>) -> BTreeMap<Vec<u8>, Vec<u8>> {
    let encoded = |pronunciation| match pronunciation {
        Pronunciation::One(phonemes) => phonemes,
        Pronunciation::ByTag(readings) => readings
            .into_iter()
            .map(|(tag, phonemes)| phonemes.map_or_else(|| format!("\u{1}{tag}"), |p| format!("\u{1}{tag}={p}")))
            .collect(),
    };
    words.into_iter().map(|(word, p)| (word.into_bytes(), encoded(p).into_bytes())).collect()
}

#[derive(Deserialize)]
struct TaggerSource {
    tags: Vec<String>,
    tagdict: BTreeMap<String, String>,
    vocab: Vec<String>,
    weights: BTreeMap<String, BTreeMap<String, f64>>,
}

impl TaggerSource {
    fn numbers(&self) -> BTreeMap<&str, u8> {
        (0..=u8::MAX).zip(&self.tags).map(|(n, tag)| (tag.as_str(), n)).collect()
    }
}

/// Weights have one decimal: each is its tag's number and a 16-bit count of tenths.
fn packed(weights: &BTreeMap<String, f64>, number: &BTreeMap<&str, u8>) -> Vec<u8> {
    let weight = |(tag, weight): (&String, &f64)| {
        let [low, high] = ((weight * 10.0).round() as i16).to_le_bytes();
        number.get(tag.as_str()).map(|tag| [*tag, low, high])
    };
    weights.iter().filter_map(weight).flatten().collect()
}

/// A JSON object of strings in the order in which it is written, which for the normaliser's signs is the order of application.
struct Ordered<K>(Vec<(K, String)>);

impl<'de, K: Deserialize<'de>> Deserialize<'de> for Ordered<K> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Pairs<K>(PhantomData<K>);
        impl<'de, K: Deserialize<'de>> Visitor<'de> for Pairs<K> {
            type Value = Ordered<K>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object of strings")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut pairs = Vec::new();
                while let Some(pair) = map.next_entry()? {
                    pairs.push(pair);
                }
                Ok(Ordered(pairs))
            }
        }
        deserializer.deserialize_map(Pairs(PhantomData))
    }
}

#[derive(Deserialize)]
struct VocabularySource {
    titles: Ordered<String>,
    abbreviations: Ordered<String>,
    units: BTreeMap<String, (String, String)>,
    symbols: Ordered<char>,
    currency: BTreeMap<String, (String, String)>,
    roman_cardinal: Vec<String>,
    roman_ordinal: Vec<String>,
}

impl From<VocabularySource> for Vocabulary {
    fn from(source: VocabularySource) -> Self {
        Self {
            titles: source.titles.0,
            abbreviations: source.abbreviations.0,
            units: source.units.into_iter().collect(),
            symbols: source.symbols.0,
            currencies: source.currency,
            numbered: source.roman_cardinal,
            reigning: source.roman_ordinal,
        }
    }
}

#[derive(Deserialize)]
struct AlphabetSource {
    #[serde(rename = "in")]
    letters: Vec<char>,
    #[serde(rename = "out")]
    phonemes: Vec<char>,
    slots: usize,
    maxlen: usize,
}

impl From<AlphabetSource> for Alphabet {
    fn from(source: AlphabetSource) -> Self {
        Self { letters: source.letters, phonemes: source.phonemes, slots: source.slots, longest: source.maxlen }
    }
}
