//! The decoder: from the tokens so far, and what the encoder heard, to the next token.

use std::sync::Arc;

use candle_core::{Device, Tensor};

use crate::asr::alignment::Attention;
use crate::asr::weights::Weights;
use crate::kernels::tensor::activations::gated_silu;
use crate::kernels::tensor::attention::KeysValues;
use crate::kernels::tensor::elementwise::LayerNorm;
use crate::kernels::tensor::q8::Linear;
use crate::kernels::tensor::rotary::Rotary;
use crate::{Cancel, Result};

pub(super) struct Decoder {
    /// Both the embedding and, transposed, the last layer.
    tokens: Linear,
    layers: Vec<Layer>,
    norm: LayerNorm,
    rotary: Rotary,
    heads: usize,
}

struct Layer {
    norm: LayerNorm,
    qkv: Linear,
    out: Linear,
    cross_norm: LayerNorm,
    cross_q: Linear,
    cross_kv: Linear,
    cross_out: Linear,
    gated_norm: LayerNorm,
    /// Values, then their gates.
    up: Linear,
    down: Linear,
}

/// One hypothesis on one encoded turn: made anew for each, so nothing of a turn reaches the next. A copy goes on with other words about the
/// same turn.
#[derive(Clone)]
pub(super) struct State {
    /// Per layer, of the tokens so far.
    own: Vec<KeysValues>,
    /// Per layer, of the audio.
    cross: Arc<[KeysValues]>,
}

impl State {
    /// How many tokens were read.
    pub(super) fn length(&self) -> usize {
        self.own.first().map_or(0, KeysValues::positions)
    }

    /// Forget all but the first `length` tokens.
    pub(super) fn truncate(&mut self, length: usize) {
        self.own.iter_mut().for_each(|own| own.truncate(length));
    }
}

impl Decoder {
    pub(super) fn load(weights: &mut Weights, rotary: Rotary, heads: usize) -> Result<Self> {
        let mut layers = Vec::new();
        while weights.has(&format!("decoder.{}.self.qkv.weight", layers.len())) {
            let layer = format!("decoder.{}", layers.len());
            layers.push(Layer {
                norm: weights.norm(&format!("{layer}.self.norm"))?,
                qkv: weights.linear(&format!("{layer}.self.qkv"))?,
                out: weights.linear(&format!("{layer}.self.out"))?,
                cross_norm: weights.norm(&format!("{layer}.cross.norm"))?,
                cross_q: weights.linear(&format!("{layer}.cross.q"))?,
                cross_kv: weights.linear(&format!("{layer}.cross.kv"))?,
                cross_out: weights.linear(&format!("{layer}.cross.out"))?,
                gated_norm: weights.norm(&format!("{layer}.ffn.norm"))?,
                up: weights.linear(&format!("{layer}.ffn.up"))?,
                down: weights.linear(&format!("{layer}.ffn.down"))?,
            });
        }
        if layers.is_empty() {
            return Err(weights.fault("a decoder without layers"));
        }
        Ok(Self { tokens: weights.linear("decoder.tokens")?, layers, norm: weights.norm("decoder.norm")?, rotary, heads })
    }

    /// How many tokens there are.
    pub(super) fn vocabulary(&self) -> usize {
        self.tokens.outputs()
    }

    /// Begin a text of about `most` tokens on `encoded`, of shape `[positions, width]`.
    pub(super) fn begin(&self, encoded: &Tensor, most: usize, cancel: &Cancel) -> Result<State> {
        let (positions, width) = encoded.dims2()?;
        let (mut own, mut all) = (Vec::new(), Vec::new());
        for layer in &self.layers {
            cancel.check()?;
            let mut cross = KeysValues::with_room(width, self.heads, positions)?;
            cross.push(&layer.cross_kv.forward(encoded)?)?;
            all.push(cross);
            own.push(KeysValues::with_room(width, self.heads, most)?);
        }
        Ok(State { own, cross: all.into() })
    }

    /// Read further tokens; gives the last layer's vectors, one row per token. A row is the same whether its token is read alone or
    /// with others.
    pub(super) fn forward(&self, state: &mut State, tokens: &[u32], cancel: &Cancel) -> Result<Tensor> {
        self.observed(state, tokens, cancel, |_, _, _| Ok(()))
    }

    /// What the heads of the layers from `first` on attend to in the audio while `tokens` are read from the beginning.
    pub(super) fn attention(&self, begun: &State, tokens: &[u32], first: usize, cancel: &Cancel) -> Result<Attention> {
        let mut state = begun.clone();
        state.truncate(0);
        let positions = state.cross.first().map_or(0, KeysValues::positions);
        let mut attention = Attention::new(tokens.len(), positions);
        self.observed(&mut state, tokens, cancel, |layer, queries, cross| {
            for head in (0..self.heads).filter(|_| layer >= first) {
                attention.add(cross.attention(queries, head, positions)?);
            }
            Ok(())
        })?;
        Ok(attention)
    }

    /// How many layers there are.
    pub(super) fn layers(&self) -> usize {
        self.layers.len()
    }

    /// As [`Decoder::forward`]; `observe` sees what each layer asks of the audio: its number, the queries, and what they attend to.
    fn observed(
        &self,
        state: &mut State,
        tokens: &[u32],
        cancel: &Cancel,
        mut observe: impl FnMut(usize, &Tensor, &KeysValues) -> Result<()>,
    ) -> Result<Tensor> {
        let mut x = self.embedded(tokens)?;
        let angles = self.rotary.angles(state.length(), tokens.len());
        for (index, ((layer, own), cross)) in self.layers.iter().zip(&mut state.own).zip(state.cross.iter()).enumerate() {
            cancel.check()?;
            let attend = |qkv: &Tensor| {
                let qkv = angles.turn(qkv, self.heads)?;
                own.push(&qkv)?;
                own.attend_causally(&qkv)
            };
            x = layer.forward(&x, attend, cross, |queries| observe(index, queries, cross))?;
        }
        Ok(x)
    }

    /// Read one more token of each of several texts about the same turn; gives the last layer's vectors, one row per text. It takes little longer than for one text:
    /// what takes time is to read the weights.
    pub(super) fn forward_each(&self, states: &mut [State], tokens: &[u32], cancel: &Cancel) -> Result<Tensor> {
        let mut x = self.embedded(tokens)?;
        let Some(cross) = states.first().map(|state| Arc::clone(&state.cross)) else { return Ok(x) };
        let angles: Vec<_> = states.iter().map(|state| self.rotary.angles(state.length(), 1)).collect();
        for (index, (layer, cross)) in self.layers.iter().zip(cross.iter()).enumerate() {
            cancel.check()?;
            let attend = |qkv: &Tensor| {
                let turned = angles.iter().enumerate().map(|(row, angles)| angles.turn(&qkv.narrow(0, row, 1)?, self.heads));
                let turned = Tensor::cat(&turned.collect::<candle_core::Result<Vec<_>>>()?, 0)?;
                KeysValues::attend_each(states.iter_mut().filter_map(|state| state.own.get_mut(index)), &turned)
            };
            x = layer.forward(&x, attend, cross, |_| Ok(()))?;
        }
        Ok(x)
    }

    /// Tokens, one row each.
    fn embedded(&self, tokens: &[u32]) -> Result<Tensor> {
        let mut rows = Vec::new();
        for token in tokens {
            rows.extend(self.tokens.embedding(*token as usize)?);
        }
        Ok(Tensor::from_vec(rows, (tokens.len(), self.tokens.inputs()), &Device::Cpu)?)
    }

    /// The logits that rows of [`Decoder::forward`]'s result give, one row of the vocabulary's size after the other.
    pub(super) fn logits(&self, rows: &Tensor) -> Result<Vec<f32>> {
        Ok(self.tokens.forward(&self.norm.forward(rows)?)?.flatten_all()?.to_vec1()?)
    }
}

impl Layer {
    /// `attend` gives what the words attend to among those before them, by queries, keys and values whose places are not turned in yet.
    fn forward(
        &self,
        x: &Tensor,
        attend: impl FnOnce(&Tensor) -> candle_core::Result<Tensor>,
        cross: &KeysValues,
        observe: impl FnOnce(&Tensor) -> Result<()>,
    ) -> Result<Tensor> {
        let qkv = self.qkv.forward(&self.norm.forward(x)?)?;
        let x = self.out.forward_add(&attend(&qkv)?, x)?;
        let queries = self.cross_q.forward(&self.cross_norm.forward(&x)?)?;
        observe(&queries)?;
        let x = self.cross_out.forward_add(&cross.attend(&queries)?, &x)?;
        let gated = gated_silu(&self.up.forward(&self.gated_norm.forward(&x)?)?)?;
        Ok(self.down.forward_add(&gated, &x)?)
    }
}
