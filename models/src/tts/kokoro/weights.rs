//! The voice's GGUF, read by name as the layers that the architecture is built of.

use std::path::Path;

use candle_core::quantized::gguf_file::Value;
use candle_core::{Device, Tensor};

use super::norm::StyleNorm;
use crate::kernels::tensor::conv::{Convolution, Walk};
use crate::kernels::tensor::elementwise::LayerNorm;
use crate::kernels::tensor::lstm::Lstm;
use crate::kernels::tensor::prepare::Snake;
use crate::kernels::tensor::q8::Linear;
use crate::llm::gguf::GgufFile;
use crate::{Error, Result};

/// The open file.
pub(super) struct Weights(GgufFile);

impl Weights {
    pub fn open(path: &Path) -> Result<Self> {
        let file = GgufFile::open(path)?;
        match file.metadata().get("general.architecture") {
            Some(Value::String(name)) if name == "kokoro" => Ok(Self(file)),
            other => Err(file.wrong(format!("a model of architecture {other:?}, not `kokoro`"))),
        }
    }

    pub fn wrong(&self, what: String) -> Error {
        self.0.wrong(what)
    }

    /// The names of the tensors that begin with `start`, without it.
    pub fn names(&self, start: &str) -> Vec<String> {
        self.0.tensor_names().iter().filter_map(|name| name.strip_prefix(start)).map(str::to_owned).collect()
    }

    /// Values of the given shape, as `f32`.
    pub fn tensor(&mut self, name: &str, dims: &[usize]) -> Result<Tensor> {
        let tensor = self.0.tensor(name)?;
        if tensor.shape().dims() != dims {
            return Err(self.wrong(format!("tensor `{name}` is {:?}, not {dims:?}", tensor.shape().dims())));
        }
        Ok(tensor.dequantize(&Device::Cpu)?)
    }

    pub fn vector(&mut self, name: &str, length: usize) -> Result<Vec<f32>> {
        self.0.vector(name, length)
    }

    pub fn linear(&mut self, name: &str, outputs: usize) -> Result<Linear> {
        let weight = self.0.tensor(&format!("{name}.weight"))?;
        let bias = self.tensor(&format!("{name}.bias"), &[outputs])?;
        Ok(Linear::new(&weight, Some(&bias))?)
    }

    pub fn norm(&mut self, name: &str, width: usize) -> Result<LayerNorm> {
        let (scale, shift) = (self.tensor(&format!("{name}.weight"), &[width])?, self.tensor(&format!("{name}.bias"), &[width])?);
        Ok(LayerNorm::new(&scale, &shift)?)
    }

    /// A convolution to so many channels; a shortcut has no bias.
    pub fn conv(&mut self, name: &str, outputs: usize, walk: Walk) -> Result<Convolution> {
        let weight = self.0.tensor(&format!("{name}.weight"))?;
        let bias = format!("{name}.bias");
        let bias = if self.0.has(&bias) { Some(self.tensor(&bias, &[outputs])?) } else { None };
        let conv = Convolution::new(&weight, bias.as_ref(), walk)?;
        if conv.outputs() != outputs {
            return Err(self.wrong(format!("`{name}` gives {} channels, not {outputs}", conv.outputs())));
        }
        Ok(conv)
    }

    pub fn lstm(&mut self, name: &str, width: usize) -> Result<Lstm> {
        let input = self.0.tensor(&format!("{name}.input.weight"))?;
        let bias = self.tensor(&format!("{name}.input.bias"), &[8 * width])?;
        let (forward, backward) = (self.0.tensor(&format!("{name}.forward.weight"))?, self.0.tensor(&format!("{name}.backward.weight"))?);
        Ok(Lstm::new(&input, &bias, [&forward, &backward])?)
    }

    /// A normalisation of so many channels by a style of so many values.
    pub fn style(&mut self, name: &str, channels: usize, style: usize) -> Result<StyleNorm> {
        let weight = self.tensor(&format!("{name}.weight"), &[2 * channels, style])?;
        Ok(StyleNorm::new(weight, self.tensor(&format!("{name}.bias"), &[2 * channels])?))
    }

    pub fn snake(&mut self, name: &str, channels: usize) -> Result<Snake> {
        let alpha = self.vector(name, channels)?;
        if alpha.contains(&0.0) {
            return Err(self.wrong(format!("tensor `{name}` holds a zero, which is divided by")));
        }
        Ok(Snake::new(&alpha))
    }
}
