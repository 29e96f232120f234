//! Pairs of UDP ports for RTP and RTCP (RFC 3550, section 11): the even one carries sound, the odd one is held so that nobody else gets the
//! reports meant for it.

use std::io;
use std::net::{IpAddr, SocketAddr, UdpSocket};
use std::ops::RangeInclusive;

/// Both sockets of one call.
pub struct RtpSockets {
    /// Sound. It does not block.
    pub rtp: UdpSocket,
    /// Held, and never read.
    _rtcp: UdpSocket,
    /// The even port.
    pub port: u16,
}

/// Bind a free pair out of `ports`, beginning at a random one, so that a call's port cannot be foretold.
///
/// # Errors
/// If no pair is free.
pub fn bind_pair(address: IpAddr, ports: &RangeInclusive<u16>) -> io::Result<RtpSockets> {
    let first = u32::from(*ports.start()).next_multiple_of(2);
    let last = u32::from(*ports.end());
    let pairs = (last + 1).saturating_sub(first) / 2;
    let none_free = || io::Error::new(io::ErrorKind::AddrInUse, format!("no pair of RTP ports is free in {ports:?}; widen rtp_ports"));
    if pairs == 0 {
        return Err(none_free());
    }
    let start = rand::random_range(0..pairs);
    (0..pairs)
        .map(|i| first + 2 * ((start + i) % pairs))
        .filter_map(|port| u16::try_from(port).ok())
        .find_map(|port| pair(address, port))
        .ok_or_else(none_free)
}

fn pair(address: IpAddr, port: u16) -> Option<RtpSockets> {
    let rtp = UdpSocket::bind((address, port)).ok()?;
    let rtcp = UdpSocket::bind((address, port.checked_add(1)?)).ok()?;
    rtp.set_nonblocking(true).ok()?;
    Some(RtpSockets { rtp, _rtcp: rtcp, port })
}

/// The address of ours that `peer` sees: the one that the system would send from. Nothing is sent.
///
/// # Errors
/// If there is no way to `peer`.
pub fn address_towards(peer: SocketAddr) -> io::Result<IpAddr> {
    let any: SocketAddr = if peer.is_ipv4() { ([0, 0, 0, 0], 0).into() } else { ([0u16; 8], 0).into() };
    let socket = UdpSocket::bind(any)?;
    socket.connect(peer)?;
    Ok(socket.local_addr()?.ip())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use std::net::Ipv4Addr;

    const HERE: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

    #[test]
    fn the_pairs_of_a_range_are_taken_until_none_is_left() {
        // Ports that somebody else holds only make the range smaller.
        let ports = 41_001..=41_008;
        let taken: Vec<_> = std::iter::from_fn(|| bind_pair(HERE, &ports).ok()).collect();
        assert!((1..=3).contains(&taken.len()));
        assert!(taken.iter().all(|pair| pair.port % 2 == 0 && pair.port >= 41_002));
        assert!(bind_pair(HERE, &ports).err().unwrap().to_string().contains("rtp_ports"));
    }

    #[test]
    fn a_range_without_a_pair_has_none() {
        assert!(bind_pair(HERE, &(41_101..=41_102)).is_err());
    }

    #[test]
    fn loopback_is_reached_from_loopback() {
        assert_eq!(address_towards(SocketAddr::from(([127, 0, 0, 1], 5060))).unwrap(), HERE);
    }
}
