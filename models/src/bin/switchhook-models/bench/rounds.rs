//! The same thing over and over, and the median of what it took.

use switchhook_models::{Error, Result};

/// Plays something once to warm up (caches, pages, threads), then `runs` times.
pub struct Rounds<'a> {
    runs: usize,
    done: usize,
    total: usize,
    tell: &'a mut dyn FnMut(Stage<'_>) -> Result<()>,
}

/// How far the measuring of a model has come.
pub struct Stage<'a> {
    /// What is played.
    pub what: &'a str,
    /// Times that something was played.
    pub done: usize,
    /// Times in all.
    pub total: usize,
}

impl<'a> Rounds<'a> {
    pub fn new(runs: usize, tell: &'a mut dyn FnMut(Stage<'_>) -> Result<()>) -> Self {
        Self { runs, done: 0, total: 0, tell }
    }

    /// So many different things will be played.
    pub fn expect(&mut self, things: usize) {
        self.total = things * (self.runs + 1);
    }

    /// Play one thing, which yields `N` figures each time, and take the median of each. `play` is given the number of the round.
    pub fn medians<const N: usize>(&mut self, what: &str, mut play: impl FnMut(usize) -> Result<[f64; N]>) -> Result<[f64; N]> {
        let mut columns = [const { Vec::new() }; N];
        for round in 0..=self.runs {
            (self.tell)(Stage { what, done: self.done, total: self.total })?;
            let figures = play(round)?;
            self.done += 1;
            if round > 0 {
                columns.iter_mut().zip(figures).for_each(|(column, figure): (&mut Vec<f64>, f64)| column.push(figure));
            }
        }
        let mut medians = [0.0; N];
        for (place, column) in medians.iter_mut().zip(columns) {
            *place = median(column).ok_or_else(|| Error::Input(format!("{what}: nothing was measured")))?;
        }
        Ok(medians)
    }
}

/// The middle one; of an even number, the mean of both. `None` of none.
fn median(mut figures: Vec<f64>) -> Option<f64> {
    figures.sort_unstable_by(f64::total_cmp);
    let middle = figures.len() / 2;
    let upper = *figures.get(middle)?;
    if figures.len() % 2 == 1 { Some(upper) } else { Some(f64::midpoint(*figures.get(middle - 1)?, upper)) }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_median_is_in_the_middle() {
        assert_eq!(median(vec![9.0, 1.0, 2.0]), Some(2.0));
        assert_eq!(median(vec![4.0, 1.0, 2.0, 90.0]), Some(3.0));
        assert_eq!(median(Vec::new()), None);
    }

    #[test]
    fn the_first_round_warms_up_and_does_not_count() {
        let mut told = Vec::new();
        let mut tell = |stage: Stage<'_>| {
            told.push((stage.what.to_owned(), stage.done, stage.total));
            Ok(())
        };
        let mut rounds = Rounds::new(3, &mut tell);
        rounds.expect(2);
        let figures = rounds.medians("one", |round| Ok([[900.0, 1.0, 5.0, 3.0][round], round as f64])).unwrap();
        assert_eq!(figures, [3.0, 2.0]);
        rounds.medians("two", |_| Ok([0.0])).unwrap();
        assert_eq!(told.len(), 8);
        assert_eq!((&told[0], &told[7]), (&("one".to_owned(), 0, 8), &("two".to_owned(), 7, 8)));
    }

    #[test]
    fn what_fails_once_is_not_measured() {
        let mut rounds = Rounds { runs: 2, done: 0, total: 0, tell: &mut |_| Ok(()) };
        let result = rounds.medians("x", |round| if round == 1 { Err(Error::Cancelled) } else { Ok([1.0]) });
        assert!(matches!(result, Err(Error::Cancelled)));
    }
}
