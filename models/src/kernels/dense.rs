//! A small dense layer in `f32`: a few rows of input against one weight matrix that stays in cache.
//!
//! This is the shape of voice activity detection, where every window is a handful of frames and the cost of a general matrix
//! product (its packing, its threads, its allocations) is larger than the work. The weights are repacked once, [`LANES`] outputs
//! side by side, so that the inner loop is a broadcast, a load and a multiply-add per register, on every instruction set.

use std::array;

use super::lanes::{self, LANES, multiply_add};

/// A dense layer `y = W x + b`, its weights repacked for [`Dense::apply`].
#[derive(Debug)]
pub struct Dense {
    /// Panels of [`LANES`] outputs; in a panel, one entry per input. The last panel is filled up with zeros.
    panels: Vec<[f32; LANES]>,
    /// One per output, filled up to whole panels.
    bias: Vec<f32>,
    inputs: usize,
    outputs: usize,
}

impl Dense {
    /// A layer of `outputs` x `inputs` whose weight from input `i` to output `o` is `weight(o, i)`.
    ///
    /// `bias` holds one value per output; what is missing is 0.
    pub fn new(outputs: usize, inputs: usize, weight: impl Fn(usize, usize) -> f32, bias: &[f32]) -> Self {
        let panel_count = outputs.div_ceil(LANES);
        let mut panels = Vec::with_capacity(panel_count * inputs);
        for panel in 0..panel_count {
            for input in 0..inputs {
                panels.push(array::from_fn(|lane| {
                    let output = panel * LANES + lane;
                    if output < outputs { weight(output, input) } else { 0.0 }
                }));
            }
        }
        let mut padded_bias = bias.to_vec();
        padded_bias.resize(panel_count * LANES, 0.0);
        Self { panels, bias: padded_bias, inputs, outputs }
    }

    /// The length of one row of output.
    #[must_use]
    pub fn outputs(&self) -> usize {
        self.outputs
    }

    /// Apply the layer to `ROWS` rows of input. Row `r` of the result is `out[r * outputs..][..outputs]`.
    ///
    /// # Panics
    /// If a row is not as long as the layer's inputs, or `out` is not `ROWS` x outputs long.
    pub fn apply<const ROWS: usize>(&self, rows: [&[f32]; ROWS], out: &mut [f32]) {
        assert!(rows.iter().all(|row| row.len() == self.inputs), "a row of input has another length than the layer");
        assert_eq!(out.len(), ROWS * self.outputs, "the output has another size than the layer");
        lanes::dispatch(Apply { layer: self, rows, out });
    }
}

struct Apply<'a, const ROWS: usize> {
    layer: &'a Dense,
    rows: [&'a [f32]; ROWS],
    out: &'a mut [f32],
}

impl<const ROWS: usize> lanes::Work for Apply<'_, ROWS> {
    #[inline(always)]
    fn run<const FUSED: bool>(self) {
        let Dense { panels, bias, inputs, outputs } = self.layer;
        let panels = panels.chunks_exact((*inputs).max(1));
        for (index, (panel, bias)) in panels.zip(bias.chunks_exact(LANES)).enumerate() {
            let sums = panel_sums::<ROWS, FUSED>(panel, &self.rows, bias);
            let first = index * LANES;
            let width = LANES.min(outputs - first);
            for (row, sum) in sums.iter().enumerate() {
                self.out[row * outputs + first..][..width].copy_from_slice(&sum[..width]);
            }
        }
    }
}

/// The outputs of one panel for all rows. Even and odd inputs are summed apart, so that one row alone does not wait for each addition.
#[inline(always)]
fn panel_sums<const ROWS: usize, const FUSED: bool>(panel: &[[f32; LANES]], rows: &[&[f32]; ROWS], bias: &[f32]) -> [[f32; LANES]; ROWS] {
    let mut even: [[f32; LANES]; ROWS] = array::from_fn(|_| array::from_fn(|lane| bias[lane]));
    if ROWS > 2 {
        for (input, weights) in panel.iter().enumerate() {
            for (sum, row) in even.iter_mut().zip(rows) {
                add_product::<FUSED>(sum, weights, row[input]);
            }
        }
        return even;
    }
    let mut odd = [[0.0; LANES]; ROWS];
    let pairs = panel.chunks_exact(2);
    let last = pairs.remainder();
    for (pair, weights) in pairs.enumerate() {
        for row in 0..ROWS {
            add_product::<FUSED>(&mut even[row], &weights[0], rows[row][2 * pair]);
            add_product::<FUSED>(&mut odd[row], &weights[1], rows[row][2 * pair + 1]);
        }
    }
    for weights in last {
        for row in 0..ROWS {
            add_product::<FUSED>(&mut even[row], weights, rows[row][panel.len() - 1]);
        }
    }
    array::from_fn(|row| array::from_fn(|lane| even[row][lane] + odd[row][lane]))
}

#[inline(always)]
fn add_product<const FUSED: bool>(sums: &mut [f32; LANES], weights: &[f32; LANES], x: f32) {
    for (sum, weight) in sums.iter_mut().zip(weights) {
        *sum = multiply_add::<FUSED>(*weight, x, *sum);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{any, prop_assert, proptest};

    use super::*;

    /// Small integers, so that every product and sum is exact and any order of additions gives the same.
    fn pattern(seed: u32, index: usize) -> f32 {
        let mixed = (index as u32).wrapping_add(seed).wrapping_mul(2_654_435_761) >> 24;
        mixed as f32 - 128.0
    }

    fn check<const ROWS: usize>(outputs: usize, inputs: usize, seed: u32) -> bool {
        let weight = |output: usize, input: usize| pattern(seed, output * inputs + input);
        let bias: Vec<f32> = (0..outputs).map(|output| pattern(seed ^ 1, output)).collect();
        let layer = Dense::new(outputs, inputs, weight, &bias);
        let data: Vec<f32> = (0..ROWS * inputs).map(|index| pattern(seed ^ 2, index)).collect();
        let rows: [&[f32]; ROWS] = array::from_fn(|row| &data[row * inputs..][..inputs]);

        let mut chosen = vec![0.0; ROWS * outputs];
        layer.apply(rows, &mut chosen);
        let mut portable = vec![0.0; ROWS * outputs];
        lanes::Work::run::<false>(Apply { layer: &layer, rows, out: &mut portable });

        let plain: Vec<f32> = (0..ROWS * outputs)
            .map(|index| {
                let (row, output) = (index / outputs, index % outputs);
                bias[output] + (0..inputs).map(|input| weight(output, input) * rows[row][input]).sum::<f32>()
            })
            .collect();
        chosen == plain && portable == plain
    }

    proptest! {
        #[test]
        fn every_form_gives_the_plain_matrix_product(outputs in 1_usize..70, inputs in 1_usize..60, seed in any::<u32>()) {
            prop_assert!(check::<1>(outputs, inputs, seed));
            prop_assert!(check::<2>(outputs, inputs, seed));
            prop_assert!(check::<4>(outputs, inputs, seed));
        }
    }

    #[test]
    #[should_panic(expected = "another length than the layer")]
    fn a_row_of_another_length_is_refused() {
        Dense::new(2, 3, |_, _| 1.0, &[]).apply([&[1.0, 2.0]], &mut [0.0; 2]);
    }
}
