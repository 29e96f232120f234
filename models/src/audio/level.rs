//! How loud speech is: its active level, which leaves out the pauses.
//!
//! Source: ITU-T Recommendation P.56 (2011), method B. The envelope of the signal, smoothed twice, is compared with thresholds an octave
//! apart; how long it lies above each, 200 ms of hangover counted, gives an activity and a level for each threshold. The active level is
//! where a threshold lies 15.9 dB below its level.
//!
//! Levels are in dBov: decibels relative to the power of a full-scale square wave, so a full-scale sine has -3 dBov (ITU-T G.100.1).

/// The envelope's time constant, in seconds.
const SMOOTHING: f64 = 0.03;
/// How long speech counts as going on after the envelope fell below a threshold, in seconds.
const HANGOVER: f64 = 0.2;
/// How far below the active level the threshold lies that finds it, in decibels.
const MARGIN: f64 = 15.9;
/// Thresholds: full scale and 15 halvings.
const THRESHOLDS: usize = 16;
/// The interpolation between two thresholds stops this near, in decibels.
const NEAR: f64 = 0.01;

/// The active speech level of `samples` (mono, at `rate` samples per second) in dBov; `None` if there is no sound in them.
///
/// ```
/// use switchhook_models::audio::level;
/// let tone: Vec<f32> = (0..8_000).map(|n| 0.1 * (n as f32 * 0.7).sin()).collect();
/// let pauses = [vec![0.0; 40_000], tone.clone(), vec![0.0; 40_000]].concat();
/// let (with, without) = (level::active(&pauses, 8_000).unwrap(), level::active(&tone, 8_000).unwrap());
/// assert!((with - without).abs() < 1.2 && (without + 23.0).abs() < 0.1);
/// ```
#[must_use]
pub fn active(samples: &[f32], rate: u32) -> Option<f32> {
    let rate = f64::from(rate);
    let keep = (-1.0 / (rate * SMOOTHING)).exp();
    let hangover = (HANGOVER * rate).round() as u32;
    let (mut first, mut second, mut power) = (0.0, 0.0, 0.0);
    let mut counts = [0_u64; THRESHOLDS];
    let mut silent = [hangover; THRESHOLDS];
    for sample in samples.iter().map(|sample| f64::from(*sample)) {
        power += sample * sample;
        first = keep * first + (1.0 - keep) * sample.abs();
        second = keep * second + (1.0 - keep) * first;
        let mut threshold = 1.0;
        for (count, silent) in counts.iter_mut().zip(&mut silent) {
            if second >= threshold {
                *silent = 0;
            }
            if *silent < hangover {
                *count += 1;
                *silent += 1;
            }
            threshold /= 2.0;
        }
    }
    // From the highest threshold down: the level for each, and how far the threshold lies below it.
    let decibels = |power: f64| 10.0 * power.log10();
    let mut above: Option<(f64, f64)> = None;
    for (octave, count) in counts.iter().enumerate().filter(|(_, count)| **count > 0) {
        let level = decibels(power / *count as f64);
        let margin = level + 20.0 * 2.0_f64.log10() * octave as f64;
        if margin >= MARGIN {
            return Some(above.map_or(level, |above| between(above, (level, margin))) as f32);
        }
        above = Some((level, margin));
    }
    above.map(|(level, _)| level as f32)
}

/// The level between those of two neighbouring thresholds where the margin is [`MARGIN`], by halving.
fn between(mut low: (f64, f64), mut high: (f64, f64)) -> f64 {
    loop {
        let middle = ((low.0 + high.0) / 2.0, (low.1 + high.1) / 2.0);
        if (middle.1 - MARGIN).abs() < NEAR || (high.1 - low.1).abs() < NEAR {
            return middle.0;
        }
        if middle.1 < MARGIN { low = middle } else { high = middle }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use proptest::prelude::*;

    use super::*;

    fn tone(amplitude: f32, rate: u32, seconds: f32) -> Vec<f32> {
        (0..(seconds * rate as f32) as usize).map(|n| amplitude * (n as f32 * 2_000.0 / rate as f32).sin()).collect()
    }

    #[test]
    fn a_full_scale_sine_has_minus_three_and_half_of_it_six_less() {
        for rate in [8_000, 16_000, 24_000] {
            for (amplitude, expected) in [(1.0, -3.01), (0.5, -9.03), (0.1, -23.01), (0.01, -43.01)] {
                let level = active(&tone(amplitude, rate, 4.0), rate).unwrap();
                assert!((level - expected).abs() < 0.1, "{amplitude} at {rate} Hz: {level}");
            }
        }
    }

    #[test]
    fn pauses_do_not_count() {
        let word = tone(0.2, 8_000, 1.5);
        let spoken = [vec![0.0; 24_000], word.clone(), vec![0.0; 24_000], word.clone(), vec![0.0; 40_000]].concat();
        let (with, without) = (active(&spoken, 8_000).unwrap(), active(&word, 8_000).unwrap());
        // The hangover of 200 ms counts for either word: 0.6 dB.
        assert!((without - with - 0.6).abs() < 0.3, "{with}, without the pauses {without}");
    }

    #[test]
    fn silence_has_no_level() {
        assert_eq!(active(&[], 8_000), None);
        assert_eq!(active(&[0.0; 8_000], 8_000), None);
    }

    proptest! {
        #[test]
        fn twice_as_loud_is_six_decibels_more(samples in prop::collection::vec(-0.4_f32..0.4, 800..4_000)) {
            let louder: Vec<f32> = samples.iter().map(|sample| 2.0 * sample).collect();
            if let (Some(soft), Some(loud)) = (active(&samples, 8_000), active(&louder, 8_000)) {
                prop_assert!((loud - soft - 6.02).abs() < 0.05, "{} and {}", soft, loud);
            }
        }

        #[test]
        fn no_samples_make_it_fail(samples in prop::collection::vec(any::<f32>(), 0..400)) {
            let _ = active(&samples, 8_000);
        }
    }
}
