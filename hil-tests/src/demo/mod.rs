//! One conversation, shown to whoever looks, and judged.
//!
//! [`run`] opens a whole office in a throw-away directory and has a caller go through the [`conversation`] in the office's language. What the robot understood, did and
//! said comes over D-Bus as it happens; what it told the fleet manager comes by MQTT; what the caller really heard is recorded in
//! `target/demo/heard.wav`, which stays, and written down by `switchhook-models transcribe`. The demo is right only if all three are.

mod conversation;
mod judge;
mod run;
mod show;
mod watch;

pub use conversation::{Conversation, Exchange, conversation};
pub use run::{Options, run};
