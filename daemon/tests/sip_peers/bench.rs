//! A bare SIP line with a small desk behind it.

use std::net::SocketAddr;
use std::time::Duration;

use switchhook::config::{Codec, Kind, Register, Secret, Sip};
use switchhook::lines::sip::SipLine;
use switchhook::lines::{Dialler, EndCause, Leg, LegCommand, LegEvent, Line, LineId, LinePorts, LineStatus};
use switchhook::progress::Progress;
use tokio::sync::{mpsc, watch};
use tokio::task::JoinHandle;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

/// Whatever is waited for comes long before this, or never.
pub const SOON: Duration = Duration::from_secs(20);

/// A running line.
pub struct Bench {
    pub address: SocketAddr,
    pub legs: mpsc::Receiver<Leg>,
    pub shutdown: CancellationToken,
    pub line: JoinHandle<()>,
}

pub fn sip() -> Sip {
    Sip {
        listen: ([127, 0, 0, 1], 0).into(),
        public: None,
        rtp_ports: 20_000..=29_999,
        codecs: vec![Codec::Pcma, Codec::Pcmu],
        peers: None,
        register: None,
        media_timeout: Duration::from_secs(5),
    }
}

pub fn registering(registrar: SocketAddr, parameters: &str) -> Sip {
    let registrar = format!("sip:{registrar}{parameters}");
    let register = Register { registrar, user: "line".into(), credential: "gateway-password".into(), expires: Duration::from_secs(60) };
    Sip { register: Some(register), ..sip() }
}

/// How a line is, what comes in on it, what closes it, and its end.
pub type Running = (watch::Receiver<LineStatus>, mpsc::Receiver<Leg>, CancellationToken, JoinHandle<()>);

/// Start a line; `places` calls may wait for the desk.
pub fn start(config: Sip, password: Option<&str>, places: usize) -> Running {
    let (_dialler, running) = start_to_dial(config, password, places);
    running
}

/// The same, with what places calls on it.
pub fn start_to_dial(config: Sip, password: Option<&str>, places: usize) -> (Dialler, Running) {
    let (calls, legs) = mpsc::channel(places);
    let (status_in, status) = watch::channel(LineStatus::Starting);
    let (_, commands) = mpsc::channel(1);
    let (_, settings) = watch::channel(Kind::Sip(config.clone()));
    let shutdown = CancellationToken::new();
    let line = Box::new(SipLine::new(LineId::new("gateway").unwrap(), config, password.map(Secret::new)));
    let dialler = line.dialler().unwrap();
    let (progress, close) = (Progress::default(), shutdown.clone());
    let running = tokio::spawn(line.run(LinePorts { calls, status: status_in, commands, progress, settings, shutdown: close }));
    (dialler, (status, legs, shutdown, running))
}

impl Bench {
    pub async fn start(config: Sip, places: usize) -> Self {
        let (mut status, legs, shutdown, line) = start(config, None, places);
        let address = ready(&mut status).await;
        Self { address, legs, shutdown, line }
    }

    /// The next call that rings.
    pub async fn ring(&mut self) -> Leg {
        timeout(SOON, self.legs.recv()).await.expect("a call rings").expect("the line lives")
    }

    /// The next call, answered, when sound flows.
    pub async fn answer(&mut self) -> Leg {
        let mut leg = self.ring().await;
        leg.commands.send(LegCommand::Answer).await.unwrap();
        assert_eq!(event(&mut leg).await, LegEvent::Answered);
        leg
    }

    /// Close the line and see that it ends.
    pub async fn close(self) {
        self.shutdown.cancel();
        timeout(SOON, self.line).await.expect("the line ends").unwrap();
    }
}

/// Where the line is reached, once it is.
pub async fn ready(status: &mut watch::Receiver<LineStatus>) -> SocketAddr {
    let ready =
        timeout(SOON, status.wait_for(|status| matches!(status, LineStatus::Ready { .. }))).await.expect("the line gets ready").unwrap();
    match &*ready {
        LineStatus::Ready { address } => address.strip_prefix("sip:").unwrap().parse().unwrap(),
        _ => unreachable!(),
    }
}

/// Why the line is down, once it is.
pub async fn down(status: &mut watch::Receiver<LineStatus>) -> String {
    let down =
        timeout(SOON, status.wait_for(|status| matches!(status, LineStatus::Down { .. }))).await.expect("the line goes down").unwrap();
    match &*down {
        LineStatus::Down { reason, .. } => reason.clone(),
        _ => unreachable!(),
    }
}

/// What happens next on a leg.
pub async fn event(leg: &mut Leg) -> LegEvent {
    timeout(SOON, leg.events.recv()).await.expect("something happens").expect("the leg lives")
}

/// How a leg ends, whatever happens before.
pub async fn end(leg: &mut Leg) -> EndCause {
    loop {
        if let LegEvent::Ended(cause) = event(leg).await {
            assert!(leg.events.recv().await.is_none(), "nothing happens after the end");
            return cause;
        }
    }
}

/// Give back what is heard, until the call ends.
pub async fn echo(mut leg: Leg) -> EndCause {
    loop {
        tokio::select! {
            Some(frame) = leg.hears.recv() => {
                leg.mouth.push(&frame.0);
            }
            event = leg.events.recv() => match event {
                Some(LegEvent::Ended(cause)) => return cause,
                Some(_) => {}
                None => panic!("a leg ends with an event"),
            },
        }
    }
}
