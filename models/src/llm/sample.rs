//! Which token comes next.

/// Picks tokens by their logits; the same seed picks the same.
#[derive(Debug)]
pub(super) struct Sampler {
    temperature: f32,
    state: u64,
}

impl Sampler {
    /// A temperature of 0 (or less, or no number) takes the likeliest token always.
    pub(super) fn new(temperature: f32, seed: u64) -> Self {
        Self { temperature, state: seed }
    }

    pub(super) fn pick(&mut self, logits: &[f32]) -> u32 {
        let likeliest = likeliest(logits);
        if !(self.temperature.is_finite() && self.temperature > 0.0) {
            return likeliest as u32;
        }
        let temperature = self.temperature;
        let weight = |logit: &f32| f64::from((logit - logits[likeliest]) / temperature).exp();
        let mut left = self.random() * logits.iter().map(weight).sum::<f64>();
        for (token, logit) in logits.iter().enumerate() {
            left -= weight(logit);
            if left < 0.0 {
                return token as u32;
            }
        }
        likeliest as u32
    }

    /// The next random number in `[0, 1)` (SplitMix64, Steele et al. 2014).
    fn random(&mut self) -> f64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ (mixed >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
    }
}

fn likeliest(logits: &[f32]) -> usize {
    let mut best = 0;
    for (token, logit) in logits.iter().enumerate() {
        if *logit > logits[best] {
            best = token;
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_temperature_the_likeliest_is_taken() {
        let mut sampler = Sampler::new(0.0, 1);
        assert_eq!(sampler.pick(&[0.0, 3.0, 1.0]), 1);
        assert_eq!(Sampler::new(f32::NAN, 1).pick(&[0.0, 3.0, 1.0]), 1);
    }

    #[test]
    fn tokens_come_as_often_as_they_are_likely() {
        let mut sampler = Sampler::new(2.0, 42);
        let logits = [2.0 * 0.1_f32.ln(), 2.0 * 0.3_f32.ln(), 2.0 * 0.6_f32.ln()];
        let mut counts = [0_u32; 3];
        for _ in 0..10_000 {
            counts[sampler.pick(&logits) as usize] += 1;
        }
        for (count, expected) in counts.into_iter().zip([1_000, 3_000, 6_000]) {
            assert!(count.abs_diff(expected) < 200, "{counts:?}");
        }
    }

    #[test]
    fn the_same_seed_picks_the_same() {
        let picks = |seed| {
            let mut sampler = Sampler::new(1.0, seed);
            (0..50).map(|_| sampler.pick(&[0.0; 100])).collect::<Vec<_>>()
        };
        assert_eq!(picks(7), picks(7));
        assert_ne!(picks(7), picks(8));
    }
}
