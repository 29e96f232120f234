//! A name within what was heard.

use super::Sound;

/// What a heard sound costs that lies before or after the name, as a share of what it would cost within.
const AROUND: f32 = 0.08;

/// How different a name is from the part of what was heard that is most like it; what lies around that part costs a little. As in searching a text for a
/// pattern with errors (P. Sellers, *The theory and computation of evolutionary distances*, 1980).
pub(super) fn fitted<S: Sound>(name: &[S], heard: &[S]) -> f32 {
    let total: f32 = heard.iter().map(Sound::alone).sum();
    // For each part of the name: the least cost with what was heard up to here, of which the beginning may lie before it.
    let mut column = sums(name);
    let mut best = column.last().copied().unwrap_or_default() + AROUND * total;
    let mut before = 0.0;
    for sound in heard {
        before += sound.alone();
        let mut diagonal = column.first().copied().unwrap_or_default();
        let mut above = AROUND * before;
        if let Some(first) = column.first_mut() {
            *first = above;
        }
        for (cell, wanted) in column.iter_mut().skip(1).zip(name) {
            let left = *cell;
            above = (diagonal + wanted.differs(sound)).min(left + sound.alone()).min(above + wanted.alone());
            diagonal = std::mem::replace(cell, above);
        }
        best = best.min(column.last().copied().unwrap_or_default() + AROUND * (total - before));
    }
    best
}

/// What it costs to leave out the first sounds: none, one, two and so on.
pub(super) fn sums<S: Sound>(sounds: &[S]) -> Vec<f32> {
    let mut sums = vec![0.0];
    let mut sum = 0.0;
    for sound in sounds {
        sum += sound.alone();
        sums.push(sum);
    }
    sums
}
