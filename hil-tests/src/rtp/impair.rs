//! A bad network: packets that are lost, and packets that overtake others. The same seed makes the same network.

use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};

/// What is done to packets on their way out.
#[derive(Debug)]
pub struct Impairment {
    loss: f64,
    overtaking: f64,
    random: StdRng,
    held: Option<Vec<u8>>,
}

impl Impairment {
    /// Lose this share of the packets, and, if asked, let one in ten be overtaken by the next.
    #[must_use]
    pub fn new(loss: f64, reorder: bool, seed: u64) -> Self {
        Self { loss: loss.clamp(0.0, 1.0), overtaking: if reorder { 0.1 } else { 0.0 }, random: StdRng::seed_from_u64(seed), held: None }
    }

    /// A packet is to be sent; these are sent instead, in this order.
    pub fn pass(&mut self, packet: Vec<u8>) -> Vec<Vec<u8>> {
        if self.random.random_bool(self.loss) {
            return self.held.take().into_iter().collect();
        }
        if let Some(held) = self.held.take() {
            return vec![packet, held];
        }
        if self.random.random_bool(self.overtaking) {
            self.held = Some(packet);
            return Vec::new();
        }
        vec![packet]
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    fn through(mut network: Impairment) -> Vec<u8> {
        (0..200).flat_map(|n| network.pass(vec![n])).flatten().collect()
    }

    #[test]
    fn a_good_network_changes_nothing() {
        assert_eq!(through(Impairment::new(0.0, false, 1)), (0..200).collect::<Vec<_>>());
    }

    #[test]
    fn a_bad_network_loses_and_reorders_the_same_way_each_time() {
        let lost = through(Impairment::new(0.05, false, 1));
        assert!((180..200).contains(&lost.len()), "{}", lost.len());
        assert!(lost.is_sorted());
        let reordered = through(Impairment::new(0.0, true, 1));
        assert!(reordered.len() >= 199 && !reordered.is_sorted());
        assert_eq!(reordered, through(Impairment::new(0.0, true, 1)));
    }
}
