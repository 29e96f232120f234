//! The house itself: which room knows which, what the journal says, and what look-ups may do.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, reason = "tests")]

mod journal;
mod lookups;
mod rooms;
