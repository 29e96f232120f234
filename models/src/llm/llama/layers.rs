//! One layer of the decoder.

use rayon::prelude::{IndexedParallelIterator, ParallelIterator, ParallelSliceMut};

use super::Config;
use super::cache::LayerCache;
use crate::kernels::attention::attend;
use crate::kernels::pointwise::{add, rms_norm, rotate, swiglu};
use crate::kernels::q8::{Matrix, Rows};

/// The weights of one layer. Matrices that share their input are one.
#[derive(Debug)]
pub(super) struct Layer {
    pub(super) attention_norm: Vec<f32>,
    pub(super) query_key_value: Matrix,
    /// Where the family has one.
    pub(super) query_key_value_bias: Option<Vec<f32>>,
    pub(super) attention_output: Matrix,
    pub(super) feed_forward_norm: Vec<f32>,
    pub(super) gate_up: Matrix,
    pub(super) down: Matrix,
}

/// Room for the values between the steps, kept from layer to layer.
#[derive(Debug, Default)]
pub(super) struct Scratch {
    /// Queries, keys and values of all rows.
    projected: Vec<f32>,
    /// One for each share of the rows.
    shares: Vec<Share>,
}

#[derive(Debug, Default)]
struct Share {
    rows: Rows,
    /// As wide as the hidden state.
    narrow: Vec<f32>,
    /// Gates and values of the feed-forward net, and their product.
    wide: Vec<f32>,
    inner: Vec<f32>,
    scores: Vec<f32>,
}

impl Layer {
    /// Let the rows of `hidden`, the first of which is at `position`, pass the layer.
    ///
    /// Two steps, each shared out by rows: every row's keys must be in the cache before any row attends.
    pub(super) fn forward(&self, config: &Config, cache: &mut LayerCache<'_>, position: usize, hidden: &mut [f32], scratch: &mut Scratch) {
        let count = hidden.len() / config.width;
        let share = count.div_ceil(rayon::current_num_threads()).max(1);
        let width = self.query_key_value.outputs();
        let Scratch { projected, shares } = scratch;
        projected.resize(count * width, 0.0);
        shares.resize_with(count.div_ceil(share), Share::default);

        let parts = hidden.par_chunks_mut(share * config.width).zip(projected.par_chunks_mut(share * width)).zip(&mut *shares);
        parts.with_max_len(1).enumerate().for_each(|(index, ((hidden, projected), room))| {
            room.project(&self.query_key_value, hidden, &self.attention_norm, config.epsilon, projected);
            let rotated = config.width + config.kv_width();
            for (row, projected) in projected.chunks_exact_mut(width).enumerate() {
                if let Some(bias) = &self.query_key_value_bias {
                    add(projected, bias);
                }
                rotate(&mut projected[..rotated], cache.turns(position + index * share + row));
            }
        });

        for (row, projected) in projected.chunks_exact(width).enumerate() {
            let (keys, values) = projected[config.width..].split_at(config.kv_width());
            cache.put(position + row, keys, values);
        }

        let cache = &*cache;
        let parts = hidden.par_chunks_mut(share * config.width).zip(projected.par_chunks_mut(share * width)).zip(&mut *shares);
        parts.with_max_len(1).enumerate().for_each(|(index, ((hidden, projected), room))| {
            room.attend(config, cache, position + index * share, projected, width);
            room.add_attended(&self.attention_output, hidden);
            room.feed_forward(self, config, hidden);
        });
    }
}

impl Share {
    /// Normalise `hidden` and multiply it.
    fn project(&mut self, matrix: &Matrix, hidden: &[f32], norm: &[f32], epsilon: f32, out: &mut [f32]) {
        self.narrow.resize(hidden.len(), 0.0);
        rms_norm(hidden, norm, epsilon, &mut self.narrow);
        self.rows.quantize(&self.narrow, norm.len());
        matrix.multiply(&self.rows, out);
    }

    /// Let every row attend to what the cache holds up to its own position; the result is in `narrow`.
    fn attend(&mut self, config: &Config, cache: &LayerCache<'_>, position: usize, projected: &[f32], width: usize) {
        let group = config.width / config.kv_heads;
        for (row, (projected, out)) in projected.chunks_exact(width).zip(self.narrow.chunks_exact_mut(config.width)).enumerate() {
            let queries = projected[..config.width].chunks_exact(group);
            for (head, (queries, out)) in queries.zip(out.chunks_exact_mut(group)).enumerate() {
                attend(queries, cache.past(head, position + row + 1), config.head_width, &mut self.scores, out);
            }
        }
    }

    fn add_attended(&mut self, matrix: &Matrix, hidden: &mut [f32]) {
        self.rows.quantize(&self.narrow, matrix.inputs());
        matrix.multiply(&self.rows, &mut self.narrow);
        add(hidden, &self.narrow);
    }

    fn feed_forward(&mut self, layer: &Layer, config: &Config, hidden: &mut [f32]) {
        let count = hidden.len() / config.width;
        let mut wide = std::mem::take(&mut self.wide);
        wide.resize(count * 2 * config.feed_forward, 0.0);
        self.project(&layer.gate_up, hidden, &layer.feed_forward_norm, config.epsilon, &mut wide);
        let mut inner = std::mem::take(&mut self.inner);
        inner.resize(count * config.feed_forward, 0.0);
        swiglu(&wide, config.feed_forward, &mut inner);
        self.rows.quantize(&inner, config.feed_forward);
        layer.down.multiply(&self.rows, &mut self.narrow);
        add(hidden, &self.narrow);
        (self.wide, self.inner) = (wide, inner);
    }
}
