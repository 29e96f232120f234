//! Whose calls are taken, and whose word about a caller is believed, without I/O.
//!
//! A sender's address can be forged over UDP, so this is no lock: it keeps out those who call every address they find, and what the
//! network tells of a caller (P-Asserted-Identity) is believed only from those whom the admin named. Who forges an address hears nothing
//! back: no sound is sent before the ACK.

use std::net::IpAddr;

use crate::config::Network;

/// What is believed of a sender.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trust {
    /// It may not call.
    Stranger,
    /// It may call, and says itself who it is.
    Caller,
    /// It may call, and knows who calls.
    Peer,
}

/// What a sender is to a line with these `peers`; `gateway` is where the line is registered, `None` if it registers nowhere.
pub fn trust(peers: Option<&[Network]>, gateway: Option<&[IpAddr]>, from: Option<IpAddr>) -> Trust {
    let from = from.map(|from| from.to_canonical());
    let named = |from: IpAddr| peers.unwrap_or_default().iter().any(|network| network.contains(from));
    let is_gateway = |from: IpAddr| gateway.unwrap_or_default().iter().any(|gateway| gateway.to_canonical() == from);
    match from {
        Some(from) if named(from) || is_gateway(from) => Trust::Peer,
        // A line without a gateway is a telephone on the office's network: anybody there may dial it.
        _ if peers.is_none() && gateway.is_none() => Trust::Caller,
        _ => Trust::Stranger,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    const GATEWAY: &str = "192.0.2.1";

    fn judged(peers: Option<&[&str]>, gateway: Option<&[&str]>, from: &str) -> Trust {
        let peers: Option<Vec<_>> = peers.map(|all| all.iter().map(|text| Network::parse(text).unwrap()).collect());
        let gateway: Option<Vec<_>> = gateway.map(|all| all.iter().map(|text| text.parse().unwrap()).collect());
        trust(peers.as_deref(), gateway.as_deref(), Some(from.parse().unwrap()))
    }

    #[test]
    fn a_line_without_a_gateway_is_called_by_anybody_and_believes_nobody() {
        assert_eq!(judged(None, None, "198.51.100.1"), Trust::Caller);
        assert_eq!(trust(None, None, None), Trust::Caller);
    }

    #[test]
    fn a_registered_line_is_called_by_its_gateway_alone() {
        for (from, expected) in [(GATEWAY, Trust::Peer), ("::ffff:192.0.2.1", Trust::Peer), ("198.51.100.1", Trust::Stranger)] {
            assert_eq!(judged(None, Some(&[GATEWAY, "192.0.2.2"]), from), expected, "{from}");
        }
        assert_eq!(judged(None, Some(&[]), GATEWAY), Trust::Stranger, "its address is not known yet");
        assert_eq!(trust(None, Some(&[]), None), Trust::Stranger);
    }

    #[test]
    fn named_peers_call_beside_the_gateway_and_nobody_else_does() {
        let peers: &[&str] = &["198.51.100.0/24"];
        for gateway in [None, Some(&[GATEWAY][..])] {
            assert_eq!(judged(Some(peers), gateway, "198.51.100.1"), Trust::Peer);
            assert_eq!(judged(Some(peers), gateway, "203.0.113.1"), Trust::Stranger);
            assert_eq!(judged(Some(peers), gateway, GATEWAY), if gateway.is_some() { Trust::Peer } else { Trust::Stranger });
        }
    }
}
