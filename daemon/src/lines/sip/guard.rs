//! What stands between the network and rsipstack's reader of UDP messages.
//!
//! The reader is one task for the whole line: if a message made it panic, the line would be deaf and nobody would know. So every message is
//! tried on the same parser first, where a panic is caught. The same place answers a request whose method rsipstack does not know, which
//! the reader would drop without a word (RFC 3261, section 21.5.2).

use std::future::Future;
use std::net::SocketAddr;
use std::panic::catch_unwind;
use std::pin::Pin;

use rsipstack::platform::net::UdpSocket as StackSocket;
use rsipstack::sip::{Method, SipMessage, Transport};
use rsipstack::transport::SipConnection;
use tokio::net::UdpSocket;

/// No longer answer is written for a request of an unknown method.
const LONGEST: usize = 4096;

/// A socket that hands on only what can be read.
pub struct GuardedSocket(pub UdpSocket);

type Later<'a, T> = Pin<Box<dyn Future<Output = Result<T, rsipstack::Error>> + Send + 'a>>;

impl StackSocket for GuardedSocket {
    fn recv_from<'a, 'b, 'c>(&'a self, bytes: &'b mut [u8]) -> Later<'c, (usize, SocketAddr)>
    where
        'a: 'c,
        'b: 'c,
    {
        Box::pin(async move {
            loop {
                let (length, from) = self.0.recv_from(bytes).await?;
                match fate(&bytes[..length], from) {
                    Fate::HandOn => return Ok((length, from)),
                    Fate::Answer(answer) => {
                        let _ = self.0.send_to(answer.as_bytes(), from).await;
                    }
                    Fate::Drop => log::warn!(event = "sip-message-dropped"; "a message that cannot be read safely was dropped"),
                }
            }
        })
    }

    fn send_to<'a, 'b, 'c>(&'a self, bytes: &'b [u8], to: SocketAddr) -> Later<'c, usize>
    where
        'a: 'c,
        'b: 'c,
    {
        Box::pin(async move { Ok(self.0.send_to(bytes, to).await?) })
    }

    fn local_addr(&self) -> Result<SocketAddr, rsipstack::Error> {
        Ok(self.0.local_addr()?)
    }
}

/// What is done with a datagram.
#[derive(Debug, PartialEq, Eq)]
enum Fate {
    HandOn,
    Drop,
    Answer(String),
}

fn fate(datagram: &[u8], from: SocketAddr) -> Fate {
    // All that the reader does with a message, before it hands it to the stack.
    let readable = || match SipMessage::try_from(datagram) {
        Ok(message) => {
            let _ = SipConnection::update_msg_received(message, from, Transport::Udp);
            true
        }
        Err(_) => false,
    };
    match catch_unwind(readable) {
        Ok(true) => Fate::HandOn,
        // Keep-alives (RFC 5626, section 3.5) are no messages, and the reader answers them.
        Ok(false) => not_implemented(datagram).map_or(Fate::HandOn, Fate::Answer),
        Err(_) => Fate::Drop,
    }
}

/// 501, if this is a request of a method that is not known.
fn not_implemented(datagram: &[u8]) -> Option<String> {
    let text = std::str::from_utf8(datagram.get(..datagram.len().min(LONGEST))?).ok()?;
    let (first, rest) = text.split_once("\r\n")?;
    let (method, version) = (first.split(' ').next()?, first.rsplit(' ').next()?);
    let is_token = !method.is_empty() && method.len() <= 32 && method.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    if version != "SIP/2.0" || !is_token || method.parse::<Method>().is_ok() {
        return None;
    }
    let head = rest.split("\r\n\r\n").next()?;
    let copied = |line: &&str| {
        let name = line.split(':').next().unwrap_or_default().trim();
        ["via", "v", "from", "f", "to", "t", "call-id", "i", "cseq"].iter().any(|wanted| name.eq_ignore_ascii_case(wanted))
    };
    let headers = head.split("\r\n").filter(copied).fold(String::new(), |all, line| all + line + "\r\n");
    Some(format!("SIP/2.0 501 Not Implemented\r\n{headers}Allow: {}\r\nContent-Length: 0\r\n\r\n", super::reply::ALLOW))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const HEADERS: &str = "Via: SIP/2.0/UDP h;branch=z9hG4bK1\r\nFrom: <sip:a@b>;tag=1\r\nTo: <sip:b@b>\r\nCall-ID: x\r\nCSeq: 1 JUGGLE\r\nSubject: secret\r\n\r\n";

    fn judged(datagram: &[u8]) -> Fate {
        fate(datagram, ([192, 0, 2, 1], 5060).into())
    }

    #[test]
    fn a_request_of_an_unknown_method_is_answered() {
        let Fate::Answer(answer) = judged(format!("JUGGLE sip:b@b SIP/2.0\r\n{HEADERS}").as_bytes()) else { unreachable!("no answer") };
        assert!(answer.starts_with("SIP/2.0 501 ") && answer.contains("CSeq: 1 JUGGLE\r\n") && !answer.contains("secret"), "{answer}");
    }

    #[test]
    fn known_requests_responses_and_keep_alives_are_handed_on() {
        for first in ["OPTIONS sip:b@b SIP/2.0", "SIP/2.0 200 OK", "GET / HTTP/1.1"] {
            assert_eq!(judged(format!("{first}\r\n{HEADERS}").as_bytes()), Fate::HandOn, "{first}");
        }
        assert_eq!(judged(b"\r\n\r\n"), Fate::HandOn);
    }

    proptest! {
        #[test]
        fn no_datagram_whatever_gets_past_as_a_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300), text in "[ -~]{0,40} ?(SIP/2.0)?(\r\n[ -~]{0,60}){0,8}\r\n\r\n") {
            let _ = (judged(&bytes), judged(text.as_bytes()));
        }
    }
}
