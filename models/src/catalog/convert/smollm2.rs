//! SmolLM2: the published GGUF file in Q4_1 becomes one in Q8_0.
//!
//! Q4_1 has no vector form in candle, and 8 bits are what the runtime's kernels read. Every weight is computed from its 4 bits and
//! rounded to 8; the metadata (sizes, tokenizer, chat template) stays as it is. The same source gives the same bytes.

use std::path::Path;

use super::Progress;
use super::requantized::{Source, requantize};
use crate::Result;
use crate::llm::gguf::GgufFile;
use crate::llm::instruct::FILE;

/// The name of the published file.
pub const SOURCE: &str = "SmolLM2-135M-Instruct.Q4_1.gguf";

/// Read [`SOURCE`] in `sources` and write the runtime's file into `out`.
///
/// # Errors
/// [`crate::Error::Io`]; [`crate::Error::Format`] if the source is not a GGUF file of known types.
pub fn convert(sources: &Path, out: &Path, progress: Progress<'_>) -> Result<()> {
    let mut file = GgufFile::open(&sources.join(SOURCE))?;
    let tensors: Vec<Source> = file.tensor_names().into_iter().map(Source::same).collect();
    requantize(&mut file, &tensors, &out.join(FILE), progress)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]

    use std::fs::File;

    use candle_core::quantized::gguf_file::{self, Value};
    use candle_core::quantized::{GgmlDType, QTensor};
    use candle_core::{Device, Tensor};

    use super::super::requantized::MOSTLY_Q8_0;
    use super::*;

    /// A source with one matrix in Q4_1, one vector, and some metadata.
    fn write_source(path: &Path) -> Tensor {
        let matrix = Tensor::arange(0_f32, 4096.0, &Device::Cpu).unwrap().sin().unwrap().reshape((64, 64)).unwrap();
        let matrix = QTensor::quantize(&matrix, GgmlDType::Q4_1).unwrap();
        let vector = QTensor::quantize(&Tensor::ones(64, candle_core::DType::F32, &Device::Cpu).unwrap(), GgmlDType::F32).unwrap();
        let (template, kind) = (Value::String("{{ messages }}".to_owned()), Value::U32(3));
        let metadata = [("tokenizer.chat_template", &template), ("general.file_type", &kind)];
        let mut file = File::create(path).unwrap();
        gguf_file::write(&mut file, &metadata, &[("norm", &vector), ("matrix", &matrix)]).unwrap();
        matrix.dequantize(&Device::Cpu).unwrap()
    }

    #[test]
    fn matrices_become_q8_0_and_all_else_stays() {
        let (sources, out) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let weights = write_source(&sources.path().join(SOURCE));
        convert(sources.path(), out.path(), &|_| ()).unwrap();

        let mut file = GgufFile::open(&out.path().join(FILE)).unwrap();
        assert_eq!(file.metadata()["tokenizer.chat_template"].to_string().unwrap(), "{{ messages }}");
        assert_eq!(file.metadata()["general.file_type"].to_u32().unwrap(), MOSTLY_Q8_0);
        assert_eq!(file.tensor_names(), ["norm", "matrix"]);
        assert_eq!(file.tensor("norm").unwrap().dtype(), GgmlDType::F32);
        let matrix = file.tensor("matrix").unwrap();
        assert_eq!(matrix.dtype(), GgmlDType::Q8_0);
        let difference = (matrix.dequantize(&Device::Cpu).unwrap() - weights).unwrap().abs().unwrap();
        // Half a step of 127 to the largest value, and the scale's own rounding to 16 bits.
        assert!(difference.max_all().unwrap().to_scalar::<f32>().unwrap() < 0.006);
    }

    #[test]
    fn the_same_source_gives_the_same_bytes() {
        let (sources, first, second) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        write_source(&sources.path().join(SOURCE));
        convert(sources.path(), first.path(), &|_| ()).unwrap();
        convert(sources.path(), second.path(), &|_| ()).unwrap();
        assert_eq!(std::fs::read(first.path().join(FILE)).unwrap(), std::fs::read(second.path().join(FILE)).unwrap());
    }
}
