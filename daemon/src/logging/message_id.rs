//! The numbers by which the journal knows our messages (`MESSAGE_ID` in systemd.journal-fields(7)), and its catalog explains them
//! (`systemd/switchhook.catalog`): `journalctl -x` shows the explanation below the message, `journalctl MESSAGE_ID=...` finds all of a kind.

use std::fmt;

use log::kv::{self, Key, Source, ToValue as _, VisitSource};
use sha2::{Digest as _, Sha256};

/// What the number is made from, before the event's name: 128 bits that no other program has.
const OURS: &str = "org.switchhook.event:";

/// The number of an event. It follows from the event's name, so that it changes only with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct MessageId(u128);

impl MessageId {
    /// The number of the event of this name.
    #[must_use]
    pub fn of(event: &str) -> Self {
        let digest = Sha256::digest(format!("{OURS}{event}"));
        Self(digest.iter().take(16).fold(0, |number, byte| number << 8 | u128::from(*byte)))
    }
}

/// As journald writes it: 32 hexadecimal digits.
impl fmt::Display for MessageId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", self.0)
    }
}

/// A record's fields with the number of its event, if it has one.
pub(super) struct Identified<'a> {
    fields: &'a dyn Source,
    id: Option<String>,
}

impl<'a> Identified<'a> {
    pub(super) fn of(fields: &'a dyn Source) -> Self {
        Self { fields, id: fields.get(Key::from("event")).map(|event| MessageId::of(&event.to_string()).to_string()) }
    }
}

impl Source for Identified<'_> {
    fn visit<'kvs>(&'kvs self, visitor: &mut dyn VisitSource<'kvs>) -> Result<(), kv::Error> {
        self.fields.visit(visitor)?;
        self.id.iter().try_for_each(|id| visitor.visit_pair(Key::from("message_id"), id.to_value()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_keeps_its_number() {
        assert_eq!(MessageId::of("call-began"), MessageId::of("call-began"));
        assert_ne!(MessageId::of("call-began"), MessageId::of("call-ended"));
        assert_eq!(MessageId::of("call-began").to_string().len(), 32);
    }
}
