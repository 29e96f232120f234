//! RTP packets (RFC 3550, section 5.1), read from a network that may send anything and written for one that may not.

/// The fixed header's length in bytes.
pub const HEADER: usize = 12;

/// One packet. Its sound stays where it was received.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Packet<'a> {
    /// What the payload is, as SDP said: 0 to 127.
    pub payload_type: u8,
    /// The first packet after silence, or of an event.
    pub marker: bool,
    /// One more per packet, modulo 2^16.
    pub sequence: u16,
    /// When the first sample was taken, in samples, modulo 2^32.
    pub timestamp: u32,
    /// Who sends: chosen at random by the sender.
    pub ssrc: u32,
    /// The sound or the event.
    pub payload: &'a [u8],
}

impl<'a> Packet<'a> {
    /// Read a packet; `None` if it is not well-formed RTP version 2.
    #[must_use]
    pub fn parse(bytes: &'a [u8]) -> Option<Self> {
        let (header, rest) = bytes.split_at_checked(HEADER)?;
        if header[0] >> 6 != 2 {
            return None;
        }
        let (has_padding, has_extension, sources) = (header[0] & 0x20 != 0, header[0] & 0x10 != 0, usize::from(header[0] & 0x0f));
        let mut payload = rest.get(4 * sources..)?;
        if has_extension {
            let (extension, after) = payload.split_at_checked(4)?;
            let words = usize::from(u16::from_be_bytes([extension[2], extension[3]]));
            payload = after.get(4 * words..)?;
        }
        if has_padding {
            let padding = usize::from(*payload.last()?);
            let length = payload.len().checked_sub(padding).filter(|_| padding > 0)?;
            payload = &payload[..length];
        }
        Some(Self {
            payload_type: header[1] & 0x7f,
            marker: header[1] & 0x80 != 0,
            sequence: u16::from_be_bytes([header[2], header[3]]),
            timestamp: u32::from_be_bytes([header[4], header[5], header[6], header[7]]),
            ssrc: u32::from_be_bytes([header[8], header[9], header[10], header[11]]),
            payload,
        })
    }

    /// Write the packet to the beginning of `out` and return its length; `None` if it does not fit.
    pub fn write(&self, out: &mut [u8]) -> Option<usize> {
        let length = HEADER + self.payload.len();
        let out = out.get_mut(..length)?;
        out[0] = 2 << 6;
        out[1] = (self.payload_type & 0x7f) | if self.marker { 0x80 } else { 0 };
        out[2..4].copy_from_slice(&self.sequence.to_be_bytes());
        out[4..8].copy_from_slice(&self.timestamp.to_be_bytes());
        out[8..12].copy_from_slice(&self.ssrc.to_be_bytes());
        out[HEADER..].copy_from_slice(self.payload);
        Some(length)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn no_bytes_whatever_make_the_reader_panic(bytes in proptest::collection::vec(any::<u8>(), 0..256)) {
            if let Some(packet) = Packet::parse(&bytes) {
                prop_assert!(packet.payload.len() <= bytes.len() - HEADER);
            }
        }

        #[test]
        fn what_is_written_is_read(
            payload_type in 0u8..128, marker: bool, sequence: u16, timestamp: u32, ssrc: u32,
            payload in proptest::collection::vec(any::<u8>(), 0..200),
        ) {
            let packet = Packet { payload_type, marker, sequence, timestamp, ssrc, payload: &payload };
            let mut bytes = [0; 256];
            let length = packet.write(&mut bytes).unwrap();
            prop_assert_eq!(Packet::parse(&bytes[..length]), Some(packet));
        }
    }

    #[test]
    fn sources_extension_and_padding_are_stepped_over() {
        let mut bytes = vec![0x80 | 0x20 | 0x10 | 1, 8, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3];
        bytes.extend([9; 4]); // one contributing source
        bytes.extend([0xbe, 0xde, 0, 1, 1, 2, 3, 4]); // an extension of one word
        bytes.extend([7, 7, 7]); // the sound
        bytes.extend([0, 2]); // two bytes of padding
        assert_eq!(Packet::parse(&bytes).unwrap().payload, [7, 7, 7]);
    }

    #[test]
    fn a_packet_that_claims_more_than_it_has_is_refused() {
        assert_eq!(Packet::parse(&[0x8f, 8, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3, 0]), None, "15 sources");
        assert_eq!(Packet::parse(&[0x90, 8, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0xff, 0xff]), None, "a long extension");
        assert_eq!(Packet::parse(&[0xa0, 8, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3, 9]), None, "more padding than payload");
        assert_eq!(Packet::parse(&[0xa0, 8, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3, 0]), None, "padding of no length");
    }

    #[test]
    fn a_packet_that_does_not_fit_is_not_written() {
        let packet = Packet { payload_type: 8, marker: false, sequence: 1, timestamp: 2, ssrc: 3, payload: &[0; 160] };
        assert_eq!(packet.write(&mut [0; 171]), None);
    }
}
