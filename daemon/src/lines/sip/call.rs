//! One call, whoever placed it: rsipstack's INVITE dialog on one side, the leg's channels on the other, and the sound between them.
//!
//! The dialog itself (INVITE, ACK, CANCEL, BYE, retransmissions) is rsipstack's, and so is the role in it: server where they called, client where we did. Every
//! other request within it is answered in [`super::within`], so that none of them can disturb the dialog's state; how the call is passed on is
//! [`super::onward`]'s matter. An incoming call begins [`Phase::Ringing`], one of ours [`Phase::Calling`]; from [`Phase::Live`] on there is no difference.

use std::sync::Arc;
use std::time::Duration;

use rsipstack::dialog::dialog::{DialogState, DialogStateReceiver, TerminatedReason};
use rsipstack::dialog::invite_dialog::InviteDialog;
use rsipstack::sip::{Response, StatusCode};
use rsipstack::transaction::key::TransactionRole;
use rsipstack::transaction::transaction::Transaction;
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep_until, timeout};
use tokio_util::sync::CancellationToken;

use super::House;
use super::onward;
use super::reply::session_headers;
use super::session::Session;
use super::sound::{News, Order};
use super::transfer::Transfer;
use crate::lines::{CallId, EndCause, LegCommand, LegEvent, Reject};

/// How long a BYE may take before the call is forgotten.
const GOODBYE: Duration = Duration::from_secs(10);
/// How long the call actor may take to hear that the call is over.
const LAST_WORD: Duration = Duration::from_secs(5);

/// Where a call is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Phase {
    /// It rings here.
    Ringing,
    /// Our INVITE is on its way, or it rings there.
    Calling,
    /// We took it; their ACK is on its way.
    Taken,
    /// Sound flows.
    Live,
    /// They hung up while passing the call on; a last notice may tell whether somebody took it.
    Left,
}

/// What tasks of this call tell it.
pub enum Echo {
    /// Our INVITE could not be sent.
    Unsent,
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
    /// How long it may ring, here or there.
    pub ring: Duration,
    /// What tasks of this call tell it.
    pub echoes: (mpsc::Sender<Echo>, mpsc::Receiver<Echo>),
    /// Cancelled when the stack under the call is gone.
    pub lost: CancellationToken,
}

/// A call while it lasts.
pub struct Conversation {
    pub(super) call: Call,
    pub(super) phase: Phase,
    pub(super) transfer: Transfer,
    /// When it has rung for too long.
    ring_by: Instant,
    /// Whether it was told that it rings there.
    rings: bool,
    pub(super) last_seq: u32,
}

impl Call {
    /// Carry the call to its end.
    pub async fn carry(self) {
        let phase = match self.dialog.role() {
            TransactionRole::Server => Phase::Ringing,
            TransactionRole::Client => Phase::Calling,
        };
        let ring_by = Instant::now() + self.ring;
        let conversation = Conversation { phase, transfer: Transfer::default(), ring_by, rings: false, last_seq: 0, call: self };
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
        // A BYE, or a CANCEL for an INVITE of ours that nobody answered; nothing if they hung up.
        let _ = timeout(GOODBYE, dialog.hangup()).await;
    }

    /// Whatever happens next; the cause if it ends the call.
    async fn next(&mut self) -> Option<EndCause> {
        let deadline = match self.phase {
            Phase::Ringing | Phase::Calling => Some(self.ring_by),
            Phase::Taken | Phase::Live | Phase::Left => self.transfer.deadline(),
        };
        tokio::select! {
            Some(state) = self.call.states.recv() => self.on_state(state),
            command = self.call.commands.recv() => self.on_command(command.unwrap_or(LegCommand::Hangup)),
            Some(news) = self.call.news.recv() => self.on_news(news),
            Some(transaction) = self.call.requests.recv() => self.on_request(transaction),
            Some(echo) = self.call.echoes.1.recv() => self.on_echo(echo),
            () = self.call.lost.cancelled() => Some(EndCause::Fault("the line's SIP stack stopped".into())),
            () = sleep_until(deadline.unwrap_or(self.ring_by)), if deadline.is_some() => self.on_deadline(),
        }
    }

    /// Do something that waits for the other side, beside the call and for no longer than there is a stack.
    pub(super) fn beside(&self, task: impl Future<Output = ()> + Send + 'static) {
        tokio::spawn(self.call.lost.clone().run_until_cancelled_owned(task));
    }

    pub(super) fn tell(&self, event: LegEvent) {
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
        match (state, self.phase) {
            (DialogState::Early(..), Phase::Calling) => {
                // What the network plays meanwhile is not listened to.
                if !std::mem::replace(&mut self.rings, true) {
                    self.tell(LegEvent::Ringing);
                }
                None
            }
            (DialogState::Confirmed(_, answer), Phase::Calling) => self.on_answer(&answer),
            (DialogState::Confirmed(..), Phase::Taken) => self.on_ack(),
            (DialogState::Terminated(_, reason), _) => self.on_end(&reason),
            _ => None,
        }
    }

    fn on_end(&mut self, reason: &TerminatedReason) -> Option<EndCause> {
        let they_left = match self.call.dialog.role() {
            TransactionRole::Server => matches!(reason, TerminatedReason::UacBye),
            TransactionRole::Client => matches!(reason, TerminatedReason::UasBye),
        };
        if they_left && self.transfer.left(Instant::now()) {
            // The end of the hand-over is not known, but no sound goes or comes any more.
            self.phase = Phase::Left;
            self.call.session.silence();
            self.follow();
            return None;
        }
        Some(match (reason, self.phase) {
            _ if they_left => EndCause::Caller,
            (TerminatedReason::Timeout, _) => EndCause::Fault("the other side did not confirm the call (no ACK)".into()),
            (TerminatedReason::ProxyAuthRequired, _) => {
                EndCause::Fault("the gateway asked for a password for the call, or within it, and did not take ours".into())
            }
            (TerminatedReason::UasOther(status), Phase::Calling) => EndCause::Refused(status.code()),
            (TerminatedReason::UacCancel, _) | (_, Phase::Ringing | Phase::Calling) => EndCause::Unanswered,
            _ => EndCause::Robot,
        })
    }

    /// Whom we called took the call: sound flows.
    fn on_answer(&mut self, answer: &Response) -> Option<EndCause> {
        if let Some(unusable) = self.acknowledged(&answer.body) {
            return Some(unusable);
        }
        if let Some(replaceable) = onward::replaceable(&self.call.dialog, answer) {
            self.tell(LegEvent::Replaceable(replaceable));
        }
        self.goes_live();
        None
    }

    /// They know that we took the call: sound flows.
    fn on_ack(&mut self) -> Option<EndCause> {
        let body = self.call.dialog.last_remote_ack().map(|ack| ack.body).unwrap_or_default();
        if let Some(unusable) = self.acknowledged(&body) {
            return Some(unusable);
        }
        self.goes_live();
        None
    }

    fn goes_live(&mut self) {
        self.phase = Phase::Live;
        self.order(Order::Live);
        self.tell(LegEvent::Answered);
    }

    fn on_command(&mut self, command: LegCommand) -> Option<EndCause> {
        match (command, self.phase) {
            (LegCommand::Answer, Phase::Ringing) => self.take_call(),
            (LegCommand::Reject(why), Phase::Ringing) => Some(self.refuse_call(why)),
            (LegCommand::Hangup, Phase::Ringing) => Some(self.refuse_call(Reject::Unavailable)),
            (LegCommand::Hangup, Phase::Calling) => Some(EndCause::Unanswered),
            (LegCommand::Hangup, Phase::Left) => Some(EndCause::Caller),
            (LegCommand::Hangup, Phase::Taken | Phase::Live) => Some(EndCause::Robot),
            (LegCommand::SendKey(key), Phase::Live) => {
                self.order(Order::Press(key));
                None
            }
            (LegCommand::Transfer(address), _) => {
                self.pass_on(&address);
                None
            }
            (LegCommand::PutThrough(person), _) => {
                self.pass_on(person.name());
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

    /// Their ACK, or the 200 to our INVITE; the cause if the call cannot go on with it.
    pub(super) fn acknowledged(&mut self, body: &[u8]) -> Option<EndCause> {
        let unusable = self.call.session.acknowledged(body).err();
        self.follow();
        unusable.map(|unusable| EndCause::Fault(format!("the other side answered our offer unusably: {unusable}")))
    }

    /// Let the sound do as was agreed.
    pub(super) fn follow(&self) {
        if let Some(agreed) = self.call.session.agreed() {
            self.order(Order::Follow(agreed));
        }
    }

    fn on_echo(&mut self, echo: Echo) -> Option<EndCause> {
        match echo {
            Echo::Unsent => Some(EndCause::Fault("the call could not be placed: nothing could be sent".into())),
            Echo::Referred(answered) => {
                let stage = match answered {
                    Ok(status) => self.transfer.answered(status),
                    Err(why) => self.transfer.unanswered(why),
                };
                self.on_stage(stage)
            }
            // RFC 3261, section 14.2.
            Echo::Acknowledged(None) => Some(EndCause::Fault("the other side did not confirm a change of the call (no ACK)".into())),
            Echo::Acknowledged(Some(body)) => self.acknowledged(&body),
        }
    }

    fn on_deadline(&mut self) -> Option<EndCause> {
        match self.phase {
            Phase::Ringing => Some(self.refuse_call(Reject::Unavailable)),
            Phase::Calling => Some(EndCause::Unanswered),
            Phase::Left => Some(EndCause::Caller),
            Phase::Taken | Phase::Live => {
                let stage = self.transfer.overdue();
                self.on_stage(stage)
            }
        }
    }
}
