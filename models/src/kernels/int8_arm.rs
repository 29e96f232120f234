//! The 8-bit kernel for ARM with the dot-product extension (Cortex-A76, in the Raspberry Pi 5, has it; the A72 of the Pi 4 does not).
#![expect(unsafe_code, reason = "vector instructions")]

use std::arch::aarch64::{
    int8x16_t, int32x4_t, vdupq_n_s8, vdupq_n_s32, vdupq_n_u8, veorq_u8, vld1q_s8, vreinterpretq_s8_u8, vreinterpretq_u8_s32, vst1q_s32,
};
use std::arch::asm;

use super::int8::{GROUP, Kernel, PANEL, ROWS, TOGETHER, Tile};

/// The kernel, if this processor has the instruction.
pub(super) fn kernel() -> Option<Kernel> {
    std::arch::is_aarch64_feature_detected!("dotprod").then_some(Kernel { tile: checked, lowered: 128 })
}

fn checked(activations: &[u8], inputs: usize, panels: &[i8], tile: &mut Tile) {
    let panel_bytes = PANEL * inputs;
    if !inputs.is_multiple_of(GROUP) {
        return odd(activations, inputs, panels, tile);
    }
    let rows = (activations.len() / inputs).min(ROWS);
    for (p, panel) in panels.chunks_exact(panel_bytes).take(TOGETHER).enumerate() {
        // SAFETY: `kernel` hands this function out only where the feature is; the slices hold so many rows and a panel.
        unsafe {
            match rows {
                ROWS => run::<ROWS>(activations, inputs, panel, tile, p),
                3 => run::<3>(activations, inputs, panel, tile, p),
                2 => run::<2>(activations, inputs, panel, tile, p),
                1 => run::<1>(activations, inputs, panel, tile, p),
                _ => {}
            }
        }
    }
}

/// A length that is no multiple of [`GROUP`]: the last group is filled up with zeros.
fn odd(activations: &[u8], inputs: usize, panels: &[i8], tile: &mut Tile) {
    let whole = inputs.next_multiple_of(GROUP);
    let mut padded = vec![0x80; activations.len() / inputs * whole];
    for (padded, row) in padded.chunks_exact_mut(whole).zip(activations.chunks_exact(inputs)) {
        padded[..inputs].copy_from_slice(row);
    }
    checked(&padded, whole, panels, tile);
}

/// `R` rows times one panel, into the tile's panel `at`. `sdot` takes signed bytes, so activations are lowered by 128.
///
/// # Safety
/// The processor has the feature; `inputs` is a multiple of [`GROUP`], `activations` holds `R` rows, `panel` one panel.
#[target_feature(enable = "dotprod")]
unsafe fn run<const R: usize>(activations: &[u8], inputs: usize, panel: &[i8], tile: &mut Tile, at: usize) {
    let mut sums = [[vdupq_n_s32(0); PANEL / 4]; R];
    let sign = vdupq_n_u8(0x80);
    for group in 0..inputs / GROUP {
        let mut values = [vdupq_n_s8(0); R];
        for (r, values) in values.iter_mut().enumerate() {
            // SAFETY: row `r` holds `inputs` bytes, of which four begin here.
            let four = unsafe { activations.as_ptr().add(r * inputs + group * GROUP).cast::<i32>().read_unaligned() };
            *values = vreinterpretq_s8_u8(veorq_u8(vreinterpretq_u8_s32(vdupq_n_s32(four)), sign));
        }
        for part in 0..PANEL / 4 {
            // SAFETY: the panel holds `inputs / GROUP` groups of 64 bytes.
            let weights = unsafe { vld1q_s8(panel.as_ptr().add(group * GROUP * PANEL + part * 16)) };
            for (sums, values) in sums.iter_mut().zip(values) {
                sums[part] = dot(sums[part], weights, values);
            }
        }
    }
    for (row, sums) in tile.iter_mut().zip(&sums) {
        for (out, sums) in row[at].as_chunks_mut::<4>().0.iter_mut().zip(sums) {
            // SAFETY: the array holds four values.
            unsafe { vst1q_s32(out.as_mut_ptr(), *sums) };
        }
    }
}

/// Four sums of four products each, added to `sum`.
#[target_feature(enable = "dotprod")]
#[inline]
fn dot(sum: int32x4_t, a: int8x16_t, b: int8x16_t) -> int32x4_t {
    let mut sum = sum;
    // SAFETY: the instruction reads and writes the named registers only, and the caller has the feature.
    unsafe {
        asm!("sdot {sum:v}.4s, {a:v}.16b, {b:v}.16b", sum = inout(vreg) sum, a = in(vreg) a, b = in(vreg) b,
            options(pure, nomem, nostack, preserves_flags));
    }
    sum
}
