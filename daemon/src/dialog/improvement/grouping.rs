//! Sentences that mean the same, by how alike each two of them are.
//!
//! Average linkage: the two groups that are most alike on average become one, until no two are alike enough (R. Sokal and C. Michener, *A statistical method for
//! evaluating systematic relationships*, 1958). A chain of sentences that are each a little like the next is no group by it, as it would be by nearest neighbours.

/// How alike each two are: on average of the two ways to look at them.
pub(super) fn mutual(kinship: &[Vec<f32>]) -> Vec<Vec<f32>> {
    let of = |a: usize, b: usize| kinship.get(a).and_then(|row| row.get(b)).copied().unwrap_or_default();
    (0..kinship.len()).map(|a| (0..kinship.len()).map(|b| f32::midpoint(of(a, b), of(b, a))).collect()).collect()
}

/// The members of each group, the most typical first; groups in the order of their first members. Groups that are less alike than `enough` stay apart.
pub(super) fn groups(alike: &[Vec<f32>], enough: f32) -> Vec<Vec<usize>> {
    let of = |a: usize, b: usize| alike.get(a).and_then(|row| row.get(b)).copied().unwrap_or_default();
    let mut groups: Vec<Vec<usize>> = (0..alike.len()).map(|place| vec![place]).collect();
    // How alike the members of two groups are, all together.
    let mut sums: Vec<Vec<f32>> = alike.to_vec();
    while let Some((a, b)) = nearest(&groups, &sums, enough) {
        // The later one of the two goes.
        let gone = groups.remove(b);
        let mut its = sums.remove(b);
        its.remove(b);
        for line in &mut sums {
            line.remove(b);
        }
        if let Some(line) = sums.get_mut(a) {
            line.iter_mut().zip(&its).for_each(|(sum, more)| *sum += more);
        }
        let column = sums.get(a).cloned().unwrap_or_default();
        for (line, sum) in sums.iter_mut().zip(column) {
            line.iter_mut().skip(a).take(1).for_each(|cell| *cell = sum);
        }
        if let Some(group) = groups.get_mut(a) {
            group.extend(gone);
        }
    }
    for group in &mut groups {
        let members = group.clone();
        let typical = |place: usize| members.iter().map(|&other| of(place, other)).sum::<f32>();
        group.sort_by(|&a, &b| typical(b).total_cmp(&typical(a)).then(a.cmp(&b)));
    }
    groups
}

/// The two groups that are most alike, if they are alike enough.
fn nearest(groups: &[Vec<usize>], sums: &[Vec<f32>], enough: f32) -> Option<(usize, usize)> {
    let mut best: Option<((usize, usize), f32)> = None;
    for (a, (group, row)) in groups.iter().zip(sums).enumerate() {
        for (b, (other, sum)) in groups.iter().zip(row).enumerate().skip(a + 1) {
            let mean = sum / (group.len() * other.len()) as f32;
            if mean >= enough && best.is_none_or(|(_, most)| mean > most) {
                best = Some(((a, b), mean));
            }
        }
    }
    best.map(|(two, _)| two)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::indexing_slicing)]
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_is_alike_on_average_is_a_group_and_a_chain_is_none() {
        let alike = [[1.0, 0.9, 0.8, 0.0], [0.9, 1.0, 0.9, 0.0], [0.8, 0.9, 1.0, 0.6], [0.0, 0.0, 0.6, 1.0]].map(Vec::from);
        assert_eq!(groups(&alike, 0.5), [vec![1, 0, 2], vec![3]]);
    }

    #[test]
    fn what_is_not_the_same_seen_from_both_sides_is_as_alike_as_on_average() {
        assert_eq!(mutual(&[vec![1.0, 0.8], vec![0.2, 1.0]]), [vec![1.0, 0.5], vec![0.5, 1.0]]);
    }

    proptest! {
        /// Everything is in one group, once, whatever is alike.
        #[test]
        fn nothing_is_lost_and_nothing_is_twice(values in proptest::collection::vec(0.0f32..1.0, 0..100)) {
            let side = values.len().isqrt();
            let alike: Vec<Vec<f32>> = (0..side).map(|a| (0..side).map(|b| values[a.min(b) * side + a.max(b)]).collect()).collect();
            let mut all: Vec<usize> = groups(&alike, 0.5).into_iter().flatten().collect();
            all.sort_unstable();
            prop_assert_eq!(all, (0..side).collect::<Vec<_>>());
        }
    }
}
