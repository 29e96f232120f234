//! One call: rsipstack's INVITE dialog on one side, the leg's channels on the other, and the sound between them.
//!
//! The dialog itself (INVITE, ACK, CANCEL, BYE, retransmissions) is rsipstack's. Every other request within it is answered here, so that
//! none of them can disturb the dialog's state.

use std::sync::Arc;
use std::time::Duration;

use rsipstack::dialog::dialog::{DialogState, DialogStateReceiver, TerminatedReason};
use rsipstack::dialog::invite_dialog::InviteDialog;
use rsipstack::sip::{Header, HeadersExt, Method, StatusCode};
use rsipstack::transaction::transaction::Transaction;
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep_until, timeout};
use tokio_util::sync::CancellationToken;

use super::House;
use super::keypad;
use super::offer::read_offer;
use super::reply::{Refusal, answer, refuse, reply, session_headers};
use super::session::Session;
use super::sound::{News, Order};
use super::transfer::{Notice, Transfer};
use crate::lines::{CallId, EndCause, LegCommand, LegEvent, Reject, TransferStage};

/// A call that nobody takes or refuses is refused after this long.
const RINGING: Duration = Duration::from_secs(180);
/// How long a BYE may take before the call is forgotten.
const GOODBYE: Duration = Duration::from_secs(10);
/// How long the call actor may take to hear that the call is over.
const LAST_WORD: Duration = Duration::from_secs(5);

/// Where a call is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    /// It rings here.
    Ringing,
    /// We took it; their ACK is on its way.
    Taken,
    /// Sound flows.
    Live,
    /// They hung up while passing the call on; a last notice may tell whether somebody took it.
    Left,
}

/// What tasks of this call tell it.
pub enum Echo {
    /// The answer to our REFER, or why there is none.
    Referred(Result<u16, &'static str>),
    /// The ACK to a re-INVITE of theirs, with its body; `None` if it never came.
    Acknowledged(Option<Vec<u8>>),
}

/// A call's ends of everything.
pub struct Call {
    pub id: CallId,
    pub house: Arc<House>,
    pub dialog: InviteDialog,
    pub states: DialogStateReceiver,
    /// Requests of theirs within the dialog.
    pub requests: mpsc::Receiver<Transaction>,
    pub events: mpsc::Sender<LegEvent>,
    pub commands: mpsc::Receiver<LegCommand>,
    pub orders: mpsc::Sender<Order>,
    pub news: mpsc::Receiver<News>,
    pub session: Session,
    /// Cancelled when the stack under the call is gone.
    pub lost: CancellationToken,
}

/// A call while it lasts.
pub struct Conversation {
    call: Call,
    phase: Phase,
    transfer: Transfer,
    /// When it has rung for too long.
    ring_by: Instant,
    last_seq: u32,
    echoes: (mpsc::Sender<Echo>, mpsc::Receiver<Echo>),
}

impl Call {
    /// Carry the call to its end.
    pub async fn carry(self) {
        let conversation = Conversation {
            phase: Phase::Ringing,
            transfer: Transfer::default(),
            ring_by: Instant::now() + RINGING,
            last_seq: 0,
            echoes: mpsc::channel(8),
            call: self,
        };
        conversation.carry().await;
    }
}

impl Conversation {
    async fn carry(mut self) {
        let cause = loop {
            if let Some(cause) = self.next().await {
                break cause;
            }
        };
        log::info!(call_id = self.call.id.simple().as_str(), line = self.call.house.id.as_str(), event = "line-released", cause:? = cause; "a call ended");
        let Call { dialog, events, orders, requests, .. } = self.call;
        drop((orders, requests));
        let _ = timeout(LAST_WORD, events.send(LegEvent::Ended(cause))).await;
        drop(events);
        // It does nothing if they hung up.
        let _ = timeout(GOODBYE, dialog.bye()).await;
    }

    /// Whatever happens next; the cause if it ends the call.
    async fn next(&mut self) -> Option<EndCause> {
        let deadline = if self.phase == Phase::Ringing { Some(self.ring_by) } else { self.transfer.deadline() };
        tokio::select! {
            Some(state) = self.call.states.recv() => self.on_state(state),
            command = self.call.commands.recv() => self.on_command(command.unwrap_or(LegCommand::Hangup)),
            Some(news) = self.call.news.recv() => self.on_news(news),
            Some(transaction) = self.call.requests.recv() => self.on_request(transaction),
            Some(echo) = self.echoes.1.recv() => self.on_echo(echo),
            () = self.call.lost.cancelled() => Some(EndCause::Fault("the line's SIP stack stopped".into())),
            () = sleep_until(deadline.unwrap_or(self.ring_by)), if deadline.is_some() => self.on_deadline(),
        }
    }

    /// Do something that waits for the other side, beside the call and for no longer than there is a stack.
    fn beside(&self, task: impl Future<Output = ()> + Send + 'static) {
        tokio::spawn(self.call.lost.clone().run_until_cancelled_owned(task));
    }

    fn tell(&self, event: LegEvent) {
        if self.call.events.try_send(event).is_err() {
            log::warn!(call_id = self.call.id.simple().as_str(), line = self.call.house.id.as_str(), event = "call-event-lost"; "the call actor does not keep up, or is gone");
        }
    }

    fn order(&self, order: Order) {
        if self.call.orders.try_send(order).is_err() {
            log::warn!(call_id = self.call.id.simple().as_str(), line = self.call.house.id.as_str(), event = "call-order-lost"; "the sound of a call does not keep up, or is gone");
        }
    }

    fn on_state(&mut self, state: DialogState) -> Option<EndCause> {
        match state {
            DialogState::Confirmed(..) if self.phase == Phase::Taken => self.on_ack(),
            DialogState::Terminated(_, TerminatedReason::UacBye) if self.transfer.left(Instant::now()) => {
                // The end of the hand-over is not known, but no sound goes or comes any more.
                self.phase = Phase::Left;
                self.call.session.silence();
                self.follow();
                None
            }
            DialogState::Terminated(_, reason) => Some(match reason {
                TerminatedReason::UacBye => EndCause::Caller,
                TerminatedReason::UacCancel => EndCause::Unanswered,
                TerminatedReason::Timeout => EndCause::Fault("the caller's side did not confirm the call (no ACK)".into()),
                TerminatedReason::ProxyAuthRequired => {
                    EndCause::Fault("the gateway asked for a password within the call and did not take ours".into())
                }
                _ if self.phase == Phase::Ringing => EndCause::Unanswered,
                _ => EndCause::Robot,
            }),
            _ => None,
        }
    }

    /// They know that we took the call: sound flows.
    fn on_ack(&mut self) -> Option<EndCause> {
        let body = self.call.dialog.last_remote_ack().map(|ack| ack.body).unwrap_or_default();
        if let Some(unusable) = self.acknowledged(&body) {
            return Some(unusable);
        }
        self.phase = Phase::Live;
        self.order(Order::Live);
        self.tell(LegEvent::Answered);
        None
    }

    fn on_command(&mut self, command: LegCommand) -> Option<EndCause> {
        match (command, self.phase) {
            (LegCommand::Answer, Phase::Ringing) => self.take_call(),
            (LegCommand::Reject(why), Phase::Ringing) => Some(self.refuse_call(why)),
            (LegCommand::Hangup, Phase::Ringing) => Some(self.refuse_call(Reject::Unavailable)),
            (LegCommand::Hangup, Phase::Left) => Some(EndCause::Caller),
            (LegCommand::Hangup, Phase::Taken | Phase::Live) => Some(EndCause::Robot),
            (LegCommand::SendKey(key), Phase::Live) => {
                self.order(Order::Press(key));
                None
            }
            (LegCommand::Transfer(address), _) => {
                self.pass_on(address);
                None
            }
            (LegCommand::Answer | LegCommand::Reject(_) | LegCommand::SendKey(_), _) => None,
        }
    }

    fn take_call(&mut self) -> Option<EndCause> {
        let body = self.call.session.take();
        self.follow();
        self.phase = Phase::Taken;
        match self.call.dialog.accept(Some(session_headers()), Some(body.into_bytes())) {
            Ok(()) => None,
            Err(_) => Some(EndCause::Fault("the call could not be taken: its transaction is gone".into())),
        }
    }

    fn refuse_call(&self, why: Reject) -> EndCause {
        let status = match why {
            Reject::Busy => StatusCode::BusyHere,
            Reject::Unavailable => StatusCode::TemporarilyUnavailable,
        };
        let _ = self.call.dialog.reject(Some(status), None);
        EndCause::Unanswered
    }

    fn on_news(&mut self, news: News) -> Option<EndCause> {
        match news {
            News::Key(key) => {
                self.tell(LegEvent::Key(key));
                None
            }
            News::Lost => Some(EndCause::MediaLost),
        }
    }

    fn on_request(&mut self, transaction: Transaction) -> Option<EndCause> {
        let seq = transaction.original.cseq_header().and_then(rsipstack::sip::CSeq::seq).unwrap_or(0);
        let left = self.phase == Phase::Left;
        // Only what the REFER began lives on (RFC 5057, section 4.2), and their BYE may have overtaken it.
        if left && transaction.original.method != Method::Notify {
            refuse(transaction, Refusal::of(481));
            return None;
        }
        if seq < self.last_seq && !left {
            // RFC 3261, section 12.2.2: out of order.
            refuse(transaction, Refusal::of(500));
            return None;
        }
        self.last_seq = seq;
        match transaction.original.method {
            Method::Bye => self.on_bye(transaction),
            Method::Invite => self.on_reinvite(transaction),
            Method::Update => self.on_update(transaction),
            Method::Info => self.on_info(transaction),
            Method::Notify => return self.on_notify(transaction),
            Method::Options => reply(transaction, 200, session_headers().split_off(1), None),
            _ => refuse(transaction, Refusal::method()),
        }
        None
    }

    fn on_bye(&self, mut transaction: Transaction) {
        let mut dialog = self.call.dialog.clone();
        self.beside(async move {
            let _ = dialog.handle(&mut transaction).await;
        });
    }

    /// Hold, resume, or a move of their sound.
    fn on_reinvite(&mut self, transaction: Transaction) {
        if self.phase != Phase::Live || !self.call.session.is_settled() {
            return refuse(transaction, Refusal::of(491));
        }
        let body = match read_offer(&transaction, &self.call.house.config.codecs) {
            Ok(offer) => self.call.session.reinvited(offer),
            Err(refusal) => return refuse(transaction, refusal),
        };
        self.follow();
        let echoes = self.echoes.0.clone();
        let mut headers = session_headers();
        headers.extend(self.call.dialog.snapshot().local_contact.map(|uri| rsipstack::sip::typed::Contact::from(uri).into()));
        self.beside(async move {
            let ack = answer(transaction, StatusCode::OK, headers, Some(body.into_bytes())).await;
            let _ = echoes.send(Echo::Acknowledged(ack.map(|ack| ack.body))).await;
        });
    }

    fn on_update(&mut self, transaction: Transaction) {
        if self.phase != Phase::Live && !transaction.original.body.is_empty() {
            return refuse(transaction, Refusal::of(491));
        }
        match read_offer(&transaction, &self.call.house.config.codecs) {
            Ok(Some(offer)) => {
                let answer = self.call.session.updated(offer);
                self.follow();
                reply(transaction, 200, session_headers(), Some(answer.into_bytes()));
            }
            Ok(None) => reply(transaction, 200, Vec::new(), None),
            Err(refusal) => refuse(transaction, refusal),
        }
    }

    /// Their ACK; the cause if the call cannot go on with it.
    fn acknowledged(&mut self, body: &[u8]) -> Option<EndCause> {
        let unusable = self.call.session.acknowledged(body).err();
        self.follow();
        unusable.map(|unusable| EndCause::Fault(format!("the caller's side answered our offer unusably: {unusable}")))
    }

    /// Let the sound do as was agreed.
    fn follow(&self) {
        if let Some(agreed) = self.call.session.agreed() {
            self.order(Order::Follow(agreed));
        }
    }

    fn on_info(&mut self, transaction: Transaction) {
        let request = &transaction.original;
        let kind = request.header_value("Content-Type").unwrap_or_default();
        match keypad::in_info(&kind, &request.body) {
            _ if request.body.is_empty() => reply(transaction, 200, Vec::new(), None),
            Some(key) => {
                if self.phase == Phase::Live {
                    self.tell(LegEvent::Key(key));
                }
                reply(transaction, 200, Vec::new(), None);
            }
            None => refuse(transaction, Refusal { status: 415, headers: vec![Header::Accept(keypad::KINDS.into())] }),
        }
    }

    fn on_notify(&mut self, transaction: Transaction) -> Option<EndCause> {
        let request = &transaction.original;
        let event = request.header_value("Event").or_else(|| request.header_value("o")).unwrap_or_default();
        if !event.trim().get(..5).is_some_and(|word| word.eq_ignore_ascii_case("refer")) {
            refuse(transaction, Refusal::of(489));
            return None;
        }
        let notice = Notice::parse(&request.header_value("Subscription-State").unwrap_or_default(), &request.body);
        reply(transaction, 200, Vec::new(), None);
        let stage = self.transfer.notified(notice);
        self.on_stage(stage)
    }

    fn pass_on(&mut self, address: String) {
        let refused = if self.phase != Phase::Live {
            Some("the call is not answered yet, or over")
        } else if self.transfer.is_busy() {
            Some("the call is being passed on already")
        } else if rsipstack::sip::Uri::try_from(address.as_str()).is_err() || address.contains(['<', '>', '\r', '\n']) {
            Some("the address to pass the call to is not a SIP address")
        } else {
            None
        };
        if let Some(why) = refused {
            return self.tell(LegEvent::Transfer(TransferStage::Failed(why.into())));
        }
        self.transfer.ask(Instant::now());
        let (dialog, echoes) = (self.call.dialog.clone(), self.echoes.0.clone());
        let by = dialog.snapshot().local_contact.map(|uri| Header::ReferredBy(format!("<{uri}>").into()));
        self.beside(async move {
            let answered = match dialog.refer(format!("<{address}>"), Some(by.into_iter().collect()), None).await {
                Ok(Some(response)) => Ok(response.status_code.code()),
                Ok(None) => Err("the other side did not answer the request to pass the call on"),
                Err(_) => Err("the request to pass the call on could not be sent"),
            };
            let _ = echoes.send(Echo::Referred(answered)).await;
        });
    }

    fn on_echo(&mut self, echo: Echo) -> Option<EndCause> {
        match echo {
            Echo::Referred(answered) => {
                let stage = match answered {
                    Ok(status) => self.transfer.answered(status),
                    Err(why) => self.transfer.unanswered(why),
                };
                self.on_stage(stage)
            }
            // RFC 3261, section 14.2.
            Echo::Acknowledged(None) => Some(EndCause::Fault("the caller's side did not confirm a change of the call (no ACK)".into())),
            Echo::Acknowledged(Some(body)) => self.acknowledged(&body),
        }
    }

    fn on_stage(&mut self, stage: Option<TransferStage>) -> Option<EndCause> {
        let stage = stage?;
        let cause = match (&stage, self.phase) {
            (TransferStage::Completed, _) => Some(EndCause::Transferred),
            (TransferStage::Failed(_), Phase::Left) => Some(EndCause::Caller),
            _ => None,
        };
        self.tell(LegEvent::Transfer(stage));
        cause
    }

    fn on_deadline(&mut self) -> Option<EndCause> {
        match self.phase {
            Phase::Ringing => Some(self.refuse_call(Reject::Unavailable)),
            Phase::Left => Some(EndCause::Caller),
            Phase::Taken | Phase::Live => {
                let stage = self.transfer.overdue();
                self.on_stage(stage)
            }
        }
    }
}
