//! Writing GGUF files: the form in which most models are installed.

use std::fs::File;
use std::io::BufWriter;
use std::path::Path;

use candle_core::quantized::gguf_file::{self, Value};
use candle_core::quantized::{GgmlDType, QTensor};
use candle_core::{Device, Tensor};

use crate::{Error, Result};

/// Write metadata and tensors in the order in which they are given, and wait until they are on disk.
pub(super) fn write(path: &Path, metadata: &[(&str, Value)], tensors: &[(String, QTensor)]) -> Result<()> {
    let metadata: Vec<_> = metadata.iter().map(|(key, value)| (*key, value)).collect();
    let tensors: Vec<_> = tensors.iter().map(|(name, tensor)| (name.as_str(), tensor)).collect();
    let mut file = BufWriter::new(File::create(path).map_err(Error::io(path))?);
    gguf_file::write(&mut file, &metadata, &tensors)?;
    let file = file.into_inner().map_err(|fault| Error::Io { path: path.to_owned(), source: fault.into_error() })?;
    file.sync_all().map_err(Error::io(path))
}

/// The values `name` of the source at `path`, as they are.
///
/// # Errors
/// [`Error::Format`] if one of them is no number.
pub(super) fn exact(path: &Path, name: &str, data: Vec<f32>, dims: &[usize]) -> Result<QTensor> {
    if let Some(odd) = data.iter().find(|value| !value.is_finite()) {
        return Err(Error::Format { path: path.to_owned(), what: format!("`{name}` holds {odd}") });
    }
    Ok(QTensor::quantize(&Tensor::from_vec(data, dims, &Device::Cpu)?, GgmlDType::F32)?)
}
