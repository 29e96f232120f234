//! Reading weights out of an ONNX file.
//!
//! ONNX is protobuf, of which a few messages hold weights ([`schema`]). Only what a converter asks for is read: initializers, and which node consumes which name. An exporter
//! often leaves a matrix anonymous (`onnx::MatMul_490`); its name in the trained model is recovered from the bias that is added to
//! its product, or from the node that multiplies by it, which keep their own. Nodes inside the branches of a graph count as the graph's.

mod schema;

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use prost::Message;

use self::schema::{FLOAT, GraphProto, INT8, INT32, INT64, ModelProto, NodeProto, TensorProto, UINT8};
use crate::{Error, Result};

/// No weight file of ours comes near this; a larger one is refused before it is read.
const MAX_FILE: u64 = 2 << 30;
/// How many nodes may stand between a product and the addition of its bias (cast, scale, reshape, transpose, rounding and its undoing).
const STEPS_TO_BIAS: usize = 4;

/// The values of one initializer, row-major.
#[derive(Clone, Debug, PartialEq)]
pub struct Values<T> {
    /// Lengths of the dimensions; empty for a single number.
    pub dims: Vec<usize>,
    /// As many values as the dimensions multiply to.
    pub data: Vec<T>,
}

impl<T: Copy> Values<T> {
    /// Rows to columns, for a matrix: `[in, out]` as ONNX multiplies becomes `[out, in]` as a linear layer is named.
    #[must_use]
    pub fn transposed(&self) -> Self {
        let &[rows, columns] = self.dims.as_slice() else { return self.clone() };
        let data = (0..columns).flat_map(|c| (0..rows).map(move |r| (r, c))).map(|(r, c)| self.data[r * columns + c]).collect();
        Self { dims: vec![columns, rows], data }
    }
}

/// A matrix that was quantized as a whole: each weight is so many steps of one size.
#[derive(Clone, Debug, PartialEq)]
pub struct Steps {
    /// How many steps each weight is, zero point taken off.
    pub counts: Values<i16>,
    /// The size of a step.
    pub step: f32,
}

/// The weights of a graph and who uses them.
pub struct Weights {
    path: PathBuf,
    nodes: Vec<NodeProto>,
    initializers: HashMap<String, TensorProto>,
    consumers: HashMap<String, Vec<usize>>,
}

impl Weights {
    /// Read the file at `path`.
    ///
    /// # Errors
    /// [`Error::Io`]; [`Error::Format`] if it is too large, not protobuf, or holds no graph.
    pub fn read(path: &Path) -> Result<Self> {
        let size = std::fs::metadata(path).map_err(Error::io(path))?.len();
        if size > MAX_FILE {
            return Err(format_error(path, format!("{size} bytes are more than any ONNX file that is converted here")));
        }
        Self::from_bytes(path, &std::fs::read(path).map_err(Error::io(path))?)
    }

    fn from_bytes(path: &Path, bytes: &[u8]) -> Result<Self> {
        let model = ModelProto::decode(bytes).map_err(|e| format_error(path, format!("not an ONNX model: {e}")))?;
        let graph = model.graph.ok_or_else(|| format_error(path, "an ONNX model without a graph".to_owned()))?;
        let (mut nodes, mut initializers) = (Vec::new(), HashMap::new());
        take_apart(graph, &mut nodes, &mut initializers);
        let mut consumers: HashMap<String, Vec<usize>> = HashMap::new();
        for (index, node) in nodes.iter().enumerate() {
            for input in &node.input {
                consumers.entry(input.clone()).or_default().push(index);
            }
        }
        Ok(Self { path: path.to_owned(), nodes, initializers, consumers })
    }

    /// The names of all initializers, sorted.
    #[must_use]
    pub fn names(&self) -> Vec<&str> {
        let mut names: Vec<_> = self.initializers.keys().map(String::as_str).collect();
        names.sort_unstable();
        names
    }

    /// The initializer of that name, if it holds 32-bit floats.
    ///
    /// # Errors
    /// [`Error::Format`] if there is none, or it is of another type, or its length does not fit its dimensions.
    pub fn floats(&self, name: &str) -> Result<Values<f32>> {
        let tensor = self.typed(name, FLOAT)?;
        let data = if tensor.raw_data.is_empty() {
            tensor.float_data.clone()
        } else {
            tensor.raw_data.as_chunks::<4>().0.iter().map(|b| f32::from_le_bytes(*b)).collect()
        };
        self.checked(name, tensor, data)
    }

    /// The initializer of that name, if it holds 8-bit signed integers.
    ///
    /// # Errors
    /// As [`Weights::floats`].
    pub fn bytes(&self, name: &str) -> Result<Values<i8>> {
        let tensor = self.typed(name, INT8)?;
        let data = if tensor.raw_data.is_empty() {
            let narrow = tensor.int32_data.iter().map(|&v| i8::try_from(v)).collect::<Result<_, _>>();
            narrow.map_err(|_| format_error(&self.path, format!("`{name}`: a value beyond 8 bits")))?
        } else {
            tensor.raw_data.iter().map(|&b| b.cast_signed()).collect()
        };
        self.checked(name, tensor, data)
    }

    /// The initializer of that name, if it holds 8-bit unsigned integers.
    ///
    /// # Errors
    /// As [`Weights::floats`].
    pub fn unsigned_bytes(&self, name: &str) -> Result<Values<u8>> {
        let tensor = self.typed(name, UINT8)?;
        let data = if tensor.raw_data.is_empty() {
            let narrow = tensor.int32_data.iter().map(|&v| u8::try_from(v)).collect::<Result<_, _>>();
            narrow.map_err(|_| format_error(&self.path, format!("`{name}`: a value beyond 8 bits")))?
        } else {
            tensor.raw_data.clone()
        };
        self.checked(name, tensor, data)
    }

    /// The initializer of that name, if it holds 32-bit integers.
    ///
    /// # Errors
    /// As [`Weights::floats`].
    pub fn words(&self, name: &str) -> Result<Values<i32>> {
        let tensor = self.typed(name, INT32)?;
        let data = if tensor.raw_data.is_empty() {
            tensor.int32_data.clone()
        } else {
            tensor.raw_data.as_chunks::<4>().0.iter().map(|b| i32::from_le_bytes(*b)).collect()
        };
        self.checked(name, tensor, data)
    }

    /// The 8-bit matrix `NAME_quantized`, signed or not, by the scale `NAME_scale` and the zero point `NAME_zero_point` beside it: how
    /// onnxruntime's dynamic quantization leaves it.
    ///
    /// # Errors
    /// As [`Weights::floats`], also if the name is another, or there is not one scale and one zero point.
    pub fn steps(&self, name: &str) -> Result<Steps> {
        let fault = |what: &str| format_error(&self.path, format!("`{name}` {what}"));
        let stem = name.strip_suffix("_quantized").ok_or_else(|| fault("is no 8-bit matrix"))?;
        let zero = format!("{stem}_zero_point");
        let wide = |name: &str| -> Result<Values<i16>> {
            if self.is_bytes(name) {
                let Values { dims, data } = self.bytes(name)?;
                return Ok(Values { dims, data: data.into_iter().map(i16::from).collect() });
            }
            let Values { dims, data } = self.unsigned_bytes(name)?;
            Ok(Values { dims, data: data.into_iter().map(i16::from).collect() })
        };
        let (scale, zero) = (self.floats(&format!("{stem}_scale"))?.data, wide(&zero)?.data);
        let (&[step], &[zero]) = (scale.as_slice(), zero.as_slice()) else {
            return Err(fault(&format!("has {} scales and {} zero points, not one", scale.len(), zero.len())));
        };
        let Values { dims, data } = wide(name)?;
        Ok(Steps { counts: Values { dims, data: data.into_iter().map(|value| value - zero).collect() }, step })
    }

    /// The initializer of that name, if it holds 64-bit integers.
    ///
    /// # Errors
    /// As [`Weights::floats`].
    pub fn integers(&self, name: &str) -> Result<Values<i64>> {
        let tensor = self.typed(name, INT64)?;
        let data = if tensor.raw_data.is_empty() {
            tensor.int64_data.clone()
        } else {
            tensor.raw_data.as_chunks::<8>().0.iter().map(|b| i64::from_le_bytes(*b)).collect()
        };
        self.checked(name, tensor, data)
    }

    /// What the node of that name takes: names of initializers and of other nodes' outputs. Nodes are named after the trained model's
    /// modules; of those that several branches have, the first counts.
    ///
    /// # Errors
    /// [`Error::Format`] if there is no such node.
    pub fn inputs_of(&self, node: &str) -> Result<&[String]> {
        let found = self.nodes.iter().find(|candidate| candidate.name == node);
        found.map(|node| node.input.as_slice()).ok_or_else(|| format_error(&self.path, format!("there is no node `{node}`")))
    }

    /// Whether the initializer of that name holds 8-bit signed integers.
    #[must_use]
    pub fn is_bytes(&self, name: &str) -> bool {
        self.initializers.get(name).is_some_and(|t| t.data_type == INT8)
    }

    /// The trained model's name of the matrix `name`, recovered from the bias that is added to its product.
    #[must_use]
    pub fn name_by_bias(&self, name: &str) -> Option<String> {
        let product = self.consumers.get(name)?.iter().map(|&i| &self.nodes[i]).find(|n| n.op_type.starts_with("MatMul"))?;
        let bias = self.bias_after(product.output.first()?, STEPS_TO_BIAS)?;
        Some(format!("{}weight", bias.strip_suffix("bias")?))
    }

    /// The initializer that the node called `node` takes as its input number `index`.
    ///
    /// # Errors
    /// [`Error::Format`] if there is no such node, or that input is no initializer.
    pub fn operand(&self, node: &str, index: usize) -> Result<&str> {
        let name = self.inputs_of(node)?.get(index).map(String::as_str);
        name.filter(|name| self.initializers.contains_key(*name))
            .ok_or_else(|| format_error(&self.path, format!("no node `{node}` takes weights as its input {index}")))
    }

    fn bias_after(&self, output: &str, steps: usize) -> Option<&str> {
        let users = self.consumers.get(output)?;
        for node in users.iter().map(|&i| &self.nodes[i]) {
            let found = match node.op_type.as_str() {
                "Add" => node.input.iter().find(|i| i.ends_with("bias") && self.initializers.contains_key(*i)).map(String::as_str),
                "Cast" | "Mul" | "Reshape" | "Transpose" | "QuantizeLinear" | "DequantizeLinear" if steps > 0 => {
                    self.bias_after(node.output.first()?, steps - 1)
                }
                _ => None,
            };
            if found.is_some() {
                return found;
            }
        }
        None
    }

    fn typed(&self, name: &str, data_type: i32) -> Result<&TensorProto> {
        match self.initializers.get(name) {
            None => Err(format_error(&self.path, format!("there are no weights `{name}`"))),
            Some(t) if t.data_type != data_type => {
                Err(format_error(&self.path, format!("`{name}` is of type {}, not {data_type}", t.data_type)))
            }
            Some(t) => Ok(t),
        }
    }

    fn checked<T>(&self, name: &str, tensor: &TensorProto, data: Vec<T>) -> Result<Values<T>> {
        let dims: Option<Vec<usize>> = tensor.dims.iter().map(|&d| usize::try_from(d).ok()).collect();
        let dims = dims.ok_or_else(|| format_error(&self.path, format!("`{name}`: a negative length")))?;
        let expected = dims.iter().try_fold(1_usize, |n, &d| n.checked_mul(d));
        if expected != Some(data.len()) {
            return Err(format_error(&self.path, format!("`{name}`: {} values where {dims:?} are declared", data.len())));
        }
        Ok(Values { dims, data })
    }
}

/// All nodes and weights of a graph, those of its branches among them.
fn take_apart(graph: GraphProto, nodes: &mut Vec<NodeProto>, initializers: &mut HashMap<String, TensorProto>) {
    initializers.extend(graph.initializer.into_iter().map(|tensor| (tensor.name.clone(), tensor)));
    for mut node in graph.node {
        let branches = std::mem::take(&mut node.attribute);
        nodes.push(node);
        for branch in branches.into_iter().filter_map(|attribute| attribute.graph) {
            take_apart(branch, nodes, initializers);
        }
    }
}

fn format_error(path: &Path, what: String) -> Error {
    Error::Format { path: path.to_owned(), what }
}

#[cfg(test)]
mod tests;
