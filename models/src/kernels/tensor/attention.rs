//! Attention on the CPU, one tile of queries of one head at a time: the scores stay in the second-level cache and are never
//! kept for all heads at once. Heads are columns of the projections, read where they lie.

#![allow(unsafe_code)]

use candle_core::{Result, Tensor, bail};

use super::matmul::{View, multiply};
use super::share::{Shared, parallel, tensor, with_values};
use super::{Isa, elementwise};

/// Positions that are attended to and do not attend themselves, each standing for several that are all but alike: what would be computed
/// again and again for a long silence is kept once, and few positions stand for many.
///
/// In a softmax, `n` equal keys are one key whose score is greater by `ln n`.
#[derive(Clone, Debug)]
pub struct Crowd {
    /// Keys and values: `[count, 2 width]`.
    pub rows: Tensor,
    /// How many positions each row stands for.
    pub each: usize,
}

impl Crowd {
    /// What is added to the score of each of its keys before scores are multiplied by `scale`.
    fn weight(&self, scale: f32) -> f32 {
        (self.each.max(1) as f32).ln() / scale
    }
}

/// Every position attends to every other, and to the `crowd`. `qkv` has shape `[positions, 3 width]`: queries, keys and values side by side,
/// each of `heads` heads. Gives `[positions, width]`.
///
/// # Errors
/// If the width does not divide by `heads`, the crowd has another width, or a tensor is not `f32` on the CPU.
pub fn self_attention(qkv: &Tensor, heads: usize, crowd: Option<&Crowd>) -> Result<Tensor> {
    match crowd {
        Some(crowd) => with_values(&crowd.rows, |values| among(qkv, heads, Some((crowd, values)))),
        None => among(qkv, heads, None),
    }
}

/// As [`self_attention`], with the crowd's values at hand.
fn among(qkv: &Tensor, heads: usize, crowd: Option<(&Crowd, &[f32])>) -> Result<Tensor> {
    /// Queries to a task: enough that packing keys and values does not count, few enough that scores stay in cache.
    const TILE: usize = 64;
    let (positions, columns) = qkv.dims2()?;
    let width = columns / 3;
    if heads == 0 || !columns.is_multiple_of(3) || !width.is_multiple_of(heads) {
        bail!("{columns} columns are not three times {heads} heads");
    }
    if let Some((crowd, _)) = crowd
        && crowd.rows.dim(1)? != 2 * width
    {
        bail!("a crowd of shape {:?} in a width of {width}", crowd.rows.dims());
    }
    let extra = crowd.map_or(Ok(0), |(crowd, _)| crowd.rows.dim(0))?;
    let all = positions + extra;
    let (size, isa) = (width / heads, Isa::best());
    let scale = 1.0 / (size as f32).sqrt();
    let (weight, crowd_values) = crowd.map_or((0.0, &[][..]), |(crowd, values)| (crowd.weight(scale), values));
    let mut out = vec![0.0; positions * width];
    with_values(qkv, |qkv| {
        let shared = Shared::new(&mut out);
        let tiles = positions.div_ceil(TILE);
        parallel(heads * tiles, |tasks| {
            let mut scores = vec![0.0; TILE * all];
            let mut mixed = vec![0.0; TILE * size];
            let mut from_crowd = vec![0.0; TILE * size];
            for task in tasks {
                let (head, first) = (task / tiles, (task % tiles) * TILE);
                let count = TILE.min(positions - first);
                let view = |part: usize, first: usize, rows: usize| View {
                    values: &qkv[first * columns + part * width + head * size..],
                    rows,
                    columns: size,
                    stride: columns,
                };
                let crowd_view = |part: usize| View {
                    values: &crowd_values[part * width + head * size..],
                    rows: extra,
                    columns: size,
                    stride: 2 * width,
                };
                multiply(view(0, first, count), view(1, 0, positions), true, &mut scores, all);
                if extra > 0 {
                    multiply(view(0, first, count), crowd_view(0), true, &mut scores[positions..], all);
                }
                let mut sums = [0.0; TILE];
                for (row, sum) in scores.chunks_exact_mut(all).zip(&mut sums).take(count) {
                    row[positions..].iter_mut().for_each(|score| *score += weight);
                    *sum = elementwise::exponentials(isa, row, scale);
                }
                let weights = |from: usize, columns: usize| View { values: &scores[from..], rows: count, columns, stride: all };
                multiply(weights(0, positions), view(2, 0, positions), false, &mut mixed, size);
                if extra > 0 {
                    multiply(weights(positions, extra), crowd_view(1), false, &mut from_crowd, size);
                    mixed.iter_mut().zip(&from_crowd).for_each(|(mixed, more)| *mixed += more);
                }
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
    /// From which row on there is a crowd, and what is added to the scores of its keys.
    crowd: Option<(usize, f32)>,
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
        Ok(Self { width, heads, rows: Vec::with_capacity(2 * width * positions), crowd: None })
    }

    /// How many positions there are.
    #[must_use]
    pub fn positions(&self) -> usize {
        self.rows.len() / (2 * self.width)
    }

    /// Keep the first `positions` only.
    pub fn truncate(&mut self, positions: usize) {
        self.rows.truncate(2 * self.width * positions);
        self.crowd = self.crowd.filter(|(first, _)| *first < positions);
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

    /// Append a crowd. What is pushed after it belongs to it.
    ///
    /// # Errors
    /// As [`KeysValues::push`].
    pub fn push_crowd(&mut self, crowd: &Crowd) -> Result<()> {
        let (first, scale) = (self.positions(), self.scale());
        self.push(&crowd.rows)?;
        self.crowd = Some((first, crowd.weight(scale)));
        Ok(())
    }

    /// What scores are multiplied by.
    fn scale(&self) -> f32 {
        1.0 / ((self.width / self.heads) as f32).sqrt()
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

    /// Each row of `qkv`, which holds queries, keys and values, belongs to a text of its own: it is appended there, and attends to every position of that text. Gives
    /// `[count, width]`.
    ///
    /// # Errors
    /// As [`KeysValues::push`] and [`KeysValues::attend`], or if there are not as many texts as rows.
    pub fn attend_each<'a>(texts: impl Iterator<Item = &'a mut Self>, qkv: &Tensor) -> Result<Tensor> {
        let mut rows = Vec::new();
        for (index, text) in texts.enumerate() {
            let row = qkv.narrow(0, index, 1)?;
            text.push(&row)?;
            rows.push(text.attend(&row)?);
        }
        if rows.len() != qkv.dim(0)? {
            bail!("{} texts for {} rows", rows.len(), qkv.dim(0)?);
        }
        Tensor::cat(&rows, 0)
    }

    /// How much each row of `queries` attends, with one head, to each of the first `positions`, which are taken for all there are. Gives rows that
    /// sum to 1, one after the other. For looking at, not for computing with: [`KeysValues::attend`] keeps no such rows.
    ///
    /// # Errors
    /// As [`KeysValues::attend`], or if there are fewer heads or positions.
    pub fn attention(&self, queries: &Tensor, head: usize, positions: usize) -> Result<Vec<f32>> {
        let (width, size) = (self.width, self.width / self.heads);
        let columns = queries.dim(1)?;
        if columns < width || head >= self.heads || positions > self.positions() {
            bail!("head {head} of {} in {columns} columns over {positions} of {} positions", self.heads, self.positions());
        }
        let (part, isa, scale) = (head * size..(head + 1) * size, Isa::best(), self.scale());
        with_values(queries, |queries| {
            let mut rows = Vec::with_capacity(queries.len() / columns * positions);
            for query in queries.chunks_exact(columns) {
                let keys = self.rows.chunks_exact(2 * width).take(positions);
                let first = rows.len();
                rows.extend(keys.map(|position| elementwise::dot(isa, &query[part.clone()], &position[part.clone()])));
                let sum = elementwise::exponentials(isa, &mut rows[first..], scale);
                rows[first..].iter_mut().for_each(|score| *score /= sum);
            }
            Ok(rows)
        })
    }

    fn few_queries(&self, queries: &Tensor, visible: impl Fn(usize) -> usize + Sync) -> Result<Tensor> {
        let (width, positions) = (self.width, self.positions());
        let (count, columns) = queries.dims2()?;
        if columns < width || (0..count).any(|query| !(1..=positions).contains(&visible(query))) {
            bail!("{count} queries of {columns} columns over {positions} positions of {width}");
        }
        let (size, isa, scale) = (width / self.heads, Isa::best(), self.scale());
        let (crowd, weight) = self.crowd.unwrap_or((positions, 0.0));
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
                        scores.iter_mut().skip(crowd).for_each(|score| *score += weight);
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
            assert_close(&self_attention(&qkv, 4, None).unwrap(), &textbook(&part(0), &part(1), &part(2), 4, None));
        }
    }

    #[test]
    fn one_of_a_crowd_counts_as_many_as_it_stands_for() {
        for (positions, extra, each) in [(1, 1, 2), (70, 9, 10), (64, 150, 3)] {
            let (qkv, rows) = (waves(positions, 3 * 32), waves(extra, 2 * 32));
            let part = |i: usize| qkv.narrow(1, i * 32, 32).unwrap().contiguous().unwrap();
            let with_crowd = |i: usize| {
                let crowd = rows.narrow(1, (i - 1) * 32, 32).unwrap();
                Tensor::cat(&std::iter::once(part(i)).chain(std::iter::repeat_n(crowd, each)).collect::<Vec<_>>(), 0).unwrap()
            };
            let exact = textbook(&part(0), &with_crowd(1), &with_crowd(2), 4, None);
            let crowd = Crowd { rows, each };
            assert_close(&self_attention(&qkv, 4, Some(&crowd)).unwrap(), &exact);
            let mut keys_values = KeysValues::with_room(32, 4, positions + extra).unwrap();
            keys_values.push(&qkv).unwrap();
            keys_values.push_crowd(&crowd).unwrap();
            assert_close(&keys_values.attend(&qkv).unwrap(), &exact);
        }
    }

    #[test]
    fn a_crowd_of_another_width_is_refused() {
        let crowd = Crowd { rows: waves(3, 48), each: 10 };
        assert!(self_attention(&waves(5, 96), 4, Some(&crowd)).is_err());
        assert!(KeysValues::with_room(32, 4, 3).unwrap().push_crowd(&crowd).is_err());
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
    fn what_a_head_attends_to_is_what_it_mixes() {
        let (qkv, queries) = (waves(6, 96), waves(2, 32));
        let mut keys_values = KeysValues::with_room(32, 4, 6).unwrap();
        keys_values.push(&qkv).unwrap();
        let rows = Tensor::from_vec(keys_values.attention(&queries, 2, 6).unwrap(), (2, 6), &Device::Cpu).unwrap();
        let values = qkv.narrow(1, 64 + 16, 8).unwrap().contiguous().unwrap();
        assert_close(
            &rows.matmul(&values).unwrap(),
            &keys_values.attend(&queries).unwrap().narrow(1, 16, 8).unwrap().contiguous().unwrap(),
        );
        let few = keys_values.attention(&queries, 2, 4).unwrap();
        assert!((few.iter().sum::<f32>() - 2.0).abs() < 1e-5);
        assert!(keys_values.attention(&queries, 4, 6).is_err() && keys_values.attention(&queries, 0, 7).is_err());
    }

    #[test]
    fn positions_that_were_taken_back_are_as_if_they_had_never_been() {
        let (qkv, mut once, mut twice) = (waves(6, 96), KeysValues::with_room(32, 4, 6).unwrap(), KeysValues::with_room(32, 4, 6).unwrap());
        once.push(&qkv.narrow(0, 0, 3).unwrap()).unwrap();
        twice.push(&qkv).unwrap();
        twice.truncate(3);
        assert_eq!(twice.positions(), 3);
        let query = waves(1, 32);
        assert_eq!(once.attend(&query).unwrap().to_vec2::<f32>().unwrap(), twice.attend(&query).unwrap().to_vec2::<f32>().unwrap());
    }

    #[test]
    fn texts_that_are_read_side_by_side_do_not_see_each_other() {
        let (longer, row) = (waves(4, 96), waves(2, 96));
        let text = |positions| {
            let mut text = KeysValues::with_room(32, 4, 5).unwrap();
            text.push(&longer.narrow(0, 0, positions).unwrap()).unwrap();
            text
        };
        let mut texts = [text(4), text(1)];
        let together = KeysValues::attend_each(texts.iter_mut(), &row).unwrap().to_vec2::<f32>().unwrap();
        for (index, positions) in [4, 1].into_iter().enumerate() {
            let (mut alone, row) = (text(positions), row.narrow(0, index, 1).unwrap());
            alone.push(&row).unwrap();
            assert_eq!(alone.attend(&row).unwrap().to_vec2::<f32>().unwrap()[0], together[index]);
        }
        assert_eq!(texts[1].positions(), 2);
        assert!(KeysValues::attend_each(texts[..1].iter_mut(), &row).is_err());
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
