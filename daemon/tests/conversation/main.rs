//! Conversations: what is heard, understood and answered, by text and by sound.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout, missing_docs, reason = "tests")]

mod authoring;
mod hearing;
mod quoting;
mod reception;
mod reception_mandarin;
mod reports;
mod retrieval;
mod scenarios;
