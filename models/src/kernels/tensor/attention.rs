//! Attention on the CPU, one tile of queries of one head at a time: the scores stay in the second-level cache and are never
//! kept for all heads at once. Heads are columns of the projections, read where they lie.

#![allow(unsafe_code)]

use candle_core::{Result, Tensor, bail};

use super::matmul::{View, multiply};
use super::share::{Shared, parallel, tensor, with_values};
use super::{Isa, elementwise};

/// Every position attends to every other. `qkv` has shape `[positions, 3 width]`: queries, keys and values side by side, each of `heads`
/// heads. Gives `[positions, width]`.
///
/// # Errors
/// If the width does not divide by `heads`, or the tensor is not `f32` on the CPU.
pub fn self_attention(qkv: &Tensor, heads: usize) -> Result<Tensor> {
    /// Queries to a task: enough that packing keys and values does not count, few enough that scores stay in cache.
    const TILE: usize = 64;
    let (positions, columns) = qkv.dims2()?;
    let width = columns / 3;
    if heads == 0 || !columns.is_multiple_of(3) || !width.is_multiple_of(heads) {
        bail!("{columns} columns are not three times {heads} heads");
    }
    let (size, isa) = (width / heads, Isa::best());
    let scale = 1.0 / (size as f32).sqrt();
    let mut out = vec![0.0; positions * width];
    with_values(qkv, |qkv| {
        let shared = Shared::new(&mut out);
        let tiles = positions.div_ceil(TILE);
        parallel(heads * tiles, |tasks| {
            let mut scores = vec![0.0; TILE * positions];
            let mut mixed = vec![0.0; TILE * size];
            for task in tasks {
                let (head, first) = (task / tiles, (task % tiles) * TILE);
                let count = TILE.min(positions - first);
                let view = |part: usize, first: usize, rows: usize| View {
                    values: &qkv[first * columns + part * width + head * size..],
                    rows,
                    columns: size,
                    stride: columns,
                };
                multiply(view(0, first, count), view(1, 0, positions), true, &mut scores, positions);
                let mut sums = [0.0; TILE];
                for (row, sum) in scores.chunks_exact_mut(positions).zip(&mut sums).take(count) {
                    *sum = elementwise::exponentials(isa, row, scale);
                }
                let weights = View { values: &scores, rows: count, columns: positions, stride: positions };
                multiply(weights, view(2, 0, positions), false, &mut mixed, size);
                for ((row, sum), index) in mixed.chunks_exact(size).zip(sums).zip(first..first + count) {
                    let place = index * width + head * size;
                    // SAFETY: each head of each query is given to one thread.
                    let out = unsafe { shared.part(place..place + size) };
                    for (out, value) in out.iter_mut().zip(row) {
                        *out = value / sum;
                    }
                }
            }
        });
        Ok(())
    })?;
    tensor(out, (positions, width))
}

/// Keys and values that a few queries at a time attend to: those of the words so far, or those of the whole audio.
#[derive(Clone, Debug)]
pub struct KeysValues {
    width: usize,
    heads: usize,
    /// Rows of `2 width`: a position's keys, then its values.
    rows: Vec<f32>,
}

impl KeysValues {
    /// None yet, with room for `positions`.
    ///
    /// # Errors
    /// If the width does not divide by `heads`.
    pub fn with_room(width: usize, heads: usize, positions: usize) -> Result<Self> {
        if heads == 0 || width == 0 || !width.is_multiple_of(heads) {
            bail!("{heads} heads in a width of {width}");
        }
        Ok(Self { width, heads, rows: Vec::with_capacity(2 * width * positions) })
    }

    /// How many positions there are.
    #[must_use]
    pub fn positions(&self) -> usize {
        self.rows.len() / (2 * self.width)
    }

    /// Append the last `2 width` columns of `projected`, of shape `[count, at least 2 width]`.
    ///
    /// # Errors
    /// If there are fewer columns, or the tensor is not `f32` on the CPU.
    pub fn push(&mut self, projected: &Tensor) -> Result<()> {
        let columns = projected.dim(1)?;
        let Some(skip) = columns.checked_sub(2 * self.width) else {
            bail!("{columns} columns hold no keys and values of {}", self.width);
        };
        with_values(projected, |values| {
            for row in values.chunks_exact(columns) {
                self.rows.extend_from_slice(&row[skip..]);
            }
            Ok(())
        })
    }

    /// The first `width` columns of each row of `queries` attend to every position. Gives `[count, width]`.
    ///
    /// # Errors
    /// If there is no position, too few columns, or the tensor is not `f32` on the CPU.
    pub fn attend(&self, queries: &Tensor) -> Result<Tensor> {
        let all = self.positions();
        self.few_queries(queries, |_| all)
    }

    /// As [`KeysValues::attend`], where the queries stand at the last positions, and each sees only those up to its own.
    ///
    /// # Errors
    /// As [`KeysValues::attend`], or if there are more queries than positions.
    pub fn attend_causally(&self, queries: &Tensor) -> Result<Tensor> {
        let (all, count) = (self.positions(), queries.dim(0)?);
        self.few_queries(queries, |query| (all + query + 1).saturating_sub(count))
    }

    fn few_queries(&self, queries: &Tensor, visible: impl Fn(usize) -> usize + Sync) -> Result<Tensor> {
        let (width, positions) = (self.width, self.positions());
        let (count, columns) = queries.dims2()?;
        if columns < width || (0..count).any(|query| !(1..=positions).contains(&visible(query))) {
            bail!("{count} queries of {columns} columns over {positions} positions of {width}");
        }
        let (size, isa) = (width / self.heads, Isa::best());
        let scale = 1.0 / (size as f32).sqrt();
        let mut out = vec![0.0; count * width];
        with_values(queries, |queries| {
            let shared = Shared::new(&mut out);
            parallel(self.heads, |heads| {
                let mut scores = vec![0.0; positions];
                for head in heads {
                    let part = head * size..(head + 1) * size;
                    for query in 0..count {
                        let scores = &mut scores[..visible(query)];
                        let row = &queries[query * columns..][part.clone()];
                        for (score, position) in scores.iter_mut().zip(self.rows.chunks_exact(2 * width)) {
                            *score = elementwise::dot(isa, row, &position[part.clone()]);
                        }
                        let sum = elementwise::exponentials(isa, scores, scale);
                        let place = query * width + part.start;
                        // SAFETY: each head is given to one thread.
                        let out = unsafe { shared.part(place..place + size) };
                        for (score, position) in scores.iter().zip(self.rows.chunks_exact(2 * width)) {
                            elementwise::accumulate(isa, out, score / sum, &position[width..][part.clone()]);
                        }
                    }
                }
            });
            Ok(())
        })?;
        tensor(out, (count, width))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use candle_core::{D, Device};

    use super::*;

    fn waves(rows: usize, columns: usize) -> Tensor {
        let angles = Tensor::arange(0.0_f32, (rows * columns) as f32, &Device::Cpu).unwrap();
        angles.sqr().unwrap().affine(1e-3, 0.0).unwrap().sin().unwrap().reshape((rows, columns)).unwrap()
    }

    /// Attention as the textbook has it, all heads at once, with an optional mask that is added to the scores.
    fn textbook(q: &Tensor, k: &Tensor, v: &Tensor, heads: usize, mask: Option<&Tensor>) -> Tensor {
        let split = |x: &Tensor| {
            let (rows, width) = x.dims2().unwrap();
            x.reshape((rows, heads, width / heads)).unwrap().transpose(0, 1).unwrap().contiguous().unwrap()
        };
        let (q, k, v) = (split(q), split(k), split(v));
        let size = q.dim(D::Minus1).unwrap() as f64;
        let mut scores = (q.matmul(&k.transpose(1, 2).unwrap()).unwrap() / size.sqrt()).unwrap();
        if let Some(mask) = mask {
            scores = scores.broadcast_add(mask).unwrap();
        }
        let weights = scores.exp().unwrap();
        let weights = weights.broadcast_div(&weights.sum_keepdim(D::Minus1).unwrap()).unwrap();
        let mixed = weights.matmul(&v).unwrap().transpose(0, 1).unwrap().contiguous().unwrap();
        mixed.flatten_from(1).unwrap()
    }

    fn assert_close(ours: &Tensor, exact: &Tensor) {
        assert_eq!(ours.dims(), exact.dims());
        let worst = (ours - exact).unwrap().abs().unwrap().flatten_all().unwrap().max(0).unwrap().to_scalar::<f32>().unwrap();
        assert!(worst < 1e-5, "off by {worst}");
    }

    #[test]
    fn self_attention_is_the_textbook_s_for_any_number_of_positions() {
        for positions in [1, 5, 64, 65, 200] {
            let qkv = waves(positions, 3 * 32);
            let part = |i: usize| qkv.narrow(1, i * 32, 32).unwrap().contiguous().unwrap();
            assert_close(&self_attention(&qkv, 4).unwrap(), &textbook(&part(0), &part(1), &part(2), 4, None));
        }
    }

    #[test]
    fn a_query_sees_no_key_beyond_its_own_place() {
        let qkv = waves(6, 3 * 32);
        let part = |i: usize| qkv.narrow(1, i * 32, 32).unwrap().contiguous().unwrap();
        let mask: Vec<f32> = (0..36).map(|i| if i % 6 > i / 6 { f32::NEG_INFINITY } else { 0.0 }).collect();
        let mask = Tensor::from_vec(mask, (6, 6), &Device::Cpu).unwrap();
        let mut keys_values = KeysValues::with_room(32, 4, 6).unwrap();
        keys_values.push(&qkv.narrow(0, 0, 4).unwrap()).unwrap();
        keys_values.push(&qkv.narrow(0, 4, 2).unwrap()).unwrap();
        let exact = textbook(&part(0), &part(1), &part(2), 4, Some(&mask));
        assert_close(&keys_values.attend_causally(&qkv).unwrap(), &exact);
        let last = qkv.narrow(0, 5, 1).unwrap();
        assert_close(&keys_values.attend(&last).unwrap(), &exact.narrow(0, 5, 1).unwrap());
    }

    #[test]
    fn queries_without_a_position_of_their_own_are_refused() {
        let mut keys_values = KeysValues::with_room(32, 4, 6).unwrap();
        assert!(keys_values.attend(&waves(1, 32)).is_err());
        keys_values.push(&waves(1, 96)).unwrap();
        assert!(keys_values.attend_causally(&waves(2, 96)).is_err());
        assert!(keys_values.push(&waves(1, 32)).is_err());
        assert!(keys_values.attend(&waves(1, 16)).is_err());
    }
}
