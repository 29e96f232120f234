//! Passing a call on: the REFER that asks for it (RFC 3515), to an address or in place of another call of ours (Replaces, RFC 3891), and what becomes of it,
//! which [`Transfer`](super::transfer::Transfer) follows.

use rsipstack::dialog::invite_dialog::InviteDialog;
use rsipstack::sip::{Header, HeadersExt, Response, Uri};
use rsipstack::transaction::transaction::Transaction;
use tokio::time::Instant;

use super::call::{Conversation, Echo, Phase};
use super::reply::{Refusal, refuse, reply};
use super::transfer::Notice;
use crate::lines::{EndCause, LegEvent, Replaceable, TransferStage};

/// No longer address is written into a header.
const LONGEST: usize = 1024;

/// A call of ours under the name by which somebody can be asked to take another one in its place, if who took it says that they can: their own address,
/// and the call as they know it.
pub(super) fn replaceable(dialog: &InviteDialog, answer: &Response) -> Option<Replaceable> {
    if !answer.header_contains_token("Supported", "replaces") {
        return None;
    }
    let (id, target) = (dialog.id(), dialog.snapshot().remote_uri);
    let target = Uri { headers: vec![], ..target };
    let name = address_replacing(&target.to_string(), &id.call_id, &id.remote_tag, &id.local_tag);
    can_be_written(&name).then(|| Replaceable::new(name))
}

/// `target` with a Replaces header in it (RFC 3261, section 19.1.1; RFC 3891, section 6): `to_tag` is theirs, `from_tag` ours.
fn address_replacing(target: &str, call_id: &str, to_tag: &str, from_tag: &str) -> String {
    format!("{target}?Replaces={}", escaped(&format!("{call_id};to-tag={to_tag};from-tag={from_tag}")))
}

/// A header's value as it stands in an address: whatever is not plainly allowed there is escaped.
fn escaped(value: &str) -> String {
    let mut text = String::new();
    for byte in value.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.!~*'()".contains(&byte) {
            text.push(char::from(byte));
        } else {
            text.push_str(&format!("%{byte:02X}"));
        }
    }
    text
}

/// Whether this is an address that can stand between angle brackets in a header, and is nothing else there.
fn can_be_written(address: &str) -> bool {
    let odd = |c: char| c.is_control() || c.is_whitespace() || matches!(c, '<' | '>' | '"');
    address.len() <= LONGEST && !address.contains(odd) && Uri::try_from(address).is_ok()
}

impl Conversation {
    pub(super) fn on_notify(&mut self, transaction: Transaction) -> Option<EndCause> {
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

    /// Ask the other side to call this address instead of us.
    pub(super) fn pass_on(&mut self, address: &str) {
        let refused = if self.phase != Phase::Live {
            Some("the call is not answered yet, or over")
        } else if self.transfer.is_busy() {
            Some("the call is being passed on already")
        } else if !can_be_written(address) {
            Some("the address to pass the call to is not a SIP address")
        } else {
            None
        };
        if let Some(why) = refused {
            return self.tell(LegEvent::Transfer(TransferStage::Failed(why.into())));
        }
        self.transfer.ask(Instant::now());
        let (dialog, echoes) = (self.call.dialog.clone(), self.call.echoes.0.clone());
        let to = format!("<{address}>");
        let by = dialog.snapshot().local_contact.map(|uri| Header::ReferredBy(format!("<{uri}>").into()));
        self.beside(async move {
            let answered = match dialog.refer(to, Some(by.into_iter().collect()), None).await {
                Ok(Some(response)) => Ok(response.status_code.code()),
                Ok(None) => Err("the other side did not answer the request to pass the call on"),
                Err(_) => Err("the request to pass the call on could not be sent"),
            };
            let _ = echoes.send(Echo::Referred(answered)).await;
        });
    }

    pub(super) fn on_stage(&mut self, stage: Option<TransferStage>) -> Option<EndCause> {
        let stage = stage?;
        let cause = match (&stage, self.phase) {
            (TransferStage::Completed, _) => Some(EndCause::Transferred),
            (TransferStage::Failed(_), Phase::Left) => Some(EndCause::Caller),
            _ => None,
        };
        self.tell(LegEvent::Transfer(stage));
        cause
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_call_is_named_by_its_identifier_and_both_tags_as_the_other_side_knows_them() {
        let name = address_replacing("sip:anna@192.0.2.7:5060", "a84b@pbx", "theirs", "ours");
        assert_eq!(name, "sip:anna@192.0.2.7:5060?Replaces=a84b%40pbx%3Bto-tag%3Dtheirs%3Bfrom-tag%3Dours");
        assert!(can_be_written(&name));
    }

    #[test]
    fn what_would_end_the_address_or_the_header_is_not_written() {
        for address in ["sip:a@b>;x=<sip:c@d", "sip:a@b\r\nTo: <sip:c@d>", "sip:a b@c", "", &format!("sip:{}@b", "a".repeat(LONGEST))] {
            assert!(!can_be_written(address), "{address:?}");
        }
    }

    /// What stands in an address, as its reader sees it.
    fn unescaped(text: &str) -> Option<String> {
        let (mut bytes, mut rest) = (Vec::new(), text.as_bytes());
        while let Some((&byte, after)) = rest.split_first() {
            (bytes, rest) = if byte == b'%' {
                let code = u8::from_str_radix(std::str::from_utf8(after.get(..2)?).ok()?, 16).ok()?;
                ([bytes, vec![code]].concat(), &after[2..])
            } else {
                ([bytes, vec![byte]].concat(), after)
            };
        }
        String::from_utf8(bytes).ok()
    }

    proptest! {
        #[test]
        fn whatever_they_call_a_call_its_name_is_one_value_and_comes_back(call_id in "\\PC{0,80}", theirs in "[ -~]{0,40}", ours in "[a-zA-Z0-9]{1,20}") {
            let name = address_replacing("sip:anna@192.0.2.7", &call_id, &theirs, &ours);
            let value = name.strip_prefix("sip:anna@192.0.2.7?Replaces=");
            prop_assert!(value.is_some_and(|value| value.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.!~*'()%".contains(&b))), "{}", name);
            prop_assert_eq!(value.and_then(unescaped), Some(format!("{call_id};to-tag={theirs};from-tag={ours}")));
        }
    }
}
