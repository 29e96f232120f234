//! The recording of a call: both sides on one timeline.
//!
//! The timeline begins when the call is answered and counts samples of 8 kHz. What is heard is laid where it belongs by its RTP
//! timestamp, counted from where the stream's first packet arrived: packets that overtook each other fall into their own places, and
//! a lost one leaves silence. Where the sender's clock and its timestamps disagree by more than a jitter buffer would bear, the stream
//! is anchored anew at the packet that shows it.

use crate::rtp::{FRAME, RATE};

/// What is older than this many samples is not going to change any more: 60 ms, a common depth of jitter buffers.
pub const HORIZON: usize = 480;
/// A packet that comes this much before its place is laid where it arrived: its sender counts otherwise than time passes.
const EARLY: i64 = 1_600;
/// No call is recorded longer than this: an hour.
const LONGEST: usize = RATE as usize * 3_600;

/// Both sides of a call.
#[derive(Clone, Debug, Default)]
pub struct Tracks {
    /// What the caller said.
    pub said: Vec<i16>,
    /// What the caller heard.
    pub heard: Vec<i16>,
    anchor: Option<Anchor>,
    received: u64,
    first_sequence: Option<u16>,
    highest_sequence: u16,
    wraps: u64,
}

#[derive(Clone, Copy, Debug)]
struct Anchor {
    ssrc: u32,
    timestamp: u32,
    place: usize,
}

impl Tracks {
    /// The caller said these samples at `place`.
    pub fn say(&mut self, place: usize, samples: &[i16]) {
        lay(&mut self.said, place, samples);
    }

    /// These samples arrived at `now`; `timestamp` is what their packet says.
    pub fn hear(&mut self, now: usize, ssrc: u32, sequence: u16, timestamp: u32, samples: &[i16]) {
        self.count(ssrc, sequence);
        let place = self.place(now, ssrc, timestamp);
        lay(&mut self.heard, place, samples);
    }

    /// Both sides last until `now`.
    pub fn extend_to(&mut self, now: usize) {
        let now = now.min(LONGEST);
        for track in [&mut self.said, &mut self.heard] {
            if track.len() < now {
                track.resize(now, 0);
            }
        }
    }

    /// Packets received, and packets that the numbers of the stream say were sent.
    #[must_use]
    pub fn packets(&self) -> (u64, u64) {
        let sent = self.first_sequence.map_or(0, |first| self.wraps * 65_536 + u64::from(self.highest_sequence) + 1 - u64::from(first));
        (self.received, sent)
    }

    fn count(&mut self, ssrc: u32, sequence: u16) {
        if self.anchor.is_none_or(|anchor| anchor.ssrc != ssrc) {
            (self.received, self.first_sequence, self.highest_sequence, self.wraps) = (0, Some(sequence), sequence, 0);
        }
        self.received += 1;
        if sequence.wrapping_sub(self.highest_sequence) < 0x8000 {
            self.wraps += u64::from(sequence < self.highest_sequence);
            self.highest_sequence = sequence;
        }
    }

    fn place(&mut self, now: usize, ssrc: u32, timestamp: u32) -> usize {
        let here = Anchor { ssrc, timestamp, place: now };
        let anchor = *self.anchor.get_or_insert(here);
        // Signed distance, so that an overtaken packet lies before the anchor and the counter may wrap.
        let offset = i64::from(timestamp.wrapping_sub(anchor.timestamp) as i32);
        let place = anchor.place as i64 + offset;
        let late = now as i64 - place;
        let overtaken = late <= HORIZON as i64;
        if anchor.ssrc == ssrc && overtaken && late >= -EARLY {
            return usize::try_from(place).unwrap_or(0);
        }
        self.anchor = Some(here);
        now
    }
}

fn lay(track: &mut Vec<i16>, place: usize, samples: &[i16]) {
    let Some(end) = place.checked_add(samples.len()).filter(|&end| end <= LONGEST && samples.len() <= FRAME * 50) else { return };
    if track.len() < end {
        track.resize(end, 0);
    }
    if let Some(there) = track.get_mut(place..end) {
        there.copy_from_slice(samples);
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use proptest::prelude::*;

    use super::*;

    fn frame(value: i16) -> [i16; FRAME] {
        [value; FRAME]
    }

    #[test]
    fn packets_that_overtook_each_other_lie_in_their_places_and_a_lost_one_is_silence() {
        let mut tracks = Tracks::default();
        for (arrival, packet) in [(100, 0), (260, 2), (400, 1), (740, 4)] {
            tracks.hear(arrival, 1, packet as u16, 1_000 + packet * 160, &frame(packet as i16 + 1));
        }
        let values: Vec<_> = (0..5).map(|n| tracks.heard[100 + n * FRAME]).collect();
        assert_eq!(values, [1, 2, 3, 0, 5]);
        assert_eq!(tracks.packets(), (4, 5));
    }

    #[test]
    fn a_sender_that_paused_without_counting_is_heard_when_it_really_spoke() {
        let mut tracks = Tracks::default();
        tracks.hear(0, 1, 0, 0, &frame(1));
        tracks.hear(8_000, 1, 1, 160, &frame(2));
        tracks.hear(8_160, 1, 2, 320, &frame(3));
        assert_eq!((tracks.heard[FRAME], tracks.heard[8_000], tracks.heard[8_160]), (0, 2, 3));
    }

    #[test]
    fn another_source_begins_where_it_arrives() {
        let mut tracks = Tracks::default();
        tracks.hear(0, 1, 7, 50_000, &frame(1));
        tracks.hear(160, 2, 900, 3, &frame(2));
        assert_eq!(tracks.heard.len(), 320);
        assert_eq!(tracks.packets(), (1, 1));
    }

    #[test]
    fn both_counters_may_wrap() {
        let mut tracks = Tracks::default();
        tracks.hear(0, 1, u16::MAX, u32::MAX - 159, &frame(1));
        tracks.hear(160, 1, 0, 0, &frame(2));
        assert_eq!((tracks.heard[0], tracks.heard[160]), (1, 2));
        assert_eq!(tracks.packets(), (2, 2));
    }

    proptest! {
        #[test]
        fn no_stream_panics_or_grows_without_bound(packets in proptest::collection::vec((0..100_000_usize, any::<u32>(), any::<u16>(), any::<u32>(), 0..400_usize), 0..40)) {
            let mut tracks = Tracks::default();
            for (now, ssrc, sequence, timestamp, length) in packets {
                tracks.hear(now, ssrc % 2, sequence, timestamp, &vec![1; length]);
            }
            prop_assert!(tracks.heard.len() <= 100_000 + EARLY as usize + 400);
            let _ = tracks.packets();
        }
    }
}
