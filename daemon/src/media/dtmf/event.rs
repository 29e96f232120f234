//! Keys as RTP events (RFC 4733, section 2).
//!
//! A press is one event, and all packets of an event bear the timestamp of its beginning. So the timestamp alone tells presses apart:
//! not the marker bit, which some gateways leave out, nor the end bit, whose packets may be lost.

use std::collections::VecDeque;

use super::{Digit, WAITING};
use crate::media::FRAME_SAMPLES;

/// The payload's length in bytes.
const PAYLOAD: usize = 4;
/// Where a very long press goes on as a new event (section 2.5.1.3).
const LONGEST: u32 = 0xffff;
/// Not louder than this below full scale, in dB (section 2.3.4).
const VOLUME: u8 = 10;
/// How long a press of ours lasts, in frames: 160 ms.
const PRESSED: u16 = 8;
/// How often its end is told (section 2.5.1.4).
const ENDS: u8 = 3;
/// Frames between two presses: 60 ms.
const PAUSE: u8 = 3;

/// Reads presses out of one sender's event packets.
#[derive(Default)]
pub struct EventReader {
    last: Option<Event>,
}

struct Event {
    timestamp: u32,
    code: u8,
    duration: u16,
    ended: bool,
}

impl EventReader {
    /// A packet's payload: a key, if it is the first that is heard of a press.
    pub fn read(&mut self, timestamp: u32, payload: &[u8]) -> Option<Digit> {
        let &[code, flags, high, low, ..] = payload.first_chunk::<PAYLOAD>()?;
        let key = Digit::from_code(code)?;
        let (ended, duration) = (flags & 0x80 != 0, u16::from_be_bytes([high, low]));
        let event = Event { timestamp, code, duration, ended };
        let Some(last) = &mut self.last else {
            self.last = Some(event);
            return Some(key);
        };
        let since = timestamp.wrapping_sub(last.timestamp).cast_signed();
        if since == 0 {
            last.ended |= ended;
            last.duration = last.duration.max(duration);
            return None;
        }
        if since < 0 {
            // A straggler of an earlier press.
            return None;
        }
        let goes_on = code == last.code && !last.ended && last.duration > 0xff00 && since.cast_unsigned() <= LONGEST;
        self.last = Some(event);
        (!goes_on).then_some(key)
    }
}

/// One event packet to send.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EventPacket {
    /// The timestamp of the event's beginning.
    pub timestamp: u32,
    /// Whether it is the event's first packet.
    pub marker: bool,
    /// What it says.
    pub payload: [u8; PAYLOAD],
}

/// Plays presses as event packets, one per frame.
#[derive(Default)]
pub struct EventWriter {
    waiting: VecDeque<Digit>,
    now: Now,
}

#[derive(Default)]
enum Now {
    #[default]
    Idle,
    Pressed {
        code: u8,
        timestamp: u32,
        frames: u16,
        ends: u8,
    },
    Pause(u8),
}

impl EventWriter {
    /// Press a key after those that wait. `false` if too many wait.
    pub fn press(&mut self, key: Digit) -> bool {
        let fits = self.waiting.len() < WAITING;
        if fits {
            self.waiting.push_back(key);
        }
        fits
    }

    /// The packet for the frame at `timestamp`, if a key is pressed then; otherwise sound is sent.
    pub fn tick(&mut self, timestamp: u32) -> Option<EventPacket> {
        match &mut self.now {
            Now::Pause(0) | Now::Idle => {
                let code = self.waiting.pop_front()?.code();
                self.now = Now::Pressed { code, timestamp, frames: 1, ends: 0 };
                Some(packet(timestamp, code, 1, false))
            }
            Now::Pause(left) => {
                *left -= 1;
                None
            }
            Now::Pressed { code, timestamp, frames, ends } => {
                if *frames < PRESSED {
                    *frames += 1;
                }
                let ended = *frames == PRESSED;
                let packet = packet(*timestamp, *code, *frames, ended);
                *ends += u8::from(ended);
                if *ends == ENDS {
                    self.now = Now::Pause(PAUSE);
                }
                Some(packet)
            }
        }
    }
}

fn packet(timestamp: u32, code: u8, frames: u16, ended: bool) -> EventPacket {
    let [high, low] = (frames * FRAME_SAMPLES as u16).to_be_bytes();
    EventPacket { timestamp, marker: frames == 1, payload: [code, VOLUME | if ended { 0x80 } else { 0 }, high, low] }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use proptest::prelude::*;

    fn payload(code: u8, ended: bool, duration: u16) -> [u8; 4] {
        let [high, low] = duration.to_be_bytes();
        [code, if ended { 0x8a } else { 0x0a }, high, low]
    }

    #[test]
    fn a_press_is_one_key_however_many_packets_tell_it() {
        let mut reader = EventReader::default();
        assert_eq!(reader.read(8000, &payload(5, false, 160)), Digit::from_char('5'));
        for i in 2..10 {
            assert_eq!(reader.read(8000, &payload(5, false, i * 160)), None);
        }
        for _ in 0..3 {
            assert_eq!(reader.read(8000, &payload(5, true, 1600)), None);
        }
    }

    #[test]
    fn the_same_key_twice_is_two_keys_even_if_the_ends_were_lost() {
        let mut reader = EventReader::default();
        assert_eq!(reader.read(8000, &payload(0, false, 160)), Digit::from_char('0'));
        assert_eq!(reader.read(9600, &payload(0, false, 160)), Digit::from_char('0'));
    }

    #[test]
    fn a_press_of_which_only_an_end_arrives_is_still_a_key() {
        assert_eq!(EventReader::default().read(8000, &payload(11, true, 1600)), Digit::from_char('#'));
    }

    #[test]
    fn a_straggler_of_an_earlier_press_is_no_key() {
        let mut reader = EventReader::default();
        reader.read(8000, &payload(1, true, 800));
        assert_eq!(reader.read(16_000, &payload(2, false, 160)), Digit::from_char('2'));
        assert_eq!(reader.read(8000, &payload(1, true, 800)), None);
    }

    #[test]
    fn a_press_of_ten_seconds_is_one_key() {
        let mut reader = EventReader::default();
        assert_eq!(reader.read(8000, &payload(1, false, 160)), Digit::from_char('1'));
        assert_eq!(reader.read(8000, &payload(1, false, 0xffff)), None);
        assert_eq!(reader.read(8000 + 0xffff, &payload(1, false, 160)), None);
    }

    #[test]
    fn presses_across_the_wrap_of_the_clock_are_keys() {
        let mut reader = EventReader::default();
        assert!(reader.read(u32::MAX - 10, &payload(1, true, 800)).is_some());
        assert!(reader.read(2000, &payload(2, true, 800)).is_some());
    }

    proptest! {
        #[test]
        fn no_payload_whatever_makes_the_reader_panic(packets in proptest::collection::vec((any::<u32>(), proptest::collection::vec(any::<u8>(), 0..8)), 0..20)) {
            let mut reader = EventReader::default();
            for (timestamp, payload) in packets {
                reader.read(timestamp, &payload);
            }
        }

        #[test]
        fn what_is_pressed_is_read_whatever_is_lost_of_it(codes in proptest::collection::vec(0u8..16, 1..8), kept in 0usize..10) {
            let keys: Vec<Digit> = codes.iter().filter_map(|&code| Digit::from_code(code)).collect();
            let (mut writer, mut reader) = (EventWriter::default(), EventReader::default());
            for &key in &keys {
                prop_assert!(writer.press(key));
            }
            let (mut heard, mut of_this) = (vec![], 0);
            for frame in 0..200u32 {
                let Some(packet) = writer.tick(frame * 160) else { continue };
                of_this = if packet.marker { 0 } else { of_this + 1 };
                // One packet of each press gets through.
                if of_this == kept {
                    heard.extend(reader.read(packet.timestamp, &packet.payload));
                }
            }
            prop_assert_eq!(heard, keys);
        }
    }
}
