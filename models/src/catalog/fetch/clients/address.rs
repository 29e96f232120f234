//! Where a package client says that an archive lies.
//!
//! Such an address may hold a password, in front of the host or in the query. It is neither shown nor put on a command line, where
//! every user of the machine could read it; what a client says of it is shown without ([`redacted`]).

/// Longer ones are not believed.
const MAX_LENGTH: usize = 4_096;
/// What stands for a password, here and in pip's words.
const HIDDEN: &str = "****";

/// An address that curl can be given in a configuration, between quotation marks. It cannot be printed.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Address(String);

impl Address {
    /// The address in `text`, without what stands behind a `#`, if curl could fetch it.
    pub fn parse(text: &str) -> Option<Self> {
        let url = text.split('#').next().unwrap_or_default();
        let (scheme, rest) = url.split_once("://")?;
        let (user, host) = split_user(authority(rest));
        let plain = url.bytes().all(|b| b.is_ascii_graphic() && !matches!(b, b'"' | b'\\'));
        let complete = plain && url.len() <= MAX_LENGTH && !host.is_empty() && !user.is_some_and(|user| user.contains(HIDDEN));
        (complete && matches!(scheme, "http" | "https")).then(|| Self(url.to_owned()))
    }

    /// The whole of it, passwords included.
    pub fn secret(&self) -> &str {
        &self.0
    }

    /// `http` or `https`.
    pub fn scheme(&self) -> &str {
        self.0.split_once("://").map_or("https", |(scheme, _)| scheme)
    }

    /// The last piece of its path.
    pub fn file_name(&self) -> &str {
        let path = self.0.split('?').next().unwrap_or_default();
        path.rsplit('/').next().unwrap_or_default()
    }

    /// Host and port.
    pub fn host(&self) -> &str {
        host_in(&self.0).unwrap_or_default()
    }
}

/// Host and port in any address, without a user.
pub(super) fn host_in(url: &str) -> Option<&str> {
    url.split_once("://").map(|(_, rest)| split_user(authority(rest)).1)
}

/// `text` with nothing secret in its addresses: no user, no password, no query.
pub(super) fn redacted(text: &str) -> String {
    let mut out = String::new();
    let mut left = text;
    while let Some((before, rest)) = left.split_once("://") {
        let end = rest.find(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '<' | '>' | ')')).unwrap_or(rest.len());
        let (url, after) = rest.split_at(end);
        let (user, _) = split_user(authority(url));
        let shown = user.map_or(url, |user| url.get(user.len() + 1..).unwrap_or_default());
        let (shown, query) = shown.split_once('?').map_or((shown, ""), |(shown, _)| (shown, "?****"));
        out.extend([before, "://", if user.is_some() { "****@" } else { "" }, shown, query]);
        left = after;
    }
    out + left
}

/// User, host and port: what stands before the path.
fn authority(rest: &str) -> &str {
    rest.split(['/', '?', '#']).next().unwrap_or_default()
}

/// What stands before the last `@`, and what behind it.
fn split_user(authority: &str) -> (Option<&str>, &str) {
    authority.rsplit_once('@').map_or((None, authority), |(user, host)| (Some(user), host))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn an_address_is_one_that_curl_can_be_given() {
        for (text, host) in [
            ("https://mirror.example/a/b.whl#sha256=00", "mirror.example"),
            ("http://10.0.0.1:8080/b.tgz", "10.0.0.1:8080"),
            ("https://user:p@ss@mirror.example/b.tgz?key=1", "mirror.example"),
        ] {
            let address = Address::parse(text).unwrap();
            assert_eq!(address.host(), host);
            assert!(!address.secret().contains('#') && text.starts_with(address.scheme()) && text.contains(address.file_name()));
        }
        let long = format!("https://h/{}", "x".repeat(MAX_LENGTH));
        for bad in [
            "",
            "b.whl",
            "file:///b.whl",
            "ftp://h/b",
            "https:///b",
            "https://u:****@h/b",
            "https://h/a b",
            "https://h/\"\n",
            "https://h/\\",
            &long,
        ] {
            assert!(Address::parse(bad).is_none(), "{bad}");
        }
    }

    #[test]
    fn what_is_shown_of_an_address_holds_no_secret() {
        for (text, shown) in [
            ("no address: at all", "no address: at all"),
            ("403 for 'https://u:p@h/a/@s/b?token=t' (from http://u@h)", "403 for 'https://****@h/a/@s/b?****' (from http://****@h)"),
            ("https://h/a https://u:p@q@h", "https://h/a https://****@h"),
            ("https://h/a?next=https://u:p@h/", "https://h/a?****"),
        ] {
            assert_eq!(redacted(text), shown);
        }
    }

    proptest::proptest! {
        #[test]
        fn rubbish_is_no_address_and_is_shown_as_it_is(text in "\\PC{0,60}", between in "[a-z:/@?#]{0,30}") {
            for text in [text.clone(), format!("https://{between}"), format!("https://{text}")] {
                if let Some(address) = Address::parse(&text) {
                    proptest::prop_assert!(!address.host().is_empty() && !address.secret().contains(['"', '\n', '#']));
                }
                proptest::prop_assert!(!redacted(&text).is_empty() || text.is_empty());
            }
        }
    }
}
