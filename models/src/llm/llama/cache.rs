//! Keys and values of the tokens that one job has seen so far, and the angles of the rotary embedding for every position.

use super::Config;
use crate::kernels::attention::Past;

/// Keys and values of all layers: for each layer and each key head, one run of `context` positions.
#[derive(Debug)]
pub(super) struct Cache {
    keys: Vec<f32>,
    values: Vec<f32>,
    /// Values of a run.
    run: usize,
    /// Values of a layer.
    layer: usize,
    head_width: usize,
}

/// The angles of the rotary embedding (J. Su et al., *RoFormer*, 2021): for each position, for each pair of a head, cosine and sine.
#[derive(Debug)]
pub(super) struct Angles(Vec<[f32; 2]>);

impl Angles {
    pub(super) fn new(config: &Config) -> Self {
        let pairs = config.head_width / 2;
        let turn = |position: usize, pair: usize| {
            let frequency = f64::from(config.rope_base).powf(-(pair as f64) / pairs as f64);
            let angle = position as f64 * frequency;
            [angle.cos() as f32, angle.sin() as f32]
        };
        Self((0..config.context).flat_map(|position| (0..pairs).map(move |pair| turn(position, pair))).collect())
    }
}

/// One layer's part of the cache.
pub(super) struct LayerCache<'a> {
    keys: &'a mut [f32],
    values: &'a mut [f32],
    turns: &'a [[f32; 2]],
    run: usize,
    head_width: usize,
}

impl Cache {
    pub(super) fn new(config: &Config) -> Self {
        let run = config.context * config.head_width;
        let layer = run * config.kv_heads;
        Self { keys: vec![0.0; layer * config.layers], values: vec![0.0; layer * config.layers], run, layer, head_width: config.head_width }
    }

    pub(super) fn layer<'a>(&'a mut self, index: usize, angles: &'a Angles) -> LayerCache<'a> {
        LayerCache {
            keys: &mut self.keys[index * self.layer..][..self.layer],
            values: &mut self.values[index * self.layer..][..self.layer],
            turns: &angles.0,
            run: self.run,
            head_width: self.head_width,
        }
    }
}

impl LayerCache<'_> {
    /// Keep the keys and values of `position`, all heads of each end to end.
    pub(super) fn put(&mut self, position: usize, keys: &[f32], values: &[f32]) {
        let width = self.head_width;
        for (given, kept) in [(keys, &mut *self.keys), (values, &mut *self.values)] {
            for (given, run) in given.chunks_exact(width).zip(kept.chunks_exact_mut(self.run)) {
                run[position * width..][..width].copy_from_slice(given);
            }
        }
    }

    /// What key head `head` holds of the first `positions`.
    pub(super) fn past(&self, head: usize, positions: usize) -> Past<'_> {
        let range = head * self.run..head * self.run + positions * self.head_width;
        Past { keys: &self.keys[range.clone()], values: &self.values[range] }
    }

    /// The angles of the rotary embedding at `position`.
    pub(super) fn turns(&self, position: usize) -> &[[f32; 2]] {
        let pairs = self.head_width / 2;
        &self.turns[position * pairs..][..pairs]
    }
}
