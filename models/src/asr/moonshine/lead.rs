//! The silence that a turn begins with, which is left out.
//!
//! Of most turns with a second of silence before the first word Moonshine writes nothing. That is the model's doing: the publisher's 8-bit
//! graph of base in onnxruntime writes nothing for six of eight clips with a second of zeros or of hiss before them, and for one more with zeros; with half a
//! second it writes all eight. So of what lies before the first sound only [`KEPT`] is heard, and the times of words count from the
//! turn's beginning all the same.
//!
//! What sounds is judged against the loudest frame so far, as for the times of words: no level has to be known, and the answer for a
//! turn is the same however it arrived. While nobody speaks the silence itself is the loudest; with the first word the beginning moves, and the little
//! that was computed of the silence is dropped.

use crate::asr::words::{FRAME, WEAK, power};
use crate::audio::mel::RATE;

/// Samples that are heard before the first that sounds: half a second.
const KEPT: usize = RATE / 2;

/// Where a growing turn begins to be heard.
#[derive(Debug, Default)]
pub(super) struct Lead {
    /// The power of each whole frame.
    powers: Vec<f32>,
    loudest: f32,
    /// The first frame that sounds.
    onset: usize,
}

impl Lead {
    /// The samples of `turn`, all that came so far, that are to be left out. They only become more as a turn grows.
    pub(super) fn skipped(&mut self, turn: &[f32]) -> usize {
        for frame in turn.chunks_exact(FRAME).skip(self.powers.len()) {
            let power = power(frame);
            self.loudest = self.loudest.max(power);
            self.powers.push(power);
        }
        let bar = WEAK * self.loudest;
        while self.powers.get(self.onset).is_some_and(|power| *power < bar) {
            self.onset += 1;
        }
        (self.onset * FRAME).saturating_sub(KEPT)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn turn(silence: usize, hiss: f32, speech: usize) -> Vec<f32> {
        let sign = |i: usize| if i.is_multiple_of(2) { 1.0 } else { -1.0 };
        (0..silence).map(|i| hiss * sign(i)).chain((0..speech).map(|i| 0.2 * sign(i))).collect()
    }

    #[test]
    fn a_long_silence_is_left_out_but_for_half_a_second() {
        for hiss in [0.0, 0.001] {
            assert_eq!(Lead::default().skipped(&turn(RATE, hiss, RATE)), RATE - KEPT);
        }
    }

    #[test]
    fn a_short_silence_a_loud_beginning_and_silence_alone_are_heard_whole() {
        for whole in [turn(KEPT, 0.0, RATE), turn(2 * RATE, 0.05, RATE), turn(2 * RATE, 0.0, 0), turn(2 * RATE, 0.001, 0), Vec::new()] {
            assert_eq!(Lead::default().skipped(&whole), 0);
        }
    }

    #[test]
    fn what_is_left_out_does_not_depend_on_how_the_turn_arrived() {
        let mut whole = turn(RATE + 77, 0.0004, RATE);
        whole[3000] = 0.02;
        let (mut lead, mut before) = (Lead::default(), 0);
        for end in (0..whole.len()).step_by(313).chain([whole.len()]) {
            let skipped = lead.skipped(&whole[..end]);
            assert!(skipped >= before);
            before = skipped;
        }
        assert_eq!(before, Lead::default().skipped(&whole));
    }
}
