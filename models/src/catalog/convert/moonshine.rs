//! Moonshine from its publisher's 8-bit ONNX graphs and `tokenizer.json` to a GGUF with Q8_0 matrices.
//!
//! The graphs keep a matrix as unsigned bytes with one scale and one zero point for all of it, `[inputs, outputs]`. Where the trained
//! model's name was lost (`onnx::MatMul_1947`), the node that multiplies by the matrix has it: `/layers.0/self_attn/q_proj/MatMul_quant`.
//! The decoder's nodes lie in the two branches of an `If`, of which the one for the first token has them all. Matrices that take the
//! same input lie below each other in the GGUF: queries, keys and values of an attention.
//!
//! Q8_0 keeps the published integers (see [`super::q8`]). The convolutions after the first are matrices too, over windows of frames. Their
//! zero point is a weight and no whole number of steps: what is left of it after whole steps, at most half a step, is kept beside them as their
//! *offset*, which is added to every weight. The first convolution and the vectors stay `f32`. The same sources give the same bytes.

use std::path::{Path, PathBuf};

use candle_core::quantized::QTensor;
use candle_core::quantized::gguf_file::Value;

use super::onnx::{Steps, Values, Weights};
use super::tokenizer::{self, Token};
use super::{Progress, gguf, q8};
use crate::asr::moonshine::{ARCHITECTURE, MODEL};
use crate::{Error, Result};

/// The graphs and the vocabulary, as the catalog's sources name them.
const ENCODER: &str = "encoder_model.onnx";
const DECODER: &str = "decoder_model_merged.onnx";
const TOKENIZER: &str = "tokenizer.json";
/// More layers than any Moonshine has; bounds what a hostile file makes us look for.
const MOST_LAYERS: usize = 64;

/// Convert [`ENCODER`], [`DECODER`] and [`TOKENIZER`] in `sources` to [`MODEL`] in `out`.
///
/// # Errors
/// [`Error::Format`] if a source is not what its name says, [`Error::Io`] if one cannot be read or the result not be written.
pub fn convert(sources: &Path, out: &Path, progress: Progress<'_>) -> Result<()> {
    let mut encoder = Half::open(sources.join(ENCODER))?;
    progress(0.1);
    let metadata = encoder.metadata()?;
    encoder.encoder()?;
    progress(0.3);
    let mut decoder = Half::open(sources.join(DECODER))?;
    progress(0.5);
    decoder.decoder()?;
    progress(0.8);
    let tokens = vocabulary(&sources.join(TOKENIZER), decoder.embeddings()?)?;
    let mut tensors = encoder.tensors;
    tensors.extend(decoder.tensors);
    gguf::write(&out.join(MODEL), &[metadata, tokens].concat(), &tensors)?;
    progress(1.0);
    Ok(())
}

/// One of the two graphs, and what was taken from it.
struct Half {
    path: PathBuf,
    onnx: Weights,
    tensors: Vec<(String, QTensor)>,
}

/// A convolution as it is published: integers `q` that stand for `q * step + zero`.
struct Published {
    steps: Values<i8>,
    step: f32,
    zero: f32,
}

impl Half {
    fn open(path: PathBuf) -> Result<Self> {
        Ok(Self { onnx: Weights::read(&path)?, path, tensors: Vec::new() })
    }

    fn fault(&self, what: impl Into<String>) -> Error {
        Error::Format { path: self.path.clone(), what: what.into() }
    }

    /// The sizes that the tensors' shapes do not tell.
    fn metadata(&self) -> Result<Vec<(&'static str, Value)>> {
        let number = |name: &str| match self.onnx.integers(name)?.data.as_slice() {
            [number] => u32::try_from(*number).map_err(|_| self.fault(format!("`{name}` is {number}"))),
            other => Err(self.fault(format!("`{name}` is {other:?}, not one number"))),
        };
        Ok(vec![
            ("general.architecture", Value::String(ARCHITECTURE.to_owned())),
            ("moonshine.attention.head_count", Value::U32(number("/layers.0/self_attn/Constant_3_output_0")?)),
        ])
    }

    fn encoder(&mut self) -> Result<()> {
        let frequencies = self.onnx.floats("/rotary_emb/Cast_1_output_0")?;
        self.vector("rotary.frequencies", frequencies)?;
        self.first_convolution()?;
        for (name, node) in [("encoder.group_norm.weight", "/groupnorm/Mul"), ("encoder.group_norm.bias", "/groupnorm/Add")] {
            let source = self.input(node, 1)?.to_owned();
            let values = self.onnx.floats(&source)?;
            self.vector(name, values)?;
        }
        for convolution in ["conv2", "conv3"] {
            self.convolution(convolution)?;
        }
        for layer in 0..self.layers("/layers") {
            let (from, to) = (format!("layers.{layer}"), format!("encoder.{layer}"));
            self.norm(&format!("{from}.input_layernorm"), &format!("{to}.self.norm"))?;
            self.attention(&format!("/{from}/self_attn"), &format!("{to}.self"), &[("qkv", &["q_proj", "k_proj", "v_proj"])])?;
            self.norm(&format!("{from}.post_attention_layernorm"), &format!("{to}.ffn.norm"))?;
            self.layer(&format!("/{from}/mlp/fc1"), &format!("{from}.mlp.fc1.bias"), &format!("{to}.ffn.up"))?;
            self.layer(&format!("/{from}/mlp/fc2"), &format!("{from}.mlp.fc2.bias"), &format!("{to}.ffn.down"))?;
        }
        self.norm("layer_norm", "encoder.norm")
    }

    fn decoder(&mut self) -> Result<()> {
        let embedding = self.published("model.decoder.embed_tokens.weight_merged_0_quantized", false)?;
        self.matrix("decoder.tokens.weight", &[embedding])?;
        for layer in 0..self.layers("/model/decoder/layers") {
            let (module, to) = (format!("model.decoder.layers.{layer}"), format!("decoder.{layer}"));
            let node = format!("/model/decoder/layers.{layer}");
            self.norm(&format!("{module}.input_layernorm"), &format!("{to}.self.norm"))?;
            self.attention(&format!("{node}/self_attn"), &format!("{to}.self"), &[("qkv", &["q_proj", "k_proj", "v_proj"])])?;
            self.norm(&format!("{module}.post_attention_layernorm"), &format!("{to}.cross.norm"))?;
            let cross: &[(&str, &[&str])] = &[("q", &["q_proj"]), ("kv", &["k_proj", "v_proj"])];
            self.attention(&format!("{node}/encoder_attn"), &format!("{to}.cross"), cross)?;
            self.norm(&format!("{module}.final_layernorm"), &format!("{to}.ffn.norm"))?;
            self.layer(&format!("{node}/mlp/up_proj"), &format!("{module}.mlp.up_proj.bias_merged_0"), &format!("{to}.ffn.up"))?;
            self.layer(&format!("{node}/mlp/down_proj"), &format!("{module}.mlp.down_proj.bias_merged_0"), &format!("{to}.ffn.down"))?;
        }
        self.norm("model.decoder.norm", "decoder.norm")
    }

    /// How many layers there are whose nodes begin with `prefix`.
    fn layers(&self, prefix: &str) -> usize {
        let query = |layer: usize| format!("{prefix}.{layer}/self_attn/q_proj/MatMul_quant");
        (0..MOST_LAYERS).take_while(|layer| self.onnx.inputs_of(&query(*layer)).is_ok()).count()
    }

    /// How many tokens have an embedding.
    fn embeddings(&self) -> Result<usize> {
        let found = self.tensors.iter().find(|(name, _)| name == "decoder.tokens.weight");
        found.and_then(|(_, tensor)| tensor.shape().dims().first().copied()).ok_or_else(|| self.fault("no embedding"))
    }

    /// `[width, 1, taps]` becomes `[width, taps]`.
    fn first_convolution(&mut self) -> Result<()> {
        let Published { steps: Values { dims, data }, step, zero } = self.convolved("conv1")?;
        let &[outputs, 1, taps] = dims.as_slice() else {
            return Err(self.fault(format!("a first convolution of shape {dims:?}, not [width, 1, taps]")));
        };
        self.floats("encoder.conv1.weight", data.into_iter().map(|q| f32::from(q) * step + zero).collect(), &[outputs, taps])
    }

    /// `[outputs, inputs, taps]` becomes `[outputs, taps * inputs]`: a window of frames, one after the other.
    fn convolution(&mut self, name: &str) -> Result<()> {
        let Published { steps: Values { dims, data }, step, zero } = self.convolved(name)?;
        let &[outputs, inputs, taps] = dims.as_slice() else {
            return Err(self.fault(format!("`{name}` of shape {dims:?}, not [outputs, inputs, taps]")));
        };
        let whole = (zero / step).round();
        if !whole.is_finite() || whole.abs() >= f32::from(i8::MAX) {
            return Err(self.fault(format!("`{name}` has a zero point of {zero} and steps of {step}")));
        }
        let mut steps = Vec::with_capacity(data.len());
        for filter in data.chunks_exact((inputs * taps).max(1)) {
            for tap in 0..taps {
                steps.extend(filter.iter().skip(tap).step_by(taps).map(|q| i16::from(*q) + whole as i16));
            }
        }
        let dims = vec![outputs, taps * inputs];
        self.matrix(&format!("encoder.{name}.weight"), &[Steps { counts: Values { dims, data: steps }, step }])?;
        self.floats(&format!("encoder.{name}.offset"), vec![zero - whole * step], &[1])?;
        let bias = self.onnx.floats(&format!("{name}.bias"))?;
        self.vector(&format!("encoder.{name}.bias"), bias)
    }

    fn convolved(&self, name: &str) -> Result<Published> {
        let one = |what: &str| match self.onnx.floats(&format!("{name}.weight_{what}"))?.data.as_slice() {
            [number] => Ok(*number),
            other => Err(self.fault(format!("`{name}` has {} {what}s, not one", other.len()))),
        };
        let (step, zero) = (one("scale")?, one("zero_point")?);
        Ok(Published { steps: self.onnx.bytes(&format!("{name}.weight_quantized"))?, step, zero })
    }

    /// The projections of an attention: each of `stacks` by its name and the projections in it, and `out`.
    fn attention(&mut self, node: &str, to: &str, stacks: &[(&str, &[&str])]) -> Result<()> {
        for (name, projections) in stacks {
            let parts = projections.iter().map(|part| self.multiplied(&format!("{node}/{part}"))).collect::<Result<Vec<_>>>()?;
            self.matrix(&format!("{to}.{name}.weight"), &parts)?;
        }
        let out = self.multiplied(&format!("{node}/dense"))?;
        self.matrix(&format!("{to}.out.weight"), &[out])
    }

    /// A matrix and its bias.
    fn layer(&mut self, node: &str, bias: &str, to: &str) -> Result<()> {
        let matrix = self.multiplied(node)?;
        self.matrix(&format!("{to}.weight"), &[matrix])?;
        let bias = self.onnx.floats(bias)?;
        self.vector(&format!("{to}.bias"), bias)
    }

    fn norm(&mut self, from: &str, to: &str) -> Result<()> {
        let plain = format!("{from}.weight");
        let merged = format!("{plain}_merged_0");
        let weight = self.onnx.floats(&plain).or_else(|_| self.onnx.floats(&merged))?;
        self.vector(&format!("{to}.weight"), weight)
    }

    /// The matrix that the module `node` multiplies by.
    fn multiplied(&self, node: &str) -> Result<Steps> {
        self.published(self.input(&format!("{node}/MatMul_quant"), 1)?, true)
    }

    fn input(&self, node: &str, index: usize) -> Result<&str> {
        let input = self.onnx.inputs_of(node)?.get(index).map(String::as_str);
        input.ok_or_else(|| self.fault(format!("`{node}` has no input {index}")))
    }

    /// The matrix `NAME_quantized`, transposed if it is stored as `[inputs, outputs]`.
    fn published(&self, name: &str, transposed: bool) -> Result<Steps> {
        let Steps { counts, step } = self.onnx.steps(name)?;
        Ok(Steps { counts: if transposed { counts.transposed() } else { counts }, step })
    }

    /// Matrices with the same inputs, one below the other.
    fn matrix(&mut self, name: &str, parts: &[Steps]) -> Result<()> {
        let mut bytes = Vec::new();
        let (mut outputs, mut inputs) = (0, None);
        for Steps { counts, step } in parts {
            let &[rows, columns] = counts.dims.as_slice() else {
                return Err(self.fault(format!("`{name}` of shape {:?}", counts.dims)));
            };
            if *inputs.get_or_insert(columns) != columns {
                return Err(self.fault(format!("`{name}`: parts of other widths")));
            }
            bytes.push(q8::from_steps(&counts.data, *step, [rows, columns]).map_err(|what| self.fault(format!("`{name}`: {what}")))?);
            outputs += rows;
        }
        let stacked = q8::stacked(&bytes, [outputs, inputs.unwrap_or(0)]).map_err(|what| self.fault(format!("`{name}`: {what}")))?;
        self.tensors.push((name.to_owned(), stacked));
        Ok(())
    }

    /// Values of any shape with one dimension that counts.
    fn vector(&mut self, name: &str, values: Values<f32>) -> Result<()> {
        let length = values.data.len();
        if values.dims.iter().copied().max().unwrap_or(0) != length {
            return Err(self.fault(format!("`{name}` of shape {:?} is no vector", values.dims)));
        }
        self.floats(name, values.data, &[length])
    }

    fn floats(&mut self, name: &str, data: Vec<f32>, dims: &[usize]) -> Result<()> {
        self.tensors.push((name.to_owned(), gguf::exact(&self.path, name, data, dims)?));
        Ok(())
    }
}

/// The texts of `count` tokens and which of them are text, in the keys that GGUF has for them.
fn vocabulary(path: &Path, count: usize) -> Result<Vec<(&'static str, Value)>> {
    /// GGUF's types of tokens.
    const NORMAL: i32 = 1;
    const CONTROL: i32 = 3;
    const BYTE: i32 = 6;
    let is_byte = |token: &str| token.len() == 6 && token.starts_with("<0x") && token.ends_with('>');
    let kind = |token: &Token| match token {
        Token { special: true, .. } => CONTROL,
        Token { text, .. } if is_byte(text) => BYTE,
        Token { .. } => NORMAL,
    };
    let tokens = tokenizer::read(path, count)?.into_iter().map(|token| (Value::I32(kind(&token)), Value::String(token.text)));
    let (kinds, texts): (Vec<Value>, Vec<Value>) = tokens.unzip();
    Ok(vec![
        ("tokenizer.ggml.model", Value::String("llama".to_owned())),
        ("tokenizer.ggml.tokens", Value::Array(texts)),
        ("tokenizer.ggml.token_type", Value::Array(kinds)),
    ])
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;
    use crate::catalog::convert::tokenizer::tests::SMALL;

    #[test]
    fn a_vocabulary_tells_text_from_bytes_and_from_what_steers() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join(TOKENIZER);
        std::fs::write(&path, SMALL).unwrap();
        let read = vocabulary(&path, 4).unwrap();
        let (texts, kinds) = (read[1].1.to_vec().unwrap(), read[2].1.to_vec().unwrap());
        let texts: Vec<&String> = texts.iter().map(|text| text.to_string().unwrap()).collect();
        let kinds: Vec<i32> = kinds.iter().map(|kind| kind.to_i32().unwrap()).collect();
        assert_eq!(texts, ["<s>", "<0x41>", "▁six", "<<ST_0>>"]);
        assert_eq!(kinds, [3, 6, 1, 3]);
    }
}
