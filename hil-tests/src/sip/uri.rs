//! Where a call goes, and what stands in `Contact`, `From` and `Refer-To`.

use std::net::SocketAddr;

use super::Protocol;

/// The port of SIP without TLS.
const PORT: u16 = 5060;

/// Whom to call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// The address as it stands in a request.
    pub uri: String,
    /// The host of it.
    pub host: String,
    /// The port of it, or 5060.
    pub port: u16,
    /// What `;transport=` says.
    pub protocol: Option<Protocol>,
}

/// An address that cannot be called.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a SIP address that can be called; write sip:user@host:port")]
pub struct BadTarget(String);

impl std::str::FromStr for Target {
    type Err = BadTarget;

    fn from_str(text: &str) -> Result<Self, BadTarget> {
        let bad = || BadTarget(text.to_owned());
        let uri = inside(text);
        let rest = uri.strip_prefix("sip:").ok_or_else(bad)?;
        // Headers of the URI (`?Replaces=...`) belong to the request that is built from it, and no call of ours needs them.
        let (rest, _) = rest.split_once('?').unwrap_or((rest, ""));
        let (address, parameters) = rest.split_once(';').unwrap_or((rest, ""));
        let host_port = address.rsplit_once('@').map_or(address, |(_, host)| host);
        let (host, port) = split_port(host_port).ok_or_else(bad)?;
        let odd = |c: char| c.is_whitespace() || c.is_control() || matches!(c, '<' | '>' | '"');
        if host.is_empty() || uri.contains(odd) {
            return Err(bad());
        }
        let transport = parameters.split(';').find_map(|parameter| parameter.strip_prefix("transport="));
        let protocol = transport.map(|word| word.parse().map_err(|_| bad())).transpose()?;
        Ok(Self { uri: uri.split_once('?').map_or(uri, |(uri, _)| uri).to_owned(), host: host.to_owned(), port, protocol })
    }
}

impl Target {
    /// Look the host up.
    ///
    /// # Errors
    /// If it has no address.
    pub async fn resolve(&self) -> std::io::Result<SocketAddr> {
        let none = || std::io::Error::new(std::io::ErrorKind::NotFound, format!("{} has no address", self.host));
        let host = self.host.trim_start_matches('[').trim_end_matches(']');
        tokio::net::lookup_host((host, self.port)).await?.next().ok_or_else(none)
    }
}

fn split_port(text: &str) -> Option<(&str, u16)> {
    // An IPv6 address has colons of its own, inside brackets.
    let after = text.rfind(']').map_or(0, |at| at + 1);
    match text.get(after..)?.split_once(':') {
        Some((host, port)) => Some((text.get(..after + host.len())?, port.parse().ok()?)),
        None => Some((text, PORT)),
    }
}

/// The URI of a header such as `"A" <sip:b@c>;tag=1` or `sip:b@c;tag=1`.
pub(super) fn inside(value: &str) -> &str {
    match value.split_once('<') {
        Some((_, rest)) => rest.split_once('>').map_or(rest, |(uri, _)| uri),
        None => value.split_once(";tag=").map_or(value, |(uri, _)| uri),
    }
    .trim()
}

/// The tag of a `From` or `To`.
pub(super) fn tag(value: &str) -> Option<&str> {
    let parameters = value.rsplit_once('>').map_or(value, |(_, rest)| rest);
    let (_, tag) = parameters.split_once(";tag=")?;
    Some(tag.split(';').next().unwrap_or(tag).trim())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn an_address_is_taken_apart() {
        let target: Target = "sip:office@127.0.0.1:5070;transport=tcp".parse().unwrap();
        assert_eq!((target.host.as_str(), target.port, target.protocol), ("127.0.0.1", 5070, Some(Protocol::Tcp)));
        let target: Target = "\"Front desk\" <sip:desk@[::1]?Replaces=abc>".parse().unwrap();
        assert_eq!((target.uri.as_str(), target.host.as_str(), target.port), ("sip:desk@[::1]", "[::1]", 5060));
    }

    #[test]
    fn what_cannot_be_called_is_refused() {
        for text in ["", "tel:123", "sip:", "sip:a@", "sip:a@h:port", "sip:a@h;transport=pigeon", "sip:a b@h"] {
            assert!(text.parse::<Target>().is_err(), "{text:?}");
        }
    }

    #[test]
    fn tags_are_found_with_and_without_brackets() {
        assert_eq!(tag("<sip:a@b;x=1>;tag=77;y"), Some("77"));
        assert_eq!(tag("sip:a@b;tag=78"), Some("78"));
        assert_eq!(tag("<sip:a@b;tag=no>"), None);
        assert_eq!(inside("sip:a@b;tag=78"), "sip:a@b");
    }

    proptest! {
        #[test]
        fn no_text_panics(text in ".{0,60}") {
            let _ = text.parse::<Target>();
            let _ = (inside(&text), tag(&text));
        }
    }
}
