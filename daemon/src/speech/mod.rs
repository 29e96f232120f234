//! From frames to words and from words to frames.
//!
//! The [`Engine`] owns the models, one thread each, and takes jobs from all calls through bounded queues. [`Ears`] are a call's own:
//! they follow the caller's sound, tell when the caller begins and ends a turn ([`endpoint`]), and can only be opened by whoever holds
//! proof that the caller was told ([`crate::policy::Disclosed`]). A turn ([`CallerSpeech`]) is heard while it grows, if the model can, and in
//! the office's language and script ([`Recognition`]), people by the names that the office has for them ([`Roster`]). A
//! [`Listener`] is all of it for whoever has the sound already, and no call.

mod cache;
mod ears;
pub mod endpoint;
mod engine;
mod listener;
mod nearness;
mod pauses;
mod prompts;
mod reading;
mod recognition;
mod roster;
pub mod thinking;
mod turn;
mod understanding;
pub mod worker;

pub use ears::{EarEvent, Ears};
pub use engine::{Engine, EngineError, Minds, Pace, Presence, Sound};
pub use listener::{Listener, Listening, Noticed};
pub use pauses::without_rest;
pub use prompts::{Prompts, Rendering, Tally};
pub use reading::reads_finished;
pub use recognition::{Recognised, Recognition};
pub use roster::Roster;
pub use turn::CallerSpeech;
pub use understanding::understanding;
