//! The doors that fuzzers knock at (`fuzz/`): the pure readers of this room, which nobody else outside it needs. Compiled for them alone.

use std::net::{IpAddr, Ipv4Addr};

use super::digest::Challenge;
use super::sdp::{Description, Local};
use super::{keypad, party};
use crate::config::Codec;
use crate::lines::Party;

/// Our answer to an offer, if we agree with it.
#[must_use]
pub fn answer_to(offer: &[u8]) -> Option<String> {
    let local = Local { address: IpAddr::V4(Ipv4Addr::LOCALHOST), port: 40_000, session: 1, version: 1 };
    let description = Description::parse(offer).ok()?;
    let agreed = description.agree(&[Codec::Pcma, Codec::Pcmu]).ok()?;
    Some(description.answer(&local, &agreed))
}

/// Whether a description can be read.
#[must_use]
pub fn is_read(body: &[u8]) -> bool {
    Description::parse(body).is_ok()
}

/// Who calls, by these headers.
#[must_use]
pub fn caller(from: &str, asserted: Option<&str>, privacy: Option<&str>) -> Party {
    party::caller(from, asserted, privacy)
}

/// Whether a header is a challenge that we can answer.
#[must_use]
pub fn is_challenge(header: &str) -> bool {
    Challenge::parse(header).is_some()
}

/// Whether the body of an INFO holds a key.
#[must_use]
pub fn is_key(kind: &str, body: &[u8]) -> bool {
    keypad::in_info(kind, body).is_some()
}
