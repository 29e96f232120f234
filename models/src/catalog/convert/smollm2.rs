//! SmolLM2: the published GGUF file in Q4_1 becomes one in Q8_0.
//!
//! Q4_1 has no vector form in candle, and 8 bits are what the runtime's kernels read. Every weight is computed from its 4 bits and
//! rounded to 8; the metadata (sizes, tokenizer, chat template) stays as it is. The same source gives the same bytes.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use candle_core::Device;
use candle_core::quantized::gguf_file::{self, Value};
use candle_core::quantized::{GgmlDType, QTensor};

use super::Progress;
use crate::llm::gguf::GgufFile;
use crate::llm::smollm2::FILE;
use crate::{Error, Result};

/// The name of the published file.
pub const SOURCE: &str = "SmolLM2-135M-Instruct.Q4_1.gguf";

/// GGUF's number for "mostly Q8_0" in `general.file_type`.
const MOSTLY_Q8_0: u32 = 7;

/// Read [`SOURCE`] in `sources` and write the runtime's file into `out`.
///
/// # Errors
/// [`Error::Io`]; [`Error::Format`] if the source is not a GGUF file of known types.
pub fn convert(sources: &Path, out: &Path, progress: Progress<'_>) -> Result<()> {
    let mut file = GgufFile::open(&sources.join(SOURCE))?;
    let mut metadata = file.metadata().clone();
    metadata.insert("general.file_type".to_owned(), Value::U32(MOSTLY_Q8_0));
    let mut metadata: Vec<(&str, &Value)> = metadata.iter().map(|(key, value)| (key.as_str(), value)).collect();
    metadata.sort_by_key(|(key, _)| *key);

    let names = file.tensor_names();
    let mut tensors = Vec::with_capacity(names.len());
    for (index, name) in names.iter().enumerate() {
        tensors.push((name.as_str(), requantize(file.tensor(name)?)?));
        progress(0.9 * (index + 1) as f32 / names.len() as f32);
    }

    let target = out.join(FILE);
    let tensors: Vec<(&str, &QTensor)> = tensors.iter().map(|(name, tensor)| (*name, tensor)).collect();
    let mut writer = BufWriter::new(File::create(&target).map_err(Error::io(&target))?);
    gguf_file::write(&mut writer, &metadata, &tensors)?;
    writer.flush().map_err(Error::io(&target))?;
    progress(1.0);
    Ok(())
}

/// Matrices in Q8_0; vectors and what is in Q8_0 already as they are.
fn requantize(tensor: QTensor) -> Result<QTensor> {
    if tensor.rank() < 2 || tensor.dtype() == GgmlDType::Q8_0 {
        return Ok(tensor);
    }
    Ok(QTensor::quantize(&tensor.dequantize(&Device::Cpu)?, GgmlDType::Q8_0)?)
}
