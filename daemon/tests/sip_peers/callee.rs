//! Whom the line calls: a telephone of a few lines, written by hand.

use std::net::SocketAddr;
use std::time::Duration;

use switchhook::config::{Person, Sip};
use switchhook::lines::{DialFault, Dialler, EndCause, Leg, LegCommand, LegEvent, LineStatus};
use switchhook::policy::PermitToDial;
use tokio::net::UdpSocket;
use tokio::time::timeout;

use crate::bench::{Bench, Running, SOON, end, event, ready, registering, sip, start_to_dial};
use crate::caller::{Caller, Message};

/// Somebody of the office's own people, who is reached there.
pub fn colleague(address: &str) -> PermitToDial {
    PermitToDial::colleague(&Person { address: Some(address.into()), ..person() }).unwrap()
}

fn person() -> Person {
    Person { spoken: "Anna".into(), also: vec![], address: None, announce: true }
}

/// A telephone that nobody looks after but the test.
struct Phone {
    sip: UdpSocket,
    rtp: UdpSocket,
    line: Option<SocketAddr>,
}

impl Phone {
    async fn new() -> Self {
        let bind = || UdpSocket::bind("127.0.0.1:0");
        Self { sip: bind().await.unwrap(), rtp: bind().await.unwrap(), line: None }
    }

    fn address(&self) -> String {
        format!("sip:anna@{}", self.sip.local_addr().unwrap())
    }

    /// The next request of that method of the line.
    async fn request(&mut self, method: &str) -> Message {
        let mut bytes = vec![0; 65_536];
        loop {
            let (length, from) = timeout(SOON, self.sip.recv_from(&mut bytes)).await.expect("the line says something").unwrap();
            self.line = Some(from);
            let message = Message { text: String::from_utf8(bytes[..length].to_vec()).unwrap() };
            if message.method() == method {
                return message;
            }
        }
    }

    /// Answer a request of the line; `tag` is ours.
    async fn reply(&self, request: &Message, status: &str, tag: &str, extra: &str, body: &str) {
        let header = |name: &str| format!("{name}: {}\r\n", request.header(name).unwrap());
        let to = request.header("To").unwrap();
        let to = if to.contains("tag=") { format!("To: {to}\r\n") } else { format!("To: {to};tag={tag}\r\n") };
        let copied = [header("Via"), header("From"), to, header("Call-ID"), header("CSeq")].concat();
        let kind = if body.is_empty() { "" } else { "Content-Type: application/sdp\r\n" };
        let contact = format!("Contact: <{}>\r\n", self.address());
        let message = format!("SIP/2.0 {status}\r\n{copied}{contact}{kind}{extra}Content-Length: {}\r\n\r\n{body}", body.len());
        self.sip.send_to(message.as_bytes(), self.line.unwrap()).await.unwrap();
    }

    fn answer(&self) -> String {
        let here = self.rtp.local_addr().unwrap();
        format!(
            "v=0\r\no=- 1 1 IN IP4 {ip}\r\ns=-\r\nc=IN IP4 {ip}\r\nt=0 0\r\nm=audio {port} RTP/AVP 0\r\n",
            ip = here.ip(),
            port = here.port()
        )
    }

    /// Ring, and take the call.
    async fn takes(&mut self, invite: &Message, extra: &str) {
        self.reply(invite, "180 Ringing", "anna", "", "").await;
        self.reply(invite, "200 OK", "anna", extra, &self.answer()).await;
        self.request("ACK").await;
    }

    /// Ask something within the call that this INVITE began; the status of the answer.
    async fn asks(&self, invite: &Message, method: &str, tag: &str) -> u16 {
        let (us, them, call) = (invite.header("To").unwrap(), invite.header("From").unwrap(), invite.header("Call-ID").unwrap());
        let here = self.sip.local_addr().unwrap();
        let message = format!(
            "{method} sip:robot@{line} SIP/2.0\r\nVia: SIP/2.0/UDP {here};branch=z9hG4bK{method}{tag};rport\r\nMax-Forwards: 70\r\nFrom: {us};tag={tag}\r\n\
             To: {them}\r\nCall-ID: {call}\r\nCSeq: 7 {method}\r\nContact: <{contact}>\r\nContent-Length: 0\r\n\r\n",
            line = self.line.unwrap(),
            contact = self.address(),
        );
        self.sip.send_to(message.as_bytes(), self.line.unwrap()).await.unwrap();
        let mut bytes = vec![0; 65_536];
        loop {
            let (length, _) = timeout(SOON, self.sip.recv_from(&mut bytes)).await.expect("the line answers").unwrap();
            let answer = Message { text: String::from_utf8(bytes[..length].to_vec()).unwrap() };
            if answer.status() >= 200 {
                return answer.status();
            }
        }
    }
}

/// A line, and somebody whom it calls: their phone rings.
async fn ringing(config: Sip, password: Option<&str>, ring: Duration) -> (Phone, Message, Leg, Dialler, Running) {
    let (dialler, mut running) = start_to_dial(config, password, 4);
    ready(&mut running.0).await;
    let mut phone = Phone::new().await;
    let leg = dialler.call(colleague(&phone.address()), ring).await.unwrap();
    let invite = phone.request("INVITE").await;
    (phone, invite, leg, dialler, running)
}

#[tokio::test]
async fn whom_we_call_rings_answers_is_heard_hears_and_is_hung_up_on() {
    let (mut phone, invite, mut leg, _dialler, _running) = ringing(sip(), None, SOON).await;
    assert!(invite.header("To").unwrap().contains(&phone.address()), "{}", invite.text);
    assert!(invite.body().contains("RTP/AVP 8 0 101"), "{}", invite.text);
    phone.takes(&invite, "").await;
    assert_eq!((event(&mut leg).await, event(&mut leg).await), (LegEvent::Ringing, LegEvent::Answered));
    leg.mouth.push(&[-32_124; 1600]);
    let mut bytes = [0; 2048];
    timeout(SOON, async {
        loop {
            let (length, line) = phone.rtp.recv_from(&mut bytes).await.unwrap();
            if bytes[12..length].iter().all(|&byte| byte == 0) {
                return line;
            }
        }
    })
    .await
    .expect("they hear what we say");
    leg.commands.send(LegCommand::Hangup).await.unwrap();
    let bye = phone.request("BYE").await;
    assert!(bye.header("To").unwrap().ends_with("tag=anna"), "{}", bye.text);
    phone.reply(&bye, "200 OK", "anna", "", "").await;
    assert_eq!(end(&mut leg).await, EndCause::Robot);
}

#[tokio::test]
async fn who_does_not_want_the_call_says_so_and_why() {
    let (mut phone, invite, mut leg, _dialler, _running) = ringing(sip(), None, SOON).await;
    phone.reply(&invite, "486 Busy Here", "anna", "", "").await;
    phone.request("ACK").await;
    assert_eq!(end(&mut leg).await, EndCause::Refused(486));
}

#[tokio::test]
async fn a_phone_that_rings_for_too_long_stops_ringing() {
    let (mut phone, invite, mut leg, _dialler, _running) = ringing(sip(), None, Duration::from_millis(300)).await;
    phone.reply(&invite, "180 Ringing", "anna", "", "").await;
    assert_eq!(event(&mut leg).await, LegEvent::Ringing);
    let cancel = phone.request("CANCEL").await;
    assert_eq!(cancel.header("Call-ID"), invite.header("Call-ID"));
    assert_eq!(end(&mut leg).await, EndCause::Unanswered);
    phone.reply(&cancel, "200 OK", "anna", "", "").await;
    phone.reply(&invite, "487 Request Terminated", "anna", "", "").await;
    phone.request("ACK").await;
}

#[tokio::test]
async fn a_call_that_nobody_wants_any_more_stops_ringing() {
    let (mut phone, invite, leg, _dialler, _running) = ringing(sip(), None, SOON).await;
    phone.reply(&invite, "180 Ringing", "anna", "", "").await;
    drop(leg);
    phone.request("CANCEL").await;
}

#[tokio::test]
async fn who_answers_as_we_give_up_is_hung_up_on() {
    let (mut phone, invite, mut leg, _dialler, _running) = ringing(sip(), None, SOON).await;
    phone.reply(&invite, "180 Ringing", "anna", "", "").await;
    leg.commands.send(LegCommand::Hangup).await.unwrap();
    assert_eq!(end(&mut leg).await, EndCause::Unanswered);
    let cancel = phone.request("CANCEL").await;
    phone.reply(&cancel, "200 OK", "anna", "", "").await;
    phone.reply(&invite, "200 OK", "anna", "", &phone.answer()).await;
    phone.request("BYE").await;
}

#[tokio::test]
async fn who_answers_with_what_we_cannot_speak_is_hung_up_on() {
    let (mut phone, invite, mut leg, _dialler, _running) = ringing(sip(), None, SOON).await;
    let answer = phone.answer().replace("RTP/AVP 0", "RTP/AVP 9");
    phone.reply(&invite, "200 OK", "anna", "", &answer).await;
    phone.request("BYE").await;
    assert!(matches!(end(&mut leg).await, EndCause::Fault(_)));
}

#[tokio::test]
async fn a_gateway_that_asks_for_the_password_gets_its_proof() {
    let registrar = UdpSocket::bind("127.0.0.2:0").await.unwrap();
    let (dialler, mut running) = start_to_dial(registering(registrar.local_addr().unwrap(), ""), Some("right"), 4);
    crate::registrar::asked(&registrar).await.reply(&registrar, "200 OK", "Expires: 60\r\n").await;
    ready(&mut running.0).await;
    let mut phone = Phone::new().await;
    let mut leg = dialler.call(colleague(&phone.address()), SOON).await.unwrap();
    let invite = phone.request("INVITE").await;
    assert!(invite.header("From").unwrap().contains(&format!("<sip:line@{}>", registrar.local_addr().unwrap())), "{}", invite.text);
    phone
        .reply(
            &invite,
            "407 Proxy Authentication Required",
            "gate",
            "Proxy-Authenticate: Digest realm=\"r\", nonce=\"n\", qop=\"auth\"\r\n",
            "",
        )
        .await;
    let invite = loop {
        let invite = phone.request("INVITE").await;
        if invite.header("Proxy-Authorization").is_some() {
            break invite;
        }
    };
    assert!(
        invite.header("Proxy-Authorization").unwrap().contains("username=\"line\"") && !invite.text.contains("right"),
        "{}",
        invite.text
    );
    phone.takes(&invite, "").await;
    while event(&mut leg).await != LegEvent::Answered {}
    assert_eq!(phone.asks(&invite, "BYE", "anna").await, 200);
    assert_eq!(end(&mut leg).await, EndCause::Caller);
}

#[tokio::test]
async fn only_whom_we_talk_to_hangs_up() {
    let (mut phone, invite, mut leg, _dialler, _running) = ringing(sip(), None, SOON).await;
    phone.takes(&invite, "").await;
    while event(&mut leg).await != LegEvent::Answered {}
    assert_eq!(phone.asks(&invite, "BYE", "somebody").await, 481);
    assert_eq!(phone.asks(&invite, "OPTIONS", "anna").await, 200, "the call goes on");
    assert_eq!(phone.asks(&invite, "BYE", "anna").await, 200);
    assert_eq!(end(&mut leg).await, EndCause::Caller);
}

#[tokio::test]
async fn a_caller_is_put_through_to_whom_we_called_in_our_place() {
    let (mut phone, invite, mut ours, _dialler, (mut status, legs, shutdown, line)) = ringing(sip(), None, SOON).await;
    phone.takes(&invite, "Supported: 100rel, replaces\r\n").await;
    assert_eq!(event(&mut ours).await, LegEvent::Ringing);
    let LegEvent::Replaceable(person) = event(&mut ours).await else { panic!("they can take another call in our place") };
    let mut bench = Bench { address: ready(&mut status).await, legs, shutdown, line };
    let mut caller = Caller::new(bench.address).await;
    let ((), theirs) = tokio::join!(caller.call(), bench.answer());
    theirs.commands.send(LegCommand::PutThrough(person)).await.unwrap();
    let refer = caller.request("REFER").await;
    let tag = invite.header("From").unwrap().split("tag=").nth(1).unwrap();
    let call = invite.header("Call-ID").unwrap().replace('@', "%40").replace(':', "%3A");
    let expected = format!("<{}?Replaces={call}%3Bto-tag%3Danna%3Bfrom-tag%3D{tag}>", phone.address());
    assert_eq!(refer.header("Refer-To"), Some(expected.as_str()));
    drop(ours);
}

#[tokio::test]
async fn who_leads_nowhere_is_not_called() {
    let (dialler, mut running) = start_to_dial(sip(), None, 4);
    ready(&mut running.0).await;
    let nowhere = dialler.call(colleague("sip:anna@nowhere.invalid"), SOON).await;
    assert_eq!(nowhere.err(), Some(DialFault::Nowhere));
}

#[tokio::test]
async fn a_closing_line_calls_for_the_calls_that_go_on_and_for_nobody_when_they_are_over() {
    let (_phone, _invite, leg, dialler, mut running) = ringing(sip(), None, SOON).await;
    running.2.cancel();
    running.0.wait_for(|status| *status == LineStatus::Draining).await.unwrap();
    let phone = Phone::new().await;
    let beside = timeout(SOON, dialler.call(colleague(&phone.address()), SOON)).await.expect("it is placed").unwrap();
    drop((leg, beside));
    timeout(SOON, async { while dialler.call(colleague(&phone.address()), SOON).await.err() != Some(DialFault::Closed) {} })
        .await
        .expect("it is refused");
}
