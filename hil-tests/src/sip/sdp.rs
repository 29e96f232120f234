//! What two phones say to each other about their sound: G.711, keys, and which way it flows.

use std::fmt::Write as _;
use std::net::{IpAddr, SocketAddr};

use crate::rtp::Law;

/// The payload type under which we take keys.
pub const KEYS: u8 = 101;

/// Which way sound flows, as the one who says it sees it (RFC 3264 section 5.1).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Direction {
    /// Both ways.
    #[default]
    SendRecv,
    /// Only from here: the other party is on hold.
    SendOnly,
    /// Only to here: we are on hold.
    RecvOnly,
    /// Not at all.
    Inactive,
}

impl Direction {
    const ALL: [Self; 4] = [Self::SendRecv, Self::SendOnly, Self::RecvOnly, Self::Inactive];

    fn word(self) -> &'static str {
        match self {
            Self::SendRecv => "sendrecv",
            Self::SendOnly => "sendonly",
            Self::RecvOnly => "recvonly",
            Self::Inactive => "inactive",
        }
    }

    /// What answers it.
    #[must_use]
    pub fn mirrored(self) -> Self {
        match self {
            Self::SendOnly => Self::RecvOnly,
            Self::RecvOnly => Self::SendOnly,
            Self::SendRecv | Self::Inactive => self,
        }
    }
}

/// Where the other party takes sound, and in which form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Media {
    /// Where it takes RTP.
    pub address: SocketAddr,
    /// The first of our laws that it takes.
    pub law: Law,
    /// The payload type under which it takes keys.
    pub keys: Option<u8>,
    /// Which way sound flows, as it sees it.
    pub direction: Direction,
}

/// Write an offer or an answer: we take RTP at `rtp`, in these `laws`.
#[must_use]
pub fn write(rtp: SocketAddr, laws: &[Law], direction: Direction, version: u32) -> String {
    let family = if rtp.is_ipv4() { "IP4" } else { "IP6" };
    let (ip, port) = (rtp.ip(), rtp.port());
    let mut sdp = format!("v=0\r\no=- 1 {version} IN {family} {ip}\r\ns=-\r\nc=IN {family} {ip}\r\nt=0 0\r\nm=audio {port} RTP/AVP");
    // Writing to a String cannot fail.
    for law in laws {
        let _ = write!(sdp, " {}", law.payload_type());
    }
    let _ = write!(sdp, " {KEYS}\r\n");
    for law in laws {
        let _ = write!(sdp, "a=rtpmap:{} {}/8000\r\n", law.payload_type(), law.name());
    }
    let _ = write!(sdp, "a=rtpmap:{KEYS} telephone-event/8000\r\na=fmtp:{KEYS} 0-15\r\na=ptime:20\r\na={}\r\n", direction.word());
    sdp
}

/// Read what the other party wrote; `None` if it offers no sound that we can take.
#[must_use]
pub fn read(body: &[u8], laws: &[Law]) -> Option<Media> {
    let text = std::str::from_utf8(body).ok()?;
    let mut session_ip = None;
    let mut session_direction = None;
    let mut audio: Option<Audio> = None;
    for line in text.lines().map(str::trim_end) {
        let Some((kind, value)) = line.split_once('=') else { continue };
        match (kind, &mut audio) {
            ("m", None) if value.starts_with("audio ") => audio = Some(Audio::begin(value)?),
            // Another stream begins: what follows is not about this one.
            ("m", Some(_)) => break,
            ("c", None) => session_ip = connection(value),
            ("c", Some(audio)) => audio.ip = connection(value),
            ("a", None) => session_direction = direction(value).or(session_direction),
            ("a", Some(audio)) => audio.attribute(value),
            _ => {}
        }
    }
    let audio = audio?;
    let law = *laws.iter().find(|law| audio.formats.contains(&law.payload_type()))?;
    Some(Media {
        address: SocketAddr::new(audio.ip.or(session_ip)?, audio.port),
        law,
        keys: audio.keys,
        direction: audio.direction.or(session_direction).unwrap_or_default(),
    })
}

struct Audio {
    port: u16,
    formats: Vec<u8>,
    ip: Option<IpAddr>,
    keys: Option<u8>,
    direction: Option<Direction>,
}

impl Audio {
    fn begin(value: &str) -> Option<Self> {
        let mut words = value.split_whitespace().skip(1);
        let port = words.next()?.split('/').next()?.parse().ok().filter(|&port| port != 0)?;
        let formats = words.skip(1).filter_map(|word| word.parse().ok()).collect();
        Some(Self { port, formats, ip: None, keys: None, direction: None })
    }

    fn attribute(&mut self, value: &str) {
        if let Some(found) = direction(value) {
            self.direction = Some(found);
        }
        let Some((format, coding)) = value.strip_prefix("rtpmap:").and_then(|map| map.split_once(' ')) else { return };
        let keys = coding.trim().get(..20).is_some_and(|coding| coding.eq_ignore_ascii_case("telephone-event/8000"));
        if keys {
            self.keys = format.parse().ok().filter(|format| self.formats.contains(format));
        }
    }
}

fn direction(attribute: &str) -> Option<Direction> {
    Direction::ALL.into_iter().find(|direction| direction.word() == attribute)
}

fn connection(value: &str) -> Option<IpAddr> {
    value.split_whitespace().nth(2)?.split('/').next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use proptest::prelude::*;

    use super::*;

    const BOTH: [Law; 2] = [Law::Pcma, Law::Pcmu];

    #[test]
    fn what_is_written_is_read() {
        let rtp = "127.0.0.1:40000".parse().unwrap();
        for direction in Direction::ALL {
            let media = read(write(rtp, &BOTH, direction, 1).as_bytes(), &[Law::Pcmu]).unwrap();
            assert_eq!(media, Media { address: rtp, law: Law::Pcmu, keys: Some(KEYS), direction });
        }
    }

    #[test]
    fn the_streams_own_address_and_direction_win_over_the_sessions() {
        let sdp = "v=0\nc=IN IP4 10.0.0.1\na=inactive\nm=audio 4000/2 RTP/AVP 18 0 96\nc=IN IP4 10.0.0.2\na=sendonly\n\
            a=rtpmap:96 TELEPHONE-EVENT/8000\nm=video 5000 RTP/AVP 99\na=recvonly\n";
        let media = read(sdp.as_bytes(), &BOTH).unwrap();
        assert_eq!(media.address, "10.0.0.2:4000".parse::<std::net::SocketAddr>().unwrap());
        assert_eq!((media.law, media.keys, media.direction), (Law::Pcmu, Some(96), Direction::SendOnly));
    }

    #[test]
    fn a_refused_stream_and_a_foreign_codec_are_no_media() {
        assert_eq!(read(b"c=IN IP4 10.0.0.1\nm=audio 0 RTP/AVP 0\n", &BOTH), None);
        assert_eq!(read(b"c=IN IP4 10.0.0.1\nm=audio 4000 RTP/AVP 18\n", &BOTH), None);
        assert_eq!(read(b"m=audio 4000 RTP/AVP 0\n", &BOTH), None);
    }

    proptest! {
        #[test]
        fn no_bytes_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200), text in "([vcoma]=[ -~]{0,20}\n){0,8}") {
            let _ = read(&bytes, &BOTH);
            let _ = read(text.as_bytes(), &BOTH);
        }
    }
}
