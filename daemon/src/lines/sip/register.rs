//! Registration at a gateway (RFC 3261, section 10): again before it runs out, slower and slower while it fails, and undone at the end.

use std::fmt;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use rsipstack::resolver::SipResolver;
use rsipstack::sip::typed::{Contact, From as FromHeader, To};
use rsipstack::sip::{Header, HeadersExt, Host, Method, Param, Request, Response, SipMessage, StatusCodeKind, Transport, Uri};
use rsipstack::transaction::endpoint::EndpointInnerRef;
use rsipstack::transaction::key::{TransactionKey, TransactionRole};
use rsipstack::transaction::transaction::Transaction;
use rsipstack::transaction::{make_call_id, make_tag, random_text};
use rsipstack::transport::SipAddr;
use tokio::sync::watch;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use super::House;
use super::digest::Challenge;
use super::endpoint::{advertised, contact};
use crate::config::{Register, Secret};
use crate::lines::{LineFault, LineStatus};

/// How long a registrar may take.
const PATIENCE: Duration = Duration::from_secs(6);
/// How long it may take when the house closes.
const GOODBYE: Duration = Duration::from_secs(2);
/// Pauses between failing attempts: the first, doubled up to the last.
const FIRST_PAUSE: Duration = Duration::from_secs(2);
const LAST_PAUSE: Duration = Duration::from_secs(300);
/// A refused password does not mend itself soon, and gateways bar those who insist.
const REFUSED_PAUSE: Duration = Duration::from_secs(120);
/// How often a challenge is answered again within one attempt, if it says that only the nonce was too old.
const STALE: u32 = 2;
/// No registration is believed to last shorter or longer.
const SHORTEST: u32 = 30;
const LONGEST: u32 = 86_400;

/// Why we are not registered.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Trouble {
    /// The configuration's address cannot be used.
    Address,
    /// The registrar asks for a password and we have none.
    NoPassword,
    /// The registrar does not take our user name and password.
    Refused(u16),
    /// The registrar asks in a way that we do not know.
    Challenge,
    /// The registrar wants longer intervals, at least these seconds.
    Brief(u32),
    /// The registrar does not want us for another reason.
    Status(u16),
    /// Nobody answered.
    Silent,
    /// The request could not be sent.
    Unreachable,
}

impl Trouble {
    fn fault(&self) -> LineFault {
        match self {
            Self::Address | Self::Silent | Self::Unreachable => LineFault::Unreachable,
            Self::NoPassword | Self::Refused(_) | Self::Challenge | Self::Brief(_) | Self::Status(_) => LineFault::Refused,
        }
    }
}

/// One line's registration.
pub struct Registration {
    house: Arc<House>,
    register: Register,
    stack: EndpointInnerRef,
    listening: SocketAddr,
    call_id: rsipstack::sip::CallId,
    tag: rsipstack::sip::param::Tag,
    seq: u32,
    expires: u32,
    resolver: SipResolver,
}

impl Registration {
    /// A registration that was not yet asked for.
    pub fn new(house: Arc<House>, register: Register, stack: EndpointInnerRef, listening: SocketAddr) -> Self {
        let call_id = make_call_id(stack.option.callid_suffix.as_deref(), stack.option.callid_format);
        let expires = u32::try_from(register.expires.as_secs()).unwrap_or(LONGEST).clamp(SHORTEST, LONGEST);
        Self { house, register, stack, listening, call_id, tag: make_tag(), seq: 0, expires, resolver: SipResolver::default() }
    }

    /// Stay registered until `stop`, and tell how it goes.
    pub async fn keep(mut self, status: watch::Sender<LineStatus>, address: String, stop: CancellationToken) {
        let mut failures = 0;
        let mut registered = false;
        loop {
            let attempt = tokio::select! {
                attempt = self.attempt(self.expires, PATIENCE) => attempt,
                () = stop.cancelled() => break,
            };
            let pause = match attempt {
                Ok(granted) => {
                    if !registered {
                        log::info!(line = self.house.id.as_str(), event = "registered"; "registered at the gateway");
                    }
                    (registered, failures) = (true, 0);
                    // A line that is to go says so itself.
                    if !stop.is_cancelled() {
                        status.send_replace(LineStatus::Ready { address: address.clone() });
                    }
                    Duration::from_secs(u64::from(granted)) * 3 / 4
                }
                Err(Trouble::Brief(least)) if least > self.expires && least <= LONGEST => {
                    self.expires = least;
                    Duration::ZERO
                }
                Err(trouble) => {
                    let reason = self.explain(&trouble);
                    log::warn!(line = self.house.id.as_str(), event = "not-registered"; "{reason}");
                    status.send_replace(LineStatus::Down { fault: trouble.fault(), reason });
                    registered = false;
                    failures += 1;
                    pause_after(&trouble, failures, rand::random())
                }
            };
            tokio::select! {
                () = tokio::time::sleep(pause) => {}
                () = stop.cancelled() => break,
            }
        }
        if registered {
            let _ = self.attempt(0, GOODBYE).await;
        }
    }

    fn explain(&self, trouble: &Trouble) -> String {
        let Register { registrar, user, credential, .. } = &self.register;
        format!("not registered at {registrar} as `{user}`: {}", Explained(trouble, credential))
    }

    /// Ask once, answering a challenge. Returns for how many seconds it was granted.
    async fn attempt(&mut self, expires: u32, patience: Duration) -> Result<u32, Trouble> {
        let server = Uri::try_from(self.register.registrar.as_str()).map_err(|_| Trouble::Address)?;
        let asked = async {
            self.find(&server).await;
            self.ask(&server, expires).await
        };
        timeout(patience, asked).await.unwrap_or(Err(Trouble::Silent))
    }

    /// Learn from which addresses the gateway may call: all that its name stands for. If nobody knows now, those of last time.
    async fn find(&self, server: &Uri) {
        let found: Vec<IpAddr> = match &server.host_with_port.host {
            Host::IpAddr(address) => vec![*address],
            Host::Domain(name) => {
                let transport = SipAddr::try_from(server).ok().and_then(|address| address.r#type);
                let found = self.resolver.lookup(name, server.host_with_port.port, transport, false).await;
                found.unwrap_or_default().iter().map(|target| target.addr.ip()).collect()
            }
        };
        if !found.is_empty() {
            self.house.gateway.send_replace(found);
        }
    }

    async fn ask(&mut self, server: &Uri, expires: u32) -> Result<u32, Trouble> {
        let mut authorization = None;
        for attempt in 0..=1 + STALE {
            let (request, ours) = self.request(server, expires, authorization.take()).await?;
            let response = exchange(&self.stack, request).await?;
            match response.status_code.code() {
                _ if response.status_code.kind() == StatusCodeKind::Successful => return Ok(granted(&response, &ours, expires)),
                status @ (401 | 407) => authorization = Some(self.authorize(&response, server, status, attempt > 0)?),
                403 => return Err(Trouble::Refused(403)),
                // What the stack says when nobody answers, or a stream cannot be had.
                408 | 503 => return Err(Trouble::Silent),
                423 => return Err(Trouble::Brief(response.min_expires_header().and_then(|h| h.value().trim().parse().ok()).unwrap_or(0))),
                status => return Err(Trouble::Status(status)),
            }
        }
        Err(Trouble::Refused(401))
    }

    /// The header that answers a challenge. `again` if one was answered before: then only an old nonce is a reason to try once more.
    fn authorize(&self, response: &Response, server: &Uri, status: u16, again: bool) -> Result<Header, Trouble> {
        let challenges = response.headers.iter().filter_map(|header| match header {
            Header::WwwAuthenticate(challenge) if status == 401 => Some(challenge.value()),
            Header::ProxyAuthenticate(challenge) if status == 407 => Some(challenge.value()),
            _ => None,
        });
        let challenge = Challenge::strongest(challenges).ok_or(Trouble::Challenge)?;
        if again && !challenge.stale {
            return Err(Trouble::Refused(status));
        }
        let password = self.house.password.as_ref().map(Secret::reveal).ok_or(Trouble::NoPassword)?;
        let answer = challenge.answer(&self.register.user, password, &Method::Register, &server.to_string(), &random_text(16));
        Ok(if status == 401 { Header::Authorization(answer.into()) } else { Header::ProxyAuthorization(answer.into()) })
    }

    /// A REGISTER and the contact in it.
    async fn request(&mut self, server: &Uri, expires: u32, authorization: Option<Header>) -> Result<(Request, Uri), Trouble> {
        let target = SipAddr::try_from(server).map_err(|_| Trouble::Address)?;
        let (connection, resolved) = self.stack.transport_layer.lookup(&target, None).await.map_err(|_| Trouble::Unreachable)?;
        let address = advertised(&self.house.config, self.listening, resolved.get_socketaddr().ok());
        let transport = target.r#type.unwrap_or(Transport::Udp);
        let ours = contact(&self.register.user, address, self.listening.port(), transport);
        let via = self.stack.get_via(Some(connection.get_addr().clone()), None).map_err(|_| Trouble::Unreachable)?;
        let mut account = server.clone();
        account.auth.clone_from(&ours.auth);
        account.params.retain(|param| !matches!(param, Param::Transport(_)));
        self.seq += 1;
        let from = FromHeader { display_name: None, uri: account.clone(), params: vec![] }.with_tag(self.tag.clone());
        let to = To { display_name: None, uri: account, params: vec![] };
        let call_id = Some(self.call_id.clone());
        let mut request = self.stack.make_request(Method::Register, server.clone(), via, from, to, self.seq, call_id);
        request.headers.push(Contact::from(ours.clone()).into());
        request.headers.push(Header::Expires(expires.to_string().into()));
        request.headers.push(Header::Allow(super::reply::ALLOW.into()));
        request.headers.extend(authorization.into_iter().collect());
        Ok((request, ours))
    }
}

/// Send a request and wait for its final response.
async fn exchange(stack: &EndpointInnerRef, request: Request) -> Result<Response, Trouble> {
    let key = TransactionKey::from_request(&request, TransactionRole::Client).map_err(|_| Trouble::Address)?;
    let mut transaction = Transaction::new_client(key, request, Arc::clone(stack), None);
    transaction.send().await.map_err(|_| Trouble::Unreachable)?;
    while let Some(message) = transaction.receive().await {
        match message {
            SipMessage::Response(response) if response.status_code.kind() != StatusCodeKind::Provisional => return Ok(response),
            _ => {}
        }
    }
    Err(Trouble::Silent)
}

/// For how many seconds: what our contact says, else the header, else what we asked for (RFC 3261, section 10.2.4).
fn granted(response: &Response, ours: &Uri, asked: u32) -> u32 {
    let user = format!("{}@{}", ours.user().unwrap_or_default(), ours.host_with_port);
    let of_contact = response
        .contact_headers()
        .iter()
        .flat_map(|header| header.value().split(','))
        .filter(|contact| contact.contains(&user))
        .find_map(|contact| contact.split(';').find_map(|part| part.trim().strip_prefix("expires=")?.trim().parse().ok()));
    let of_header = || response.expires_header().and_then(|header| header.value().trim().parse().ok());
    of_contact.or_else(of_header).unwrap_or(asked).clamp(SHORTEST, LONGEST)
}

/// How long to wait after the given number of failures in a row; `chance` spreads a fleet that lost its gateway at the same moment.
fn pause_after(trouble: &Trouble, failures: u32, chance: f64) -> Duration {
    let pause = match trouble {
        Trouble::Refused(_) | Trouble::NoPassword | Trouble::Challenge | Trouble::Address => REFUSED_PAUSE,
        _ => (FIRST_PAUSE * 2u32.saturating_pow(failures.saturating_sub(1).min(16))).min(LAST_PAUSE),
    };
    pause.mul_f64(0.75 + 0.5 * chance.clamp(0.0, 1.0))
}

/// What the admin reads.
struct Explained<'a>(&'a Trouble, &'a str);

impl fmt::Display for Explained<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(trouble, credential) = self;
        match trouble {
            Trouble::Address => f.write_str("the registrar is not a SIP address; write one such as \"sip:pbx.office\" in `registrar`"),
            Trouble::NoPassword => write!(f, "it asks for a password; hand one over as credential `{credential}`"),
            Trouble::Refused(status) => write!(
                f,
                "it refused the user name or the password (SIP {status}); check `user` and the credential `{credential}` against the gateway's account"
            ),
            Trouble::Challenge => {
                f.write_str("it asks for the password in a way we do not know; set the account to digest with MD5 or SHA-256")
            }
            Trouble::Brief(least) => write!(f, "it wants registrations of at least {least} s; set `expires_seconds` to that"),
            Trouble::Status(status) => write!(f, "it answered SIP {status}; see the gateway's log"),
            Trouble::Silent => {
                f.write_str("it does not answer, or only that it cannot serve; check its address and port, and the network to it")
            }
            Trouble::Unreachable => f.write_str("it cannot be reached; check its name, its port, and the network to it"),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn response(headers: &str) -> Response {
        let text = format!(
            "SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP h;branch=z9hG4bK1\r\nFrom: <sip:a@b>;tag=1\r\nTo: <sip:a@b>;tag=2\r\nCall-ID: x\r\nCSeq: 1 REGISTER\r\n{headers}Content-Length: 0\r\n\r\n"
        );
        Response::try_from(text.as_str()).unwrap()
    }

    fn ours() -> Uri {
        contact("line", "192.0.2.1".parse().unwrap(), 5060, Transport::Udp)
    }

    #[test]
    fn our_own_contact_tells_for_how_long() {
        let others = "Contact: <sip:line@192.0.2.9:5060>;expires=40, <sip:line@192.0.2.1:5060>;q=1;expires=90\r\nExpires: 600\r\n";
        assert_eq!(granted(&response(others), &ours(), 300), 90);
        assert_eq!(granted(&response("Expires: 600\r\n"), &ours(), 300), 600);
        assert_eq!(granted(&response(""), &ours(), 300), 300);
    }

    #[test]
    fn a_grant_of_no_time_does_not_make_us_ask_without_a_pause() {
        assert_eq!(granted(&response("Expires: 0\r\n"), &ours(), 300), SHORTEST);
    }

    #[test]
    fn failing_attempts_become_rarer_and_a_fleet_does_not_ask_at_once() {
        let pause = |failures, chance| pause_after(&Trouble::Silent, failures, chance);
        assert!(pause(1, 0.5) < pause(2, 0.5) && pause(2, 0.5) < pause(5, 0.5));
        assert_eq!(pause(100, 0.5), LAST_PAUSE);
        assert!(pause(3, 0.0) < pause(3, 1.0));
        assert!(pause_after(&Trouble::Refused(403), 1, 0.0) >= Duration::from_secs(60));
    }

    #[test]
    fn the_admin_is_told_which_credential_to_mend() {
        let told = Explained(&Trouble::Refused(403), "gateway-password").to_string();
        assert!(told.contains("gateway-password") && told.contains("403"), "{told}");
    }
}
