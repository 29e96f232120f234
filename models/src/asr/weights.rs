//! Reading the GGUF of ours of a recogniser, or of what is built like one: see [`crate::catalog::convert`] for what is in each.

use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};

use candle_core::quantized::QTensor;
use candle_core::quantized::gguf_file::{Content, Value};
use candle_core::{Device, Tensor};

use crate::kernels::tensor::elementwise::LayerNorm;
use crate::kernels::tensor::matmul::Conv3;
use crate::kernels::tensor::q8::Linear;
use crate::{Error, Result};

/// An open GGUF.
pub(crate) struct Weights {
    path: PathBuf,
    file: BufReader<File>,
    content: Content,
}

impl Weights {
    /// Open a file that says it is of `architecture`.
    ///
    /// # Errors
    /// [`Error::Io`]; [`Error::Format`] or [`Error::Candle`] if it is something else.
    pub(crate) fn open(path: &Path, architecture: &str) -> Result<Self> {
        let mut file = BufReader::new(File::open(path).map_err(Error::io(path))?);
        let content = Content::read(&mut file)?;
        let weights = Self { path: path.to_owned(), file, content };
        match weights.content.metadata.get("general.architecture") {
            Some(Value::String(name)) if name == architecture => Ok(weights),
            other => Err(weights.fault(format!("a model of architecture {other:?}, not `{architecture}`"))),
        }
    }

    /// Something that such a file would not say.
    pub(crate) fn fault(&self, what: impl Into<String>) -> Error {
        Error::Format { path: self.path.clone(), what: what.into() }
    }

    pub(crate) fn number(&self, key: &str) -> Result<usize> {
        match self.content.metadata.get(key) {
            Some(Value::U32(number)) => Ok(*number as usize),
            _ => Err(self.fault(format!("the number `{key}` is missing"))),
        }
    }

    pub(crate) fn list(&self, key: &str) -> Result<&[Value]> {
        match self.content.metadata.get(key) {
            Some(Value::Array(values)) => Ok(values),
            _ => Err(self.fault(format!("the list `{key}` is missing"))),
        }
    }

    /// Whether `key` is a list of just these texts.
    pub(super) fn is_of(&self, key: &str, texts: &[&str]) -> bool {
        let listed = self.list(key).unwrap_or_default();
        let same = |(value, text): (&Value, &&str)| matches!(value, Value::String(value) if value == text);
        listed.len() == texts.len() && listed.iter().zip(texts).all(same)
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.content.tensor_infos.contains_key(name)
    }

    fn quantized(&mut self, name: &str) -> Result<QTensor> {
        Ok(self.content.tensor(&mut self.file, name, &Device::Cpu)?)
    }

    pub(crate) fn tensor(&mut self, name: &str) -> Result<Tensor> {
        Ok(self.quantized(name)?.dequantize(&Device::Cpu)?)
    }

    /// `{name}.weight` alone.
    pub(crate) fn matrix(&mut self, name: &str) -> Result<Linear> {
        Ok(Linear::new(&self.quantized(&format!("{name}.weight"))?, None)?)
    }

    /// `{name}.weight` and, unless it is an embedding, `{name}.bias`.
    pub(crate) fn linear(&mut self, name: &str) -> Result<Linear> {
        let weight = self.quantized(&format!("{name}.weight"))?;
        let bias = format!("{name}.bias");
        let bias = if self.has(&bias) { Some(self.tensor(&bias)?) } else { None };
        Ok(Linear::new(&weight, bias.as_ref())?)
    }

    /// `{name}.weight` and, if there is one, `{name}.bias`.
    pub(crate) fn norm(&mut self, name: &str) -> Result<LayerNorm> {
        let (scale, bias) = (self.tensor(&format!("{name}.weight"))?, format!("{name}.bias"));
        let shift = if self.has(&bias) { self.tensor(&bias)? } else { scale.zeros_like()? };
        Ok(LayerNorm::new(&scale, &shift)?)
    }

    pub(crate) fn conv(&mut self, name: &str, stride: usize) -> Result<Conv3> {
        let (weight, bias) = (self.tensor(&format!("{name}.weight"))?, self.tensor(&format!("{name}.bias"))?);
        Ok(Conv3::new(&weight, &bias, stride)?)
    }
}

/// The feed-forward half of a layer with a GELU.
pub(crate) struct FeedForward {
    norm: LayerNorm,
    up: Linear,
    down: Linear,
}

impl FeedForward {
    pub(crate) fn load(weights: &mut Weights, layer: &str) -> Result<Self> {
        Ok(Self {
            norm: weights.norm(&format!("{layer}.ffn.norm"))?,
            up: weights.linear(&format!("{layer}.ffn.up"))?,
            down: weights.linear(&format!("{layer}.ffn.down"))?,
        })
    }

    pub(crate) fn forward(&self, x: &Tensor) -> Result<Tensor> {
        Ok(self.down.forward_add(&self.up.forward_gelu(&self.norm.forward(x)?)?, x)?)
    }
}
