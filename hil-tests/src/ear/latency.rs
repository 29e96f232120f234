//! Where speech begins and ends in a recording, and what lies between.

use std::ops::Range;

use super::{AUDIBLE, WINDOW, rms};

/// A speaker's own loudest moment is at most this much above what still counts as their speech: 35 dB.
const BELOW_PEAK: f32 = 0.017_8;
/// Of this many windows after a first sound...
const CONFIRMING: usize = 6;
/// ... so many have sound too, or it was a click.
const CONFIRMED: usize = 3;

/// Where speech ends within one utterance: the sample after the last window with sound, or `None` if there is none.
#[must_use]
pub fn speech_end(utterance: &[i16]) -> Option<usize> {
    let floor = floor(utterance);
    let mut windows = utterance.chunks(WINDOW).enumerate();
    windows.rfind(|(_, window)| rms(window) > floor).map(|(at, window)| at * WINDOW + window.len())
}

/// Where speech begins within one utterance, or `None` if there is none.
#[must_use]
pub fn speech_start(utterance: &[i16]) -> Option<usize> {
    let floor = floor(utterance);
    utterance.chunks(WINDOW).position(|window| rms(window) > floor).map(|at| at * WINDOW)
}

fn floor(utterance: &[i16]) -> f32 {
    let peak = utterance.chunks(WINDOW).map(rms).fold(0.0, f32::max);
    AUDIBLE.max(peak * BELOW_PEAK)
}

/// Where the robot's first sound at or after sample `from` is; clicks do not count.
#[must_use]
pub fn first_sound(track: &[i16], from: usize) -> Option<usize> {
    let rest = track.get(from..)?;
    let loud: Vec<bool> = rest.chunks_exact(WINDOW).map(|window| rms(window) > AUDIBLE).collect();
    let confirmed = |at: usize| loud.iter().skip(at).take(CONFIRMING).filter(|&&loud| loud).count() >= CONFIRMED;
    let at = (0..loud.len()).find(|&at| loud.get(at) == Some(&true) && confirmed(at))?;
    Some(from + at * WINDOW)
}

/// Where the sound that is heard at sample `from` falls silent for at least `quiet` samples; the track's end if it never does.
#[must_use]
pub fn silence_after(track: &[i16], from: usize, quiet: usize) -> usize {
    let mut end = from;
    for (at, window) in track.get(from..).unwrap_or_default().chunks(WINDOW).enumerate() {
        let window_start = from + at * WINDOW;
        if rms(window) > AUDIBLE {
            end = window_start + window.len();
        } else if window_start + window.len() - end >= quiet {
            return end;
        }
    }
    end
}

/// The stretches of speech in a track that are separated by at least `quiet` samples.
#[must_use]
pub fn spoken(track: &[i16], quiet: usize) -> Vec<Range<usize>> {
    let mut stretches = Vec::new();
    let mut from = 0;
    while let Some(start) = first_sound(track, from) {
        let end = silence_after(track, start, quiet).max(start + WINDOW);
        stretches.push(start..end);
        from = end;
    }
    stretches
}

/// The value below which `share` of all lie (nearest rank), or `None` if there is none.
#[must_use]
pub fn percentile<T: Copy + Ord>(values: &[T], share: f64) -> Option<T> {
    let mut sorted = values.to_vec();
    sorted.sort_unstable();
    let rank = (share * sorted.len() as f64).ceil() as usize;
    sorted.get(rank.clamp(1, sorted.len().max(1)) - 1).copied()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use proptest::prelude::*;

    use super::*;

    fn tone(ms: usize, amplitude: i16) -> Vec<i16> {
        (0..ms * 8).map(|n| if n % 16 < 8 { amplitude } else { -amplitude }).collect()
    }

    fn silence(ms: usize) -> Vec<i16> {
        vec![-8; ms * 8]
    }

    #[test]
    fn latency_is_the_time_from_the_last_word_to_the_first_sound_whatever_the_file_ends_with() {
        let said = [silence(100), tone(800, 6_000), silence(350)].concat();
        let end = speech_end(&said).unwrap();
        assert_eq!(end, 900 * 8);
        let heard = [silence(1_520), tone(400, 3_000)].concat();
        assert_eq!(first_sound(&heard, end).unwrap() - end, 620 * 8);
    }

    #[test]
    fn a_click_before_the_answer_is_not_the_answer() {
        let heard = [silence(200), tone(10, 3_000), silence(200), tone(300, 3_000)].concat();
        assert_eq!(first_sound(&heard, 0), Some(410 * 8));
    }

    #[test]
    fn breath_far_below_the_voice_is_not_speech() {
        let said = [tone(500, 20_000), tone(300, 250)].concat();
        assert_eq!(speech_end(&said), Some(500 * 8));
    }

    #[test]
    fn silence_has_no_speech_in_it() {
        assert_eq!(speech_end(&silence(500)), None);
        assert_eq!(first_sound(&silence(500), 0), None);
        assert_eq!(first_sound(&silence(500), 1_000_000), None);
        assert!(spoken(&[], 100).is_empty());
    }

    #[test]
    fn turns_are_told_apart_by_their_pauses() {
        let heard = [silence(100), tone(300, 3_000), silence(200), tone(100, 3_000), silence(900), tone(200, 3_000)].concat();
        assert_eq!(spoken(&heard, 700 * 8), [800..5_600, 12_800..14_400]);
    }

    #[test]
    fn percentiles_are_values_that_were_measured() {
        let values = [40, 10, 30, 20];
        assert_eq!((percentile(&values, 0.5), percentile(&values, 0.95), percentile(&values, 0.0)), (Some(20), Some(40), Some(10)));
        assert_eq!(percentile::<u32>(&[], 0.5), None);
    }

    proptest! {
        #[test]
        fn stretches_are_in_order_and_within_the_track(stretches in proptest::collection::vec((0..400_usize, any::<bool>()), 0..8), quiet in 1..8_000_usize) {
            let track: Vec<i16> = stretches.iter().flat_map(|&(ms, loud)| if loud { tone(ms, 3_000) } else { silence(ms) }).collect();
            let spoken = spoken(&track, quiet);
            prop_assert!(spoken.iter().all(|s| s.start < s.end && s.end <= track.len()));
            prop_assert!(spoken.windows(2).all(|w| w[0].end <= w[1].start));
        }
    }
}
