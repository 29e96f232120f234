//! A caller of a few lines: SIP over UDP written by hand, and RTP from a plain socket. It shares nothing with the line it calls.

use std::net::SocketAddr;
use std::time::Duration;

use tokio::net::UdpSocket;
use tokio::time::timeout;

use crate::bench::SOON;

pub struct Caller {
    sip: UdpSocket,
    pub rtp: UdpSocket,
    line: SocketAddr,
    call_id: String,
    to_tag: String,
    pub seq: u32,
    invite_branch: String,
    /// Where the line wants sound.
    pub sound_to: Option<SocketAddr>,
    rtp_sequence: u16,
    rtp_timestamp: u32,
    pub ssrc: u32,
}

/// A message of the line.
pub struct Message {
    pub text: String,
}

impl Message {
    /// The status of a response, or 0.
    pub fn status(&self) -> u16 {
        self.text.strip_prefix("SIP/2.0 ").and_then(|rest| rest.get(..3)?.parse().ok()).unwrap_or(0)
    }

    pub fn method(&self) -> &str {
        self.text.split(' ').next().unwrap()
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        let mut lines = self.text.split("\r\n\r\n").next()?.lines();
        lines.find_map(|line| line.split_once(':').filter(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim()))
    }

    pub fn body(&self) -> &str {
        self.text.split_once("\r\n\r\n").map_or("", |(_, body)| body)
    }

    fn headers(&self, name: &str) -> String {
        let head = self.text.split("\r\n\r\n").next().unwrap();
        head.lines()
            .filter(|line| line.to_lowercase().starts_with(&format!("{name}:")))
            .fold(String::new(), |all, line| all + line + "\r\n")
    }
}

impl Caller {
    pub async fn new(line: SocketAddr) -> Self {
        Self::at("127.0.0.1", line).await
    }

    /// A caller at an address of their own.
    pub async fn at(here: &str, line: SocketAddr) -> Self {
        let bind = || UdpSocket::bind((here, 0));
        let ssrc = 0x5157_0000 | u32::from(line.port());
        let call_id = format!("{}@caller", bind().await.unwrap().local_addr().unwrap().port());
        Self {
            sip: bind().await.unwrap(),
            rtp: bind().await.unwrap(),
            line,
            call_id,
            to_tag: String::new(),
            seq: 1,
            invite_branch: String::new(),
            sound_to: None,
            rtp_sequence: 65_530,
            rtp_timestamp: u32::MAX - 500,
            ssrc,
        }
    }

    pub fn offer(&self, attributes: &str) -> String {
        self.offer_of(8, attributes)
    }

    /// An offer of one codec alone, and keys.
    pub fn offer_of(&self, payload_type: u8, attributes: &str) -> String {
        let here = self.rtp.local_addr().unwrap();
        let (ip, port) = (here.ip(), here.port());
        format!(
            "v=0\r\no=- 1 1 IN IP4 {ip}\r\ns=-\r\nc=IN IP4 {ip}\r\nt=0 0\r\nm=audio {port} RTP/AVP {payload_type} 101\r\n\
             a=rtpmap:101 telephone-event/8000\r\n{attributes}"
        )
    }

    /// Send a request; `kind` is its body's Content-Type.
    pub async fn send(&mut self, method: &str, extra: &str, kind: &str, body: &str) {
        let here = self.sip.local_addr().unwrap();
        let branch = match method {
            "CANCEL" => self.invite_branch.clone(),
            _ => format!("z9hG4bK{method}{}{}", self.seq, self.call_id.len() + usize::from(here.port())),
        };
        if method == "INVITE" {
            self.invite_branch.clone_from(&branch);
        }
        let tag = if self.to_tag.is_empty() { String::new() } else { format!(";tag={}", self.to_tag) };
        let kind = if body.is_empty() { String::new() } else { format!("Content-Type: {kind}\r\n") };
        let message = format!(
            "{method} sip:robot@{line} SIP/2.0\r\nVia: SIP/2.0/UDP {here};branch={branch};rport\r\nMax-Forwards: 70\r\n\
             From: \"Ann\" <sip:+15550100@{here}>;tag=caller\r\nTo: <sip:robot@{line}>{tag}\r\nCall-ID: {call}\r\nCSeq: {seq} {method}\r\n\
             Contact: <sip:ann@{here}>\r\n{extra}{kind}Content-Length: {length}\r\n\r\n{body}",
            line = self.line,
            call = self.call_id,
            seq = self.seq,
            length = body.len(),
        );
        self.sip.send_to(message.as_bytes(), self.line).await.unwrap();
    }

    /// The next message of the line.
    pub async fn message(&mut self) -> Message {
        let mut bytes = vec![0; 65_536];
        let (length, _) = timeout(SOON, self.sip.recv_from(&mut bytes)).await.expect("the line says something").unwrap();
        Message { text: String::from_utf8(bytes[..length].to_vec()).unwrap() }
    }

    /// The final response to the last request; others, and requests of the line, are passed over.
    pub async fn response(&mut self) -> Message {
        loop {
            let message = self.message().await;
            let ours = message.header("CSeq").is_some_and(|cseq| cseq.starts_with(&format!("{} ", self.seq)));
            if message.status() >= 200 && ours {
                return message;
            }
        }
    }

    /// The next request of that method of the line.
    pub async fn request(&mut self, method: &str) -> Message {
        loop {
            let message = self.message().await;
            if message.method() == method {
                return message;
            }
        }
    }

    /// Answer a request of the line.
    pub async fn reply(&mut self, request: &Message, status: &str) {
        let copied: String = ["via", "from", "to", "call-id", "cseq"].iter().map(|name| request.headers(name)).collect();
        let message = format!("SIP/2.0 {status}\r\n{copied}Content-Length: 0\r\n\r\n");
        self.sip.send_to(message.as_bytes(), self.line).await.unwrap();
    }

    /// Send a request within the call and give back its final response.
    pub async fn ask(&mut self, method: &str, extra: &str, kind: &str, body: &str) -> Message {
        self.seq += 1;
        self.send(method, extra, kind, body).await;
        self.response().await
    }

    /// Call, and learn the final answer.
    pub async fn invite(&mut self, body: &str) -> Message {
        self.send("INVITE", "", "application/sdp", body).await;
        self.taken().await
    }

    /// The final answer to the INVITE that was sent.
    pub async fn taken(&mut self) -> Message {
        let response = self.response().await;
        self.to_tag = response.header("To").unwrap().split("tag=").nth(1).unwrap_or_default().to_owned();
        let port = response.body().lines().find_map(|line| line.strip_prefix("m=audio ")?.split(' ').next()?.parse().ok());
        self.sound_to = port.map(|port| SocketAddr::new(self.line.ip(), port));
        response
    }

    /// Call, and confirm that the call was taken.
    pub async fn call(&mut self) {
        let offer = self.offer("");
        let response = self.invite(&offer).await;
        assert_eq!(response.status(), 200, "{}", response.text);
        self.ack("").await;
    }

    pub async fn ack(&mut self, body: &str) {
        self.send("ACK", "", "application/sdp", body).await;
    }

    /// Send one RTP packet.
    pub async fn rtp(&mut self, payload_type: u8, timestamp: u32, payload: &[u8]) {
        let mut packet = vec![0x80, payload_type];
        packet.extend(self.rtp_sequence.to_be_bytes());
        packet.extend(timestamp.to_be_bytes());
        packet.extend(self.ssrc.to_be_bytes());
        packet.extend(payload);
        self.rtp_sequence = self.rtp_sequence.wrapping_add(1);
        self.rtp.send_to(&packet, self.sound_to.unwrap()).await.unwrap();
    }

    /// Send 20 ms of sound, the same A-law byte throughout.
    pub async fn speak(&mut self, byte: u8) {
        self.speak_in(8, byte).await;
    }

    /// Send 20 ms of sound of a payload type, the same byte throughout.
    pub async fn speak_in(&mut self, payload_type: u8, byte: u8) {
        self.rtp(payload_type, self.rtp_timestamp, &[byte; 160]).await;
        self.rtp_timestamp = self.rtp_timestamp.wrapping_add(160);
    }

    /// The next RTP packet of the line.
    pub async fn hear(&mut self) -> Vec<u8> {
        let mut bytes = [0; 2048];
        let (length, _) = timeout(SOON, self.rtp.recv_from(&mut bytes)).await.expect("the line sends sound").unwrap();
        bytes[..length].to_vec()
    }

    /// Speak and listen until the line sends a packet that is what is looked for.
    pub async fn speak_until(&mut self, byte: u8, found: impl Fn(&[u8]) -> bool) {
        let mut ticks = tokio::time::interval(Duration::from_millis(20));
        let mut bytes = [0; 2048];
        timeout(SOON, async {
            loop {
                tokio::select! {
                    _ = ticks.tick() => self.speak(byte).await,
                    Ok((length, _)) = self.rtp.recv_from(&mut bytes) => if found(&bytes[..length]) { return },
                }
            }
        })
        .await
        .expect("the line sends what is looked for");
    }
}
