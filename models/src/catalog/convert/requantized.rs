//! A published GGUF file of any quantization becomes one in Q8_0, tensor by tensor; the metadata (sizes, tokenizer, chat template) stays as it is.

use std::borrow::Cow;
use std::fs::File;
use std::io::BufWriter;
use std::ops::Range;
use std::path::Path;

use candle_core::quantized::gguf_file::{self, Value};
use candle_core::quantized::{GgmlDType, QStorage, QTensor};
use candle_core::{Device, Tensor};

use super::Progress;
use crate::llm::gguf::GgufFile;
use crate::{Error, Result};

/// GGUF's number for "mostly Q8_0" in `general.file_type`.
pub(super) const MOSTLY_Q8_0: u32 = 7;

/// Rows that are in 32 bits at once: a vocabulary's matrix as a whole would take four times what it weighs.
const ROWS: usize = 2048;

/// A tensor of the source, and its name in the result.
pub(super) struct Source {
    pub(super) source: String,
    pub(super) target: String,
}

impl Source {
    /// Under the same name.
    pub(super) fn same(name: String) -> Self {
        Self { source: name.clone(), target: name }
    }
}

/// Write `tensors` of `file` to `target`, every matrix in Q8_0.
pub(super) fn requantize(file: &mut GgufFile, tensors: &[Source], target: &Path, progress: Progress<'_>) -> Result<()> {
    let mut metadata = file.metadata().clone();
    metadata.insert("general.file_type".to_owned(), Value::U32(MOSTLY_Q8_0));
    let mut metadata: Vec<(&str, &Value)> = metadata.iter().map(|(key, value)| (key.as_str(), value)).collect();
    metadata.sort_by_key(|(key, _)| *key);

    let mut written = Vec::with_capacity(tensors.len());
    for (index, Source { source, target }) in tensors.iter().enumerate() {
        written.push((target.as_str(), in_q8_0(file.tensor(source)?)?));
        progress(0.9 * (index + 1) as f32 / tensors.len() as f32);
    }

    let written: Vec<(&str, &QTensor)> = written.iter().map(|(name, tensor)| (*name, tensor)).collect();
    let mut writer = BufWriter::new(File::create(target).map_err(Error::io(target))?);
    gguf_file::write(&mut writer, &metadata, &written)?;
    let file = writer.into_inner().map_err(|fault| Error::Io { path: target.to_owned(), source: fault.into_error() })?;
    file.sync_all().map_err(Error::io(target))?;
    progress(1.0);
    Ok(())
}

/// Matrices in Q8_0; vectors and what is in Q8_0 already as they are.
fn in_q8_0(tensor: QTensor) -> Result<QTensor> {
    let &[rows, width] = tensor.shape().dims() else { return Ok(tensor) };
    if tensor.dtype() == GgmlDType::Q8_0 {
        return Ok(tensor);
    }
    let mut bytes = Vec::with_capacity(rows * width / 32 * 34);
    for first in (0..rows).step_by(ROWS) {
        let values = some_rows(&tensor, first..rows.min(first + ROWS))?;
        bytes.extend_from_slice(&QTensor::quantize(&values, GgmlDType::Q8_0)?.data()?);
    }
    let storage = QStorage::from_data(Cow::Owned(bytes), &Device::Cpu, GgmlDType::Q8_0)?;
    Ok(QTensor::new(storage, (rows, width))?)
}

/// Some rows of a matrix in 32 bits; `rows` must be within it.
pub(super) fn some_rows(tensor: &QTensor, rows: Range<usize>) -> Result<Tensor> {
    let (all, width) = tensor.shape().dims2()?;
    let data = tensor.data()?;
    let row = data.len() / all.max(1);
    let some = data.get(rows.start * row..rows.end * row).unwrap_or_default();
    let storage = QStorage::from_data(Cow::Borrowed(some), &Device::Cpu, tensor.dtype())?;
    Ok(QTensor::new(storage, (rows.len(), width))?.dequantize(&Device::Cpu)?)
}
