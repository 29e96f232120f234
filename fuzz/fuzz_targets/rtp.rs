//! A stream of packets from anybody: each is two bytes of length and its bytes.

#![no_main]

use libfuzzer_sys::fuzz_target;
use switchhook::media::dtmf::EventReader;
use switchhook::media::jitter::JitterBuffer;
use switchhook::media::rtp::Packet;
use switchhook::media::{FRAME_SAMPLES, Frame};

/// What a socket hands over at most; a byte of G.711 is a sample.
const LONGEST: usize = 1500;

fuzz_target!(|data: &[u8]| {
    let (mut buffer, mut events, mut rest) = (JitterBuffer::default(), EventReader::default(), data);
    let mut frame = Frame([0; FRAME_SAMPLES]);
    while let Some((&[high, low], after)) = rest.split_first_chunk::<2>() {
        let length = usize::from(u16::from_be_bytes([high, low])) % LONGEST;
        let (bytes, after) = after.split_at(length.min(after.len()));
        rest = after;
        let Some(packet) = Packet::parse(bytes) else { continue };
        let mut again = [0; LONGEST];
        let written = packet.write(&mut again).expect("what was read fits");
        assert_eq!(Packet::parse(&again[..written]), Some(packet));
        events.read(packet.timestamp, packet.payload);
        let mut samples = [0; LONGEST];
        for (sample, &byte) in samples.iter_mut().zip(packet.payload) {
            *sample = i16::from(byte) << 8;
        }
        buffer.put(packet.timestamp, &samples[..packet.payload.len()]);
        buffer.take(&mut frame);
    }
});
