//! The record of every call: who, when, what was disclosed, consented to, said and agreed. One encrypted SQLite file.

mod model;

pub use model::{CallRecord, Consent, ConsentPurpose, DisclosureRecord, Message, TurnRecord};
