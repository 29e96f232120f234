//! Reading GGUF files: metadata with errors that name the key, and tensors one at a time.

use std::collections::HashMap;
use std::fs::File;
use std::io::BufReader;
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};

use candle_core::Device;
use candle_core::quantized::gguf_file::{Content, Value};
use candle_core::quantized::{GgmlDType, QTensor};

use crate::kernels::q8::Matrix;
use crate::{Error, Result};

/// A GGUF file being read, one tensor at a time.
pub(crate) struct GgufFile {
    path: PathBuf,
    reader: BufReader<File>,
    content: Content,
}

impl GgufFile {
    pub(crate) fn open(path: &Path) -> Result<Self> {
        let mut reader = BufReader::new(File::open(path).map_err(Error::io(path))?);
        let content = Content::read(&mut reader)
            .map_err(|error| Error::Format { path: path.to_owned(), what: format!("not a GGUF file: {error}") })?;
        Ok(Self { path: path.to_owned(), reader, content })
    }

    pub(crate) fn metadata(&self) -> &HashMap<String, Value> {
        &self.content.metadata
    }

    /// The names of all tensors, in the order of their data.
    pub(crate) fn tensor_names(&self) -> Vec<String> {
        let mut names: Vec<_> = self.content.tensor_infos.iter().map(|(name, info)| (info.offset, name.clone())).collect();
        names.sort();
        names.into_iter().map(|(_, name)| name).collect()
    }

    pub(crate) fn tensor(&mut self, name: &str) -> Result<QTensor> {
        let tensor = self.content.tensor(&mut self.reader, name, &Device::Cpu);
        tensor.map_err(|error| self.wrong(format!("tensor `{name}` cannot be read: {error}")))
    }

    pub(crate) fn wrong(&self, what: String) -> Error {
        Error::Format { path: self.path.clone(), what }
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.content.tensor_infos.contains_key(name)
    }

    /// Matrices that share their `inputs`, one below the other; each by its name and number of outputs.
    pub(crate) fn matrix(&mut self, parts: &[(&str, usize)], inputs: usize) -> Result<Matrix> {
        self.matrix_with(parts, inputs, |_, rows| rows)
    }

    /// As [`GgufFile::matrix`], with the rows of each part (by its number) put into the order that `reorder` returns.
    pub(crate) fn matrix_with(
        &mut self,
        parts: &[(&str, usize)],
        inputs: usize,
        reorder: impl for<'a> Fn(usize, Vec<&'a [u8]>) -> Vec<&'a [u8]>,
    ) -> Result<Matrix> {
        let mut tensors = Vec::with_capacity(parts.len());
        for (name, outputs) in parts {
            let tensor = self.tensor(name)?;
            if tensor.dtype() != GgmlDType::Q8_0 || tensor.shape().dims() != [*outputs, inputs] {
                let (dtype, found) = (tensor.dtype(), tensor.shape().dims());
                return Err(self.wrong(format!("tensor `{name}` is {dtype:?} {found:?}, but Q8_0 [{outputs}, {inputs}] is needed")));
            }
            tensors.push(tensor);
        }
        let bytes = tensors.iter().map(QTensor::data).collect::<Result<Vec<_>, _>>()?;
        let rows = bytes.iter().zip(parts).enumerate().flat_map(|(part, (bytes, (_, outputs)))| {
            let row = (bytes.len() / outputs.max(&1)).max(1);
            reorder(part, bytes.chunks_exact(row).collect())
        });
        let rows: Vec<&[u8]> = rows.collect();
        Matrix::pack(&rows, inputs).ok_or_else(|| {
            let names: Vec<&str> = parts.iter().map(|(name, _)| *name).collect();
            self.wrong(format!("tensor `{}` cannot be computed with", names.join("`, `")))
        })
    }

    pub(crate) fn vector(&mut self, name: &str, length: usize) -> Result<Vec<f32>> {
        let tensor = self.tensor(name)?;
        if tensor.shape().dims() != [length] {
            return Err(self.wrong(format!("tensor `{name}` has {:?} values, but {length} are needed", tensor.shape().dims())));
        }
        let values = tensor.dequantize(&Device::Cpu)?.to_vec1::<f32>()?;
        if values.iter().all(|value| value.is_finite()) {
            Ok(values)
        } else {
            Err(self.wrong(format!("tensor `{name}` holds a value that is no finite number")))
        }
    }
}

/// GGUF metadata with errors that name the key.
pub(crate) struct Metadata<'a>(pub(crate) &'a HashMap<String, Value>);

impl<'a> Metadata<'a> {
    pub(crate) fn get(&self, key: &str) -> Result<&'a Value, String> {
        self.0.get(key).ok_or_else(|| format!("`{key}` is missing"))
    }

    pub(crate) fn text(&self, key: &str) -> Result<&'a str, String> {
        self.get(key)?.to_string().map(String::as_str).map_err(|_| format!("`{key}` is no text"))
    }

    pub(crate) fn list(&self, key: &str) -> Result<&'a [Value], String> {
        self.get(key)?.to_vec().map(Vec::as_slice).map_err(|_| format!("`{key}` is no list"))
    }

    pub(crate) fn size(&self, key: &str, range: RangeInclusive<usize>) -> Result<usize, String> {
        let value = self.get(key)?.to_u64().map_err(|_| format!("`{key}` is no size"))?;
        usize::try_from(value).ok().filter(|size| range.contains(size)).ok_or_else(|| format!("`{key}` is {value}, outside {range:?}"))
    }

    pub(crate) fn number(&self, key: &str) -> Result<f32, String> {
        let value = self.get(key)?.to_f32().map_err(|_| format!("`{key}` is no number"))?;
        if value.is_finite() && value > 0.0 { Ok(value) } else { Err(format!("`{key}` is {value}")) }
    }
}
