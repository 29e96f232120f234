//! From the names of the published code (openai-whisper's `model.py`) to ours.
//!
//! The published code keeps queries, keys and values apart, and its keys have no bias. Ours has them below each other in one matrix, with
//! zeros for that bias: `decoder.blocks.3.attn.query` and its two neighbours are `decoder.3.self.qkv`.

use candle_core::quantized::QTensor;
use candle_core::{Device, Tensor};

use super::write::stored;
use crate::catalog::convert::{Progress, q8};
use crate::{Error, Result};

/// More layers than any Whisper has; bounds what a hostile file makes us look for.
const MOST_LAYERS: usize = 64;

/// Weights by the names of the published code.
pub(super) trait Named {
    /// Whether there is one of that name.
    fn has(&self, name: &str) -> bool;

    /// One as `f32`, of whatever shape it has.
    fn values(&self, name: &str) -> Result<Tensor>;

    /// A matrix `[outputs, inputs]` in Q8_0.
    fn matrix(&self, name: &str) -> Result<QTensor> {
        let values = self.values(name)?;
        match values.dims() {
            [_, inputs] if inputs.is_multiple_of(32) => stored(name, &values),
            other => Err(self.fault(format!("`{name}` of shape {other:?} is no matrix of whole blocks"))),
        }
    }

    /// What is wrong with the source.
    fn fault(&self, what: String) -> Error;
}

/// All tensors that a model of ours has, by our names.
pub(super) fn tensors(source: &dyn Named, progress: Progress<'_>) -> Result<Vec<(String, QTensor)>> {
    let mut taken = Taken { source, tensors: Vec::new() };
    for (from, to) in [("conv1", "conv1"), ("conv2", "conv2")] {
        taken.plain(&format!("encoder.{from}.weight"), &format!("encoder.{to}.weight"))?;
        taken.plain(&format!("encoder.{from}.bias"), &format!("encoder.{to}.bias"))?;
    }
    taken.plain("encoder.positional_embedding", "encoder.positions")?;
    taken.layers("encoder")?;
    taken.norm("encoder.ln_post", "encoder.norm")?;
    progress(0.4);
    taken.linear(&["decoder.token_embedding"], "decoder.tokens")?;
    taken.plain("decoder.positional_embedding", "decoder.positions")?;
    taken.layers("decoder")?;
    taken.norm("decoder.ln", "decoder.norm")?;
    progress(1.0);
    Ok(taken.tensors)
}

struct Taken<'a> {
    source: &'a dyn Named,
    tensors: Vec<(String, QTensor)>,
}

impl Taken<'_> {
    fn layers(&mut self, side: &str) -> Result<()> {
        let layer = |index: usize| format!("{side}.blocks.{index}");
        let count = (0..=MOST_LAYERS).take_while(|index| self.source.has(&format!("{}.attn_ln.weight", layer(*index)))).count();
        if !(1..=MOST_LAYERS).contains(&count) {
            return Err(self.source.fault(format!("{count} layers of the {side}")));
        }
        for index in 0..count {
            let (from, to) = (layer(index), format!("{side}.{index}"));
            let part = |name: &str| format!("{from}.{name}");
            self.norm(&part("attn_ln"), &format!("{to}.self.norm"))?;
            self.linear(&[&part("attn.query"), &part("attn.key"), &part("attn.value")], &format!("{to}.self.qkv"))?;
            self.linear(&[&part("attn.out")], &format!("{to}.self.out"))?;
            if side == "decoder" {
                self.norm(&part("cross_attn_ln"), &format!("{to}.cross.norm"))?;
                self.linear(&[&part("cross_attn.query")], &format!("{to}.cross.q"))?;
                self.linear(&[&part("cross_attn.key"), &part("cross_attn.value")], &format!("{to}.cross.kv"))?;
                self.linear(&[&part("cross_attn.out")], &format!("{to}.cross.out"))?;
            }
            self.norm(&part("mlp_ln"), &format!("{to}.ffn.norm"))?;
            self.linear(&[&part("mlp.0")], &format!("{to}.ffn.up"))?;
            self.linear(&[&part("mlp.2")], &format!("{to}.ffn.down"))?;
        }
        Ok(())
    }

    fn plain(&mut self, from: &str, to: &str) -> Result<()> {
        let values = self.source.values(from)?;
        self.tensors.push((to.to_owned(), stored(to, &values)?));
        Ok(())
    }

    fn norm(&mut self, from: &str, to: &str) -> Result<()> {
        self.plain(&format!("{from}.weight"), &format!("{to}.weight"))?;
        self.plain(&format!("{from}.bias"), &format!("{to}.bias"))
    }

    /// Matrices with the same inputs, one below the other, and their biases; zeros where one of several has none.
    fn linear(&mut self, from: &[&str], to: &str) -> Result<()> {
        let parts = from.iter().map(|name| self.source.matrix(&format!("{name}.weight"))).collect::<Result<Vec<_>>>()?;
        let shapes = parts.iter().map(|part| Ok(part.shape().dims2()?)).collect::<Result<Vec<_>>>()?;
        let inputs = shapes.first().map_or(0, |shape| shape.1);
        if shapes.iter().any(|shape| shape.1 != inputs) {
            return Err(self.source.fault(format!("`{to}`: parts of other widths")));
        }
        let outputs = shapes.iter().map(|shape| shape.0).sum();
        let stacked = q8::stacked(&parts, [outputs, inputs]).map_err(|what| self.source.fault(format!("`{to}`: {what}")))?;
        self.tensors.push((format!("{to}.weight"), stacked));
        let biases: Vec<String> = from.iter().map(|name| format!("{name}.bias")).collect();
        if !biases.iter().any(|bias| self.source.has(bias)) {
            return Ok(());
        }
        let mut bias = Vec::with_capacity(outputs);
        for (name, shape) in biases.iter().zip(&shapes) {
            match self.source.has(name) {
                true => bias.extend(self.source.values(name)?.flatten_all()?.to_vec1::<f32>()?),
                false => bias.extend(std::iter::repeat_n(0.0, shape.0)),
            }
        }
        if bias.len() != outputs {
            return Err(self.source.fault(format!("`{to}` has {} biases for {outputs} outputs", bias.len())));
        }
        let (name, bias) = (format!("{to}.bias"), Tensor::from_vec(bias, outputs, &Device::Cpu)?);
        self.tensors.push((name.clone(), stored(&name, &bias)?));
        Ok(())
    }
}
