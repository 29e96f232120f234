//! A decoder's weights, from GGUF tensors to packed matrices.

use super::Config;
use super::layers::Layer;
use crate::Result;
use crate::kernels::q8::Matrix;
use crate::llm::gguf::GgufFile;

/// All weights of a decoder.
#[derive(Debug)]
pub(super) struct Weights {
    pub(super) embedding: Matrix,
    pub(super) layers: Vec<Layer>,
    pub(super) output_norm: Vec<f32>,
    /// The output projection; the embedding serves where there is none.
    pub(super) output: Option<Matrix>,
}

impl Weights {
    pub(super) fn read(file: &mut GgufFile, config: &Config) -> Result<Self> {
        let (width, kv_width, inner) = (config.width, config.kv_width(), config.feed_forward);
        let embedding = file.matrix(&[("token_embd.weight", config.vocabulary)], width)?;
        let layers = (0..config.layers)
            .map(|index| {
                let name = |part: &str| format!("blk.{index}.{part}.weight");
                Ok(Layer {
                    attention_norm: file.vector(&name("attn_norm"), width)?,
                    query_key_value: file
                        .matrix(&[(&name("attn_q"), width), (&name("attn_k"), kv_width), (&name("attn_v"), kv_width)], width)?,
                    attention_output: file.matrix(&[(&name("attn_output"), width)], width)?,
                    feed_forward_norm: file.vector(&name("ffn_norm"), width)?,
                    gate_up: file.matrix(&[(&name("ffn_gate"), inner), (&name("ffn_up"), inner)], width)?,
                    down: file.matrix(&[(&name("ffn_down"), width)], inner)?,
                })
            })
            .collect::<Result<_>>()?;
        let output_norm = file.vector("output_norm.weight", width)?;
        let output = if file.has("output.weight") { Some(file.matrix(&[("output.weight", config.vocabulary)], width)?) } else { None };
        Ok(Self { embedding, layers, output_norm, output })
    }
}
