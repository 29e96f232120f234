//! Session descriptions (RFC 8866) and how an offer is answered (RFC 3264), without I/O.
//!
//! Of a description only what a telephone call needs is kept: one stream of sound over plain RTP, G.711, and telephone events. Every other
//! stream of an offer is refused in the answer by port 0, as RFC 3264 (section 6) asks.

use std::fmt::Write;
use std::net::{IpAddr, SocketAddr};

use crate::config::Codec;
use crate::media::codec::{encoding_name, payload_type};

/// A longer description is refused.
const LONGEST: usize = 16 * 1024;
/// As is one of more streams, or a stream of more formats.
const MOST_STREAMS: usize = 16;
const MOST_FORMATS: usize = 64;
/// The payload type that our own offers give to telephone events.
const EVENTS: u8 = 101;

/// In which direction sound flows, from the view of whoever wrote the description.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// Both ways.
    SendRecv,
    /// From the writer only: music on hold.
    SendOnly,
    /// To the writer only.
    RecvOnly,
    /// Not at all.
    Inactive,
}

impl Direction {
    fn attribute(self) -> &'static str {
        match self {
            Self::SendRecv => "sendrecv",
            Self::SendOnly => "sendonly",
            Self::RecvOnly => "recvonly",
            Self::Inactive => "inactive",
        }
    }

    fn parse(attribute: &str) -> Option<Self> {
        [Self::SendRecv, Self::SendOnly, Self::RecvOnly, Self::Inactive].into_iter().find(|d| d.attribute() == attribute)
    }

    /// The same, from the other side's view.
    #[must_use]
    pub fn mirrored(self) -> Self {
        match self {
            Self::SendOnly => Self::RecvOnly,
            Self::RecvOnly => Self::SendOnly,
            both => both,
        }
    }
}

/// What the other side described.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Description {
    streams: Vec<Stream>,
    /// Which of the streams carries the call.
    chosen: usize,
    /// Where it wants sound, if it said so in numbers.
    pub remote: Option<SocketAddr>,
    /// In which direction, from its view.
    pub direction: Direction,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Stream {
    media: String,
    protocol: String,
    port: u16,
    formats: Vec<String>,
    rtpmap: Vec<(u8, String)>,
    address: Option<IpAddr>,
    direction: Option<Direction>,
}

/// Why a description cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unusable {
    /// It is not a session description, or a monstrous one (SIP 400).
    #[error("the session description is malformed")]
    Malformed,
    /// It has no stream of plain RTP sound (SIP 488).
    #[error("the session description has no plain RTP audio")]
    NoSound,
    /// It has none of our codecs (SIP 488).
    #[error("the session description has none of the line's codecs")]
    NoCodec,
}

/// What both sides agreed on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Agreed {
    /// How sound is written.
    pub codec: Codec,
    /// What its packets are called.
    pub payload_type: u8,
    /// What event packets are called, if the other side takes them.
    pub events: Option<u8>,
    /// Where the other side wants sound.
    pub remote: Option<SocketAddr>,
    /// In which direction sound flows, from our view.
    pub direction: Direction,
}

/// Our side of a session.
#[derive(Clone, Debug)]
pub struct Local {
    /// The address written into descriptions.
    pub address: IpAddr,
    /// The RTP port.
    pub port: u16,
    /// The session's number (`o=`).
    pub session: u64,
    /// The version of the last description; one more for each that follows.
    pub version: u64,
}

impl Description {
    /// Read a description.
    ///
    /// # Errors
    /// If it is malformed or has no stream of sound over plain RTP.
    pub fn parse(body: &[u8]) -> Result<Self, Unusable> {
        if body.len() > LONGEST {
            return Err(Unusable::Malformed);
        }
        let text = std::str::from_utf8(body).map_err(|_| Unusable::Malformed)?;
        let mut lines = text.lines().filter_map(|line| line.split_once('=')).map(|(key, value)| (key, value.trim()));
        if lines.next() != Some(("v", "0")) {
            return Err(Unusable::Malformed);
        }
        let (mut session, mut streams) = (Stream::of_session(), Vec::new());
        for (key, value) in lines {
            if key == "m" {
                if streams.len() == MOST_STREAMS {
                    return Err(Unusable::Malformed);
                }
                streams.push(Stream::parse(value).ok_or(Unusable::Malformed)?);
            } else {
                streams.last_mut().unwrap_or(&mut session).take(key, value);
            }
        }
        let chosen = streams.iter().position(Stream::is_sound).ok_or(Unusable::NoSound)?;
        let stream = &streams[chosen];
        let address = stream.address.or(session.address);
        let mut direction = stream.direction.or(session.direction).unwrap_or(Direction::SendRecv);
        if address.is_some_and(|address| address.is_unspecified()) && direction == Direction::SendRecv {
            // How hold was said before RFC 3264 (its section 8.4).
            direction = Direction::SendOnly;
        }
        let remote = address.filter(|a| !a.is_unspecified() && !a.is_multicast()).map(|a| SocketAddr::new(a, stream.port));
        Ok(Self { chosen, remote, direction, streams })
    }

    /// What we agree on with the writer of this description: the first of `codecs` that it has.
    ///
    /// # Errors
    /// If it has none of them.
    pub fn agree(&self, codecs: &[Codec]) -> Result<Agreed, Unusable> {
        let stream = &self.streams[self.chosen];
        let (codec, payload_type) =
            codecs.iter().find_map(|&codec| stream.payload_of(codec).map(|number| (codec, number))).ok_or(Unusable::NoCodec)?;
        let events = stream.number_of("telephone-event/8000");
        Ok(Agreed { codec, payload_type, events, remote: self.remote, direction: self.direction.mirrored() })
    }

    /// The answer to this description, as an offer.
    #[must_use]
    pub fn answer(&self, local: &Local, agreed: &Agreed) -> String {
        let mut text = head(local);
        for (i, stream) in self.streams.iter().enumerate() {
            if i == self.chosen {
                sound(&mut text, local, &[(agreed.codec, agreed.payload_type)], agreed.events, agreed.direction);
            } else {
                let format = stream.formats.first().map_or("0", String::as_str);
                let _ = write!(text, "m={} 0 {} {format}\r\n", stream.media, stream.protocol);
            }
        }
        text
    }
}

/// An offer of ours, for an INVITE that came without one.
#[must_use]
pub fn offer(local: &Local, codecs: &[Codec], direction: Direction) -> String {
    let formats: Vec<_> = codecs.iter().map(|&codec| (codec, payload_type(codec))).collect();
    let mut text = head(local);
    sound(&mut text, local, &formats, Some(EVENTS), direction);
    text
}

fn head(local: &Local) -> String {
    let family = if local.address.is_ipv4() { "IP4" } else { "IP6" };
    let (session, version, address) = (local.session, local.version, local.address);
    format!("v=0\r\no=- {session} {version} IN {family} {address}\r\ns=-\r\nc=IN {family} {address}\r\nt=0 0\r\n")
}

// Writing to a `String` cannot fail.
fn sound(text: &mut String, local: &Local, formats: &[(Codec, u8)], events: Option<u8>, direction: Direction) {
    let _ = write!(text, "m=audio {} RTP/AVP", local.port);
    for number in formats.iter().map(|&(_, number)| number).chain(events) {
        let _ = write!(text, " {number}");
    }
    text.push_str("\r\n");
    for &(codec, number) in formats {
        let _ = write!(text, "a=rtpmap:{number} {}/8000\r\n", encoding_name(codec));
    }
    if let Some(events) = events {
        let _ = write!(text, "a=rtpmap:{events} telephone-event/8000\r\na=fmtp:{events} 0-15\r\n");
    }
    let _ = write!(text, "a=ptime:20\r\na={}\r\n", direction.attribute());
}

impl Stream {
    /// Where the lines before the first stream are gathered.
    fn of_session() -> Self {
        let (media, protocol) = (String::new(), String::new());
        Self { media, protocol, port: 0, formats: Vec::new(), rtpmap: Vec::new(), address: None, direction: None }
    }

    /// `audio 49170 RTP/AVP 0 8 101`, and nothing that could not be written back.
    fn parse(value: &str) -> Option<Self> {
        let mut words = value.split_ascii_whitespace();
        let (media, port, protocol) = (words.next()?, words.next()?, words.next()?);
        let port = port.split_once('/').map_or(port, |(port, _)| port).parse().ok()?;
        let formats: Vec<String> = words.take(MOST_FORMATS).map(str::to_owned).collect();
        let is_clean = |word: &str| word.len() <= 64 && word.bytes().all(|b| b.is_ascii_graphic());
        let clean = formats.iter().map(String::as_str).chain([media, protocol]).all(is_clean);
        clean.then(|| Self { media: media.to_owned(), protocol: protocol.to_owned(), port, formats, ..Self::of_session() })
    }

    /// A `c=` or `a=` line.
    fn take(&mut self, key: &str, value: &str) {
        match (key, value.split_once(':')) {
            ("c", _) if value.starts_with("IN IP") => {
                let word = value.rsplit(' ').next().unwrap_or_default();
                self.address = word.split('/').next().and_then(|text| text.parse().ok());
            }
            ("a", None) => self.direction = Direction::parse(value).or(self.direction),
            ("a", Some(("rtpmap", map))) if self.rtpmap.len() < MOST_FORMATS => {
                let parsed = map.split_once(' ').and_then(|(number, name)| Some((number.parse().ok()?, name.trim())));
                self.rtpmap.extend(parsed.filter(|&(_, name)| name.len() <= 64).map(|(number, name)| (number, name.to_owned())));
            }
            _ => {}
        }
    }

    fn is_sound(&self) -> bool {
        self.media.eq_ignore_ascii_case("audio") && self.port != 0 && self.protocol.eq_ignore_ascii_case("RTP/AVP")
    }

    /// The number under which this stream offers a codec: as mapped, or the codec's own if nothing else is mapped to it.
    fn payload_of(&self, codec: Codec) -> Option<u8> {
        let name = format!("{}/8000", encoding_name(codec));
        self.number_of(&name).or_else(|| {
            let number = payload_type(codec);
            let offered = self.formats.iter().any(|format| format.parse() == Ok(number));
            (offered && self.rtpmap.iter().all(|&(mapped, _)| mapped != number)).then_some(number)
        })
    }

    fn number_of(&self, name: &str) -> Option<u8> {
        let same =
            |mapped: &str| mapped.eq_ignore_ascii_case(name) || mapped.strip_suffix("/1").is_some_and(|m| m.eq_ignore_ascii_case(name));
        let offered = |number: u8| number < 128 && self.formats.iter().any(|format| format.parse() == Ok(number));
        self.rtpmap.iter().find(|(number, mapped)| same(mapped) && offered(*number)).map(|&(number, _)| number)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use proptest::prelude::*;

    const BOTH: [Codec; 2] = [Codec::Pcma, Codec::Pcmu];

    fn local() -> Local {
        Local { address: "192.0.2.1".parse().unwrap(), port: 16_384, session: 7, version: 1 }
    }

    fn described(streams: &str) -> Result<Description, Unusable> {
        Description::parse(format!("v=0\r\no=- 1 1 IN IP4 198.51.100.1\r\ns=-\r\nc=IN IP4 198.51.100.1\r\nt=0 0\r\n{streams}").as_bytes())
    }

    #[test]
    fn an_ordinary_offer_is_answered_with_our_first_codec_and_its_event_number() {
        let offer = described("m=audio 4000 RTP/AVP 0 8 96\r\na=rtpmap:96 telephone-event/8000\r\na=fmtp:96 0-16\r\n").unwrap();
        let agreed = offer.agree(&BOTH).unwrap();
        assert_eq!((agreed.codec, agreed.payload_type, agreed.events), (Codec::Pcma, 8, Some(96)));
        assert_eq!(agreed.remote, Some("198.51.100.1:4000".parse().unwrap()));
        assert_eq!(
            offer.answer(&local(), &agreed),
            "v=0\r\no=- 7 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\nm=audio 16384 RTP/AVP 8 96\r\n\
             a=rtpmap:8 PCMA/8000\r\na=rtpmap:96 telephone-event/8000\r\na=fmtp:96 0-15\r\na=ptime:20\r\na=sendrecv\r\n"
        );
    }

    #[test]
    fn an_offer_of_ours_is_understood_by_ourselves() {
        let agreed = Description::parse(offer(&local(), &BOTH, Direction::SendRecv).as_bytes()).unwrap().agree(&[Codec::Pcmu]).unwrap();
        assert_eq!((agreed.codec, agreed.payload_type, agreed.events), (Codec::Pcmu, 0, Some(EVENTS)));
    }

    #[test]
    fn an_offer_without_our_codecs_is_not_acceptable() {
        let offer = described("m=audio 4000 RTP/AVP 9 18\r\na=rtpmap:9 G722/8000\r\n").unwrap();
        assert_eq!(offer.agree(&BOTH), Err(Unusable::NoCodec));
    }

    #[test]
    fn our_number_mapped_to_something_else_is_not_our_codec() {
        let offer = described("m=audio 4000 RTP/AVP 8\r\na=rtpmap:8 opus/48000/2\r\n").unwrap();
        assert_eq!(offer.agree(&BOTH), Err(Unusable::NoCodec));
    }

    #[test]
    fn encrypted_or_refused_sound_is_no_sound() {
        assert_eq!(described("m=audio 4000 RTP/SAVP 8\r\n"), Err(Unusable::NoSound));
        assert_eq!(described("m=audio 0 RTP/AVP 8\r\n"), Err(Unusable::NoSound));
        assert_eq!(described("m=video 4000 RTP/AVP 96\r\n"), Err(Unusable::NoSound));
    }

    #[test]
    fn every_other_stream_is_refused_in_its_place() {
        let offer = described("m=video 5000 RTP/AVP 96\r\nm=audio 4000 RTP/AVP 8\r\nm=application 6000 UDP/BFCP *\r\n").unwrap();
        let answer = offer.answer(&local(), &offer.agree(&BOTH).unwrap());
        let streams: Vec<_> = answer.lines().filter(|line| line.starts_with("m=")).collect();
        assert_eq!(streams, ["m=video 0 RTP/AVP 96", "m=audio 16384 RTP/AVP 8", "m=application 0 UDP/BFCP *"]);
    }

    #[test]
    fn hold_is_understood_in_both_its_forms() {
        for (streams, ours) in [
            ("m=audio 4000 RTP/AVP 8\r\na=sendonly\r\n", Direction::RecvOnly),
            ("m=audio 4000 RTP/AVP 8\r\na=inactive\r\n", Direction::Inactive),
            ("m=audio 4000 RTP/AVP 8\r\nc=IN IP4 0.0.0.0\r\n", Direction::RecvOnly),
        ] {
            assert_eq!(described(streams).unwrap().agree(&BOTH).unwrap().direction, ours, "{streams}");
        }
    }

    #[test]
    fn a_stream_s_own_address_counts_and_a_name_or_multicast_is_no_address() {
        let remote = |line: &str| described(&format!("m=audio 4000 RTP/AVP 8\r\nc={line}\r\n")).unwrap().remote;
        assert_eq!(remote("IN IP6 2001:db8::1"), Some("[2001:db8::1]:4000".parse().unwrap()));
        assert_eq!(remote("IN IP4 224.2.1.1/127"), None);
    }

    #[test]
    fn a_monstrous_description_is_refused() {
        assert_eq!(Description::parse(&[b'v'; LONGEST + 1]), Err(Unusable::Malformed));
        assert_eq!(described(&"m=audio 4000 RTP/AVP 8\r\n".repeat(MOST_STREAMS + 1)), Err(Unusable::Malformed));
        let formats = " 8".repeat(5000);
        assert!(described(&format!("m=audio 4000 RTP/AVP{formats}\r\n")).unwrap().streams[0].formats.len() <= MOST_FORMATS);
    }

    proptest! {
        #[test]
        fn no_text_whatever_makes_the_reader_panic_or_forge_lines(streams in "(m=[ -~]{0,40}\r\n|a=[ -~]{0,40}\r\n|c=[ -~]{0,30}\r\n|\\PC{0,20}){0,12}") {
            let text = format!("v=0\r\nm=audio 4000 RTP/AVP 8\r\n{streams}");
            if let Ok(offer) = Description::parse(text.as_bytes()) && let Ok(agreed) = offer.agree(&BOTH) {
                let answer = offer.answer(&local(), &agreed);
                let streams = answer.lines().filter(|line| line.starts_with("m=")).count();
                prop_assert_eq!(streams, offer.streams.len());
            }
        }
    }
}
