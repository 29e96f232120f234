//! The handset on a virtual sound card: first the line alone, then the whole robot at it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, reason = "tests")]

mod line;
mod robot;
