//! A first configuration, question by question, without I/O: what is asked ([`Question`]), what was answered ([`Answers`]), and the files that say it
//! ([`Files`]).
//!
//! What is written is a file of its own in `conf.d/`, so that nothing an admin wrote is touched, and passwords go where systemd takes them from. Whoever runs it
//! again begins with what is configured. `switchhookctl setup` asks, writes, and does the rest.

mod answers;
mod questions;
mod written;

pub use answers::{Answers, LineAnswer};
pub use questions::{Given, Question, Wrong};
pub use written::{FILE, Files, PASSWORD, Unanswered};
