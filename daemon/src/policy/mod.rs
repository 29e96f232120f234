//! The rules that a phone robot keeps, as types. A path that skips a rule does not compile.
//!
//! Listening to a caller takes a [`Disclosed`], which only a disclosure that was played to its end yields. Writing the sound of a call
//! takes a [`consent::RecordingConsent`], which only a question that was played and a yes to it yield. Calling somebody takes a [`PermitToDial`], which only
//! [`MayCall`] gives, or the name of one of the office's own people.

pub mod consent;
mod disclosure;
mod permit;

pub use disclosure::{Disclosed, Disclosure, Evidence, Playing, Prepared, WordingError};
pub use permit::{Ground, MayCall, NotPermitted, PermitToDial};
