//! The models in a process of their own: the speech worker, `switchhookd speech-worker` (decision 0026).
//!
//! What callers say is read by large programs, and read by nobody before: that happens where nothing else is. The worker has no network, no records and no
//! secrets, a bound for its memory, and once its models are open it can open no file any more ([`confinement`]). Its one way out is the socket on which it was
//! started, where both sides say typed messages ([`message`], in [`frame`]s) and believe each other nothing.
//!
//! It may be gone at any moment. The [`supervisor`] starts the next one at once, and gives it what was not done ([`ledger`]); a call only waits a little longer, and is told so
//! (`crate::calls`). [`near`] is what calls hold, [`far`] is the worker itself, with the same threads as an engine in this process has.

mod confinement;
mod far;
mod frame;
mod ledger;
pub(super) mod memory;
mod message;
mod near;
mod notes;
mod opening;
mod supervisor;
#[cfg(test)]
mod tests;

/// The door that a fuzzer knocks at (`fuzz/`): what either side is told, read as it reads it. A grammar that is read can be followed.
#[cfg(fuzzing)]
pub fn is_read(bytes: &[u8], said: &str) -> bool {
    use crate::dialog::Expected;
    use message::{FromWorker, Task, ToWorker};
    let to = frame::message::<ToWorker>(bytes);
    if let Ok(ToWorker::Job { task: Task::Hear { expected: Expected::OneOf(answers), .. }, .. }) = &to {
        let _ = answers.grammar().read(said);
    }
    to.is_ok() || frame::message::<FromWorker>(bytes).is_ok()
}

pub use far::run;
pub(super) use near::Near;

use super::engine::EngineError;

fn open_error(error: &std::io::Error) -> EngineError {
    EngineError::Worker(format!("the speech worker cannot be started: {error}"))
}
