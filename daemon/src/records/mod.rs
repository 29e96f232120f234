//! The record of every call: who, when, what was disclosed, consented to, said and agreed. One encrypted SQLite file.
//!
//! [`Records`] is a handle that any number of calls may clone. Behind it one thread owns the database and does what it is asked in
//! order; whoever asks waits without blocking, and what a method has returned from is on the disk, whatever happens next. A disk that
//! hangs on one request starves the watchdog ([`crate::progress`]), and so does a thread that only fails. The file is encrypted by
//! SQLCipher under a key made from the office's own ([`crate::config::Secret::subkey`]); its schema is the sum of the numbered files in
//! `migrations/`, shown whole in `schema.sql`. Calls that a crash or a power cut left open are closed when the file is opened next, with
//! the outcome `fault`.

mod error;
mod export;
mod key;
mod looks;
mod model;
mod open;
mod recording;
mod reports;
mod store;
mod tables;
#[cfg(test)]
mod tests;
mod unanswered;

pub use crate::config::CallId;
pub use crate::dialog::report::{Errand, HandOver, Report};
pub use crate::policy::consent::{Consent, ConsentPurpose};
pub use error::RecordsError;
pub use export::Whole;
pub use model::{CallEntry, CallRecord, DisclosureRecord, Ending, Look, Message, Selection, Task, TaskNumber, TurnRecord};
pub use recording::{Recording, RecordingError, Recordings};
pub use store::Records;
