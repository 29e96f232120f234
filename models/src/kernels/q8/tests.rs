#![allow(clippy::unwrap_used, clippy::expect_used)]

use proptest::prelude::{any, prop_assert, proptest};

use super::{BLOCK, BLOCK_BYTES, Instructions, Matrix, OUTPUTS, Rows, f16_to_f32};

fn all_instructions() -> Vec<Instructions> {
    #[cfg_attr(not(any(target_arch = "x86_64", target_arch = "aarch64")), expect(unused_mut, reason = "other processors have no more"))]
    let mut all = vec![Instructions::Portable, Instructions::best()];
    #[cfg(target_arch = "x86_64")]
    if Instructions::best() != Instructions::Portable {
        all.push(Instructions::Avx2);
    }
    #[cfg(target_arch = "aarch64")]
    all.push(Instructions::Neon);
    all
}

fn random(state: &mut u32) -> u32 {
    *state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
    *state >> 8
}

fn random_weights(state: &mut u32, outputs: usize, blocks: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    for _ in 0..outputs * blocks {
        bytes.extend(half::f16::from_f32((random(state) % 1000) as f32 * 1e-4 - 0.02).to_le_bytes());
        // Every byte that a file may hold, -128 too.
        bytes.extend((0..BLOCK).map(|_| random(state) as u8));
    }
    bytes
}

fn random_rows(state: &mut u32, count: usize, inputs: usize) -> (Vec<f32>, Rows) {
    let values: Vec<f32> = (0..count * inputs).map(|_| random(state) as f32 / 8_388_608.0 - 1.0).collect();
    let mut rows = Rows::default();
    rows.quantize(&values, inputs);
    (values, rows)
}

proptest! {
    #[test]
    fn every_form_gives_the_portable_product(panels in 1_usize..4, blocks in 1_usize..5, count in 1_usize..18, seed in any::<u32>()) {
        let mut state = seed;
        let (outputs, inputs) = (panels * OUTPUTS, blocks * BLOCK);
        let bytes = random_weights(&mut state, outputs, blocks);
        let (_, rows) = random_rows(&mut state, count, inputs);
        let products: Vec<Vec<f32>> = all_instructions()
            .into_iter()
            .map(|instructions| {
                let mut out = vec![0.0; count * outputs];
                Matrix::pack_for(instructions, &[&bytes], inputs).unwrap().multiply(&rows, &mut out);
                out
            })
            .collect();
        for product in &products {
            for (found, portable) in product.iter().zip(&products[0]) {
                prop_assert!((found - portable).abs() < 1e-3, "{found} is not {portable}");
            }
        }
    }
}

#[test]
fn the_largest_values_do_not_overflow() {
    let mut bytes = Vec::new();
    for _ in 0..OUTPUTS {
        bytes.extend(half::f16::ONE.to_le_bytes());
        bytes.extend([i8::MIN as u8; BLOCK]);
    }
    let mut rows = Rows::default();
    rows.quantize(&[-127.0; BLOCK], BLOCK);
    for instructions in all_instructions() {
        let mut out = [0.0; OUTPUTS];
        Matrix::pack_for(instructions, &[&bytes], BLOCK).unwrap().multiply(&rows, &mut out);
        assert_eq!(out, [127.0 * 127.0 * 32.0; OUTPUTS], "{instructions:?}");
    }
}

#[test]
fn the_product_is_near_that_of_the_numbers_before_rounding() {
    let (outputs, inputs) = (64, 576);
    let mut state = 7;
    let matrix = Matrix::pack(&[&random_weights(&mut state, outputs, inputs / BLOCK)], inputs).unwrap();
    let (values, rows) = random_rows(&mut state, 3, inputs);
    let mut out = vec![0.0; 3 * outputs];
    matrix.multiply(&rows, &mut out);
    let mut weights = vec![0.0; inputs];
    for output in 0..outputs {
        matrix.row(output, &mut weights);
        for row in 0..3 {
            let exact: f32 = weights.iter().zip(&values[row * inputs..]).map(|(w, v)| w * v).sum();
            let size: f32 = weights.iter().map(|w| w * w).sum::<f32>().sqrt();
            assert!((out[row * outputs + output] - exact).abs() < 0.02 * size, "output {output} of row {row}");
        }
    }
}

#[test]
fn a_rows_product_does_not_depend_on_its_neighbours_or_on_threads() {
    let (outputs, inputs) = (1024, 576);
    let mut state = 3;
    let matrix = Matrix::pack(&[&random_weights(&mut state, outputs, inputs / BLOCK)], inputs).unwrap();
    let (values, rows) = random_rows(&mut state, 13, inputs);
    let mut together = vec![0.0; 13 * outputs];
    matrix.multiply(&rows, &mut together);
    let pool = rayon::ThreadPoolBuilder::new().num_threads(3).build().unwrap();
    for row in 0..13 {
        let mut alone = vec![0.0; outputs];
        let mut rows = Rows::default();
        rows.quantize(&values[row * inputs..][..inputs], inputs);
        pool.install(|| matrix.multiply(&rows, &mut alone));
        assert_eq!(alone, together[row * outputs..][..outputs]);
    }
}

#[test]
fn parts_are_packed_one_below_the_other() {
    let mut state = 5;
    let (first, second) = (random_weights(&mut state, 24, 2), random_weights(&mut state, 8, 2));
    let joined = Matrix::pack(&[&[first.clone(), second.clone()].concat()], 64).unwrap();
    let parts = Matrix::pack(&[&first, &second], 64).unwrap();
    assert_eq!(parts.outputs(), 32);
    let (mut a, mut b) = ([0.0; 64], [0.0; 64]);
    for output in 0..32 {
        joined.row(output, &mut a);
        parts.row(output, &mut b);
        assert_eq!(a, b);
    }
}

#[test]
fn what_is_no_whole_matrix_is_refused() {
    let whole = vec![0; OUTPUTS * BLOCK_BYTES];
    assert!(Matrix::pack(&[&whole], BLOCK).is_some());
    assert!(Matrix::pack(&[&whole[1..]], BLOCK).is_none());
    assert!(Matrix::pack(&[&whole[BLOCK_BYTES..]], BLOCK).is_none());
    assert!(Matrix::pack(&[&whole], 0).is_none());
    assert!(Matrix::pack(&[&whole], 33).is_none());
    let infinite = [&[0x00, 0x7c], &whole[2..]].concat();
    assert!(Matrix::pack(&[&infinite], BLOCK).is_none());
}

#[test]
fn every_finite_half_is_read_exactly() {
    for bits in 0..=u16::MAX {
        let right = half::f16::from_bits(bits);
        if right.is_finite() {
            assert_eq!(f16_to_f32(bits).to_bits(), right.to_f32().to_bits(), "{bits:#06x}");
        }
    }
}
