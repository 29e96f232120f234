//! Activations, rounded to 8 bits in blocks that each have their own scale.

use super::{BLOCK, GROUPS};
use crate::kernels::lanes;

/// Rows of activations in blocks of [`BLOCK`] values.
#[derive(Debug, Default)]
pub struct Rows {
    quants: Vec<i8>,
    /// Per block: what one step of its values is worth.
    scales: Vec<f32>,
    /// Per block: the sum of its values.
    sums: Vec<i32>,
    blocks: usize,
}

/// One row, as the kernels read it.
#[derive(Clone, Copy)]
pub(super) struct Row<'a> {
    /// Per block: groups of four values.
    pub(super) quants: &'a [[[i8; 4]; GROUPS]],
    pub(super) scales: &'a [f32],
    #[cfg_attr(not(target_arch = "x86_64"), expect(dead_code, reason = "only VNNI has to mend its unsigned operand"))]
    pub(super) sums: &'a [i32],
}

impl Rows {
    /// Round rows of `length` values, laid end to end in `values`, in place of what was here before.
    ///
    /// # Panics
    /// If `length` is not a positive multiple of [`BLOCK`], or `values` is not whole rows.
    pub fn quantize(&mut self, values: &[f32], length: usize) {
        assert!(length > 0 && length.is_multiple_of(BLOCK) && values.len().is_multiple_of(length), "not whole rows of whole blocks");
        self.blocks = length / BLOCK;
        self.quants.resize(values.len(), 0);
        self.scales.resize(values.len() / BLOCK, 0.0);
        self.sums.resize(values.len() / BLOCK, 0);
        lanes::dispatch(Quantize { values, rows: self });
    }

    pub(super) fn blocks(&self) -> usize {
        self.blocks
    }

    /// Number of rows.
    #[must_use]
    pub fn count(&self) -> usize {
        self.scales.len().checked_div(self.blocks).unwrap_or(0)
    }

    #[inline]
    pub(super) fn tile<const COUNT: usize>(&self, first: usize) -> [Row<'_>; COUNT] {
        std::array::from_fn(|index| {
            let at = (first + index) * self.blocks;
            Row {
                quants: &self.quants.as_chunks::<4>().0.as_chunks::<GROUPS>().0[at..][..self.blocks],
                scales: &self.scales[at..][..self.blocks],
                sums: &self.sums[at..][..self.blocks],
            }
        })
    }
}

struct Quantize<'a> {
    values: &'a [f32],
    rows: &'a mut Rows,
}

impl lanes::Work for Quantize<'_> {
    #[inline(always)]
    fn run<const FUSED: bool>(self) {
        let Rows { quants, scales, sums, .. } = self.rows;
        let blocks = self.values.as_chunks::<BLOCK>().0.iter().zip(quants.as_chunks_mut::<BLOCK>().0);
        for ((values, quants), (scale, sum)) in blocks.zip(scales.iter_mut().zip(sums)) {
            let largest = lanes::max(&values.map(f32::abs));
            *scale = largest / 127.0;
            let steps = if largest > 0.0 { 127.0 / largest } else { 0.0 };
            let rounded = values.map(|value| lanes::round_to_int(value * steps));
            *quants = rounded.map(|value| value as i8);
            *sum = rounded.iter().sum();
        }
    }
}
