//! The products of [`super::panels`] in AVX2 and AVX-512 VNNI, and the rounding of what goes into them.

use std::arch::x86_64::*;

use super::elementwise::ROUND;
use super::panels::{PANEL, ROWS, Scales, Sums};
use super::rounded::{BLOCK, Row};

/// As `multiply_portable`, on weights offset by 128.
///
/// # Safety
/// The processor must have AVX-512 F and VNNI.
#[target_feature(enable = "avx512f,avx512bw,avx512vnni")]
pub(super) unsafe fn multiply_avx512(scales: Scales<'_>, weights: &[i8], rows: &[Row<'_>; ROWS], count: usize, sums: &mut Sums) {
    // SAFETY: the features are this function's own condition; `avx512` checks its lengths.
    unsafe {
        if scales.even {
            avx512_rows::<true>(scales, weights, rows, count, sums);
        } else {
            avx512_rows::<false>(scales, weights, rows, count, sums);
        }
    }
}

/// # Safety
/// As [`multiply_avx512`].
#[inline]
#[target_feature(enable = "avx512f,avx512bw,avx512vnni")]
unsafe fn avx512_rows<const EVEN: bool>(scales: Scales<'_>, weights: &[i8], rows: &[Row<'_>; ROWS], count: usize, sums: &mut Sums) {
    // SAFETY: handed on to the caller.
    unsafe {
        match count {
            1 => avx512::<1, EVEN>(scales, weights, rows, sums),
            2 => avx512::<2, EVEN>(scales, weights, rows, sums),
            3 => avx512::<3, EVEN>(scales, weights, rows, sums),
            4 => avx512::<4, EVEN>(scales, weights, rows, sums),
            5 => avx512::<5, EVEN>(scales, weights, rows, sums),
            6 => avx512::<6, EVEN>(scales, weights, rows, sums),
            7 => avx512::<7, EVEN>(scales, weights, rows, sums),
            _ => avx512::<ROWS, EVEN>(scales, weights, rows, sums),
        }
    }
}

/// With `EVEN` scales those of the weights are multiplied by once, after all blocks.
///
/// # Safety
/// As [`multiply_avx512`].
#[inline]
#[target_feature(enable = "avx512f,avx512bw,avx512vnni")]
unsafe fn avx512<const COUNT: usize, const EVEN: bool>(scales: Scales<'_>, weights: &[i8], rows: &[Row<'_>; ROWS], sums: &mut Sums) {
    let blocks = blocks(scales, weights, rows);
    let mut totals = [_mm512_setzero_ps(); COUNT];
    for block in 0..blocks {
        // SAFETY: `blocks` has checked that all slices hold that many blocks; loads are unaligned.
        unsafe {
            let weights = weights.as_ptr().add(block * BLOCK * PANEL);
            let mut dots: [__m512i; COUNT] = std::array::from_fn(|row| _mm512_set1_epi32(*rows[row].offsets.get_unchecked(block)));
            for four in 0..BLOCK / 4 {
                let weight = _mm512_loadu_si512(weights.add(four * PANEL * 4).cast());
                for row in 0..COUNT {
                    let inputs = rows[row].values.as_ptr().add(block * BLOCK + four * 4).cast::<i32>().read_unaligned();
                    dots[row] = _mm512_dpbusd_epi32(dots[row], weight, _mm512_set1_epi32(inputs));
                }
            }
            for row in 0..COUNT {
                let scale = _mm512_set1_ps(*rows[row].scales.get_unchecked(block));
                let scale = if EVEN { scale } else { _mm512_mul_ps(_mm512_loadu_ps(scales.values.as_ptr().add(block * PANEL)), scale) };
                totals[row] = _mm512_fmadd_ps(_mm512_cvtepi32_ps(dots[row]), scale, totals[row]);
            }
        }
    }
    for (total, sums) in totals.into_iter().zip(sums) {
        // SAFETY: the sums of a row are as wide as the register, and so are even scales, which a panel with blocks has.
        unsafe {
            let total = if EVEN && blocks > 0 { _mm512_mul_ps(total, _mm512_loadu_ps(scales.values.as_ptr())) } else { total };
            _mm512_storeu_ps(sums.as_mut_ptr(), total);
        }
    }
}

/// As `multiply_portable`.
///
/// # Safety
/// The processor must have AVX2 and FMA.
#[target_feature(enable = "avx2,fma")]
pub(super) unsafe fn multiply_avx2(scales: Scales<'_>, weights: &[i8], rows: &[Row<'_>; ROWS], count: usize, sums: &mut Sums) {
    let mut first = 0;
    while first < count {
        // SAFETY: the features are this function's own condition; `avx2` checks its lengths.
        unsafe {
            if count - first >= 2 {
                avx2::<2>(scales, weights, rows, first, sums);
                first += 2;
            } else {
                avx2::<1>(scales, weights, rows, first, sums);
                first += 1;
            }
        }
    }
}

/// # Safety
/// As [`multiply_avx2`].
#[inline]
#[target_feature(enable = "avx2,fma")]
unsafe fn avx2<const COUNT: usize>(scales: Scales<'_>, weights: &[i8], rows: &[Row<'_>; ROWS], first: usize, sums: &mut Sums) {
    let blocks = blocks(scales, weights, rows);
    let ones = _mm256_set1_epi16(1);
    let mut totals = [[_mm256_setzero_ps(); 2]; COUNT];
    for block in 0..blocks {
        // SAFETY: `blocks` has checked that all slices hold that many blocks; loads are unaligned.
        unsafe {
            let weights = weights.as_ptr().add(block * BLOCK * PANEL);
            let mut dots = [[_mm256_setzero_si256(); 2]; COUNT];
            for four in 0..BLOCK / 4 {
                for half in 0..2 {
                    let weight = _mm256_loadu_si256(weights.add((four * PANEL + half * 8) * 4).cast());
                    for row in 0..COUNT {
                        let inputs = rows[first + row].values.as_ptr().add(block * BLOCK + four * 4).cast::<i32>().read_unaligned();
                        let inputs = _mm256_set1_epi32(inputs);
                        // `maddubs` wants one side unsigned: move the sign of the input over to the weight.
                        let pairs = _mm256_maddubs_epi16(_mm256_abs_epi8(inputs), _mm256_sign_epi8(weight, inputs));
                        dots[row][half] = _mm256_add_epi32(dots[row][half], _mm256_madd_epi16(pairs, ones));
                    }
                }
            }
            for half in 0..2 {
                let scale = _mm256_loadu_ps(scales.values.as_ptr().add(block * scales.step() + half * 8));
                for row in 0..COUNT {
                    let scale = _mm256_mul_ps(scale, _mm256_set1_ps(*rows[first + row].scales.get_unchecked(block)));
                    totals[row][half] = _mm256_fmadd_ps(_mm256_cvtepi32_ps(dots[row][half]), scale, totals[row][half]);
                }
            }
        }
    }
    for (row, halves) in totals.into_iter().enumerate() {
        for (half, total) in halves.into_iter().enumerate() {
            // SAFETY: two halves of eight fill the sums of a row.
            unsafe { _mm256_storeu_ps(sums[first + row].as_mut_ptr().add(half * 8), total) };
        }
    }
}

/// As `elementwise::round_blocks_compiled`.
///
/// # Safety
/// The processor must have AVX-512 F.
#[target_feature(enable = "avx512f")]
pub(super) unsafe fn round_blocks_avx512(x: &[f32], values: &mut [i8], scales: &mut [f32], offsets: &mut [i32]) {
    let (x, values) = (x.as_chunks::<BLOCK>().0, values.as_chunks_mut::<BLOCK>().0);
    let round = _mm512_set1_ps(ROUND);
    for (((x, values), scale), offset) in x.iter().zip(values).zip(scales).zip(offsets) {
        // SAFETY: a block is two registers of values, and two halves of a register of bytes; loads and stores are unaligned.
        unsafe {
            let halves = [_mm512_loadu_ps(x.as_ptr()), _mm512_loadu_ps(x.as_ptr().add(BLOCK / 2))];
            let most = _mm512_reduce_max_ps(_mm512_max_ps(_mm512_abs_ps(halves[0]), _mm512_abs_ps(halves[1])));
            let inverse = _mm512_set1_ps(if most > 0.0 { 127.0 / most } else { 0.0 });
            let rounded = halves.map(|half| {
                let shifted = _mm512_castps_si512(_mm512_fmadd_ps(half, inverse, round));
                _mm512_sub_epi32(shifted, _mm512_castps_si512(round))
            });
            for (half, rounded) in rounded.into_iter().enumerate() {
                _mm_storeu_si128(values.as_mut_ptr().add(half * BLOCK / 2).cast(), _mm512_cvtepi32_epi8(rounded));
            }
            *scale = most / 127.0;
            *offset = _mm512_reduce_add_epi32(_mm512_add_epi32(rounded[0], rounded[1])).wrapping_mul(-128);
        }
    }
}

/// How many blocks all of the slices hold.
fn blocks(scales: Scales<'_>, weights: &[i8], rows: &[Row<'_>; ROWS]) -> usize {
    let mut blocks = scales.blocks().min(weights.len() / (BLOCK * PANEL));
    for row in rows {
        blocks = blocks.min(row.values.len() / BLOCK).min(row.scales.len()).min(row.offsets.len());
    }
    blocks
}
