//! From a model that was read to a GGUF file.

use std::path::Path;

use candle_core::Tensor;
use candle_core::quantized::gguf_file::Value;
use candle_core::quantized::{GgmlDType, QTensor};

use super::Model;
use crate::Result;
use crate::catalog::convert::gguf;

/// How a tensor of that name is stored: matrices in 8 bits, convolutions and positions in half precision, vectors as they are.
fn stored_as(name: &str, tensor: &Tensor) -> GgmlDType {
    match tensor.dims() {
        [_, inputs] if name.ends_with(".weight") && inputs.is_multiple_of(32) => GgmlDType::Q8_0,
        [_] => GgmlDType::F32,
        _ => GgmlDType::F16,
    }
}

/// A tensor as the GGUF stores it under that name.
pub(super) fn stored(name: &str, tensor: &Tensor) -> Result<QTensor> {
    Ok(QTensor::quantize(tensor, stored_as(name, tensor))?)
}

impl Model {
    /// Write the GGUF, and wait until it is on disk.
    pub(super) fn write(self, path: &Path) -> Result<()> {
        let vocabulary = self.vocabulary;
        let ids = |ids: Vec<u32>| Value::Array(ids.into_iter().map(Value::U32).collect());
        let mut metadata = vec![
            ("general.architecture", Value::String("whisper".to_owned())),
            ("whisper.encoder.attention.head_count", Value::U32(self.encoder_heads)),
            ("whisper.decoder.attention.head_count", Value::U32(self.decoder_heads)),
            ("whisper.suppressed_tokens", ids(vocabulary.suppressed)),
            ("whisper.suppressed_tokens_at_start", ids(vocabulary.suppressed_at_start)),
            ("tokenizer.ggml.model", Value::String("gpt2".to_owned())),
            ("tokenizer.ggml.tokens", Value::Array(vocabulary.names.into_iter().map(Value::String).collect())),
        ];
        if vocabulary.english_only {
            metadata.push(("general.languages", Value::Array(vec![Value::String("en".to_owned())])));
        }
        gguf::write(path, &metadata, &self.tensors)
    }
}
