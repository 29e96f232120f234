//! Qwen2.5: the published GGUF file (Q4_K_M, which for the rows of the smallest is mostly Q5_0) becomes one in Q8_0.
//!
//! Q5_0 has no vector form in candle, and 8 bits are what the runtime's kernels read. These files hold the matrix of the vocabulary twice, in
//! few bits as the embedding and in more as the output, though the models tie them: the better one is kept and serves as both.

use std::path::Path;

use candle_core::quantized::QTensor;

use super::Progress;
use super::requantized::{Source, requantize, some_rows};
use crate::Result;
use crate::llm::gguf::GgufFile;
use crate::llm::instruct::FILE;

/// The name that the catalog gives the published file.
pub const SOURCE: &str = "source.gguf";

const EMBEDDING: &str = "token_embd.weight";
const OUTPUT: &str = "output.weight";

/// Rows of the vocabulary's matrices that are compared.
const COMPARED: usize = 1024;
/// Two roundings of one matrix differ by some hundredths of its norm, two matrices by more than the whole.
const SAME: f32 = 0.15;

/// Read [`SOURCE`] in `sources` and write the runtime's file into `out`. The peak of memory is the result's size and a tenth.
///
/// # Errors
/// [`crate::Error::Io`]; [`crate::Error::Format`] if the source is not a GGUF file of known types, or the output is another matrix than the embedding.
pub fn convert(sources: &Path, out: &Path, progress: Progress<'_>) -> Result<()> {
    let mut file = GgufFile::open(&sources.join(SOURCE))?;
    let tied = file.has(OUTPUT);
    if tied {
        let difference = difference(&file.tensor(EMBEDDING)?, &file.tensor(OUTPUT)?)?;
        if difference.is_nan() || difference > SAME {
            return Err(file.wrong(format!("`{OUTPUT}` is not `{EMBEDDING}` in other bits: they differ by {difference} of its norm")));
        }
    }
    let kept = file.tensor_names().into_iter().filter(|name| !(tied && name == EMBEDDING));
    let target = |name: String| if name == OUTPUT { Source { source: name, target: EMBEDDING.to_owned() } } else { Source::same(name) };
    let tensors: Vec<Source> = kept.map(target).collect();
    requantize(&mut file, &tensors, &out.join(FILE), progress)
}

/// How far the first rows of `a` are from those of `b`, as a part of the latter's norm.
fn difference(a: &QTensor, b: &QTensor) -> Result<f32> {
    if a.shape() != b.shape() {
        return Ok(f32::INFINITY);
    }
    let rows = 0..a.shape().dims2()?.0.min(COMPARED);
    let (a, b) = (some_rows(a, rows.clone())?, some_rows(b, rows)?);
    let apart = (a - &b)?.sqr()?.sum_all()?.to_scalar::<f32>()?;
    Ok((apart / b.sqr()?.sum_all()?.to_scalar::<f32>()?).sqrt())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]

    use std::fs::File;

    use candle_core::quantized::{GgmlDType, gguf_file};
    use candle_core::{Device, Tensor};

    use super::*;
    use crate::Error;

    /// A source whose output is the embedding, or its negative.
    fn write_source(dir: &Path, tied: bool) {
        let embedding = Tensor::arange(0_f32, 4096.0, &Device::Cpu).unwrap().sin().unwrap().reshape((64, 64)).unwrap();
        let output = if tied { embedding.clone() } else { embedding.neg().unwrap() };
        let embedding = QTensor::quantize(&embedding, GgmlDType::Q5_0).unwrap();
        let output = QTensor::quantize(&output, GgmlDType::Q8_0).unwrap();
        let mut file = File::create(dir.join(SOURCE)).unwrap();
        gguf_file::write(&mut file, &[], &[(EMBEDDING, &embedding), (OUTPUT, &output)]).unwrap();
    }

    #[test]
    fn the_better_of_two_tied_matrices_serves_as_both() {
        let (sources, out) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        write_source(sources.path(), true);
        convert(sources.path(), out.path(), &|_| ()).unwrap();
        let mut file = GgufFile::open(&out.path().join(FILE)).unwrap();
        assert_eq!(file.tensor_names(), [EMBEDDING]);
        let mut source = GgufFile::open(&sources.path().join(SOURCE)).unwrap();
        assert_eq!(file.tensor(EMBEDDING).unwrap().data().unwrap(), source.tensor(OUTPUT).unwrap().data().unwrap());
    }

    #[test]
    fn two_different_matrices_are_not_taken_for_one() {
        let (sources, out) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        write_source(sources.path(), false);
        assert!(matches!(convert(sources.path(), out.path(), &|_| ()), Err(Error::Format { .. })));
    }
}
