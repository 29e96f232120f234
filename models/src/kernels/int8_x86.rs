//! The 8-bit kernel for x86-64 with AVX-512 VNNI: one instruction multiplies 64 pairs and adds them in fours.
#![expect(unsafe_code, reason = "vector instructions")]

use std::arch::x86_64::{__m512i, _mm512_dpbusd_epi32, _mm512_loadu_si512, _mm512_set1_epi32, _mm512_setzero_si512, _mm512_storeu_si512};

use super::int8::{GROUP, Kernel, PANEL, ROWS, TOGETHER, Tile, portable};

/// The kernel, if this processor has the instructions.
pub(super) fn kernel() -> Option<Kernel> {
    let found = is_x86_feature_detected!("avx512f") && is_x86_feature_detected!("avx512vnni");
    found.then_some(Kernel { tile: checked, lowered: 0 })
}

fn checked(activations: &[u8], inputs: usize, panels: &[i8], tile: &mut Tile) {
    let panel_bytes = PANEL * inputs;
    if !inputs.is_multiple_of(GROUP) {
        return portable(activations, inputs, panels, tile);
    }
    let count = (panels.len() / panel_bytes).min(TOGETHER);
    let rows = (activations.len() / inputs).min(ROWS);
    // SAFETY: `kernel` hands this function out only where both features are; the slices hold so many rows and panels.
    unsafe {
        if (rows, count) == (ROWS, TOGETHER) {
            return run::<ROWS, TOGETHER>(activations, inputs, panels, tile, 0);
        }
        for (p, panel) in panels.chunks_exact(panel_bytes).take(count).enumerate() {
            match rows {
                ROWS => run::<ROWS, 1>(activations, inputs, panel, tile, p),
                3 => run::<3, 1>(activations, inputs, panel, tile, p),
                2 => run::<2, 1>(activations, inputs, panel, tile, p),
                1 => run::<1, 1>(activations, inputs, panel, tile, p),
                _ => {}
            }
        }
    }
}

/// `R` rows times `P` panels, into the tile from its panel `first` on.
///
/// # Safety
/// The processor has the features; `inputs` is a multiple of [`GROUP`], `activations` holds `R` rows, `panels` holds `P` panels.
#[target_feature(enable = "avx512f,avx512vnni")]
unsafe fn run<const R: usize, const P: usize>(activations: &[u8], inputs: usize, panels: &[i8], tile: &mut Tile, first: usize) {
    let mut sums = [[_mm512_setzero_si512(); P]; R];
    for group in 0..inputs / GROUP {
        let mut weights = [_mm512_setzero_si512(); P];
        for (p, weights) in weights.iter_mut().enumerate() {
            // SAFETY: panel `p` holds `inputs / GROUP` groups of 64 bytes.
            *weights = unsafe { _mm512_loadu_si512(panels.as_ptr().add((p * inputs + group * GROUP) * PANEL).cast::<__m512i>()) };
        }
        for (r, sums) in sums.iter_mut().enumerate() {
            // SAFETY: row `r` holds `inputs` bytes, of which four begin here.
            let four = unsafe { activations.as_ptr().add(r * inputs + group * GROUP).cast::<i32>().read_unaligned() };
            let values = _mm512_set1_epi32(four);
            for (sum, weights) in sums.iter_mut().zip(weights) {
                *sum = _mm512_dpbusd_epi32(*sum, values, weights);
            }
        }
    }
    for (row, sums) in tile.iter_mut().zip(&sums) {
        for (out, sums) in row.iter_mut().skip(first).zip(sums) {
            // SAFETY: a panel's sums in a tile are 64 bytes.
            unsafe { _mm512_storeu_si512(out.as_mut_ptr().cast::<__m512i>(), *sums) };
        }
    }
}
