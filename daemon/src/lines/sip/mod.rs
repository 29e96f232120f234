//! A SIP line: the way of a call from or to a gateway, PBX or telephone to a [`Leg`](crate::lines::Leg), over UDP and TCP.
//!
//! rsipstack carries the messages (transport, transactions, the INVITE dialog); what a telephone line does with them is here. A request
//! comes in through the [`endpoint`], the [`switchboard`] finds its call or admits a new one, the [`call`] answers it ([`within`]: what comes later) and
//! talks to the house, and [`sound`] carries the RTP. A call of ours ([`placing`]) is the same call with the INVITE the other way round; [`onward`] passes
//! one on. What needs no I/O is apart and pure: [`sdp`], [`session`], [`latch`], [`transfer`],
//! [`digest`], [`party`], [`peers`], [`keypad`].
//!
//! What is kept, by RFC:
//!
//! * 3261: INVITE, ACK, CANCEL (487) and BYE both ways, OPTIONS, re-INVITE (section 14, 491 while one is pending, BYE
//!   if its ACK is missing), in-dialog order (12.2.2), 405, 415, 420, 481, 486, 488, 500, 503; REGISTER (10) with refresh, 423, and removal.
//! * 3264 and 8866: answers, offers in a 200 (delayed offer), hold and resume in both forms, every stream but one refused.
//! * 3311 UPDATE in an answered call; 2976 INFO with keys; 3515, 3420 and 3892 REFER, its NOTIFYs, and Referred-By.
//! * 3891: a REFER that asks for a call in place of another one of ours, if who is called supports it.
//! * 7616 and 8760: digest with MD5 and SHA-256 for REGISTER; MD5 for INVITE and requests within a call.
//! * 3325 and 3323: P-Asserted-Identity is believed from the gateway and the configured peers alone; Privacy is honoured.
//! * 3550, 3551, 4733, 4961, 3581: RTP, G.711, telephone events, symmetric RTP, rport. RTCP is neither sent nor read.
//!
//! What is not kept yet: session timers (4028), reliable provisional responses (3262), an incoming Replaces (3891), a changed Contact in a
//! re-INVITE (target refresh), STUN and ICE, TLS and SRTP, comfort noise (3389), early media (what a network plays before the answer). A request of an unknown method gets 501
//! over UDP; over TCP rsipstack drops it.

mod call;
mod digest;
mod endpoint;
#[cfg(fuzzing)]
pub mod fuzzing;
mod guard;
mod keypad;
mod latch;
mod offer;
mod onward;
mod party;
mod peers;
mod placing;
mod ports;
mod register;
mod reply;
mod sdp;
mod session;
mod sound;
mod switchboard;
mod transfer;
mod within;

use std::net::IpAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::{mpsc, watch};
use tokio_util::task::AbortOnDropHandle;

pub use self::endpoint::BindError;
use self::endpoint::SipEndpoint;
use self::register::Registration;
use self::switchboard::Switchboard;
use crate::config::{self, Kind, Secret};
use crate::lines::{Dial, Dialler, Line, LineFault, LineId, LineKind, LinePorts, LineStatus, Running};

/// A port that cannot be had is asked for again after this long.
const BIND_AGAIN: Duration = Duration::from_secs(5);
/// A stack that stops again and again is let rest for no longer than this.
const LONGEST_PAUSE: Duration = Duration::from_secs(80);
/// One that served for so long did not stop at once.
const STEADY: Duration = Duration::from_secs(600);

/// A SIP account, or a plain SIP address if it registers nowhere.
pub struct SipLine {
    house: Arc<House>,
    dialler: Dialler,
    dials: mpsc::Receiver<Dial>,
}

/// What every part of the line knows. A call keeps what it began with.
#[derive(Clone)]
struct House {
    id: LineId,
    config: config::Sip,
    password: Option<Secret>,
    /// Where the gateway was found last.
    gateway: Arc<watch::Sender<Vec<IpAddr>>>,
}

impl SipLine {
    /// A line of that name; `password` is the registration's credential.
    #[must_use]
    pub fn new(id: LineId, config: config::Sip, password: Option<Secret>) -> Self {
        let gateway = Arc::new(watch::Sender::new(Vec::new()));
        let (dialler, dials) = Dialler::new();
        Self { house: Arc::new(House { id, config, password, gateway }), dialler, dials }
    }
}

/// Whether a line could listen there now.
///
/// # Errors
/// Says why not, and what to do.
pub async fn can_listen(config: &config::Sip) -> Result<(), BindError> {
    SipEndpoint::bind(config.listen, config.public).await.map(drop)
}

impl House {
    /// The same line, configured so.
    fn with(&self, config: config::Sip) -> Arc<Self> {
        Arc::new(Self { config, ..self.clone() })
    }
}

impl Line for SipLine {
    fn id(&self) -> &LineId {
        &self.house.id
    }

    fn kind(&self) -> LineKind {
        LineKind::Sip
    }

    fn dialler(&self) -> Option<Dialler> {
        Some(self.dialler.clone())
    }

    fn run(self: Box<Self>, ports: LinePorts) -> Running {
        Box::pin(run(*self, ports))
    }
}

async fn run(line: SipLine, mut ports: LinePorts) {
    let SipLine { mut house, dialler, mut dials } = line;
    let mut pause = BIND_AGAIN;
    while let Some(endpoint) = bind(&house, &ports.status, &ports.shutdown).await {
        let began = Instant::now();
        if carry(&mut house, endpoint, &mut ports, &dialler, &mut dials).await == Over::Closed {
            return;
        }
        pause = pause_after(pause, began.elapsed());
        let reason = format!("the SIP stack stopped by a fault of ours; the line listens again in {} s", pause.as_secs());
        log::error!(line = house.id.as_str(), event = "sip-stack-ended"; "{reason}");
        ports.status.send_replace(LineStatus::Down { fault: LineFault::NotListening, reason });
        tokio::select! {
            () = tokio::time::sleep(pause) => {}
            () = ports.shutdown.cancelled() => return,
        }
    }
}

/// How long a line whose stack stopped rests: longer and longer if that happens at once again, as when somebody sends the same message.
fn pause_after(last: Duration, served: Duration) -> Duration {
    if served < STEADY { (last * 2).min(LONGEST_PAUSE) } else { BIND_AGAIN }
}

/// Why a line does not listen any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Over {
    /// The house closes, and all calls are over.
    Closed,
    /// The stack stopped.
    Deaf,
}

/// Carry calls over these sockets.
async fn carry(
    house: &mut Arc<House>,
    mut endpoint: SipEndpoint,
    ports: &mut LinePorts,
    dialler: &Dialler,
    dials: &mut mpsc::Receiver<Dial>,
) -> Over {
    let listening = endpoint.listening;
    let address = endpoint.address.clone();
    log::info!(line = house.id.as_str(), event = "listening"; "listening on {listening} over UDP and TCP");
    let (calls, progress) = (ports.calls.clone(), ports.progress.clone());
    let mut switchboard = Switchboard::new(Arc::clone(house), Arc::clone(&endpoint.stack), listening, calls, dialler.clone(), progress);
    let registration = match house.config.register.clone() {
        Some(register) => {
            let registration = Registration::new(Arc::clone(house), register, Arc::clone(&endpoint.stack), listening);
            Some(AbortOnDropHandle::new(tokio::spawn(registration.keep(ports.status.clone(), address, ports.shutdown.clone()))))
        }
        None => {
            ports.status.send_replace(LineStatus::Ready { address });
            None
        }
    };
    // What came while there was no stack is taken over at once.
    ports.settings.mark_changed();
    let mut closing = false;
    while !(closing && switchboard.is_idle()) {
        tokio::select! {
            Some(transaction) = endpoint.incoming.recv() => switchboard.route(transaction),
            () = switchboard.next() => {}
            Some(dial) = dials.recv() => switchboard.dial(dial),
            _ = &mut endpoint.serving => {
                switchboard.abandon().await;
                return if closing { Over::Closed } else { Over::Deaf };
            }
            // Nobody lifts the handset of a SIP line.
            Some(_) = ports.commands.recv() => {}
            Ok(()) = ports.settings.changed() => if let Kind::Sip(config) = &*ports.settings.borrow_and_update() {
                *house = house.with(config.clone());
                switchboard.renew(Arc::clone(house));
            },
            () = ports.shutdown.cancelled(), if !closing => {
                closing = true;
                ports.status.send_replace(LineStatus::Draining);
                switchboard.close();
            }
        }
    }
    if let Some(registration) = registration {
        let _ = registration.await;
    }
    Over::Closed
}

/// The sockets, as soon as they can be had; `None` if the house closes before.
async fn bind(house: &House, status: &watch::Sender<LineStatus>, shutdown: &tokio_util::sync::CancellationToken) -> Option<SipEndpoint> {
    loop {
        match SipEndpoint::bind(house.config.listen, house.config.public).await {
            Ok(endpoint) => return Some(endpoint),
            Err(error) => {
                log::warn!(line = house.id.as_str(), event = "not-listening"; "{error}");
                status.send_replace(LineStatus::Down { fault: LineFault::NotListening, reason: error.to_string() });
            }
        }
        tokio::select! {
            () = tokio::time::sleep(BIND_AGAIN) => {}
            () = shutdown.cancelled() => return None,
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::config::Codec;
    use crate::lines::{EndCause, LegEvent, keeps};
    use crate::progress::Progress;
    use tokio::net::UdpSocket;
    use tokio::time::timeout;
    use tokio_util::sync::CancellationToken;

    const SOON: Duration = Duration::from_secs(20);

    pub(in crate::lines::sip) fn house() -> Arc<House> {
        let config = config::Sip {
            listen: ([127, 0, 0, 1], 0).into(),
            public: None,
            rtp_ports: 40_000..=40_999,
            codecs: vec![Codec::Pcma],
            peers: None,
            register: None,
            media_timeout: Duration::from_secs(5),
        };
        SipLine::new(LineId::new("gateway").unwrap(), config, None).house
    }

    #[tokio::test]
    async fn a_line_whose_stack_stops_ends_its_calls_and_lets_its_port_go() {
        let (calls, mut legs) = mpsc::channel(1);
        let (_commands, commands) = mpsc::channel(1);
        let (status, _status) = watch::channel(LineStatus::Starting);
        let (progress, shutdown) = (Progress::default(), CancellationToken::new());
        let (_settings, settings) = watch::channel(Kind::Sip(house().config.clone()));
        let mut ports = LinePorts { calls, status, commands, progress, settings, shutdown };
        let (mut house, endpoint) = (house(), SipEndpoint::bind(([127, 0, 0, 1], 0).into(), None).await.unwrap());
        let (dialler, mut dials) = Dialler::new();
        let (listening, stack) = (endpoint.listening, endpoint.serving.abort_handle());
        let caller = UdpSocket::bind("127.0.0.1:0").await.unwrap();
        let here = caller.local_addr().unwrap();
        let invite = format!(
            "INVITE sip:robot@{listening} SIP/2.0\r\nVia: SIP/2.0/UDP {here};branch=z9hG4bK1;rport\r\nFrom: <sip:ann@{here}>;tag=1\r\n\
             To: <sip:robot@{listening}>\r\nCall-ID: x\r\nCSeq: 1 INVITE\r\nContact: <sip:ann@{here}>\r\nContent-Length: 0\r\n\r\n"
        );
        let call = async {
            caller.send_to(invite.as_bytes(), listening).await.unwrap();
            let mut leg = legs.recv().await.unwrap();
            // A panic ends the task as this does.
            stack.abort();
            leg.events.recv().await
        };
        let (over, told) =
            timeout(SOON, async { tokio::join!(carry(&mut house, endpoint, &mut ports, &dialler, &mut dials), call) }).await.unwrap();
        assert_eq!(over, Over::Deaf);
        assert!(matches!(told, Some(LegEvent::Ended(EndCause::Fault(_)))), "{told:?}");
        let again = async {
            loop {
                match SipEndpoint::bind(listening, None).await {
                    Ok(endpoint) => return endpoint.listening,
                    Err(_) => tokio::task::yield_now().await,
                }
            }
        };
        assert_eq!(timeout(SOON, again).await.unwrap(), listening);
    }

    #[test]
    fn a_line_keeps_its_place_unless_others_know_it_by_what_changes() {
        let mut sip = house().config.clone();
        let before = Kind::Sip(sip.clone());
        (sip.codecs, sip.peers, sip.media_timeout) = (vec![Codec::Pcmu], Some(vec![]), Duration::from_secs(9));
        assert!(keeps(&before, &Kind::Sip(sip.clone())));
        let moved = config::Sip { listen: ([127, 0, 0, 1], 5070).into(), ..sip.clone() };
        let named = config::Sip { public: Some([192, 0, 2, 1].into()), ..sip };
        let handset = config::Handset { capture: "a".into(), playback: "b".into(), full_duplex: false };
        for other in [Kind::Sip(moved), Kind::Sip(named), Kind::Handset(handset)] {
            assert!(!keeps(&before, &other), "{other:?}");
        }
    }

    #[test]
    fn a_stack_that_stops_again_and_again_rests_longer_each_time() {
        let soon = Duration::from_secs(1);
        let second = pause_after(BIND_AGAIN, soon);
        assert!(second > BIND_AGAIN && pause_after(second, soon) > second);
        assert_eq!(pause_after(LONGEST_PAUSE, soon), LONGEST_PAUSE);
        assert_eq!(pause_after(LONGEST_PAUSE, STEADY), BIND_AGAIN);
    }
}
