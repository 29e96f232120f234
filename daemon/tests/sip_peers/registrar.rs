//! What a registrar of a few lines can see of the line.

use std::time::Duration;

use tokio::net::UdpSocket;
use tokio::time::timeout;

use crate::bench::{SOON, ready, registering, start};

/// A REGISTER that came, and how to answer it.
pub struct Asked {
    text: String,
    from: std::net::SocketAddr,
}

impl Asked {
    fn header(&self, name: &str) -> Option<&str> {
        self.text
            .lines()
            .find_map(|line| line.split_once(':').filter(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim()))
    }

    pub async fn reply(&self, socket: &UdpSocket, status: &str, extra: &str) {
        let copied: String =
            ["Via", "From", "To", "Call-ID", "CSeq"].iter().map(|name| format!("{name}: {}\r\n", self.header(name).unwrap())).collect();
        socket.send_to(format!("SIP/2.0 {status}\r\n{copied}{extra}Content-Length: 0\r\n\r\n").as_bytes(), self.from).await.unwrap();
    }
}

pub async fn asked(socket: &UdpSocket) -> Asked {
    let mut bytes = [0; 4096];
    let (length, from) = timeout(SOON, socket.recv_from(&mut bytes)).await.expect("the line asks").unwrap();
    let text = String::from_utf8(bytes[..length].to_vec()).unwrap();
    assert!(text.starts_with("REGISTER "), "{text}");
    Asked { text, from }
}

#[tokio::test]
async fn the_line_answers_the_stronger_challenge_waits_as_long_as_asked_and_says_goodbye() {
    let socket = UdpSocket::bind("127.0.0.1:0").await.unwrap();
    let (mut status, _legs, shutdown, line) = start(registering(socket.local_addr().unwrap(), ""), Some("right"), 4);

    let first = asked(&socket).await;
    assert_eq!(first.header("Expires"), Some("60"));
    assert!(first.header("Contact").unwrap().contains("line@127.0.0.1:"), "{}", first.text);
    first.reply(&socket, "423 Interval Too Brief", "Min-Expires: 120\r\n").await;

    let longer = asked(&socket).await;
    assert_eq!(longer.header("Expires"), Some("120"));
    let challenges = "WWW-Authenticate: Digest realm=\"r\", nonce=\"weak\", qop=\"auth\"\r\n\
                      WWW-Authenticate: Digest realm=\"r\", nonce=\"strong\", algorithm=SHA-256, qop=\"auth\"\r\n";
    longer.reply(&socket, "401 Unauthorized", challenges).await;

    let answered = asked(&socket).await;
    let authorization = answered.header("Authorization").unwrap();
    assert!(authorization.contains("nonce=\"strong\"") && authorization.contains("algorithm=SHA-256"), "{authorization}");
    assert!(!answered.text.contains("right"), "the password is not sent");
    assert_eq!(answered.header("Call-ID"), first.header("Call-ID"), "RFC 3261, section 10.2.4");
    answered.reply(&socket, "200 OK", "Expires: 120\r\n").await;
    ready(&mut status).await;

    shutdown.cancel();
    let goodbye = asked(&socket).await;
    assert_eq!(goodbye.header("Expires"), Some("0"));
    goodbye.reply(&socket, "200 OK", "").await;
    timeout(SOON, line).await.expect("the line ends").unwrap();
}

#[tokio::test]
async fn a_registrar_that_says_nothing_at_the_end_does_not_keep_the_house_open() {
    let socket = UdpSocket::bind("127.0.0.1:0").await.unwrap();
    let (mut status, _legs, shutdown, line) = start(registering(socket.local_addr().unwrap(), ""), Some("right"), 4);
    asked(&socket).await.reply(&socket, "200 OK", "Expires: 60\r\n").await;
    ready(&mut status).await;
    shutdown.cancel();
    timeout(Duration::from_secs(10), line).await.expect("the line ends").unwrap();
}
