//! The tool `switchhook-models`, as a user or a script meets it.

#![allow(clippy::unwrap_used, clippy::panic, missing_docs, reason = "tests")]

mod bench;
mod common;
mod fetching;
mod names;
