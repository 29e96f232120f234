//! The product on x86: AVX-512 VNNI (Ice Lake, Zen 4 and later) and AVX2 with fused multiply-add.

#![expect(unsafe_code, reason = "vector loads, and calls of functions compiled for instructions that were found present")]
#![expect(clippy::needless_range_loop, reason = "counting keeps arrays of vectors in registers")]

use std::arch::x86_64::{
    _mm_loadu_si128, _mm256_abs_epi8, _mm256_add_epi32, _mm256_cvtepi32_ps, _mm256_cvtph_ps, _mm256_fmadd_ps, _mm256_load_si256,
    _mm256_loadu_si256, _mm256_madd_epi16, _mm256_maddubs_epi16, _mm256_mul_ps, _mm256_set1_epi16, _mm256_set1_epi32, _mm256_set1_ps,
    _mm256_setzero_ps, _mm256_setzero_si256, _mm256_sign_epi8, _mm256_storeu_ps, _mm512_cvtepi32_ps, _mm512_cvtph_ps, _mm512_dpbusd_epi32,
    _mm512_fmadd_ps, _mm512_load_si512, _mm512_mul_ps, _mm512_set1_epi32, _mm512_set1_ps, _mm512_setzero_ps, _mm512_setzero_si512,
    _mm512_storeu_ps,
};

use super::rows::Row;
use super::{GROUPS, OUTPUTS, Panel};

/// Only for matrices packed for AVX-512 VNNI, which are packed only where it was found.
pub(super) fn tile_avx512<const COUNT: usize>(panel: &Panel<'_>, rows: &[Row<'_>; COUNT]) -> [[f32; OUTPUTS]; COUNT] {
    // SAFETY: `Instructions::Avx512Vnni` is chosen only after the processor was found to have these features.
    unsafe { avx512(panel, rows) }
}

/// Only for matrices packed for AVX2, which are packed only where it was found.
pub(super) fn tile_avx2<const COUNT: usize>(panel: &Panel<'_>, rows: &[Row<'_>; COUNT]) -> [[f32; OUTPUTS]; COUNT] {
    // SAFETY: `Instructions::Avx2` is chosen only after the processor was found to have these features.
    unsafe { avx2(panel, rows) }
}

/// Four neighbouring activations of a block as the integer whose bytes they are.
#[inline(always)]
fn four(block: &[[i8; 4]; GROUPS], group: usize) -> i32 {
    i32::from_le_bytes(block[group].map(|value| value as u8))
}

// The loops below count instead of calling `map` or `from_fn` on arrays of vectors: those are compiled without the vector instructions,
// and would pass every vector through memory.

#[target_feature(enable = "avx512f,avx512bw,avx512vnni")]
fn avx512<const COUNT: usize>(panel: &Panel<'_>, rows: &[Row<'_>; COUNT]) -> [[f32; OUTPUTS]; COUNT] {
    let mut sums = [_mm512_setzero_ps(); COUNT];
    for (block, (groups, scales)) in panel.groups.as_chunks::<GROUPS>().0.iter().zip(panel.scales).enumerate() {
        let mut products = [_mm512_setzero_si512(); COUNT];
        for r in 0..COUNT {
            // The weights are stored moved up by 128: take back 128 times the sum of the activations.
            products[r] = _mm512_set1_epi32(-128 * rows[r].sums[block]);
        }
        for g in 0..GROUPS {
            // SAFETY: a group is 64 bytes, aligned to 64.
            let weights = unsafe { _mm512_load_si512((&raw const groups[g]).cast()) };
            for r in 0..COUNT {
                products[r] = _mm512_dpbusd_epi32(products[r], weights, _mm512_set1_epi32(four(&rows[r].quants[block], g)));
            }
        }
        // SAFETY: the scales of a block are 32 bytes.
        let scales = _mm512_cvtph_ps(unsafe { _mm256_loadu_si256(scales.as_ptr().cast()) });
        for r in 0..COUNT {
            let scale = _mm512_mul_ps(scales, _mm512_set1_ps(rows[r].scales[block]));
            sums[r] = _mm512_fmadd_ps(_mm512_cvtepi32_ps(products[r]), scale, sums[r]);
        }
    }
    let mut out = [[0.0; OUTPUTS]; COUNT];
    for r in 0..COUNT {
        // SAFETY: there is room for 16 values.
        unsafe { _mm512_storeu_ps(out[r].as_mut_ptr(), sums[r]) };
    }
    out
}

#[target_feature(enable = "avx2,fma,f16c")]
fn avx2<const COUNT: usize>(panel: &Panel<'_>, rows: &[Row<'_>; COUNT]) -> [[f32; OUTPUTS]; COUNT] {
    const HALF: usize = OUTPUTS / 2;
    let ones = _mm256_set1_epi16(1);
    let mut out = [[0.0; OUTPUTS]; COUNT];
    for half in 0..2 {
        let mut sums = [_mm256_setzero_ps(); COUNT];
        for (block, (groups, scales)) in panel.groups.as_chunks::<GROUPS>().0.iter().zip(panel.scales).enumerate() {
            let mut products = [_mm256_setzero_si256(); COUNT];
            for g in 0..GROUPS {
                // SAFETY: half a group is 32 bytes, aligned to 32.
                let weights = unsafe { _mm256_load_si256((&raw const groups[g].0[half * HALF]).cast()) };
                for r in 0..COUNT {
                    // Unsigned by signed: the activations' signs go to the weights. 2 x 127 x 127 fits 16 bits.
                    let values = _mm256_set1_epi32(four(&rows[r].quants[block], g));
                    let pairs = _mm256_maddubs_epi16(_mm256_abs_epi8(values), _mm256_sign_epi8(weights, values));
                    products[r] = _mm256_add_epi32(products[r], _mm256_madd_epi16(pairs, ones));
                }
            }
            // SAFETY: half the scales of a block are 16 bytes.
            let scales = _mm256_cvtph_ps(unsafe { _mm_loadu_si128((&raw const scales[half * HALF]).cast()) });
            for r in 0..COUNT {
                let scale = _mm256_mul_ps(scales, _mm256_set1_ps(rows[r].scales[block]));
                sums[r] = _mm256_fmadd_ps(_mm256_cvtepi32_ps(products[r]), scale, sums[r]);
            }
        }
        for r in 0..COUNT {
            // SAFETY: there is room for 8 values behind the first of this half.
            unsafe { _mm256_storeu_ps((&raw mut out[r][half * HALF]).cast(), sums[r]) };
        }
    }
    out
}
