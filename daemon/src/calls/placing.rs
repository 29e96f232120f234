//! Calls that somebody asks the robot to place: what is asked, and why it may not be done.
//!
//! Asking is all that can be done from outside. The [`Desk`](super::Desk) has it permitted by the policy, sees that there is a place, and has the line dial; when they
//! answer, it is a call like any other: they hear first that a robot speaks.

use tokio::sync::{mpsc, oneshot};

use super::CallId;
use crate::lines::{DialFault, Dialler};
use crate::policy::NotPermitted;

/// Requests that may wait for the desk. It takes them at once.
const WAITING: usize = 8;

/// Why a call was not placed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotPlaced {
    /// They may not be called.
    #[error(transparent)]
    NotPermitted(#[from] NotPermitted),
    /// Every place is taken.
    #[error("every place is taken (`at_once` in [calls]); wait until a call is over")]
    Full,
    /// The line could not.
    #[error(transparent)]
    Line(#[from] DialFault),
    /// The house closes, or too many ask at once.
    #[error("the robot takes no requests now")]
    Closing,
}

/// A call that somebody asks for.
pub struct Request {
    /// On which line.
    pub dialler: Dialler,
    /// Whom: one of the office's people by name, a number, or an address.
    pub whom: String,
    /// Where it is told under which name there is such a call now.
    pub answer: oneshot::Sender<Result<CallId, NotPlaced>>,
}

/// What is asked of the desk. Clones ask the same one.
#[derive(Clone, Debug)]
pub struct Placing(mpsc::Sender<Request>);

impl Placing {
    /// A way to ask, and the desk's end of it.
    #[must_use]
    pub fn new() -> (Self, mpsc::Receiver<Request>) {
        let (ask, asked) = mpsc::channel(WAITING);
        (Self(ask), asked)
    }

    /// Have `whom` called on this line; which call it is. It rings there from then on.
    ///
    /// # Errors
    /// Says why not.
    pub async fn place(&self, dialler: Dialler, whom: &str) -> Result<CallId, NotPlaced> {
        let (answer, answered) = oneshot::channel();
        let request = Request { dialler, whom: whom.to_owned(), answer };
        self.0.try_send(request).map_err(|_| NotPlaced::Closing)?;
        answered.await.unwrap_or(Err(NotPlaced::Closing))
    }
}
