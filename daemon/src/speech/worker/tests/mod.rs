//! The two ends against each other, against nonsense, and against the kernel.
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

mod confined;
mod far_end;
mod jobs;
mod messages;
