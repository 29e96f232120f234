//! smart-turn from its publisher's 8-bit ONNX graph to a GGUF with Q8_0 matrices.
//!
//! The graph is in the form that rounds and undoes the rounding (QDQ): every matrix is kept as signed bytes with one scale per output and no
//! zero point, and every value that passes between two nodes is rounded to 8 bits with a scale that was measured beforehand. The
//! weights are taken, the roundings between nodes are not: ours rounds the inputs of a product itself, with a scale for every 32 values.
//!
//! The exporter left most matrices anonymous (`val_79`). The bias that is added to the product has the trained model's name; keys have
//! no bias, so theirs is found by the node that multiplies by it, the second linear module of its layer. Queries, keys and values lie below each other in the GGUF, under
//! the names that our Whisper's encoder reads.
//!
//! Q8_0 keeps the published integers (see [`super::q8`]). The convolutions and vectors become `f32`. The same source gives the same bytes.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use candle_core::quantized::QTensor;
use candle_core::quantized::gguf_file::Value;

use super::onnx::{Values, Weights};
use super::{Progress, gguf, q8};
use crate::turn::smart_turn::{ARCHITECTURE, MODEL};
use crate::{Error, Result};

/// The graph, as the catalog's source names it.
const GRAPH: &str = "smart-turn-v3.2-cpu.onnx";
/// What the trained model calls its Whisper encoder.
const ENCODER: &str = "inner.encoder";
/// Whisper's heads are this wide in every size (Radford et al. 2022, table 1).
const HEAD: usize = 64;
/// Linear modules in a layer, of which the second makes keys: the exporter numbers them through.
const LINEARS: usize = 6;
const KEYS: usize = 1;
/// More layers than any Whisper has; bounds what a hostile file makes us look for.
const MOST_LAYERS: usize = 64;

/// Convert [`GRAPH`] in `sources` to [`MODEL`] in `out`.
///
/// # Errors
/// [`Error::Format`] if the source is not what its name says, [`Error::Io`] if it cannot be read or the result not be written.
pub fn convert(sources: &Path, out: &Path, progress: Progress<'_>) -> Result<()> {
    let mut graph = Graph::open(sources.join(GRAPH))?;
    progress(0.3);
    let heads = graph.encoder()?;
    progress(0.7);
    graph.head()?;
    let metadata =
        [("general.architecture", Value::String(ARCHITECTURE.to_owned())), ("whisper.encoder.attention.head_count", Value::U32(heads))];
    gguf::write(&out.join(MODEL), &metadata, &graph.tensors)?;
    progress(1.0);
    Ok(())
}

/// The graph, and what was taken from it.
struct Graph {
    path: PathBuf,
    onnx: Weights,
    /// From the trained model's names of matrices to the exporter's.
    exported: HashMap<String, String>,
    tensors: Vec<(String, QTensor)>,
}

/// A matrix as it is published: `[outputs, inputs]`, with the step of each output's weights.
struct Matrix {
    steps: Values<i8>,
    step: Vec<f32>,
}

impl Graph {
    fn open(path: PathBuf) -> Result<Self> {
        let onnx = Weights::read(&path)?;
        let exported = onnx
            .names()
            .into_iter()
            .filter_map(|name| name.strip_suffix("_quantized"))
            .filter_map(|stem| Some((onnx.name_by_bias(&format!("{stem}_DequantizeLinear_Output"))?, stem.to_owned())))
            .collect();
        Ok(Self { path, onnx, exported, tensors: Vec::new() })
    }

    fn fault(&self, what: impl Into<String>) -> Error {
        Error::Format { path: self.path.clone(), what: what.into() }
    }

    /// Whisper's encoder; gives the number of its heads.
    fn encoder(&mut self) -> Result<u32> {
        for convolution in ["conv1", "conv2"] {
            self.convolution(convolution)?;
        }
        let positions = self.onnx.floats(&format!("{ENCODER}.embed_positions.weight"))?;
        let &[_, width] = positions.dims.as_slice() else {
            return Err(self.fault(format!("positions of shape {:?}", positions.dims)));
        };
        let heads = u32::try_from(width / HEAD).map_err(|_| self.fault(format!("a width of {width}")))?;
        if heads == 0 || !width.is_multiple_of(HEAD) {
            return Err(self.fault(format!("a width of {width}, not of whole heads of {HEAD}")));
        }
        self.floats("encoder.positions", positions.data, &positions.dims)?;
        for layer in 0..self.layers()? {
            let (from, to) = (format!("{ENCODER}.layers.{layer}"), format!("encoder.{layer}"));
            self.norm(&format!("{from}.self_attn_layer_norm"), &format!("{to}.self.norm"))?;
            self.attention(layer, &from, &to, width)?;
            self.norm(&format!("{from}.final_layer_norm"), &format!("{to}.ffn.norm"))?;
            self.layer(&format!("{from}.fc1"), &format!("{to}.ffn.up"))?;
            self.layer(&format!("{from}.fc2"), &format!("{to}.ffn.down"))?;
        }
        self.norm(&format!("{ENCODER}.layer_norm"), "encoder.norm")?;
        Ok(heads)
    }

    fn layers(&self) -> Result<usize> {
        let has = |layer: usize| self.onnx.floats(&format!("{ENCODER}.layers.{layer}.fc1.bias")).is_ok();
        match (0..MOST_LAYERS).take_while(|layer| has(*layer)).count() {
            0 => Err(self.fault("an encoder without layers")),
            layers => Ok(layers),
        }
    }

    /// What comes after the encoder: which moments count, and the classifier over their mean.
    fn head(&mut self) -> Result<()> {
        self.layer("inner.pool_attention.0", "head.attention.hidden")?;
        self.layer("inner.pool_attention.2", "head.attention.score")?;
        self.layer("inner.classifier.0", "head.first")?;
        self.norm("inner.classifier.1", "head.norm")?;
        self.layer("inner.classifier.4", "head.second")?;
        self.layer("inner.classifier.6", "head.last")
    }

    /// Queries, keys and values, and what mixes the heads.
    fn attention(&mut self, layer: usize, from: &str, to: &str, width: usize) -> Result<()> {
        let node = match layer * LINEARS + KEYS {
            0 => "node_linear".to_owned(),
            number => format!("node_linear_{number}"),
        };
        let input = self.onnx.inputs_of(&node)?.get(1);
        let keys = input.and_then(|input| input.strip_suffix("_DequantizeLinear_Output"));
        let keys = self.transposed(keys.ok_or_else(|| self.fault(format!("`{node}` multiplies by no 8-bit matrix")))?)?;
        let parts = [self.named(&format!("{from}.self_attn.q_proj"))?, keys, self.named(&format!("{from}.self_attn.v_proj"))?];
        self.matrix(&format!("{to}.self.qkv.weight"), &parts)?;
        let mut bias = self.bias(&format!("{from}.self_attn.q_proj"))?;
        bias.extend(std::iter::repeat_n(0.0, width));
        bias.extend(self.bias(&format!("{from}.self_attn.v_proj"))?);
        let length = bias.len();
        self.floats(&format!("{to}.self.qkv.bias"), bias, &[length])?;
        self.layer(&format!("{from}.self_attn.out_proj"), &format!("{to}.self.out"))
    }

    /// A matrix and its bias.
    fn layer(&mut self, from: &str, to: &str) -> Result<()> {
        let matrix = self.named(from)?;
        self.matrix(&format!("{to}.weight"), &[matrix])?;
        let bias = self.bias(from)?;
        let length = bias.len();
        self.floats(&format!("{to}.bias"), bias, &[length])
    }

    fn norm(&mut self, from: &str, to: &str) -> Result<()> {
        for part in ["weight", "bias"] {
            let Values { dims, data } = self.onnx.floats(&format!("{from}.{part}"))?;
            self.floats(&format!("{to}.{part}"), data, &dims)?;
        }
        Ok(())
    }

    fn convolution(&mut self, name: &str) -> Result<()> {
        let (from, to) = (format!("{ENCODER}.{name}"), format!("encoder.{name}"));
        let Matrix { steps: Values { dims, data }, step } = self.published(&format!("{from}.weight"))?;
        let filter = (data.len() / step.len().max(1)).max(1);
        let weights = data.chunks_exact(filter).zip(&step).flat_map(|(filter, step)| filter.iter().map(move |q| f32::from(*q) * step));
        self.floats(&format!("{to}.weight"), weights.collect(), &dims)?;
        let bias = self.bias(&from)?;
        let length = bias.len();
        self.floats(&format!("{to}.bias"), bias, &[length])
    }

    /// The bias of a module: kept as it is, or rounded to 32 bits with a scale for each value or one for all.
    fn bias(&self, module: &str) -> Result<Vec<f32>> {
        let name = format!("{module}.bias");
        if let Ok(Values { data, .. }) = self.onnx.floats(&name) {
            return Ok(data);
        }
        let steps = self.onnx.words(&format!("{name}_quantized"))?.data;
        let step = self.onnx.floats(&format!("{name}_quantized_scale"))?.data;
        let zeros = self.onnx.words(&format!("{name}_quantized_zero_point"))?.data;
        if (step.len() != 1 && step.len() != steps.len()) || zeros.iter().any(|zero| *zero != 0) {
            return Err(self.fault(format!("`{name}` has {} values and {} scales, or a zero point", steps.len(), step.len())));
        }
        Ok(steps.iter().zip(step.iter().cycle()).map(|(q, step)| *q as f32 * step).collect())
    }

    /// The matrix of a module of the trained model.
    fn named(&self, module: &str) -> Result<Matrix> {
        let name = format!("{module}.weight");
        match self.exported.get(&name) {
            Some(stem) => self.transposed(stem),
            None => self.published(&name),
        }
    }

    /// A matrix that is stored as `[inputs, outputs]`.
    fn transposed(&self, stem: &str) -> Result<Matrix> {
        let Values { dims, data } = self.onnx.bytes(&format!("{stem}_quantized"))?;
        let turned = Values { dims, data }.transposed();
        self.with_scales(stem, turned)
    }

    /// A matrix or filters stored with the outputs first.
    fn published(&self, stem: &str) -> Result<Matrix> {
        self.with_scales(stem, self.onnx.bytes(&format!("{stem}_quantized"))?)
    }

    fn with_scales(&self, stem: &str, steps: Values<i8>) -> Result<Matrix> {
        let step = self.onnx.floats(&format!("{stem}_scale"))?.data;
        let zeros = self.onnx.bytes(&format!("{stem}_zero_point"))?.data;
        if steps.dims.first() != Some(&step.len()) || zeros.iter().any(|zero| *zero != 0) {
            return Err(self.fault(format!("`{stem}` of shape {:?} has {} scales, or a zero point", steps.dims, step.len())));
        }
        Ok(Matrix { steps, step })
    }

    /// Matrices with the same inputs, one below the other.
    fn matrix(&mut self, name: &str, parts: &[Matrix]) -> Result<()> {
        let mut rows = Vec::new();
        let mut inputs = None;
        for Matrix { steps, step } in parts {
            let &[_, columns] = steps.dims.as_slice() else {
                return Err(self.fault(format!("`{name}` of shape {:?}", steps.dims)));
            };
            if columns == 0 || *inputs.get_or_insert(columns) != columns {
                return Err(self.fault(format!("`{name}`: parts of other widths")));
            }
            for (row, step) in steps.data.chunks_exact(columns).zip(step) {
                let row: Vec<i16> = row.iter().map(|q| i16::from(*q)).collect();
                rows.push(q8::from_steps(&row, *step, [1, columns]).map_err(|what| self.fault(format!("`{name}`: {what}")))?);
            }
        }
        let stacked = q8::stacked(&rows, [rows.len(), inputs.unwrap_or(0)]).map_err(|what| self.fault(format!("`{name}`: {what}")))?;
        self.tensors.push((name.to_owned(), stacked));
        Ok(())
    }

    fn floats(&mut self, name: &str, data: Vec<f32>, dims: &[usize]) -> Result<()> {
        self.tensors.push((name.to_owned(), gguf::exact(&self.path, name, data, dims)?));
        Ok(())
    }
}
