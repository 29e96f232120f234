//! The product on AArch64: with `sdot` (Cortex-A76 and later, as in the Raspberry Pi 5), and without it (Cortex-A72, Raspberry Pi 4).

#![expect(unsafe_code, reason = "vector loads, and an instruction that was found present")]
#![expect(clippy::needless_range_loop, reason = "counting keeps arrays of vectors in registers")]

use std::arch::aarch64::{
    int8x16_t, int32x4_t, vcvtq_f32_s32, vdupq_n_f32, vdupq_n_s32, vfmaq_f32, vget_high_s8, vget_low_s8, vld1q_f32, vld1q_s8, vmlal_s8,
    vmull_s8, vmulq_f32, vpadalq_s16, vpaddq_s32, vreinterpretq_s8_s32, vst1q_f32,
};

use super::rows::Row;
use super::{GROUPS, OUTPUTS, Panel, f16_to_f32};

/// Outputs in a vector.
const QUARTER: usize = 4;

/// One panel against some rows. `DOT`: use `sdot`, only for matrices packed where it was found.
pub(super) fn tile<const COUNT: usize, const DOT: bool>(panel: &Panel<'_>, rows: &[Row<'_>; COUNT]) -> [[f32; OUTPUTS]; COUNT] {
    let mut out = [[0.0; OUTPUTS]; COUNT];
    for (block, (groups, scales)) in panel.groups.as_chunks::<GROUPS>().0.iter().zip(panel.scales).enumerate() {
        let scales = scales.map(f16_to_f32);
        for quarter in 0..OUTPUTS / QUARTER {
            let at = quarter * QUARTER;
            let mut weights = [vdup_zero(); GROUPS];
            for g in 0..GROUPS {
                // SAFETY: a quarter of a group is 16 bytes.
                weights[g] = unsafe { vld1q_s8((&raw const groups[g].0[at]).cast()) };
            }
            for r in 0..COUNT {
                let product =
                    if DOT { product_dot(&weights, &rows[r].quants[block]) } else { product_plain(&weights, &rows[r].quants[block]) };
                // SAFETY: NEON is part of AArch64; four scales and four sums lie behind each first one.
                unsafe {
                    let scale = vmulq_f32(vld1q_f32(&raw const scales[at]), vdupq_n_f32(rows[r].scales[block]));
                    let sum = vld1q_f32(&raw const out[r][at]);
                    vst1q_f32(&raw mut out[r][at], vfmaq_f32(sum, vcvtq_f32_s32(product), scale));
                }
            }
        }
    }
    out
}

#[inline(always)]
fn vdup_zero() -> int8x16_t {
    // SAFETY: NEON is part of AArch64.
    unsafe { vreinterpretq_s8_s32(vdupq_n_s32(0)) }
}

/// Four neighbouring activations in every lane.
#[inline(always)]
fn four(values: [i8; 4]) -> int8x16_t {
    // SAFETY: NEON is part of AArch64.
    unsafe { vreinterpretq_s8_s32(vdupq_n_s32(i32::from_le_bytes(values.map(|value| value as u8)))) }
}

/// Four outputs' dot products over a block, one instruction per group.
#[inline(always)]
fn product_dot(weights: &[int8x16_t; GROUPS], values: &[[i8; 4]; GROUPS]) -> int32x4_t {
    // SAFETY: NEON is part of AArch64.
    let mut product = unsafe { vdupq_n_s32(0) };
    for g in 0..GROUPS {
        // SAFETY: `Instructions::NeonDot` is chosen only after the processor was found to have the instruction, which reads and writes
        // only these registers.
        unsafe {
            std::arch::asm!(
                ".arch_extension dotprod",
                "sdot {product:v}.4s, {weights:v}.16b, {values:v}.16b",
                product = inout(vreg) product,
                weights = in(vreg) weights[g],
                values = in(vreg) four(values[g]),
                options(pure, nomem, nostack, preserves_flags),
            );
        }
    }
    product
}

/// The same from 16-bit products: those of two groups fit one 16-bit lane (2 x 127 x 127).
#[inline(always)]
fn product_plain(weights: &[int8x16_t; GROUPS], values: &[[i8; 4]; GROUPS]) -> int32x4_t {
    // SAFETY: NEON is part of AArch64.
    unsafe {
        let (mut first, mut second) = (vdupq_n_s32(0), vdupq_n_s32(0));
        for g in 0..GROUPS / 2 {
            let (a, b) = (weights[2 * g], weights[2 * g + 1]);
            let (x, y) = (vget_low_s8(four(values[2 * g])), vget_low_s8(four(values[2 * g + 1])));
            first = vpadalq_s16(first, vmlal_s8(vmull_s8(vget_low_s8(a), x), vget_low_s8(b), y));
            second = vpadalq_s16(second, vmlal_s8(vmull_s8(vget_high_s8(a), x), vget_high_s8(b), y));
        }
        // Each output's sum lies in two neighbouring lanes.
        vpaddq_s32(first, second)
    }
}
