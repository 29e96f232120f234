//! A call in figures, counted while it goes on.

use std::time::Duration;

use crate::calls::{Latency, Turn};

/// Who waits so long for an answer asks whether anybody is there.
const LONG_WAIT: Duration = Duration::from_secs(2);

/// Counts of one call.
#[derive(Default)]
pub(super) struct Figures {
    pub(super) turns: u32,
    pub(super) not_understood: u32,
    pub(super) barge_ins: u32,
    pub(super) person_wanted: bool,
    pub(super) message_taken: bool,
    latencies: Vec<Duration>,
}

impl Figures {
    pub(super) fn count(&mut self, turn: &Turn) {
        if turn.index > 0 {
            self.turns += 1;
        }
        if matches!(turn.understood.as_str(), "nothing" | "unclear" | "not-understood") {
            self.not_understood += 1;
        }
        self.person_wanted |= turn.action == "transfer";
        self.latencies.extend(turn.latency.as_ref().map(Latency::total));
    }

    /// Whether the caller waited long for an answer.
    pub(super) fn waited_long(&self) -> bool {
        self.latencies.iter().any(|&latency| latency >= LONG_WAIT)
    }

    /// The `percent`th percentile of the times to first sound, by the nearest rank.
    pub(super) fn percentile(&self, percent: usize) -> Option<Duration> {
        let mut sorted = self.latencies.clone();
        sorted.sort_unstable();
        let rank = (sorted.len() * percent).div_ceil(100);
        sorted.get(rank.checked_sub(1)?).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_by_nearest_rank() {
        let figures = Figures { latencies: (1..=20).map(Duration::from_millis).collect(), ..Figures::default() };
        assert_eq!(figures.percentile(50), Some(Duration::from_millis(10)));
        assert_eq!(figures.percentile(95), Some(Duration::from_millis(19)));
        assert_eq!(Figures::default().percentile(50), None);
    }
}
