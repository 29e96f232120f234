//! Keys of the telephone as RTP events (RFC 4733): the same event in every packet while the key is down, then three times its end.

use super::{FRAME, Packet};

/// For how many packets a key is held: 100 ms.
const HELD: u16 = 5;
/// How often the end of a key is sent (section 2.5.1.4).
const ENDS: u16 = 3;
/// The power of the tone, in dBm0 without its sign.
const VOLUME: u8 = 10;

/// The event code of a key (section 3.2 table 7).
#[must_use]
pub fn event_of(key: char) -> Option<u8> {
    "0123456789*#ABCD".chars().position(|k| k == key).and_then(|at| u8::try_from(at).ok())
}

/// A key that is being pressed.
#[derive(Clone, Copy, Debug)]
pub struct KeyPress {
    event: u8,
    payload_type: u8,
    started: u32,
    sent: u16,
}

impl KeyPress {
    /// Press a key at the given time of the stream.
    #[must_use]
    pub fn new(event: u8, payload_type: u8, started: u32) -> Self {
        Self { event, payload_type, started, sent: 0 }
    }

    /// The packet of the next 20 ms, or `None` once the key is up again.
    pub fn next_packet(&mut self, sequence: u16, ssrc: u32) -> Option<Packet> {
        if self.sent == HELD + ENDS {
            return None;
        }
        self.sent += 1;
        let ended = self.sent > HELD;
        let duration = self.sent.min(HELD) * FRAME as u16;
        let [high, low] = duration.to_be_bytes();
        Some(Packet {
            payload_type: self.payload_type,
            marker: self.sent == 1,
            sequence,
            timestamp: self.started,
            ssrc,
            payload: vec![self.event, u8::from(ended) << 7 | VOLUME, high, low],
        })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn a_key_is_held_and_its_end_is_told_three_times() {
        let mut press = KeyPress::new(event_of('#').unwrap(), 101, 4_000);
        let packets: Vec<_> = std::iter::from_fn(|| press.next_packet(1, 2)).collect();
        assert_eq!(packets.len(), 8);
        assert!(packets.iter().all(|packet| packet.timestamp == 4_000 && packet.payload[0] == 11));
        assert_eq!(packets.iter().filter(|packet| packet.marker).count(), 1);
        let ends: Vec<_> = packets.iter().filter(|packet| packet.payload[1] & 0x80 != 0).collect();
        assert_eq!(ends.len(), 3);
        assert!(ends.iter().all(|end| end.payload[2..] == 800_u16.to_be_bytes()));
    }

    #[test]
    fn keys_have_the_codes_of_the_table() {
        assert_eq!(['0', '9', '*', '#', 'A', 'D'].map(event_of), [0, 9, 10, 11, 12, 15].map(Some));
        assert_eq!(event_of('x'), None);
    }
}
