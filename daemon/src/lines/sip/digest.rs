//! Answers to digest challenges (RFC 7616, RFC 8760), without I/O.
//!
//! SHA-256 is preferred over MD5 when both are asked for. The answers themselves are computed by rsipstack; reading challenges and
//! writing headers is done here, because rsipstack 0.7 does not know the name `SHA-256`.

use rsipstack::dialog::authenticate::compute_digest;
use rsipstack::sip::Method;
use rsipstack::sip::headers::auth::{Algorithm, AuthQop};

/// A longer challenge is not answered.
const LONGEST: usize = 4096;

/// What a server asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Challenge {
    realm: String,
    nonce: String,
    opaque: Option<String>,
    sha256: bool,
    qop: bool,
    /// Whether the answer was right but its nonce too old.
    pub stale: bool,
}

impl Challenge {
    /// Read a `WWW-Authenticate` or `Proxy-Authenticate` header; `None` if it asks for what we do not know.
    #[must_use]
    pub fn parse(header: &str) -> Option<Self> {
        let header = header.trim();
        let (scheme, rest) = header.split_once(' ').filter(|_| header.len() <= LONGEST)?;
        if !scheme.eq_ignore_ascii_case("digest") {
            return None;
        }
        let parameters = parameters(rest);
        let get = |name: &str| parameters.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str());
        let sha256 = match get("algorithm").unwrap_or("MD5").to_ascii_uppercase().as_str() {
            "MD5" => false,
            "SHA-256" => true,
            _ => return None,
        };
        let qop = match get("qop") {
            None => false,
            Some(offered) if offered.split(',').any(|word| word.trim().eq_ignore_ascii_case("auth")) => true,
            Some(_) => return None,
        };
        let stale = get("stale").is_some_and(|value| value.eq_ignore_ascii_case("true"));
        let opaque = get("opaque").map(str::to_owned);
        Some(Self { realm: get("realm")?.to_owned(), nonce: get("nonce")?.to_owned(), opaque, sha256, qop, stale })
    }

    /// The strongest of the challenges that we can answer.
    pub fn strongest<'a>(headers: impl Iterator<Item = &'a str>) -> Option<Self> {
        headers.filter_map(Self::parse).reduce(|best, next| if next.sha256 && !best.sha256 { next } else { best })
    }

    /// The value of the `Authorization` header that answers it. `client_nonce` must be new for every answer.
    #[must_use]
    pub fn answer(&self, user: &str, password: &str, method: &Method, uri: &str, client_nonce: &str) -> String {
        let (algorithm, name) = if self.sha256 { (Algorithm::Sha256, "SHA-256") } else { (Algorithm::Md5, "MD5") };
        let qop = self.qop.then(|| AuthQop::Auth { cnonce: client_nonce.to_owned(), nc: 1 });
        let response = compute_digest(user, password, &self.realm, &self.nonce, method, uri, algorithm, qop.as_ref());
        let mut header = format!(
            "Digest username={}, realm={}, nonce={}, uri={}, response=\"{response}\", algorithm={name}",
            quoted(user),
            quoted(&self.realm),
            quoted(&self.nonce),
            quoted(uri)
        );
        if let Some(opaque) = &self.opaque {
            header += &format!(", opaque={}", quoted(opaque));
        }
        if self.qop {
            header += &format!(", qop=auth, nc=00000001, cnonce={}", quoted(client_nonce));
        }
        header
    }
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

/// `name=value` pairs, separated by commas; values may be quoted.
fn parameters(text: &str) -> Vec<(String, String)> {
    let (mut found, mut rest) = (Vec::new(), text);
    while let Some((name, after)) = rest.split_once('=') {
        let after = after.trim_start();
        let (value, next) = match after.strip_prefix('"') {
            Some(inner) => quoted_value(inner),
            None => after.split_once(',').map_or((after.trim().to_owned(), ""), |(value, next)| (value.trim().to_owned(), next)),
        };
        found.push((name.trim_matches([',', ' ', '\t', '\r', '\n']).to_owned(), value));
        rest = next;
    }
    found
}

fn quoted_value(inner: &str) -> (String, &str) {
    let (mut value, mut chars) = (String::new(), inner.char_indices());
    while let Some((at, c)) = chars.next() {
        match c {
            '"' => return (value, &inner[at + 1..]),
            '\\' => value.extend(chars.next().map(|(_, escaped)| escaped)),
            c => value.push(c),
        }
    }
    (value, "")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_challenge_of_1999_is_answered() {
        // RFC 2069's form, without qop; the value is MD5(MD5("u:r:p"):n:MD5("REGISTER:sip:h")).
        let challenge = Challenge::parse("Digest realm=\"r\", nonce=\"n\"").unwrap();
        let answer = challenge.answer("u", "p", &Method::Register, "sip:h", "c");
        let expected = compute_digest("u", "p", "r", "n", &Method::Register, "sip:h", Algorithm::Md5, None);
        assert_eq!(
            answer,
            format!("Digest username=\"u\", realm=\"r\", nonce=\"n\", uri=\"sip:h\", response=\"{expected}\", algorithm=MD5")
        );
    }

    #[test]
    fn the_stronger_of_two_challenges_is_answered_under_its_right_name() {
        let headers = [
            "Digest realm=\"r\", nonce=\"a\", algorithm=MD5, qop=\"auth\"",
            "Digest realm=\"r\", nonce=\"b\", algorithm=SHA-256, qop=\"auth-int,auth\"",
        ];
        let answer = Challenge::strongest(headers.into_iter()).unwrap().answer("u", "p", &Method::Register, "sip:h", "c");
        assert!(answer.contains("nonce=\"b\"") && answer.contains("algorithm=SHA-256") && answer.contains("nc=00000001"), "{answer}");
        let response = answer.split("response=\"").nth(1).unwrap().split('"').next().unwrap();
        assert_eq!(response.len(), 64);
    }

    #[test]
    fn what_we_do_not_know_is_not_answered() {
        for header in [
            "Basic realm=\"r\"",
            "Digest realm=\"r\"",
            "Digest realm=\"r\", nonce=\"n\", algorithm=MD5-sess",
            "Digest realm=\"r\", nonce=\"n\", qop=\"auth-int\"",
        ] {
            assert_eq!(Challenge::parse(header), None, "{header}");
        }
    }

    #[test]
    fn commas_and_quotes_within_quotes_are_text() {
        let challenge = Challenge::parse(r#"Digest realm="a, \"b\" = c", stale=TRUE, nonce="n", opaque="""#).unwrap();
        assert_eq!((challenge.realm.as_str(), challenge.stale), ("a, \"b\" = c", true));
        assert!(challenge.answer("u", "p", &Method::Register, "sip:h", "c").contains(r#"realm="a, \"b\" = c""#));
    }

    proptest! {
        #[test]
        fn no_challenge_whatever_makes_the_reader_panic(header in "\\PC{0,200}", rest in "[ -~]{0,200}") {
            let _ = Challenge::parse(&header);
            let _ = Challenge::parse(&format!("Digest {rest}"));
        }
    }
}
