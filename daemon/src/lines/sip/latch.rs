//! Whose RTP counts, and where ours goes: symmetric RTP (RFC 4961), without I/O.
//!
//! Behind address translation a caller's sound comes from elsewhere than its SDP says, and ours must go there. But whoever takes the first
//! packet's word for it lets strangers in. So the address of the SDP is believed at once, whenever it speaks, whoever was believed before.
//! Any other one is believed only in a call that the caller confirmed, only while nobody is, and only after two packets in a row that
//! belong together.

use std::net::SocketAddr;

use crate::media::rtp::Packet;

/// What a packet means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The sender's sound.
    Theirs,
    /// The sender's sound, the first of a new stream.
    NewStream,
    /// Not theirs, or not yet believed.
    Ignored,
}

/// One call's idea of who sends.
#[derive(Debug, Default)]
pub struct Latch {
    described: Option<SocketAddr>,
    believed: Option<(SocketAddr, u32)>,
    candidate: Option<(SocketAddr, u32, u16)>,
    /// Whether the call is confirmed.
    confirmed: bool,
}

impl Latch {
    /// A description named this address. If it is another one than before, the sender is found anew.
    pub fn describe(&mut self, remote: Option<SocketAddr>) {
        if remote != self.described {
            *self = Self { described: remote, confirmed: self.confirmed, ..Self::default() };
        }
    }

    /// The caller confirmed the call: a sender from elsewhere may be theirs from now on. Before that, whoever sends to all our ports would
    /// be the first to be found.
    pub fn confirm(&mut self) {
        self.confirmed = true;
    }

    /// Where our sound goes.
    #[must_use]
    pub fn target(&self) -> Option<SocketAddr> {
        self.believed.map(|(source, _)| source).or(self.described)
    }

    /// A packet of an agreed payload type came.
    pub fn judge(&mut self, from: SocketAddr, packet: &Packet<'_>) -> Verdict {
        match self.believed {
            Some((source, ssrc)) if source == from && ssrc == packet.ssrc => Verdict::Theirs,
            // The believed sender's new stream: two packets must say so, since anybody can forge one.
            Some((source, _)) if source == from => self.second(from, packet),
            _ if self.described == Some(from) => self.believe(from, packet.ssrc),
            None if self.confirmed => self.second(from, packet),
            None | Some(_) => Verdict::Ignored,
        }
    }

    fn second(&mut self, from: SocketAddr, packet: &Packet<'_>) -> Verdict {
        let follows = self.candidate.is_some_and(|(source, ssrc, sequence)| {
            source == from && ssrc == packet.ssrc && (1..=16).contains(&packet.sequence.wrapping_sub(sequence))
        });
        if follows {
            return self.believe(from, packet.ssrc);
        }
        self.candidate = Some((from, packet.ssrc, packet.sequence));
        Verdict::Ignored
    }

    fn believe(&mut self, source: SocketAddr, ssrc: u32) -> Verdict {
        self.believed = Some((source, ssrc));
        self.candidate = None;
        Verdict::NewStream
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn at(port: u16) -> SocketAddr {
        SocketAddr::from(([192, 0, 2, 1], port))
    }

    fn packet(ssrc: u32, sequence: u16) -> Packet<'static> {
        Packet { payload_type: 8, marker: false, sequence, timestamp: 0, ssrc, payload: &[] }
    }

    fn told(port: u16) -> Latch {
        let mut latch = Latch::default();
        latch.describe(Some(at(port)));
        latch.confirm();
        latch
    }

    #[test]
    fn a_sender_where_the_description_says_is_believed_at_once() {
        let mut latch = told(4000);
        assert_eq!(latch.judge(at(4000), &packet(1, 1)), Verdict::NewStream);
        assert_eq!(latch.judge(at(4000), &packet(1, 2)), Verdict::Theirs);
    }

    #[test]
    fn a_sender_behind_translation_is_believed_at_its_second_packet_and_gets_our_sound() {
        let mut latch = told(4000);
        assert_eq!(latch.judge(at(5000), &packet(1, 65_535)), Verdict::Ignored);
        assert_eq!(latch.target(), Some(at(4000)));
        assert_eq!(latch.judge(at(5000), &packet(1, 0)), Verdict::NewStream);
        assert_eq!(latch.target(), Some(at(5000)));
    }

    #[test]
    fn strangers_are_ignored_once_somebody_is_believed() {
        let mut latch = told(4000);
        latch.judge(at(4000), &packet(1, 1));
        for sequence in 1..20 {
            assert_eq!(latch.judge(at(6666), &packet(1, sequence)), Verdict::Ignored);
        }
        assert_eq!(latch.target(), Some(at(4000)));
    }

    #[test]
    fn a_stranger_who_came_first_gives_way_to_whom_the_description_names() {
        let mut latch = told(4000);
        latch.judge(at(6666), &packet(6, 1));
        latch.judge(at(6666), &packet(6, 2));
        assert_eq!(latch.judge(at(4000), &packet(1, 1)), Verdict::NewStream);
        assert_eq!(latch.target(), Some(at(4000)));
        assert_eq!((latch.judge(at(6666), &packet(6, 3)), latch.judge(at(6666), &packet(6, 4))), (Verdict::Ignored, Verdict::Ignored));
        assert_eq!(latch.judge(at(4000), &packet(1, 2)), Verdict::Theirs);
    }

    #[test]
    fn before_the_call_is_confirmed_only_whom_the_description_names_is_believed() {
        let mut latch = Latch::default();
        latch.describe(Some(at(4000)));
        for sequence in 1..20 {
            assert_eq!(latch.judge(at(6666), &packet(6, sequence)), Verdict::Ignored);
        }
        latch.confirm();
        assert_eq!(latch.judge(at(6666), &packet(6, 20)), Verdict::Ignored, "what came before does not count");
        assert_eq!(latch.judge(at(4000), &packet(1, 1)), Verdict::NewStream);
    }

    #[test]
    fn single_packets_of_many_strangers_are_never_believed() {
        let mut latch = told(4000);
        for port in 5000..5100 {
            assert_eq!(latch.judge(at(port), &packet(u32::from(port), 1)), Verdict::Ignored);
        }
    }

    #[test]
    fn a_new_stream_of_the_believed_sender_needs_two_packets() {
        let mut latch = told(4000);
        latch.judge(at(4000), &packet(1, 1));
        assert_eq!(latch.judge(at(4000), &packet(2, 100)), Verdict::Ignored);
        assert_eq!(latch.judge(at(4000), &packet(1, 2)), Verdict::Theirs);
        assert_eq!(latch.judge(at(4000), &packet(2, 101)), Verdict::NewStream);
    }

    #[test]
    fn a_new_description_opens_the_latch_and_the_same_one_does_not() {
        let mut latch = told(4000);
        latch.judge(at(4000), &packet(1, 1));
        latch.describe(Some(at(4000)));
        assert_eq!(latch.judge(at(4000), &packet(1, 2)), Verdict::Theirs);
        latch.describe(Some(at(7000)));
        assert_eq!(latch.target(), Some(at(7000)));
        latch.judge(at(5000), &packet(3, 1));
        assert_eq!(latch.judge(at(5000), &packet(3, 2)), Verdict::NewStream, "the call is still confirmed");
    }
}
