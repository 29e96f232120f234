//! How long to wait before the next attempt.

use std::time::Duration;

/// The first wait.
const FIRST: Duration = Duration::from_secs(1);
/// No wait is longer than this.
const LONGEST: Duration = Duration::from_secs(60);
/// A connection that lasted as long as this was a good one.
const GOOD: Duration = Duration::from_secs(30);

/// Doubles the wait up to [`LONGEST`], and spreads it: after a broker's restart, two thousand devices must not come back in one second
/// ("full jitter" would let some come back at once; we keep half of the wait and spread the other half).
#[derive(Debug)]
pub(super) struct Backoff(Duration);

impl Backoff {
    /// No failure yet.
    pub(super) fn new() -> Self {
        Self(FIRST)
    }

    /// The wait after a connection that lasted for `lasted`; `spread` in `[0, 1]` is drawn by the caller.
    pub(super) fn after(&mut self, lasted: Duration, spread: f64) -> Duration {
        if lasted >= GOOD {
            self.0 = FIRST;
        }
        let wait = self.0.mul_f64(0.5 + 0.5 * spread.clamp(0.0, 1.0));
        self.0 = (self.0 * 2).min(LONGEST);
        wait
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_to_a_minute_and_no_further() {
        let mut backoff = Backoff::new();
        let waits: Vec<u64> = (0..8).map(|_| backoff.after(Duration::ZERO, 1.0).as_secs()).collect();
        assert_eq!(waits, [1, 2, 4, 8, 16, 32, 60, 60]);
    }

    #[test]
    fn a_good_connection_makes_us_patient_again() {
        let mut backoff = Backoff::new();
        for _ in 0..8 {
            backoff.after(Duration::ZERO, 1.0);
        }
        assert_eq!(backoff.after(GOOD, 1.0), FIRST);
    }

    #[test]
    fn a_broker_that_throws_us_out_at_once_is_not_hammered() {
        let mut backoff = Backoff::new();
        backoff.after(Duration::from_secs(1), 0.0);
        assert_eq!(backoff.after(Duration::from_secs(1), 0.0), Duration::from_secs(1), "half of two seconds");
    }
}
