//! Answers to requests, sent beside whatever else is going on: a peer that is slow to take one holds nobody up.

use std::time::Duration;

use rsipstack::sip::{Header, Method, SipMessage, StatusCode};
use rsipstack::transaction::transaction::Transaction;
use tokio::sync::Semaphore;
use tokio::time::timeout;

/// What we can do within a call. SUBSCRIBE, MESSAGE, PUBLISH, REGISTER, REFER and PRACK are not in it.
pub const ALLOW: &str = "INVITE, ACK, CANCEL, BYE, OPTIONS, INFO, UPDATE, NOTIFY";
/// What sessions are described in.
pub const SDP: &str = "application/sdp";
/// No transaction lives longer: 64 times T1 (RFC 3261, section 17).
const LONGEST: Duration = Duration::from_secs(40);
/// Answers under way, of all lines: a refused INVITE is remembered until its ACK, and a flood of them must not fill the memory.
static UNDER_WAY: Semaphore = Semaphore::const_new(512);

/// A refusal and the headers that explain it.
#[derive(Debug)]
pub struct Refusal {
    /// The SIP status.
    pub status: u16,
    /// What goes with it.
    pub headers: Vec<Header>,
}

impl Refusal {
    /// A status that needs no explanation.
    pub fn of(status: u16) -> Self {
        Self { status, headers: Vec::new() }
    }

    /// 405, with what is allowed instead (RFC 3261, section 21.4.6).
    pub fn method() -> Self {
        Self { status: 405, headers: vec![Header::Allow(ALLOW.into())] }
    }

    /// 415, with what is understood instead (section 21.4.13).
    pub fn content() -> Self {
        Self { status: 415, headers: vec![Header::Accept(SDP.into())] }
    }

    /// 420, with what is not supported (section 21.4.15).
    pub fn extension(required: &str) -> Self {
        Self { status: 420, headers: vec![Header::Unsupported(required.into())] }
    }

    /// 503: the house is closing.
    pub fn closing() -> Self {
        Self { status: 503, headers: vec![Header::RetryAfter("60".into())] }
    }
}

/// The headers of a 2xx that carries a session description, or of one that could.
pub fn session_headers() -> Vec<Header> {
    vec![Header::ContentType(SDP.into()), Header::Allow(ALLOW.into())]
}

/// Answer a request. In a flood of them it is dropped instead; an honest peer asks again.
pub fn reply(transaction: Transaction, status: u16, headers: Vec<Header>, body: Option<Vec<u8>>) {
    let Ok(permit) = UNDER_WAY.try_acquire() else { return };
    tokio::spawn(async move {
        let _permit = permit;
        let _ = timeout(LONGEST, answer(transaction, StatusCode::from(status), headers, body)).await;
    });
}

/// Refuse a request.
pub fn refuse(transaction: Transaction, refusal: Refusal) {
    reply(transaction, refusal.status, refusal.headers, None);
}

/// Answer a request; for an INVITE, wait for its ACK and give it back.
pub async fn answer(
    mut transaction: Transaction,
    status: StatusCode,
    headers: Vec<Header>,
    body: Option<Vec<u8>>,
) -> Option<rsipstack::sip::Request> {
    transaction.reply_with(status, headers, body).await.ok()?;
    if transaction.original.method != Method::Invite {
        return None;
    }
    while let Some(message) = transaction.receive().await {
        if let SipMessage::Request(request) = message
            && request.method == Method::Ack
        {
            return Some(request);
        }
    }
    None
}
