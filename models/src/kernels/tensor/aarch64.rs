//! The products of [`super::panels`] in NEON, with `sdot` and without it.

use std::arch::aarch64::*;
use std::arch::asm;

use super::panels::{PANEL, ROWS, Scales, Sums};
use super::rounded::{BLOCK, Row};

/// Four outputs to a register.
const QUARTERS: usize = PANEL / 4;

/// As `multiply_portable`.
///
/// # Safety
/// The processor must have the dot product instructions.
#[target_feature(enable = "neon,dotprod")]
pub(super) unsafe fn multiply_dot(scales: Scales<'_>, weights: &[i8], rows: &[Row<'_>; ROWS], count: usize, sums: &mut Sums) {
    // SAFETY: the features are this function's own condition.
    unsafe { in_pairs(scales, weights, rows, count, sums, |sum, weights, inputs| dot(sum, weights, inputs)) }
}

/// As `multiply_portable`, for processors without dot products.
///
/// # Safety
/// The processor must have NEON.
#[target_feature(enable = "neon")]
pub(super) unsafe fn multiply_neon(scales: Scales<'_>, weights: &[i8], rows: &[Row<'_>; ROWS], count: usize, sums: &mut Sums) {
    // SAFETY: the features are this function's own condition.
    unsafe { in_pairs(scales, weights, rows, count, sums, |sum, weights, inputs| widening(sum, weights, inputs)) }
}

/// `sum += weights · inputs`, four products to a lane.
///
/// # Safety
/// The processor must have the dot product instructions.
#[inline(always)]
unsafe fn dot(mut sum: int32x4_t, weights: int8x16_t, inputs: int8x16_t) -> int32x4_t {
    // SAFETY: one instruction on registers, which the caller vouches for.
    unsafe {
        asm!(
            ".arch_extension dotprod",
            "sdot {sum:v}.4s, {weights:v}.16b, {inputs:v}.16b",
            sum = inout(vreg) sum, weights = in(vreg) weights, inputs = in(vreg) inputs,
            options(pure, nomem, nostack, preserves_flags),
        );
    }
    sum
}

/// [`dot`] from widening products.
///
/// # Safety
/// The processor must have NEON.
#[inline(always)]
unsafe fn widening(sum: int32x4_t, weights: int8x16_t, inputs: int8x16_t) -> int32x4_t {
    // SAFETY: arithmetic on registers.
    unsafe {
        let low = vmull_s8(vget_low_s8(weights), vget_low_s8(inputs));
        let high = vmull_high_s8(weights, inputs);
        vaddq_s32(sum, vpaddq_s32(vpaddlq_s16(low), vpaddlq_s16(high)))
    }
}

/// # Safety
/// As `product`.
#[inline(always)]
unsafe fn in_pairs<P: Fn(int32x4_t, int8x16_t, int8x16_t) -> int32x4_t + Copy>(
    scales: Scales<'_>,
    weights: &[i8],
    rows: &[Row<'_>; ROWS],
    count: usize,
    sums: &mut Sums,
    product: P,
) {
    let mut first = 0;
    while first < count {
        // SAFETY: handed on to the caller.
        unsafe {
            if count - first >= 2 {
                multiply::<2, _>(scales, weights, rows, first, sums, product);
                first += 2;
            } else {
                multiply::<1, _>(scales, weights, rows, first, sums, product);
                first += 1;
            }
        }
    }
}

/// # Safety
/// As `product`.
#[inline(always)]
unsafe fn multiply<const COUNT: usize, P: Fn(int32x4_t, int8x16_t, int8x16_t) -> int32x4_t>(
    scales: Scales<'_>,
    weights: &[i8],
    rows: &[Row<'_>; ROWS],
    first: usize,
    sums: &mut Sums,
    product: P,
) {
    let blocks = blocks(scales, weights, rows);
    // SAFETY: `blocks` has checked that all slices hold that many blocks; the caller vouches for the instructions.
    unsafe {
        let mut totals = [[vdupq_n_f32(0.0); QUARTERS]; COUNT];
        for block in 0..blocks {
            let weights = weights.as_ptr().add(block * BLOCK * PANEL);
            let mut dots = [[vdupq_n_s32(0); QUARTERS]; COUNT];
            for four in 0..BLOCK / 4 {
                let mut inputs = [vdupq_n_s8(0); COUNT];
                for (row, inputs) in inputs.iter_mut().enumerate() {
                    let bytes = rows[first + row].values.as_ptr().add(block * BLOCK + four * 4).cast::<i32>().read_unaligned();
                    *inputs = vreinterpretq_s8_s32(vdupq_n_s32(bytes));
                }
                for quarter in 0..QUARTERS {
                    let weight = vld1q_s8(weights.add((four * PANEL + quarter * 4) * 4));
                    for row in 0..COUNT {
                        dots[row][quarter] = product(dots[row][quarter], weight, inputs[row]);
                    }
                }
            }
            for quarter in 0..QUARTERS {
                let scale = vld1q_f32(scales.values.as_ptr().add(block * scales.step() + quarter * 4));
                for row in 0..COUNT {
                    let scale = vmulq_n_f32(scale, *rows[first + row].scales.get_unchecked(block));
                    totals[row][quarter] = vfmaq_f32(totals[row][quarter], vcvtq_f32_s32(dots[row][quarter]), scale);
                }
            }
        }
        for (row, quarters) in totals.into_iter().enumerate() {
            for (quarter, total) in quarters.into_iter().enumerate() {
                vst1q_f32(sums[first + row].as_mut_ptr().add(quarter * 4), total);
            }
        }
    }
}

/// How many blocks all of the slices hold.
fn blocks(scales: Scales<'_>, weights: &[i8], rows: &[Row<'_>; ROWS]) -> usize {
    let mut blocks = scales.blocks().min(weights.len() / (BLOCK * PANEL));
    for row in rows {
        blocks = blocks.min(row.values.len() / BLOCK).min(row.scales.len());
    }
    blocks
}
