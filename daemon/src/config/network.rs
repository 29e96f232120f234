//! Which addresses are meant: one, or all that begin alike.

use std::fmt;
use std::net::IpAddr;

/// Addresses that begin alike: `192.0.2.0/24`, `2001:db8::/32`, or one alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Network {
    address: IpAddr,
    prefix: u32,
}

impl Network {
    /// A network as it is written, or one address.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (address, prefix) = match text.split_once('/') {
            Some((address, prefix)) => (address, Some(prefix)),
            None => (text, None),
        };
        let address: IpAddr = address.parse().ok()?;
        let longest = longest(address);
        let prefix = match prefix {
            Some(digits) if digits.bytes().all(|b| b.is_ascii_digit()) => digits.parse().ok().filter(|&prefix| prefix <= longest)?,
            Some(_) => return None,
            None => longest,
        };
        Some(Self { address, prefix })
    }

    /// Whether an address is in it. An IPv4 address in the clothes of IPv6 is the IPv4 address.
    #[must_use]
    pub fn contains(&self, address: IpAddr) -> bool {
        match (self.address.to_canonical(), address.to_canonical()) {
            (IpAddr::V4(ours), IpAddr::V4(theirs)) => same(u32::from(ours).into(), u32::from(theirs).into(), self.prefix, 32),
            (IpAddr::V6(ours), IpAddr::V6(theirs)) => same(ours.into(), theirs.into(), self.prefix, 128),
            _ => false,
        }
    }
}

/// As it is written: an address alone has no prefix.
impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { address, prefix } = self;
        if *prefix == longest(*address) { write!(f, "{address}") } else { write!(f, "{address}/{prefix}") }
    }
}

fn longest(address: IpAddr) -> u32 {
    if address.is_ipv4() { 32 } else { 128 }
}

/// Whether two numbers of so many bits begin alike.
fn same(ours: u128, theirs: u128, prefix: u32, bits: u32) -> bool {
    (ours ^ theirs).checked_shr(bits.saturating_sub(prefix)).unwrap_or(0) == 0
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use proptest::prelude::*;

    fn holds(network: &str, address: &str) -> bool {
        Network::parse(network).unwrap().contains(address.parse().unwrap())
    }

    #[test]
    fn addresses_that_begin_alike_are_in_it_and_no_others() {
        for (network, inside, outside) in [
            ("192.0.2.0/24", "192.0.2.255", "192.0.3.0"),
            ("192.0.2.7/24", "192.0.2.1", "192.0.1.255"),
            ("192.0.2.7", "192.0.2.7", "192.0.2.6"),
            ("192.0.2.7", "::ffff:192.0.2.7", "::ffff:192.0.2.8"),
            ("10.0.0.0/7", "11.255.0.1", "12.0.0.0"),
            ("2001:db8::/32", "2001:db8:ffff::1", "2001:db9::1"),
            ("2001:db8::1", "2001:db8::1", "2001:db8::2"),
            ("0.0.0.0/0", "203.0.113.9", "2001:db8::1"),
            ("::/0", "2001:db8::1", "203.0.113.9"),
        ] {
            assert!(holds(network, inside), "{inside} in {network}");
            assert!(!holds(network, outside), "{outside} not in {network}");
        }
    }

    #[test]
    fn what_is_no_network_is_none() {
        for text in ["", "pbx.office", "192.0.2.0/33", "192.0.2.0/", "192.0.2/24", "192.0.2.0/+8", "::/129", "192.0.2.0/24/8", " 192.0.2.1"]
        {
            assert_eq!(Network::parse(text), None, "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn a_network_is_read_back_as_it_was_written(address in any::<IpAddr>(), prefix in 0_u32..=128) {
            if let Some(network) = Network::parse(&format!("{address}/{prefix}")) {
                prop_assert_eq!(Network::parse(&network.to_string()), Some(network));
            }
        }

        #[test]
        fn no_text_whatever_makes_the_reader_panic(text in "[0-9a-f:./]{0,24}", address in any::<u128>()) {
            if let Some(network) = Network::parse(&text) {
                let _ = (network.contains(IpAddr::V6(address.into())), network.contains(IpAddr::V4((address as u32).into())));
            }
        }
    }
}
