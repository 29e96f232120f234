//! A decoder's weights, from GGUF tensors to packed matrices.

use super::layers::Layer;
use super::{Config, Family};
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
                    query_key_value: file.matrix_with(
                        &[(&name("attn_q"), width), (&name("attn_k"), kv_width), (&name("attn_v"), kv_width)],
                        width,
                        |part, rows| if part < 2 { pairs(config, rows) } else { rows },
                    )?,
                    query_key_value_bias: match config.family {
                        Family::Llama => None,
                        Family::Qwen2 => Some(bias(file, config, index)?),
                    },
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

/// The rows of queries or keys (or the values of their biases) with each head's rotary pairs side by side: then one rotation serves all families, and
/// no product of a query and a key changes, because both are reordered alike.
fn pairs<T: Copy>(config: &Config, rows: Vec<T>) -> Vec<T> {
    match config.family {
        Family::Llama => rows,
        Family::Qwen2 => {
            let heads = rows.chunks_exact(config.head_width).map(|head| head.split_at(config.head_width / 2));
            heads.flat_map(|(first, second)| first.iter().zip(second).flat_map(|(a, b)| [*a, *b])).collect()
        }
    }
}

/// The biases of layer `index`'s queries, keys and values, end to end.
fn bias(file: &mut GgufFile, config: &Config, index: usize) -> Result<Vec<f32>> {
    let mut bias = |part: &str, length| file.vector(&format!("blk.{index}.{part}.bias"), length);
    let query = pairs(config, bias("attn_q", config.width)?);
    let key = pairs(config, bias("attn_k", config.kv_width())?);
    Ok([query, key, bias("attn_v", config.kv_width())?].concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves_of_a_head_become_neighbours() {
        let config = Config {
            family: Family::Qwen2,
            layers: 1,
            width: 8,
            feed_forward: 32,
            heads: 2,
            kv_heads: 2,
            head_width: 4,
            vocabulary: 16,
            context: 1,
            rope_base: 1.0,
            epsilon: 1.0,
        };
        assert_eq!(pairs(&config, (0..8).collect()), [0, 2, 1, 3, 4, 6, 5, 7]);
        assert_eq!(pairs(&Config { family: Family::Llama, ..config }, (0..8).collect()), [0, 1, 2, 3, 4, 5, 6, 7]);
    }
}
