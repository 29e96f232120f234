//! Which place of the audio each token was written from, by what the decoder attended to as it wrote.
//!
//! Some heads of a decoder look at the sound of the token that comes next. Their attention, one row per token and one column per position of
//! the encoder, is made comparable between tokens (less the mean of a position, over its deviation), smoothed along the audio by a
//! median, and averaged over the heads. A token is then given the positions along the path through that matrix which attends to most and
//! goes back neither in the text nor in the audio (*dynamic time warping*).
//!
//! Source: openai-whisper 20250625, `whisper/timing.py`; H. Sakoe and S. Chiba, *Dynamic programming algorithm optimization for spoken word
//! recognition*, 1978.

/// Positions that a median is taken of; as the published code.
const MEDIAN: usize = 7;

/// The attention of some heads, by all tokens that a decoder read.
pub(super) struct Attention {
    /// Tokens.
    rows: usize,
    /// Places of the audio.
    positions: usize,
    /// Summed over heads, each made comparable and smoothed: `[rows, positions]`.
    summed: Vec<f32>,
}

impl Attention {
    /// Of no head yet.
    pub(super) fn new(rows: usize, positions: usize) -> Self {
        Self { rows, positions, summed: vec![0.0; rows * positions] }
    }

    /// Add a head's attention, `[rows, positions]`. What has another size is left out.
    pub(super) fn add(&mut self, mut head: Vec<f32>) {
        if head.len() != self.summed.len() || head.is_empty() {
            return;
        }
        standardise(&mut head, self.rows, self.positions);
        for (row, summed) in head.chunks_exact(self.positions).zip(self.summed.chunks_exact_mut(self.positions)) {
            for (summed, smooth) in summed.iter_mut().zip(smoothed(row)) {
                *summed += smooth;
            }
        }
    }

    /// The position at which each of the rows from `first` to the last but one begins, never before the one above it.
    pub(super) fn begins(&self, first: usize) -> Vec<usize> {
        let rows = self.rows.saturating_sub(first + 1);
        if rows == 0 || self.positions == 0 {
            return Vec::new();
        }
        path(&self.summed[first * self.positions..(first + rows) * self.positions], rows, self.positions)
    }
}

/// Each position less its mean over the rows, over its deviation.
fn standardise(values: &mut [f32], rows: usize, positions: usize) {
    for position in 0..positions {
        let of = |values: &[f32]| values.iter().skip(position).step_by(positions).copied().collect::<Vec<f32>>();
        let column = of(values);
        let mean = column.iter().sum::<f32>() / rows as f32;
        let deviation = (column.iter().map(|value| (value - mean).powi(2)).sum::<f32>() / rows as f32).sqrt().max(f32::MIN_POSITIVE);
        values.iter_mut().skip(position).step_by(positions).for_each(|value| *value = (*value - mean) / deviation);
    }
}

/// The median of each place and its neighbours; at an end, of their mirror image.
fn smoothed(row: &[f32]) -> Vec<f32> {
    let reach = MEDIAN / 2;
    if row.len() <= reach {
        return row.to_vec();
    }
    let mirrored = |place: usize| if place >= row.len() { 2 * (row.len() - 1) - place } else { place };
    let median = |place: usize| {
        let mut near = [0.0; MEDIAN];
        for (offset, near) in near.iter_mut().enumerate() {
            *near = row[mirrored((place + offset).abs_diff(reach))];
        }
        near.sort_unstable_by(f32::total_cmp);
        near[reach]
    };
    (0..row.len()).map(median).collect()
}

/// The first position of each row on the best way from the first place of the first row to the last of the last.
fn path(attention: &[f32], rows: usize, positions: usize) -> Vec<usize> {
    #[derive(Clone, Copy)]
    enum From {
        Both,
        Above,
        Before,
    }
    let (mut costs, mut ways) = (vec![f32::INFINITY; positions + 1], vec![From::Before; rows * positions]);
    costs[0] = 0.0;
    for (row, (attended, ways)) in attention.chunks_exact(positions).zip(ways.chunks_exact_mut(positions)).enumerate() {
        let mut diagonal = costs[0];
        // Only the first row begins at the beginning.
        costs[0] = f32::INFINITY;
        for (position, (attended, way)) in attended.iter().zip(ways.iter_mut()).enumerate() {
            let (above, before) = (costs[position + 1], costs[position]);
            let (cost, from) = if diagonal < above && diagonal < before {
                (diagonal, From::Both)
            } else if above < diagonal && above < before {
                (above, From::Above)
            } else {
                (before, From::Before)
            };
            *way = if row == 0 && position > 0 { From::Before } else { from };
            costs[position + 1] = cost - attended;
            diagonal = above;
        }
    }
    let mut begins = vec![0; rows];
    let (mut row, mut position) = (rows - 1, positions - 1);
    loop {
        begins[row] = position;
        if row == 0 && position == 0 {
            return begins;
        }
        let way = if position == 0 { From::Above } else { ways[row * positions + position] };
        match way {
            From::Before => position -= 1,
            From::Above if row > 0 => row -= 1,
            From::Both if row > 0 => (row, position) = (row - 1, position - 1),
            From::Above | From::Both => position = position.saturating_sub(1),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Rows that attend to `[from, to)`, with a row before and one after.
    fn attention(rows: &[(usize, usize)], positions: usize) -> Attention {
        let mut attention = Attention::new(rows.len() + 2, positions);
        let spans = [&[(0, 0)], rows, &[(0, 0)]].concat();
        let head = |(from, to): &(usize, usize)| {
            (0..positions).map(|at| if (*from..*to).contains(&at) { 0.3 } else { 0.01 }).collect::<Vec<f32>>()
        };
        attention.add(spans.iter().flat_map(head).collect());
        attention
    }

    #[test]
    fn a_token_begins_where_it_is_attended_to() {
        assert_eq!(attention(&[(0, 10), (10, 30), (30, 38), (38, 60)], 60).begins(1), [0, 10, 30, 38]);
    }

    #[test]
    fn a_lone_glance_to_elsewhere_is_smoothed_away() {
        let row = [0.0, 0.0, 9.0, 0.0, 0.0, 0.0, 5.0, 5.0, 5.0, 5.0, 5.0];
        assert_eq!(smoothed(&row)[..4], [0.0; 4]);
        assert_eq!(smoothed(&row)[8..], [5.0; 3]);
        assert_eq!(smoothed(&[1.0, 2.0, 3.0]), [1.0, 2.0, 3.0], "too short");
    }

    #[test]
    fn nothing_has_no_times() {
        assert_eq!(Attention::new(0, 0).begins(0), Vec::<usize>::new());
        assert_eq!(attention(&[], 10).begins(1), Vec::<usize>::new());
    }

    proptest! {
        #[test]
        fn no_attention_makes_time_run_backwards(rows in 1_usize..8, positions in 1_usize..30, seed in any::<u32>()) {
            let mut state = seed | 1;
            let mut random = || {
                state ^= state << 13;
                state ^= state >> 17;
                state ^= state << 5;
                if state.is_multiple_of(50) { f32::NAN } else { state as f32 / u32::MAX as f32 }
            };
            let mut attention = Attention::new(rows + 1, positions);
            attention.add((0..(rows + 1) * positions).map(|_| random()).collect());
            let begins = attention.begins(0);
            prop_assert_eq!(begins.len(), rows);
            prop_assert!(begins.is_sorted() && begins.iter().all(|begin| *begin < positions));
        }
    }
}
