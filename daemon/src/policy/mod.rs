//! The rules that a phone robot keeps, as types. A path that skips a rule does not compile.
//!
//! Listening to a caller takes a [`Disclosed`], which only a disclosure that was played to its end yields.

mod disclosure;

pub use disclosure::{Disclosed, Disclosure, Evidence, Playing, Prepared, WordingError};
