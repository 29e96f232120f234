//! A SIP line: the way of a call from a gateway or PBX to a [`Leg`](crate::lines::Leg), over UDP and TCP.
//!
//! rsipstack carries the messages (transport, transactions, the INVITE dialog); what a telephone line does with them is here. A request
//! comes in through the [`endpoint`], the [`switchboard`] finds its call or admits a new one, the [`call`] answers it and
//! talks to the house, and [`sound`] carries the RTP. What needs no I/O is apart and pure: [`sdp`], [`session`], [`latch`], [`transfer`],
//! [`digest`], [`party`], [`peers`], [`keypad`].
//!
//! What is kept, by RFC:
//!
//! * 3261: a user agent server's INVITE, ACK, CANCEL (487), BYE both ways, OPTIONS, re-INVITE (section 14, 491 while one is pending, BYE
//!   if its ACK is missing), in-dialog order (12.2.2), 405, 415, 420, 481, 486, 488, 500, 503; REGISTER (10) with refresh, 423, and removal.
//! * 3264 and 8866: answers, offers in a 200 (delayed offer), hold and resume in both forms, every stream but one refused.
//! * 3311 UPDATE in an answered call; 2976 INFO with keys; 3515, 3420 and 3892 REFER, its NOTIFYs, and Referred-By.
//! * 7616 and 8760: digest with MD5 and SHA-256 for REGISTER; MD5 for requests within a call.
//! * 3325 and 3323: P-Asserted-Identity is believed from the gateway and the configured peers alone; Privacy is honoured.
//! * 3550, 3551, 4733, 4961, 3581: RTP, G.711, telephone events, symmetric RTP, rport. RTCP is neither sent nor read.
//!
//! What is not kept yet: session timers (4028), reliable provisional responses (3262), an incoming Replaces (3891), a changed Contact in a
//! re-INVITE (target refresh), STUN and ICE, TLS and SRTP, comfort noise (3389), calls out. A request of an unknown method gets 501
//! over UDP; over TCP rsipstack drops it.

mod call;
mod digest;
mod endpoint;
mod guard;
mod keypad;
mod latch;
mod offer;
mod party;
mod peers;
mod ports;
mod register;
mod reply;
mod sdp;
mod session;
mod sound;
mod switchboard;
mod transfer;

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;

use self::endpoint::SipEndpoint;
use self::register::Registration;
use self::switchboard::Switchboard;
use crate::config::{self, Secret};
use crate::lines::{Line, LineFault, LineId, LineKind, LinePorts, LineStatus, Running};

/// A port that cannot be had is asked for again after this long.
const BIND_AGAIN: Duration = Duration::from_secs(5);

/// A SIP account, or a plain SIP address if it registers nowhere.
pub struct SipLine {
    house: Arc<House>,
}

/// What every part of the line knows.
struct House {
    id: LineId,
    config: config::Sip,
    password: Option<Secret>,
    /// Where the gateway was found last.
    gateway: watch::Sender<Vec<IpAddr>>,
}

impl SipLine {
    /// A line of that name; `password` is the registration's credential.
    #[must_use]
    pub fn new(id: LineId, config: config::Sip, password: Option<Secret>) -> Self {
        let (gateway, _) = watch::channel(Vec::new());
        Self { house: Arc::new(House { id, config, password, gateway }) }
    }
}

impl Line for SipLine {
    fn id(&self) -> &LineId {
        &self.house.id
    }

    fn kind(&self) -> LineKind {
        LineKind::Sip
    }

    fn run(self: Box<Self>, ports: LinePorts) -> Running {
        Box::pin(run(self.house, ports))
    }
}

async fn run(house: Arc<House>, ports: LinePorts) {
    let LinePorts { calls, status, mut commands, progress, shutdown } = ports;
    let Some(mut endpoint) = bind(&house, &status, &shutdown).await else { return };
    let listening = endpoint.listening;
    let address = endpoint.address.clone();
    log::info!(line = house.id.as_str(), event = "listening"; "listening on {listening} over UDP and TCP");
    let mut switchboard = Switchboard::new(Arc::clone(&house), Arc::clone(&endpoint.stack), listening, calls, progress);
    let registration = match house.config.register.clone() {
        Some(register) => {
            let registration = Registration::new(Arc::clone(&house), register, Arc::clone(&endpoint.stack), listening);
            Some(tokio::spawn(registration.keep(status, address, shutdown.clone())))
        }
        None => {
            status.send_replace(LineStatus::Ready { address });
            None
        }
    };
    let mut closing = false;
    while !(closing && switchboard.is_idle()) {
        tokio::select! {
            Some(transaction) = endpoint.incoming.recv() => switchboard.route(transaction),
            () = switchboard.call_over() => {}
            // Nobody lifts the handset of a SIP line.
            Some(_) = commands.recv() => {}
            () = shutdown.cancelled(), if !closing => {
                closing = true;
                switchboard.close();
            }
        }
    }
    if let Some(registration) = registration {
        let _ = registration.await;
    }
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
