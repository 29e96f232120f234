//! One SIP message, read from bytes that anybody may have sent and written as bytes that anybody can read.

/// Nothing longer than this is read: the largest datagram, and far more than any phone sends.
const LONGEST: usize = 65_535;
/// A message with more headers than this is refused.
const MOST_HEADERS: usize = 256;

/// The first line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Start {
    /// Somebody asks for something.
    Request {
        /// `INVITE`, `BYE`, ...
        method: String,
        /// Whom it is for.
        uri: String,
    },
    /// The answer to a request.
    Response {
        /// 100 to 699.
        status: u16,
        /// The status in words.
        reason: String,
    },
}

/// One SIP message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// The first line.
    pub start: Start,
    /// Names in full and as they were written, values without the white space around them, in order. `Content-Length` is not among
    /// them: it follows from the body.
    pub headers: Vec<(String, String)>,
    /// What the headers say it is.
    pub body: Vec<u8>,
}

/// Why bytes are no SIP message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Malformed {
    /// It has no empty line after its headers.
    #[error("the message has no end of headers")]
    Unfinished,
    /// It is too long, or has too many headers.
    #[error("the message is larger than any phone would send")]
    TooLarge,
    /// It is not text where it should be.
    #[error("the headers are not UTF-8 text")]
    NotText,
    /// The first line is neither a request's nor a response's.
    #[error("the first line is neither a request nor a response")]
    Start,
    /// A header has no colon, or no name.
    #[error("a header has no name")]
    Header,
    /// The body is shorter than announced, or its length is no number.
    #[error("the body is not as long as announced")]
    Length,
}

impl Message {
    /// A request without headers or body.
    #[must_use]
    pub fn request(method: &str, uri: &str) -> Self {
        Self { start: Start::Request { method: method.into(), uri: uri.into() }, headers: Vec::new(), body: Vec::new() }
    }

    /// The answer to `request`, with the headers that RFC 3261 section 8.2.6.2 has copied.
    #[must_use]
    pub fn response(request: &Self, status: u16, reason: &str) -> Self {
        let copied = ["Via", "From", "To", "Call-ID", "CSeq", "Record-Route"];
        let headers = request.headers.iter().filter(|(name, _)| copied.iter().any(|c| c.eq_ignore_ascii_case(name))).cloned().collect();
        Self { start: Start::Response { status, reason: reason.into() }, headers, body: Vec::new() }
    }

    /// The same message with one more header.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// The same message with a body.
    #[must_use]
    pub fn with_body(mut self, kind: &str, body: impl Into<Vec<u8>>) -> Self {
        self.headers.push(("Content-Type".into(), kind.into()));
        self.body = body.into();
        self
    }

    /// The first header of that name.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    /// Every header of that name, in order.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.headers.iter().filter(move |(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    /// The method of a request.
    #[must_use]
    pub fn method(&self) -> Option<&str> {
        match &self.start {
            Start::Request { method, .. } => Some(method),
            Start::Response { .. } => None,
        }
    }

    /// The status of a response.
    #[must_use]
    pub fn status(&self) -> Option<u16> {
        match self.start {
            Start::Request { .. } => None,
            Start::Response { status, .. } => Some(status),
        }
    }

    /// Number and method of `CSeq`.
    #[must_use]
    pub fn cseq(&self) -> Option<(u32, &str)> {
        let (number, method) = self.header("CSeq")?.split_once(char::is_whitespace)?;
        Some((number.parse().ok()?, method.trim()))
    }

    /// Read one message from all of `bytes`.
    ///
    /// # Errors
    /// [`Malformed`] says why not. No input panics.
    pub fn parse(bytes: &[u8]) -> Result<Self, Malformed> {
        if bytes.len() > LONGEST {
            return Err(Malformed::TooLarge);
        }
        let end = end_of_headers(bytes).ok_or(Malformed::Unfinished)?;
        let head = std::str::from_utf8(bytes.get(..end).unwrap_or_default()).map_err(|_| Malformed::NotText)?;
        let body = bytes.get(end..).unwrap_or_default();
        let mut lines = head.split("\r\n");
        let start = start_line(lines.next().unwrap_or_default())?;
        let mut headers = header_lines(lines)?;
        let length = headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("Content-Length")).map(|(_, value)| value.parse());
        let body = match length {
            None => body,
            Some(Ok(length)) => body.get(..length).ok_or(Malformed::Length)?,
            Some(Err(_)) => return Err(Malformed::Length),
        };
        headers.retain(|(name, _)| !name.eq_ignore_ascii_case("Content-Length"));
        Ok(Self { start, headers, body: body.to_vec() })
    }

    /// The message as it goes over the wire.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut text = match &self.start {
            Start::Request { method, uri } => format!("{method} {uri} SIP/2.0\r\n"),
            Start::Response { status, reason } => format!("SIP/2.0 {status} {reason}\r\n"),
        };
        for (name, value) in &self.headers {
            text.push_str(name);
            text.push_str(": ");
            text.push_str(value);
            text.push_str("\r\n");
        }
        text.push_str(&format!("Content-Length: {}\r\n\r\n", self.body.len()));
        let mut bytes = text.into_bytes();
        bytes.extend_from_slice(&self.body);
        bytes
    }
}

/// Take the first whole message off a stream (RFC 3261 section 18.3), or nothing if it is not all there yet.
///
/// # Errors
/// If what stands first can never become a message: the connection is then of no more use.
pub fn split_stream(stream: &mut Vec<u8>) -> Result<Option<Message>, Malformed> {
    // Empty lines between messages keep connections alive (RFC 5626 section 3.5.1).
    let blank = stream.iter().take_while(|b| matches!(b, b'\r' | b'\n')).count();
    stream.drain(..blank);
    let Some(end) = end_of_headers(stream) else {
        return if stream.len() > LONGEST { Err(Malformed::TooLarge) } else { Ok(None) };
    };
    let head = stream.get(..end).unwrap_or_default();
    let length = match Message::parse(head) {
        Ok(_) => 0,
        Err(Malformed::Length) => announced(head)?,
        Err(fault) => return Err(fault),
    };
    let whole = end.checked_add(length).filter(|&whole| whole <= LONGEST).ok_or(Malformed::TooLarge)?;
    if stream.len() < whole {
        return Ok(None);
    }
    let message = Message::parse(stream.get(..whole).unwrap_or_default())?;
    stream.drain(..whole);
    Ok(Some(message))
}

/// What a header block says of the length of its body.
fn announced(head: &[u8]) -> Result<usize, Malformed> {
    let text = std::str::from_utf8(head).map_err(|_| Malformed::NotText)?;
    let headers = header_lines(text.split("\r\n").skip(1))?;
    let value = headers.into_iter().find(|(name, _)| name.eq_ignore_ascii_case("Content-Length"));
    value.and_then(|(_, value)| value.parse().ok()).ok_or(Malformed::Length)
}

fn end_of_headers(bytes: &[u8]) -> Option<usize> {
    bytes.windows(4).position(|w| w == b"\r\n\r\n").map(|at| at + 4)
}

fn start_line(line: &str) -> Result<Start, Malformed> {
    let mut words = line.splitn(3, ' ');
    let (Some(first), Some(second)) = (words.next(), words.next()) else { return Err(Malformed::Start) };
    let third = words.next().unwrap_or_default();
    if first == "SIP/2.0" {
        let status = second.parse().ok().filter(|status| (100..700).contains(status)).ok_or(Malformed::Start)?;
        return Ok(Start::Response { status, reason: third.to_owned() });
    }
    let token = |b: u8| b.is_ascii_alphanumeric() || b"-.!%*_+`'~".contains(&b);
    if third != "SIP/2.0" || first.is_empty() || second.is_empty() || !first.bytes().all(token) {
        return Err(Malformed::Start);
    }
    Ok(Start::Request { method: first.to_owned(), uri: second.to_owned() })
}

fn header_lines<'a>(lines: impl Iterator<Item = &'a str>) -> Result<Vec<(String, String)>, Malformed> {
    let mut headers: Vec<(String, String)> = Vec::new();
    for line in lines.take_while(|line| !line.is_empty()) {
        if line.starts_with([' ', '\t']) {
            // A value that goes on in the next line (RFC 3261 section 7.3.1).
            let (_, value) = headers.last_mut().ok_or(Malformed::Header)?;
            value.push(' ');
            value.push_str(line.trim());
            continue;
        }
        let (name, value) = line.split_once(':').ok_or(Malformed::Header)?;
        let name = name.trim();
        if name.is_empty() || name.contains(char::is_whitespace) {
            return Err(Malformed::Header);
        }
        if headers.len() == MOST_HEADERS {
            return Err(Malformed::TooLarge);
        }
        headers.push((in_full(name).to_owned(), value.trim().to_owned()));
    }
    Ok(headers)
}

/// The full name of a header's compact form (RFC 3261 section 7.3.3, RFC 3515, RFC 3892).
fn in_full(name: &str) -> &str {
    let [letter] = name.as_bytes() else { return name };
    match letter.to_ascii_lowercase() {
        b'b' => "Referred-By",
        b'c' => "Content-Type",
        b'e' => "Content-Encoding",
        b'f' => "From",
        b'i' => "Call-ID",
        b'k' => "Supported",
        b'l' => "Content-Length",
        b'm' => "Contact",
        b'o' => "Event",
        b'r' => "Refer-To",
        b's' => "Subject",
        b't' => "To",
        b'v' => "Via",
        _ => name,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use proptest::prelude::*;

    use super::*;

    const INVITE: &[u8] = b"INVITE sip:a@127.0.0.1 SIP/2.0\r\nv: SIP/2.0/UDP h;branch=z9hG4bK1\r\nf: <sip:b@h>;tag=1\r\n\
        t: <sip:a@h>\r\nSubject: first\r\n  second\r\ni: 7@h\r\nCSeq: 3 INVITE\r\nl: 4\r\n\r\nbody and what follows";

    #[test]
    fn compact_names_folded_lines_and_the_length_are_understood() {
        let message = Message::parse(INVITE).unwrap();
        assert_eq!(message.method(), Some("INVITE"));
        assert_eq!(message.header("call-id"), Some("7@h"));
        assert_eq!(message.header("Subject"), Some("first second"));
        assert_eq!(message.cseq(), Some((3, "INVITE")));
        assert_eq!(message.body, b"body");
    }

    #[test]
    fn a_stream_gives_its_messages_one_by_one_and_only_when_whole() {
        let one = Message::request("OPTIONS", "sip:x").with("CSeq", "1 OPTIONS").with_body("text/plain", "abc");
        let two = Message::request("BYE", "sip:x").with("CSeq", "2 BYE");
        let wire = [one.to_bytes(), b"\r\n\r\n".to_vec(), two.to_bytes()].concat();
        let mut stream = Vec::new();
        let mut got = Vec::new();
        for byte in wire {
            stream.push(byte);
            got.extend(split_stream(&mut stream).unwrap());
        }
        assert_eq!(got, [one, two]);
        assert!(stream.is_empty());
    }

    #[test]
    fn a_response_is_told_from_a_request() {
        let response = Message::parse(b"SIP/2.0 486 Busy Here\r\n\r\n").unwrap();
        assert_eq!(response.status(), Some(486));
        assert_eq!(Message::parse(b"SIP/2.0 99 Odd\r\n\r\n"), Err(Malformed::Start));
        assert_eq!(Message::parse(b"INVITE sip:x HTTP/1.1\r\n\r\n"), Err(Malformed::Start));
    }

    #[test]
    fn an_answer_carries_back_what_routes_it() {
        let answer = Message::response(&Message::parse(INVITE).unwrap(), 200, "OK");
        let names: Vec<_> = answer.headers.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["Via", "From", "To", "Call-ID", "CSeq"]);
    }

    proptest! {
        #[test]
        fn no_bytes_panic_and_what_is_read_can_be_written_and_read_again(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            if let Ok(message) = Message::parse(&bytes) {
                prop_assert_eq!(Message::parse(&message.to_bytes()), Ok(message));
            }
            let _ = split_stream(&mut bytes.clone());
        }

        #[test]
        fn a_damaged_message_never_panics(at in 0..INVITE.len(), with: u8, cut in 0..INVITE.len()) {
            let mut bytes = INVITE.to_vec();
            bytes[at] = with;
            let _ = split_stream(&mut bytes.clone());
            bytes.truncate(cut);
            if let Ok(message) = Message::parse(&bytes) {
                prop_assert_eq!(Message::parse(&message.to_bytes()), Ok(message));
            }
        }

        #[test]
        fn a_written_message_is_read_as_it_was(value in "[ -~]{0,40}", body in proptest::collection::vec(any::<u8>(), 0..60)) {
            let message = Message::request("INFO", "sip:x@y").with("Subject", value.trim()).with_body("text/plain", body);
            prop_assert_eq!(Message::parse(&message.to_bytes()), Ok(message.clone()));
            let mut stream = message.to_bytes();
            prop_assert_eq!(split_stream(&mut stream), Ok(Some(message)));
        }
    }
}
