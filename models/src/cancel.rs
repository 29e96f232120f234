//! A handle that stops a job at its next safe point.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::{Error, Result};

/// Shared between the party that runs a job and the party that may end it early. Clones are the same handle.
#[derive(Clone, Debug, Default)]
pub struct Cancel(Arc<AtomicBool>);

impl Cancel {
    /// A handle that nobody has used yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Ask the job to stop. It stops within one token, or one block of audio.
    pub fn cancel(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// Whether the job was asked to stop.
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }

    /// For the inside of a job: `?` on this leaves it.
    ///
    /// # Errors
    /// [`Error::Cancelled`] once [`Cancel::cancel`] was called.
    pub fn check(&self) -> Result<()> {
        if self.is_cancelled() { Err(Error::Cancelled) } else { Ok(()) }
    }

    /// Cancels when it is dropped: who waits for a job and goes away has no use for it any more.
    pub fn on_drop(&self) -> CancelOnDrop {
        CancelOnDrop(self.clone())
    }
}

/// Cancels a job when it is dropped. One that is over already does not notice.
#[derive(Debug)]
#[must_use = "the job is cancelled as soon as this is dropped"]
pub struct CancelOnDrop(Cancel);

impl Drop for CancelOnDrop {
    fn drop(&mut self) {
        self.0.cancel();
    }
}
