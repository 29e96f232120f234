//! The voice's weight file, read by name with the shape that the architecture wants.

use std::path::{Path, PathBuf};

use candle_core::{Device, Tensor};
use candle_nn::Linear;
use safetensors::{Dtype, SafeTensors};

use crate::kernels::depthwise::{DepthwiseNorm, Norm};
use crate::kernels::int8::Int8Linear;
use crate::{Error, Result};

/// The bytes of a weight file.
pub(super) struct WeightFile {
    path: PathBuf,
    bytes: Vec<u8>,
}

impl WeightFile {
    pub fn read(path: PathBuf) -> Result<Self> {
        let bytes = std::fs::read(&path).map_err(Error::io(&path))?;
        Ok(Self { path, bytes })
    }

    pub fn weights(&self) -> Result<Weights<'_>> {
        let tensors = SafeTensors::deserialize(&self.bytes).map_err(|e| damaged(&self.path, e.to_string()))?;
        Ok(Weights { path: &self.path, tensors })
    }
}

fn damaged(path: &Path, what: String) -> Error {
    Error::Damaged { model: super::NAME.to_owned(), path: path.to_owned(), what }
}

/// The tensors of a weight file.
pub(super) struct Weights<'a> {
    path: &'a Path,
    tensors: SafeTensors<'a>,
}

impl Weights<'_> {
    /// The bytes of a tensor of that name, type and shape.
    fn bytes(&self, name: &str, dtype: Dtype, dims: &[usize]) -> Result<&[u8]> {
        let view = self.tensors.tensor(name).map_err(|_| damaged(self.path, format!("`{name}` is missing")))?;
        if view.dtype() != dtype || view.shape() != dims {
            let what = format!("`{name}` is {:?} {:?}, not {dtype:?} {dims:?}", view.dtype(), view.shape());
            return Err(damaged(self.path, what));
        }
        Ok(view.data())
    }

    /// Values of the given shape, row by row.
    pub fn floats(&self, name: &str, dims: &[usize]) -> Result<Vec<f32>> {
        let bytes = self.bytes(name, Dtype::F32, dims)?;
        Ok(bytes.as_chunks::<4>().0.iter().map(|b| f32::from_le_bytes(*b)).collect())
    }

    /// A tensor of the given shape.
    pub fn tensor(&self, name: &str, dims: &[usize]) -> Result<Tensor> {
        Ok(Tensor::from_vec(self.floats(name, dims)?, dims, &Device::Cpu)?)
    }

    /// The 8-bit matrix `<name><weight>` with its bias `<name><bias>`.
    fn int8(&self, weight: &str, bias: &str, outputs: usize, inputs: usize) -> Result<Int8Linear> {
        let integers: Vec<i8> = self.bytes(weight, Dtype::I8, &[outputs, inputs])?.iter().map(|b| b.cast_signed()).collect();
        let scale = self.floats(&format!("{weight}_scale"), &[])?.first().copied().unwrap_or_default();
        Ok(Int8Linear::new(&integers, scale, self.floats(bias, &[outputs])?))
    }

    /// The 8-bit linear layer of that name.
    pub fn linear8(&self, name: &str, outputs: usize, inputs: usize) -> Result<Int8Linear> {
        self.int8(&format!("{name}.weight"), &format!("{name}.bias"), outputs, inputs)
    }

    /// The projection to queries, keys and values of the attention of that name.
    pub fn projection8(&self, name: &str, width: usize) -> Result<Int8Linear> {
        self.int8(&format!("{name}.in_proj_weight"), &format!("{name}.in_proj_bias"), 3 * width, width)
    }

    /// A convolution over `taps` frames (`[outputs, inputs, taps]`) as a linear layer over `taps * inputs` values, tap by tap.
    pub fn convolution(&self, name: &str, outputs: usize, inputs: usize, taps: usize) -> Result<Linear> {
        let weight = self.tensor(&format!("{name}.weight"), &[outputs, inputs, taps])?;
        let weight = weight.transpose(1, 2)?.contiguous()?.reshape((outputs, taps * inputs))?;
        Ok(Linear::new(weight, Some(self.tensor(&format!("{name}.bias"), &[outputs])?)))
    }

    /// The layer normalisation of that name.
    pub fn norm(&self, name: &str, width: usize) -> Result<Norm> {
        Ok(Norm { weight: self.floats(&format!("{name}.weight"), &[width])?, bias: self.floats(&format!("{name}.bias"), &[width])? })
    }

    /// The depthwise convolution `<name>.dw` and the normalisation `<name>.norm` after it.
    pub fn depthwise(&self, name: &str, width: usize, taps: usize, dilation: usize) -> Result<DepthwiseNorm> {
        let weights = self.floats(&format!("{name}.dw.weight"), &[width, 1, taps])?;
        let bias = self.floats(&format!("{name}.dw.bias"), &[width])?;
        Ok(DepthwiseNorm::new(&weights, bias, dilation, self.norm(&format!("{name}.norm"), width)?))
    }
}
