//! all-MiniLM-L6-v2 from its publisher's safetensors in `f32` to one GGUF with Q8_0 matrices.
//!
//! Queries, keys and values lie below each other, as our attention takes them. The embeddings of places get the embedding that every first
//! text has (`token_type_embeddings`), which would be added to each of them anyway; of the 512 places those that the model was trained for are
//! kept. The word pieces of `vocab.txt` go into the metadata. Vectors stay `f32`. The same source gives the same bytes.

use std::path::{Path, PathBuf};

use candle_core::quantized::gguf_file::Value;
use candle_core::quantized::{GgmlDType, QTensor};
use candle_core::{Device, Tensor};
use safetensors::{Dtype, SafeTensors};

use super::{Progress, gguf};
use crate::embed::minilm::{ARCHITECTURE, HEADS, LAYERS, LONGEST, MODEL, PIECES};
use crate::{Error, Result};

/// The publisher's weights.
const WEIGHTS: &str = "model.safetensors";
/// The publisher's word pieces, one a line.
const VOCABULARY: &str = "vocab.txt";
/// As the publisher's `config.json` says; no shape in the file tells.
const HEAD_COUNT: u32 = 12;
/// More layers than any such model has; bounds what a hostile file makes us look for.
const MOST_LAYERS: usize = 64;
/// More bytes than any list of word pieces has.
const LONGEST_VOCABULARY: u64 = 16 << 20;

/// Convert [`WEIGHTS`] and [`VOCABULARY`] in `sources`.
///
/// # Errors
/// [`Error::Io`]; [`Error::Format`] naming the source file that is not what it should be.
pub fn convert(sources: &Path, out: &Path, progress: Progress<'_>) -> Result<()> {
    let path = sources.join(WEIGHTS);
    let bytes = std::fs::read(&path).map_err(Error::io(&path))?;
    let tensors = SafeTensors::deserialize(&bytes).map_err(|fault| Error::Format { path: path.clone(), what: fault.to_string() })?;
    let mut source = Source { path, tensors, written: Vec::new() };
    progress(0.2);
    let layers = source.model()?;
    progress(0.9);
    let pieces = vocabulary(&sources.join(VOCABULARY))?;
    let metadata = [
        ("general.architecture", Value::String(ARCHITECTURE.to_owned())),
        (HEADS, Value::U32(HEAD_COUNT)),
        (LAYERS, Value::U32(layers)),
        (PIECES, Value::Array(pieces.into_iter().map(Value::String).collect())),
    ];
    gguf::write(&out.join(MODEL), &metadata, &source.written)?;
    progress(1.0);
    Ok(())
}

fn vocabulary(path: &Path) -> Result<Vec<String>> {
    if std::fs::metadata(path).map_err(Error::io(path))?.len() > LONGEST_VOCABULARY {
        return Err(Error::Format { path: path.to_owned(), what: "it is longer than any list of word pieces".to_owned() });
    }
    let text = std::fs::read_to_string(path).map_err(Error::io(path))?;
    Ok(text.lines().map(str::to_owned).collect())
}

struct Source<'a> {
    path: PathBuf,
    tensors: SafeTensors<'a>,
    written: Vec<(String, QTensor)>,
}

/// Values with their shape.
struct Values {
    dims: Vec<usize>,
    data: Vec<f32>,
}

impl Source<'_> {
    fn fault(&self, what: impl Into<String>) -> Error {
        Error::Format { path: self.path.clone(), what: what.into() }
    }

    /// Everything; gives the number of layers.
    fn model(&mut self) -> Result<u32> {
        let words = self.values("embeddings.word_embeddings.weight")?;
        self.matrix("words.weight", &[words])?;
        self.places()?;
        self.norm("embeddings.LayerNorm", "norm")?;
        let has = |layer: usize| self.tensors.tensor(&format!("encoder.layer.{layer}.output.dense.weight")).is_ok();
        let layers = (0..MOST_LAYERS).take_while(|layer| has(*layer)).count();
        for layer in 0..layers {
            let (from, to) = (format!("encoder.layer.{layer}"), format!("layer.{layer}"));
            let parts = ["query", "key", "value"].map(|part| format!("{from}.attention.self.{part}"));
            self.linear(&parts, &format!("{to}.qkv"))?;
            self.linear(&[format!("{from}.attention.output.dense")], &format!("{to}.mix"))?;
            self.norm(&format!("{from}.attention.output.LayerNorm"), &format!("{to}.mix.norm"))?;
            self.linear(&[format!("{from}.intermediate.dense")], &format!("{to}.up"))?;
            self.linear(&[format!("{from}.output.dense")], &format!("{to}.down"))?;
            self.norm(&format!("{from}.output.LayerNorm"), &format!("{to}.norm"))?;
        }
        u32::try_from(layers).ok().filter(|layers| *layers > 0).ok_or_else(|| self.fault("an encoder without layers"))
    }

    fn places(&mut self) -> Result<()> {
        let places = self.values("embeddings.position_embeddings.weight")?;
        let types = self.values("embeddings.token_type_embeddings.weight")?;
        let &[_, width] = places.dims.as_slice() else { return Err(self.fault(format!("places of shape {:?}", places.dims))) };
        let (Some(places), Some(first)) = (places.data.get(..LONGEST * width), types.data.get(..width)) else {
            return Err(self.fault(format!("fewer than {LONGEST} places, or no type of width {width}")));
        };
        let sums = places.iter().zip(first.iter().cycle()).map(|(place, same)| place + same).collect();
        self.floats("places", sums, &[LONGEST, width])
    }

    /// Layers with the same inputs, one below the other.
    fn linear(&mut self, from: &[String], to: &str) -> Result<()> {
        let weights = from.iter().map(|name| self.values(&format!("{name}.weight"))).collect::<Result<Vec<_>>>()?;
        self.matrix(&format!("{to}.weight"), &weights)?;
        let mut bias = Vec::new();
        for name in from {
            bias.extend(self.values(&format!("{name}.bias"))?.data);
        }
        let length = bias.len();
        self.floats(&format!("{to}.bias"), bias, &[length])
    }

    fn norm(&mut self, from: &str, to: &str) -> Result<()> {
        for part in ["weight", "bias"] {
            let Values { dims, data } = self.values(&format!("{from}.{part}"))?;
            self.floats(&format!("{to}.{part}"), data, &dims)?;
        }
        Ok(())
    }

    /// Matrices of the same width, one below the other, in Q8_0.
    fn matrix(&mut self, name: &str, parts: &[Values]) -> Result<()> {
        let (mut rows, mut width, mut data) = (0, None, Vec::new());
        for part in parts {
            let &[outputs, inputs] = part.dims.as_slice() else { return Err(self.fault(format!("`{name}` of shape {:?}", part.dims))) };
            if *width.get_or_insert(inputs) != inputs {
                return Err(self.fault(format!("`{name}`: parts of other widths")));
            }
            rows += outputs;
            data.extend_from_slice(&part.data);
        }
        let tensor = Tensor::from_vec(data, (rows, width.unwrap_or_default()), &Device::Cpu)?;
        self.written.push((name.to_owned(), QTensor::quantize(&tensor, GgmlDType::Q8_0)?));
        Ok(())
    }

    fn floats(&mut self, name: &str, data: Vec<f32>, dims: &[usize]) -> Result<()> {
        self.written.push((name.to_owned(), gguf::exact(&self.path, name, data, dims)?));
        Ok(())
    }

    /// Finite values of a tensor in `f32`.
    fn values(&self, name: &str) -> Result<Values> {
        let tensor = self.tensors.tensor(name).map_err(|fault| self.fault(format!("`{name}`: {fault}")))?;
        if tensor.dtype() != Dtype::F32 {
            return Err(self.fault(format!("`{name}` is in {:?}, not F32", tensor.dtype())));
        }
        let data: Vec<f32> = tensor.data().as_chunks::<4>().0.iter().map(|bytes| f32::from_le_bytes(*bytes)).collect();
        if let Some(odd) = data.iter().find(|value| !value.is_finite()) {
            return Err(self.fault(format!("`{name}` holds {odd}")));
        }
        Ok(Values { dims: tensor.shape().to_vec(), data })
    }
}
