//! Cutting a long recording into pieces that a recogniser takes, where nobody speaks.

use std::ops::Range;
use std::time::Duration;

/// How long the quiet must be that is cut in, in samples at `rate`.
const QUIET: Duration = Duration::from_millis(100);

/// Cut `samples` into pieces of at most `longest`. Each cut is in the middle of the quietest tenth of a second of the piece's second
/// half.
#[must_use]
pub fn at_pauses(samples: &[f32], rate: u32, longest: Duration) -> Vec<Range<usize>> {
    let longest = samples_in(longest, rate).max(2);
    let quiet = samples_in(QUIET, rate).clamp(1, longest / 2);
    let mut pieces = Vec::new();
    let mut start = 0;
    while samples.len() - start > longest {
        let from = start + longest / 2;
        let candidates = samples.get(from..start + longest).unwrap_or_default();
        let quietest = candidates.chunks_exact(quiet).map(energy).enumerate().min_by(|a, b| a.1.total_cmp(&b.1));
        let end = from + quietest.map_or(0, |(at, _)| at * quiet + quiet / 2).max(1);
        pieces.push(start..end);
        start = end;
    }
    if start < samples.len() {
        pieces.push(start..samples.len());
    }
    pieces
}

fn samples_in(time: Duration, rate: u32) -> usize {
    usize::try_from(time.as_millis() * u128::from(rate) / 1_000).unwrap_or(usize::MAX)
}

fn energy(samples: &[f32]) -> f32 {
    samples.iter().map(|sample| sample * sample).sum()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_long_recording_is_cut_where_nobody_speaks() {
        let mut samples = vec![0.5; 5_000];
        samples[2_400..2_700].fill(0.0);
        let pieces = at_pauses(&samples, 1_000, Duration::from_secs(3));
        assert_eq!(pieces.len(), 2);
        assert!((2_400..2_700).contains(&pieces[0].end), "{pieces:?}");
    }

    #[test]
    fn a_short_recording_is_one_piece_and_an_empty_one_none() {
        assert_eq!(at_pauses(&[0.1; 30], 10, Duration::from_secs(3)), vec![0..30]);
        assert!(at_pauses(&[], 10, Duration::from_secs(3)).is_empty());
    }

    proptest! {
        #[test]
        fn the_pieces_are_the_whole_recording(len in 0_usize..5_000, rate in 1_u32..1_000, millis in 0_u64..4_000) {
            let samples: Vec<f32> = (0..len).map(|n| (n as f32 * 0.37).sin()).collect();
            let longest = Duration::from_millis(millis);
            let pieces = at_pauses(&samples, rate, longest);
            let mut next = 0;
            for piece in &pieces {
                prop_assert_eq!(piece.start, next);
                prop_assert!(!piece.is_empty() && piece.len() <= samples_in(longest, rate).max(2));
                next = piece.end;
            }
            prop_assert_eq!(next, len);
        }
    }
}
