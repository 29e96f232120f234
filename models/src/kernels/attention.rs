//! Causal attention of one row of queries over the keys and values before it, heads in groups that share their keys and values.
//!
//! Nothing is repeated and no matrix is built: a group's queries pass over each key once and over each value once.

use super::lanes::{self, LANES, multiply_add};
use super::pointwise::exponentiate;

/// The keys and values that a group of heads attends to.
#[derive(Clone, Copy, Debug)]
pub struct Past<'a> {
    /// Keys, `width` values for each position.
    pub keys: &'a [f32],
    /// Values, as the keys.
    pub values: &'a [f32],
}

/// Attention (Vaswani et al. 2017) of the heads in `queries` over all of `past`, into `out`; both hold `width` values for each head.
///
/// `scores` is room for the work; what it holds is of no meaning.
///
/// # Panics
/// If `width` is not a positive multiple of 16, or the sizes do not agree.
pub fn attend(queries: &[f32], past: Past<'_>, width: usize, scores: &mut Vec<f32>, out: &mut [f32]) {
    assert!(width > 0 && width.is_multiple_of(LANES) && queries.len() == out.len(), "the sizes of an attention do not agree");
    assert!(past.keys.len() == past.values.len() && past.keys.len().is_multiple_of(width), "keys and values do not agree");
    let heads = queries.len() / width;
    scores.resize(heads * past.keys.len() / width, 0.0);
    lanes::dispatch(Attend { queries, past, width, scores, out });
}

struct Attend<'a> {
    queries: &'a [f32],
    past: Past<'a>,
    width: usize,
    scores: &'a mut [f32],
    out: &'a mut [f32],
}

impl lanes::Work for Attend<'_> {
    #[inline(always)]
    fn run<const FUSED: bool>(self) {
        let width = self.width;
        let positions = self.past.keys.len() / width;
        if positions == 0 {
            self.out.fill(0.0);
            return;
        }
        let scale = 1.0 / (width as f32).sqrt();
        for (position, key) in self.past.keys.chunks_exact(width).enumerate() {
            for (query, scores) in self.queries.chunks_exact(width).zip(self.scores.chunks_exact_mut(positions)) {
                scores[position] = scale * lanes::dot::<FUSED>(query, key);
            }
        }
        for (scores, out) in self.scores.chunks_exact_mut(positions).zip(self.out.chunks_exact_mut(width)) {
            let share = 1.0 / exponentiate::<FUSED>(scores);
            for (start, out) in out.as_chunks_mut::<LANES>().0.iter_mut().enumerate() {
                let mut sums = [0.0; LANES];
                for (score, value) in scores.iter().zip(self.past.values.chunks_exact(width)) {
                    let value = &value.as_chunks::<LANES>().0[start];
                    for lane in 0..LANES {
                        sums[lane] = multiply_add::<FUSED>(*score, value[lane], sums[lane]);
                    }
                }
                *out = sums.map(|sum| sum * share);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attention_is_its_formula() {
        let (heads, width, positions) = (3, 32, 21);
        let value = |seed: usize, index: usize| ((index * 7919 + seed * 104_729) % 1000) as f32 / 500.0 - 1.0;
        let queries: Vec<f32> = (0..heads * width).map(|index| value(1, index)).collect();
        let keys: Vec<f32> = (0..positions * width).map(|index| value(2, index)).collect();
        let values: Vec<f32> = (0..positions * width).map(|index| value(3, index)).collect();
        let mut out = vec![0.0; heads * width];
        attend(&queries, Past { keys: &keys, values: &values }, width, &mut Vec::new(), &mut out);

        for head in 0..heads {
            let score = |position: usize| {
                let products = (0..width).map(|i| f64::from(queries[head * width + i]) * f64::from(keys[position * width + i]));
                (products.sum::<f64>() / (width as f64).sqrt()).exp()
            };
            let sum: f64 = (0..positions).map(score).sum();
            for i in 0..width {
                let right = (0..positions).map(|p| score(p) / sum * f64::from(values[p * width + i])).sum::<f64>();
                let found = out[head * width + i];
                assert!((f64::from(found) - right).abs() < 1e-5, "{found} is not {right}");
            }
        }
    }
}
