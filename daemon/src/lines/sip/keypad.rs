//! Keys in INFO requests, as older gateways send them.

use crate::lines::Key;

/// The kinds of body that tell a key.
pub const KINDS: &str = "application/dtmf-relay, application/dtmf";

/// The key that an INFO tells: `Signal=5` in `application/dtmf-relay`, or `5` in `application/dtmf`.
#[must_use]
pub fn in_info(kind: &str, body: &[u8]) -> Option<Key> {
    let kind = kind.split(';').next().unwrap_or_default().trim();
    let text = std::str::from_utf8(body.get(..body.len().min(256))?).ok()?;
    let key = if kind.eq_ignore_ascii_case("application/dtmf-relay") {
        text.lines().filter_map(|line| line.split_once('=')).find(|(name, _)| name.trim().eq_ignore_ascii_case("signal"))?.1
    } else if kind.eq_ignore_ascii_case("application/dtmf") {
        text
    } else {
        return None;
    };
    match key.trim() {
        "10" => Key::new('*'),
        "11" => Key::new('#'),
        key => single(key).and_then(|c| Key::new(c.to_ascii_uppercase())),
    }
}

fn single(text: &str) -> Option<char> {
    let mut chars = text.chars();
    chars.next().filter(|_| chars.next().is_none())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_found_in_both_kinds_of_body() {
        let relay = |body: &str| in_info("application/dtmf-relay", body.as_bytes());
        assert_eq!(relay("Signal=5\r\nDuration=160\r\n"), Key::new('5'));
        assert_eq!(relay("Duration=160\r\nsignal= # \r\n"), Key::new('#'));
        assert_eq!(relay("Signal=10"), Key::new('*'));
        assert_eq!(in_info("Application/DTMF; x=y", b"d"), Key::new('D'));
    }

    #[test]
    fn anything_else_is_no_key() {
        for (kind, body) in [("application/dtmf", "55"), ("application/dtmf", ""), ("application/dtmf-relay", "5"), ("text/plain", "5")] {
            assert_eq!(in_info(kind, body.as_bytes()), None, "{kind}: {body}");
        }
        assert_eq!(in_info("application/dtmf", &[0xff, 0xfe]), None);
    }
}
