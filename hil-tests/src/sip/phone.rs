//! One call as a phone lives through it: it invites, is answered or refused, is put on hold, passed on, and ends.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use tokio::sync::mpsc;
use tokio::time::{Instant, sleep_until, timeout};

use super::sdp::{self, Direction, Media};
use super::transport::{Back, Incoming};
use super::uri::inside;
use super::{Dialog, Message, Protocol, Target, Transport};
use crate::rtp::Law;

/// The first wait for an answer, and the longest between two attempts (RFC 3261 section 17.1.1.1).
const T1: Duration = Duration::from_millis(500);
const T2: Duration = Duration::from_secs(4);
/// A request without an answer is given up after this (timers B and F).
const GIVE_UP: Duration = Duration::from_secs(32);
/// How long a phone that is put down waits for the other side to confirm it.
const PATIENCE: Duration = Duration::from_secs(5);
const ALLOW: &str = "INVITE, ACK, BYE, CANCEL, OPTIONS, REFER, NOTIFY, INFO, UPDATE, PRACK";

/// What can be done with the phone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PhoneCommand {
    /// Put the other party on hold.
    Hold,
    /// Take them back.
    Resume,
    /// End the call, or take the invitation back.
    HangUp,
    /// Tell who passed us on how that went: the status of the new call.
    Referred(u16),
}

/// What happens on the phone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PhoneEvent {
    /// It rings at the other end.
    Ringing,
    /// Somebody answered; sound flows.
    Answered(Media),
    /// Sound flows elsewhere or otherwise from now on.
    Changed(Media),
    /// The other party asks us to call somebody else.
    Refer(Target),
    /// The call was not taken. The last event.
    Refused(u16),
    /// The call is over, ended by the other party or by us. The last event.
    Ended {
        /// Whether it was the other party.
        by_them: bool,
    },
}

/// A call that is being placed or held.
pub struct Phone {
    /// What shall be done with it.
    pub commands: mpsc::Sender<PhoneCommand>,
    /// What happens on it.
    pub events: mpsc::Receiver<PhoneEvent>,
}

impl Phone {
    /// Call `target`; sound is taken at port `rtp_port` of the same interface, in these `laws`, the preferred one first.
    ///
    /// # Errors
    /// If the target has no address or no socket can be had. Everything later is an event.
    pub async fn call(target: &Target, protocol: Protocol, rtp_port: u16, laws: Vec<Law>) -> io::Result<Self> {
        let peer = target.resolve().await?;
        let transport = Transport::towards(peer, protocol).await?;
        let rtp = SocketAddr::new(transport.local().ip(), rtp_port);
        let dialog = Dialog::new(target, transport.local(), protocol);
        let (commands, command_inbox) = mpsc::channel(8);
        let (event_outbox, events) = mpsc::channel(32);
        let mut line = Line {
            transport,
            dialog,
            hop: peer,
            rtp,
            laws,
            sdp_version: 1,
            stage: Stage::Inviting,
            invite: None,
            waiting: Vec::new(),
            last_answer: None,
            events: event_outbox,
        };
        tokio::spawn(async move {
            if let Err(error) = line.run(command_inbox).await {
                log::warn!("the caller's phone failed: {error}");
            }
        });
        Ok(Self { commands, events })
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    Inviting,
    Cancelling,
    Up,
    Leaving,
    Over,
}

/// A request that has no final answer yet.
struct Waiting {
    request: Message,
    again: Option<Instant>,
    interval: Duration,
    until: Instant,
}

struct Line {
    transport: Transport,
    dialog: Dialog,
    hop: SocketAddr,
    rtp: SocketAddr,
    laws: Vec<Law>,
    sdp_version: u32,
    stage: Stage,
    /// The invitation that is being answered, or was last.
    invite: Option<Message>,
    waiting: Vec<Waiting>,
    /// Our last answer to an invitation, in case it was lost.
    last_answer: Option<(u32, Message)>,
    events: mpsc::Sender<PhoneEvent>,
}

impl Line {
    async fn run(&mut self, mut commands: mpsc::Receiver<PhoneCommand>) -> io::Result<()> {
        self.invite(Direction::SendRecv).await?;
        let mut attended = true;
        while self.stage != Stage::Over {
            let timer = self.waiting.iter().map(|w| w.again.map_or(w.until, |again| again.min(w.until))).min();
            tokio::select! {
                incoming = self.transport.receive() => {
                    let Some(incoming) = incoming else { break };
                    self.receive(incoming).await?;
                }
                command = commands.recv(), if attended => {
                    // A phone that nobody holds any more is put down.
                    attended = command.is_some();
                    self.obey(command.unwrap_or(PhoneCommand::HangUp)).await?;
                }
                () = sleep_until(timer.unwrap_or_else(Instant::now)), if timer.is_some() => self.try_again().await?,
            }
        }
        // Our last answer may have been lost: the other side then asks once more.
        let linger = async {
            while let Some(incoming) = self.transport.receive().await {
                let answer = Message::response(&incoming.message, 200, "OK");
                if incoming.message.method().is_some_and(|method| method != "ACK") {
                    let _ = self.transport.answer(&answer, &incoming.back).await;
                }
            }
        };
        let _ = timeout(T1 * 2, linger).await;
        Ok(())
    }

    async fn invite(&mut self, direction: Direction) -> io::Result<()> {
        let body = sdp::write(self.rtp, &self.laws, direction, self.sdp_version);
        self.sdp_version += 1;
        let invite = self.dialog.request("INVITE").with("Allow", ALLOW).with_body("application/sdp", body);
        self.invite = Some(invite.clone());
        self.send(invite).await
    }

    /// Send a request, and again until it is answered.
    async fn send(&mut self, request: Message) -> io::Result<()> {
        self.transport.send(&request, self.hop).await?;
        let now = Instant::now();
        let again = (self.transport.protocol() == Protocol::Udp).then_some(now + T1);
        let patience = if self.stage == Stage::Leaving { PATIENCE } else { GIVE_UP };
        self.waiting.push(Waiting { request, again, interval: T1, until: now + patience });
        Ok(())
    }

    async fn try_again(&mut self) -> io::Result<()> {
        let now = Instant::now();
        let given_up: Vec<_> = self.waiting.extract_if(.., |w| w.until <= now).map(|w| w.request).collect();
        for request in given_up {
            match request.method() {
                Some("INVITE") if matches!(self.stage, Stage::Inviting | Stage::Cancelling) => self.over(PhoneEvent::Refused(408)).await,
                Some("BYE") => self.over(PhoneEvent::Ended { by_them: false }).await,
                _ => {}
            }
        }
        for waiting in self.waiting.iter_mut().filter(|w| w.again.is_some_and(|again| again <= now)) {
            self.transport.send(&waiting.request, self.hop).await?;
            waiting.interval = (waiting.interval * 2).min(T2);
            waiting.again = Some(now + waiting.interval);
        }
        Ok(())
    }

    async fn obey(&mut self, command: PhoneCommand) -> io::Result<()> {
        match (command, self.stage) {
            (PhoneCommand::Hold, Stage::Up) => self.invite(Direction::SendOnly).await,
            (PhoneCommand::Resume, Stage::Up) => self.invite(Direction::SendRecv).await,
            (PhoneCommand::Referred(status), Stage::Up) => self.notify(status).await,
            (PhoneCommand::HangUp, Stage::Up) => {
                self.stage = Stage::Leaving;
                let bye = self.dialog.request("BYE");
                self.send(bye).await
            }
            (PhoneCommand::HangUp, Stage::Inviting) => {
                self.stage = Stage::Cancelling;
                let Some(invite) = &self.invite else { return Ok(()) };
                let cancel = self.dialog.cancel(invite);
                self.send(cancel).await
            }
            // It crossed with the end of the call.
            _ => Ok(()),
        }
    }

    /// How the call that we were asked to place goes (RFC 3515 section 2.4.5).
    async fn notify(&mut self, status: u16) -> io::Result<()> {
        let (reason, state) = match status {
            100 => ("Trying", "active;expires=60"),
            200 => ("OK", "terminated;reason=noresource"),
            _ => ("Failed", "terminated;reason=noresource"),
        };
        let fragment = format!("SIP/2.0 {status} {reason}\r\n");
        let notify = self.dialog.request("NOTIFY").with("Event", "refer").with("Subscription-State", state);
        self.send(notify.with_body("message/sipfrag;version=2.0", fragment)).await
    }

    async fn receive(&mut self, Incoming { message, back }: Incoming) -> io::Result<()> {
        if message.status().is_some() {
            return if self.dialog.owns(&message) { self.answered(&message).await } else { Ok(()) };
        }
        if message.method() == Some("ACK") {
            return Ok(());
        }
        if !self.dialog.owns(&message) && message.method() != Some("OPTIONS") {
            return self.transport.answer(&Message::response(&message, 481, "Call Does Not Exist"), &back).await;
        }
        self.asked(&message, &back).await
    }

    async fn answered(&mut self, answer: &Message) -> io::Result<()> {
        let (Some(status), Some((number, method))) = (answer.status(), answer.cseq()) else { return Ok(()) };
        let ours = |w: &Waiting| w.request.cseq() == Some((number, method));
        if status < 200 {
            if let Some(waiting) = self.waiting.iter_mut().find(|w| ours(w)) {
                waiting.again = None;
            }
            if method == "INVITE" && status != 100 && self.stage == Stage::Inviting {
                self.tell(PhoneEvent::Ringing).await;
            }
            return Ok(());
        }
        let first = self.waiting.iter().any(ours);
        self.waiting.retain(|w| !ours(w));
        match method {
            "INVITE" => self.invitation_answered(answer, number, status, first).await,
            "BYE" if first => {
                self.over(PhoneEvent::Ended { by_them: false }).await;
                Ok(())
            }
            _ => Ok(()),
        }
    }

    async fn invitation_answered(&mut self, answer: &Message, number: u32, status: u16, first: bool) -> io::Result<()> {
        let Some(invite) = self.invite.clone().filter(|invite| invite.cseq().is_some_and(|(n, _)| n == number)) else { return Ok(()) };
        let opening = matches!(self.stage, Stage::Inviting | Stage::Cancelling);
        if status < 300 && opening {
            self.dialog.established_by(answer);
            self.hop = hop(&self.dialog, self.hop).await;
        } else if status < 300 {
            self.dialog.refreshed_by(answer);
        }
        let ack = self.dialog.ack(&invite, answer);
        self.transport.send(&ack, self.hop).await?;
        let media = sdp::read(&answer.body, &self.laws);
        match (self.stage, status, media) {
            _ if !first => {}
            (Stage::Inviting | Stage::Cancelling, 300.., _) => self.over(PhoneEvent::Refused(status)).await,
            (Stage::Inviting, _, Some(media)) => {
                self.stage = Stage::Up;
                self.tell(PhoneEvent::Answered(media)).await;
            }
            // Answered although we gave up, or without sound that we could take.
            (Stage::Inviting | Stage::Cancelling, _, _) => {
                self.stage = Stage::Up;
                self.obey(PhoneCommand::HangUp).await?;
            }
            (Stage::Up, 200..300, Some(media)) => self.tell(PhoneEvent::Changed(media)).await,
            _ => {}
        }
        Ok(())
    }

    async fn asked(&mut self, request: &Message, back: &Back) -> io::Result<()> {
        let ok = || Message::response(request, 200, "OK").with("Allow", ALLOW);
        match request.method().unwrap_or_default() {
            "BYE" => {
                self.transport.answer(&ok(), back).await?;
                self.over(PhoneEvent::Ended { by_them: true }).await;
                Ok(())
            }
            "INVITE" | "UPDATE" if !request.body.is_empty() => self.media_changed(request, back).await,
            "INVITE" => {
                // An invitation without an offer: ours is the offer (RFC 3264 section 5).
                let body = sdp::write(self.rtp, &self.laws, Direction::SendRecv, self.sdp_version);
                let answer = ok().with("Contact", self.dialog.contact()).with_body("application/sdp", body);
                self.transport.answer(&answer, back).await
            }
            "REFER" => self.referred(request, back).await,
            "OPTIONS" | "UPDATE" | "NOTIFY" | "INFO" | "MESSAGE" | "PRACK" | "CANCEL" => self.transport.answer(&ok(), back).await,
            _ => self.transport.answer(&Message::response(request, 405, "Method Not Allowed").with("Allow", ALLOW), back).await,
        }
    }

    async fn media_changed(&mut self, request: &Message, back: &Back) -> io::Result<()> {
        let number = request.cseq().map_or(0, |(number, _)| number);
        if let Some((_, answer)) = self.last_answer.as_ref().filter(|(answered, _)| *answered == number) {
            return self.transport.answer(answer, back).await;
        }
        let Some(media) = sdp::read(&request.body, &self.laws) else {
            return self.transport.answer(&Message::response(request, 488, "Not Acceptable Here"), back).await;
        };
        self.dialog.refreshed_by(request);
        let body = sdp::write(self.rtp, &[media.law], media.direction.mirrored(), self.sdp_version);
        self.sdp_version += 1;
        let answer = Message::response(request, 200, "OK").with("Contact", self.dialog.contact()).with_body("application/sdp", body);
        self.transport.answer(&answer, back).await?;
        self.last_answer = Some((number, answer));
        self.tell(PhoneEvent::Changed(media)).await;
        Ok(())
    }

    async fn referred(&mut self, request: &Message, back: &Back) -> io::Result<()> {
        let target = request.header("Refer-To").and_then(|value| inside(value).parse::<Target>().ok());
        let Some(target) = target.filter(|_| self.stage == Stage::Up) else {
            return self.transport.answer(&Message::response(request, 400, "Bad Refer-To"), back).await;
        };
        let accepted = Message::response(request, 202, "Accepted").with("Contact", self.dialog.contact());
        self.transport.answer(&accepted, back).await?;
        self.notify(100).await?;
        self.tell(PhoneEvent::Refer(target)).await;
        Ok(())
    }

    async fn over(&mut self, last: PhoneEvent) {
        self.stage = Stage::Over;
        self.tell(last).await;
    }

    async fn tell(&self, event: PhoneEvent) {
        // Nobody listening any more is no fault: the call is then being ended.
        let _ = self.events.send(event).await;
    }
}

/// The address of the dialog's next hop, or where messages went so far if it cannot be told.
async fn hop(dialog: &Dialog, so_far: SocketAddr) -> SocketAddr {
    let Ok(target) = dialog.next_hop().parse::<Target>() else { return so_far };
    target.resolve().await.unwrap_or(so_far)
}
