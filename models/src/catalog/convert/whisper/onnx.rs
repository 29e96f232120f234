//! Two ONNX graphs in 8 bits, as transformers.js has them.
//!
//! Each matrix is in steps of one scale for all of it, `[inputs, outputs]`; a matrix whose name was lost is found by the node that
//! multiplies by it, which is called after the published code's module. Q8_0 keeps the published integers (see [`crate::catalog::convert::q8`]).
//! The graphs call modules as the transformers library does; they are looked up by the names of the published code here.

use std::path::Path;

use candle_core::quantized::QTensor;
use candle_core::{Device, Tensor};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::published::{self, Named};
use super::tokens::Vocabulary;
use super::{Model, Progress, read_text};
use crate::catalog::convert::onnx::{Steps, Values, Weights};
use crate::catalog::convert::{q8, tokenizer};
use crate::{Error, Result};

/// The parts of `config.json` that a recogniser needs.
#[derive(Deserialize)]
struct Config {
    vocab_size: usize,
    encoder_attention_heads: u32,
    decoder_attention_heads: u32,
}

/// The parts of `generation_config.json` that a recogniser needs.
#[derive(Deserialize)]
struct Generation {
    suppress_tokens: Vec<u32>,
    begin_suppress_tokens: Vec<u32>,
    is_multilingual: bool,
}

/// Read the files that [`super::from_onnx`] names.
pub(super) fn read(sources: &Path, progress: Progress<'_>) -> Result<Model> {
    let config: Config = json(&sources.join("config.json"))?;
    let generation: Generation = json(&sources.join("generation_config.json"))?;
    let tokens = tokenizer::read(&sources.join("tokenizer.json"), config.vocab_size)?;
    let graph = |file: &str| Weights::read(&sources.join(file));
    let graphs = Graphs { encoder: graph("encoder_model.onnx")?, decoder: graph("decoder_model_merged.onnx")?, path: sources };
    progress(0.2);
    // Two marks were renamed; they get the names that other forms have.
    let name = |text: String| if text == "<|nospeech|>" { "<|nocaptions|>".to_owned() } else { text };
    Ok(Model {
        encoder_heads: config.encoder_attention_heads,
        decoder_heads: config.decoder_attention_heads,
        vocabulary: Vocabulary {
            names: tokens.into_iter().map(|token| name(token.text)).collect(),
            suppressed: generation.suppress_tokens,
            suppressed_at_start: generation.begin_suppress_tokens,
            english_only: !generation.is_multilingual,
        },
        tensors: published::tensors(&graphs, &|done| progress(0.2 + 0.8 * done))?,
    })
}

fn json<T: DeserializeOwned>(path: &Path) -> Result<T> {
    serde_json::from_str(&read_text(path)?).map_err(|fault| Error::Format { path: path.to_owned(), what: fault.to_string() })
}

struct Graphs<'a> {
    encoder: Weights,
    decoder: Weights,
    path: &'a Path,
}

/// What the transformers library calls a module of the published code.
fn module(name: &str) -> String {
    const CALLED: [(&str, &str); 14] = [
        ("cross_attn_ln", "encoder_attn_layer_norm"),
        ("attn_ln", "self_attn_layer_norm"),
        ("mlp_ln", "final_layer_norm"),
        ("cross_attn", "encoder_attn"),
        ("attn", "self_attn"),
        ("query", "q_proj"),
        ("key", "k_proj"),
        ("value", "v_proj"),
        ("out", "out_proj"),
        ("blocks", "layers"),
        ("ln_post", "layer_norm"),
        ("ln", "layer_norm"),
        ("token_embedding", "embed_tokens"),
        ("positional_embedding", "embed_positions.weight"),
    ];
    let name = name.replace("mlp.0", "fc1").replace("mlp.2", "fc2");
    let called =
        |part: &str| CALLED.iter().find(|(ours, _)| *ours == part).map_or_else(|| part.to_owned(), |(_, theirs)| (*theirs).to_owned());
    name.split('.').map(called).collect::<Vec<_>>().join(".")
}

/// Where a tensor of the published code lies.
struct Place<'a> {
    graph: &'a Weights,
    /// The name of its values, without what quantization and merging append.
    name: String,
    /// What merging appends to a name.
    merged: &'static str,
    /// The node that multiplies by it, if it is a matrix.
    node: String,
}

impl Graphs<'_> {
    fn place(&self, name: &str) -> Result<Place<'_>> {
        let (side, rest) = name.split_once('.').unwrap_or_default();
        let module = module(rest);
        // A layer stands in a node's name with a point, what is in it with slashes.
        let node = module.strip_suffix(".weight").unwrap_or(&module).replace('.', "/").replace("layers/", "layers.");
        Ok(match side {
            "encoder" => Place { graph: &self.encoder, merged: "", node: format!("/{node}/MatMul_quant"), name: module },
            "decoder" => Place {
                graph: &self.decoder,
                merged: "_merged_0",
                node: format!("/model/decoder/{node}/MatMul_quant"),
                name: format!("model.decoder.{module}"),
            },
            _ => return Err(self.fault(format!("there is no tensor `{name}`"))),
        })
    }
}

impl Named for Graphs<'_> {
    fn has(&self, name: &str) -> bool {
        self.place(name).is_ok_and(|place| place.graph.floats(&format!("{}{}", place.name, place.merged)).is_ok())
    }

    fn values(&self, name: &str) -> Result<Tensor> {
        let Place { graph, name, merged, .. } = self.place(name)?;
        let Values { dims, data } = match graph.floats(&format!("{name}{merged}")) {
            Ok(values) => values,
            Err(absent) => {
                let Steps { counts, step } = graph.steps(&format!("{name}{merged}_quantized")).map_err(|_| absent)?;
                Values { dims: counts.dims, data: counts.data.into_iter().map(|count| f32::from(count) * step).collect() }
            }
        };
        Ok(Tensor::from_vec(data, dims, &Device::Cpu)?)
    }

    fn matrix(&self, name: &str) -> Result<QTensor> {
        let Place { graph, name, merged, node } = self.place(name)?;
        let Steps { counts, step } = match graph.operand(&node, 1) {
            Ok(operand) => {
                let Steps { counts, step } = graph.steps(operand)?;
                Steps { counts: counts.transposed(), step }
            }
            // The embedding is looked up, not multiplied by.
            Err(absent) => graph.steps(&format!("{name}{merged}_quantized")).map_err(|_| absent)?,
        };
        let &[outputs, inputs] = counts.dims.as_slice() else {
            return Err(self.fault(format!("`{name}` of shape {:?} is no matrix", counts.dims)));
        };
        q8::from_steps(&counts.data, step, [outputs, inputs]).map_err(|what| self.fault(format!("`{name}`: {what}")))
    }

    fn fault(&self, what: String) -> Error {
        Error::Format { path: self.path.to_owned(), what }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modules_are_called_as_the_graphs_call_them() {
        for (published, called) in [
            ("blocks.3.attn.query.weight", "layers.3.self_attn.q_proj.weight"),
            ("blocks.11.cross_attn.out.bias", "layers.11.encoder_attn.out_proj.bias"),
            ("blocks.0.cross_attn_ln.weight", "layers.0.encoder_attn_layer_norm.weight"),
            ("blocks.0.mlp.2.bias", "layers.0.fc2.bias"),
            ("ln.bias", "layer_norm.bias"),
            ("conv1.weight", "conv1.weight"),
            ("positional_embedding", "embed_positions.weight"),
            ("token_embedding.weight", "embed_tokens.weight"),
        ] {
            assert_eq!(module(published), called);
        }
    }
}
