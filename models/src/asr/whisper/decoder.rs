//! The decoder: from the tokens so far, and what the encoder heard, to the next token.

use std::sync::Arc;

use candle_core::{Device, Tensor};

use super::silence::Silence;
use crate::asr::alignment::Attention;
use crate::asr::weights::{FeedForward, Weights};
use crate::kernels::tensor::attention::KeysValues;
use crate::kernels::tensor::elementwise::LayerNorm;
use crate::kernels::tensor::q8::Linear;
use crate::{Error, Result};

pub(super) struct Decoder {
    /// Both the embedding and, transposed, the last layer.
    tokens: Linear,
    /// `[448, width]`.
    positions: Tensor,
    layers: Vec<Layer>,
    norm: LayerNorm,
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
    feed_forward: FeedForward,
}

/// One turn's decoding: made anew for each, so nothing of a turn reaches the next. A copy goes on with other words about the same audio.
#[derive(Clone)]
pub(super) struct State {
    /// Tokens so far.
    length: usize,
    /// Per layer, of the tokens so far.
    own: Vec<KeysValues>,
    /// Per layer, of the audio.
    cross: Arc<[KeysValues]>,
}

impl State {
    /// How many positions the turn has, those that stand for the silence after it included.
    pub(super) fn heard(&self) -> usize {
        self.cross.first().map_or(0, KeysValues::positions)
    }

    /// The same turn, of which nothing was written yet.
    fn anew(&self) -> Self {
        let mut anew = Self { length: 0, ..self.clone() };
        anew.own.iter_mut().for_each(|own| own.truncate(0));
        anew
    }
}

impl Decoder {
    pub(super) fn load(weights: &mut Weights) -> Result<Self> {
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
                feed_forward: FeedForward::load(weights, &layer)?,
            });
        }
        Ok(Self {
            tokens: weights.linear("decoder.tokens")?,
            positions: weights.tensor("decoder.positions")?,
            layers,
            norm: weights.norm("decoder.norm")?,
            heads: weights.number("whisper.decoder.attention.head_count")?,
        })
    }

    /// How many layers there are, and heads in each.
    pub(super) fn size(&self) -> (usize, usize) {
        (self.layers.len(), self.heads)
    }

    /// How many tokens there are.
    pub(super) fn vocabulary(&self) -> usize {
        self.tokens.outputs()
    }

    /// What each layer attends to in `encoded`: keys and values, `[positions, 2 width]`.
    pub(super) fn keys_values(&self, encoded: &Tensor) -> Result<Vec<Tensor>> {
        self.layers.iter().map(|layer| Ok(layer.cross_kv.forward(encoded)?)).collect()
    }

    /// Begin a text of at most `most` tokens on `encoded`, of shape `[positions, width]`, and on the `silence` after it.
    pub(super) fn begin(&self, encoded: &Tensor, silence: Option<&Silence>, most: usize) -> Result<State> {
        let (positions, width) = encoded.dims2()?;
        let (mut own, mut all) = (Vec::new(), Vec::new());
        for (index, keys_values) in self.keys_values(encoded)?.iter().enumerate() {
            let crowd = silence.map(|silence| silence.in_decoder(index, positions)).transpose()?.flatten();
            let room = positions + crowd.as_ref().map_or(0, |crowd| crowd.rows.dims()[0]);
            let mut cross = KeysValues::with_room(width, self.heads, room)?;
            cross.push(keys_values)?;
            if let Some(crowd) = &crowd {
                cross.push_crowd(crowd)?;
            }
            all.push(cross);
            own.push(KeysValues::with_room(width, self.heads, most)?);
        }
        Ok(State { length: 0, own, cross: all.into() })
    }

    /// Read further tokens; gives the last layer's vectors, one row per token.
    pub(super) fn forward(&self, state: &mut State, tokens: &[u32]) -> Result<Tensor> {
        self.observed(state, tokens, |_, _, _| Ok(()))
    }

    /// Read one more token of each of several texts about the same audio; gives the last layer's vectors, one row per text. It takes little longer than for one text:
    /// what takes time is to read the weights.
    pub(super) fn forward_each(&self, states: &mut [State], tokens: &[u32]) -> Result<Tensor> {
        let mut x = self.embedded(states.iter().map(|state| state.length).zip(tokens.iter().copied()))?;
        let Some(cross) = states.first().map(|state| Arc::clone(&state.cross)) else { return Ok(x) };
        for (index, (layer, cross)) in self.layers.iter().zip(cross.iter()).enumerate() {
            let attend = |qkv: &Tensor| KeysValues::attend_each(states.iter_mut().filter_map(|state| state.own.get_mut(index)), qkv);
            x = layer.forward(&x, attend, cross, |_| Ok(()))?;
        }
        states.iter_mut().for_each(|state| state.length += 1);
        Ok(x)
    }

    /// Tokens at these positions, one row each.
    fn embedded(&self, tokens: impl Iterator<Item = (usize, u32)>) -> Result<Tensor> {
        let (room, width) = self.positions.dims2()?;
        let (mut rows, mut positions) = (Vec::new(), Vec::new());
        for (position, token) in tokens {
            if position >= room {
                return Err(Error::Input(format!("a text of more than {room} tokens")));
            }
            rows.extend(self.tokens.embedding(token as usize)?);
            positions.push(position as u32);
        }
        let count = positions.len();
        let positions = self.positions.index_select(&Tensor::from_vec(positions, count, &Device::Cpu)?, 0)?;
        Ok((Tensor::from_vec(rows, (count, width), &Device::Cpu)? + positions)?)
    }

    /// What some heads, as layer and head, attend to in the first `positions` of the audio while `tokens` are read from the beginning.
    pub(super) fn attention(&self, begun: &State, tokens: &[u32], heads: &[(usize, usize)], positions: usize) -> Result<Attention> {
        let mut state = begun.anew();
        let mut attention = Attention::new(tokens.len(), positions);
        self.observed(&mut state, tokens, |layer, queries, cross| {
            for (_, head) in heads.iter().filter(|(wanted, _)| *wanted == layer) {
                attention.add(cross.attention(queries, *head, positions)?);
            }
            Ok(())
        })?;
        Ok(attention)
    }

    /// As [`Decoder::forward`]; `observe` sees what each layer asks of the audio: its number, the queries, and what they attend to.
    fn observed(
        &self,
        state: &mut State,
        tokens: &[u32],
        mut observe: impl FnMut(usize, &Tensor, &KeysValues) -> Result<()>,
    ) -> Result<Tensor> {
        let mut x = self.embedded((state.length..).zip(tokens.iter().copied()))?;
        for (index, ((layer, own), cross)) in self.layers.iter().zip(&mut state.own).zip(state.cross.iter()).enumerate() {
            let attend = |qkv: &Tensor| {
                own.push(qkv)?;
                own.attend_causally(qkv)
            };
            x = layer.forward(&x, attend, cross, |queries| observe(index, queries, cross))?;
        }
        state.length += tokens.len();
        Ok(x)
    }

    /// The logits that rows of [`Decoder::forward`]'s result give, one row of the vocabulary's size after the other.
    pub(super) fn logits(&self, rows: &Tensor) -> Result<Vec<f32>> {
        Ok(self.tokens.forward(&self.norm.forward(rows)?)?.flatten_all()?.to_vec1()?)
    }
}

impl Layer {
    /// `attend` gives what the words attend to among those before them.
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
        self.feed_forward.forward(&x)
    }
}
