//! Requests of theirs within a call: hold and resume, moves of their sound, keys, and the BYE. What a NOTIFY says of passing the call on is [`super::onward`]'s
//! matter.

use rsipstack::dialog::DialogId;
use rsipstack::sip::{Header, HeadersExt, Method, StatusCode};
use rsipstack::transaction::transaction::Transaction;

use super::call::{Conversation, Echo, Phase};
use super::keypad;
use super::offer::read_offer;
use super::reply::{Refusal, answer, refuse, reply, session_headers};
use crate::lines::{EndCause, LegEvent};

impl Conversation {
    pub(super) fn on_request(&mut self, transaction: Transaction) -> Option<EndCause> {
        if DialogId::try_from(&transaction).is_ok_and(|id| id.remote_tag != self.call.dialog.id().remote_tag) {
            // It knows our tag, but it is not whom we talk to.
            refuse(transaction, Refusal::of(481));
            return None;
        }
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
            Method::Bye if self.phase == Phase::Calling => refuse(transaction, Refusal::of(481)),
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
        let echoes = self.call.echoes.0.clone();
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
}
