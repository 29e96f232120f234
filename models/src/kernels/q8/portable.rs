//! The product for any processor; the other forms are tested against it.

use super::rows::Row;
use super::{GROUPS, OUTPUTS, Panel, f16_to_f32};

pub(super) fn tile<const COUNT: usize>(panel: &Panel<'_>, rows: &[Row<'_>; COUNT]) -> [[f32; OUTPUTS]; COUNT] {
    let mut sums = [[0.0; OUTPUTS]; COUNT];
    for (block, (groups, scales)) in panel.groups.as_chunks::<GROUPS>().0.iter().zip(panel.scales).enumerate() {
        let scales = scales.map(f16_to_f32);
        for (row, sums) in rows.iter().zip(&mut sums) {
            let mut products = [0_i32; OUTPUTS];
            for (group, values) in groups.iter().zip(&row.quants[block]) {
                for (product, weights) in products.iter_mut().zip(&group.0) {
                    *product += weights.iter().zip(values).map(|(weight, value)| i32::from(*weight) * i32::from(*value)).sum::<i32>();
                }
            }
            for ((sum, product), scale) in sums.iter_mut().zip(products).zip(scales) {
                *sum += product as f32 * (scale * row.scales[block]);
            }
        }
    }
    sums
}
