//! How many units are wrong, and how sure that is.

use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};
use serde::{Deserialize, Serialize};

/// Rounds of the bootstrap.
const ROUNDS: usize = 2000;

/// What was counted so far: for each clip, the units that were said in it and those that are wrong. A clip that is heard in several ways is counted
/// once, with all of them, because what makes it hard makes all of them hard.
#[derive(Default)]
pub struct Tally {
    clips: Vec<(usize, usize)>,
}

/// A share of units that are wrong, with the interval that holds it with 95 % confidence: percentiles of the shares of clips drawn anew, with replacement
/// (B. Efron, *Bootstrap methods: another look at the jackknife*, 1979; M. Bisani and H. Ney, *Bootstrap estimates for confidence intervals in
/// ASR performance evaluation*, 2004).
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Rate {
    /// Units that were said.
    pub units: usize,
    /// Of them wrong; units that were put in count too.
    pub wrong: usize,
    /// Percent.
    pub low: f64,
    /// Percent.
    pub high: f64,
}

impl Tally {
    /// A clip was heard.
    pub fn add(&mut self, units: usize, wrong: usize) {
        self.clips.push((units, wrong));
    }

    /// What follows.
    pub fn rate(&self) -> Rate {
        let (units, wrong) = sum(self.clips.iter().copied());
        let mut random = StdRng::seed_from_u64(1979);
        let mut shares: Vec<f64> = (0..ROUNDS)
            .map(|_| {
                let drawn = (0..self.clips.len()).filter_map(|_| self.clips.get(random.random_range(0..self.clips.len())).copied());
                let (units, wrong) = sum(drawn);
                percent(units, wrong)
            })
            .collect();
        shares.sort_unstable_by(f64::total_cmp);
        let at = |share: f64| shares.get((share * (ROUNDS - 1) as f64).round() as usize).copied().unwrap_or_default();
        Rate { units, wrong, low: at(0.025), high: at(0.975) }
    }
}

impl Rate {
    pub fn percent(&self) -> f64 {
        percent(self.units, self.wrong)
    }
}

fn sum(clips: impl Iterator<Item = (usize, usize)>) -> (usize, usize) {
    clips.fold((0, 0), |(units, wrong), clip| (units + clip.0, wrong + clip.1))
}

fn percent(units: usize, wrong: usize) -> f64 {
    100.0 * wrong as f64 / units.max(1) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rate(clips: &[(usize, usize)]) -> Rate {
        let mut tally = Tally::default();
        clips.iter().for_each(|&(units, wrong)| tally.add(units, wrong));
        tally.rate()
    }

    #[test]
    fn a_share_lies_within_its_interval_which_narrows_with_more_clips() {
        let few = rate(&[(10, 0), (10, 3), (10, 1), (10, 0)]);
        let many = rate(&[(10, 0), (10, 3), (10, 1), (10, 0)].repeat(25));
        for rate in [few, many] {
            assert!((rate.percent() - 10.0).abs() < 1e-9);
            assert!(rate.low < 10.0 && 10.0 < rate.high, "{rate:?}");
        }
        assert!(many.high - many.low < few.high - few.low);
    }

    #[test]
    fn what_is_always_right_or_always_alike_has_no_spread() {
        assert_eq!(rate(&[(5, 0), (7, 0)]), Rate { units: 12, wrong: 0, low: 0.0, high: 0.0 });
        assert_eq!(rate(&[]), Rate { units: 0, wrong: 0, low: 0.0, high: 0.0 });
    }
}
