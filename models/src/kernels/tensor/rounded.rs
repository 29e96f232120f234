//! Activations in 8 bits: 32 values and one scale, as Q8_0 keeps weights.

#![allow(unsafe_code)]

use std::ops::Range;

use super::share::{Shared, parallel};
use super::{Isa, elementwise};

/// Values that share a scale.
pub(super) const BLOCK: usize = 32;

/// Activations as Q8_0.
pub(super) struct Rounded {
    /// Blocks of a row.
    blocks: usize,
    values: Vec<i8>,
    scales: Vec<f32>,
    /// `-128 ×` the sum of each block: undoes the offset of the weights on AVX-512.
    offsets: Vec<i32>,
}

/// Access to [`Rounded`] for several threads that each write their own rows.
pub(super) struct RoundedRows<'a> {
    isa: Isa,
    blocks: usize,
    values: Shared<'a, i8>,
    scales: Shared<'a, f32>,
    offsets: Shared<'a, i32>,
}

/// One row of [`Rounded`].
#[derive(Clone, Copy)]
pub(super) struct Row<'a> {
    pub(super) values: &'a [i8],
    pub(super) scales: &'a [f32],
    #[cfg_attr(not(target_arch = "x86_64"), expect(dead_code, reason = "only AVX-512 offsets its weights"))]
    pub(super) offsets: &'a [i32],
}

impl Rounded {
    /// Round rows of `inputs` values.
    pub(super) fn new(isa: Isa, x: &[f32], inputs: usize) -> Self {
        /// Fewer blocks than this are not worth waking a thread for.
        const MANY: usize = 512;
        let blocks = x.len() / BLOCK;
        let mut rounded = Self::zeros(x.len() / inputs.max(1), inputs);
        let rows = rounded.rows_mut(isa);
        // SAFETY: each block is given to one thread.
        let round = |blocks: Range<usize>| unsafe { rows.round(blocks.clone(), &x[blocks.start * BLOCK..blocks.end * BLOCK]) };
        if blocks < MANY {
            round(0..blocks);
        } else {
            parallel(blocks, round);
        }
        rounded
    }

    /// Rows of `inputs` zeros; `inputs` is a multiple of [`BLOCK`].
    pub(super) fn zeros(rows: usize, inputs: usize) -> Self {
        let blocks = inputs / BLOCK;
        Self { blocks, values: vec![0; rows * inputs], scales: vec![0.0; rows * blocks], offsets: vec![0; rows * blocks] }
    }

    pub(super) fn rows_mut(&mut self, isa: Isa) -> RoundedRows<'_> {
        RoundedRows {
            isa,
            blocks: self.blocks,
            values: Shared::new(&mut self.values),
            scales: Shared::new(&mut self.scales),
            offsets: Shared::new(&mut self.offsets),
        }
    }

    pub(super) fn row(&self, row: usize) -> Row<'_> {
        self.rows(row, 1)
    }

    /// `count` rows that lie one after the other, as one long row.
    pub(super) fn rows(&self, first: usize, count: usize) -> Row<'_> {
        let blocks = first * self.blocks..(first + count) * self.blocks;
        Row {
            values: &self.values[blocks.start * BLOCK..blocks.end * BLOCK],
            scales: &self.scales[blocks.clone()],
            offsets: &self.offsets[blocks],
        }
    }
}

impl RoundedRows<'_> {
    /// Round `x` into `row`.
    ///
    /// # Safety
    /// No other thread may be writing that row.
    pub(super) unsafe fn write(&self, row: usize, x: &[f32]) {
        // SAFETY: handed on to the caller.
        unsafe { self.round(row * self.blocks..(row + 1) * self.blocks, x) }
    }

    /// # Safety
    /// No other thread may be writing those blocks.
    unsafe fn round(&self, blocks: Range<usize>, x: &[f32]) {
        // SAFETY: handed on to the caller.
        let (values, scales, offsets) = unsafe {
            let values = self.values.part(blocks.start * BLOCK..blocks.end * BLOCK);
            (values, self.scales.part(blocks.clone()), self.offsets.part(blocks))
        };
        elementwise::round_blocks(self.isa, x, values, scales, offsets);
    }
}
