//! Calls that we place. A [`Dialler`] asks its line for one, and the [`Leg`] that comes back is like any other: it rings, is answered,
//! hears and speaks, and ends.
//!
//! Whom we may call is the policy's matter: each call takes a [`PermitToDial`], which is used up by it.

use std::fmt;
use std::time::Duration;

use tokio::sync::{mpsc, oneshot};

use super::Leg;
use crate::policy::PermitToDial;

/// Calls that may wait for their line: it takes each at once.
const WAITING: usize = 8;

/// A call of ours whose other end can take another call in its place, as the line's network names the two. Only a line makes one.
#[derive(Clone, PartialEq, Eq)]
pub struct Replaceable(String);

impl Replaceable {
    /// What the line's network calls it.
    pub(crate) fn new(name: String) -> Self {
        Self(name)
    }

    pub(super) fn name(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Replaceable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Replaceable(..)")
    }
}

/// Why a call was not even placed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DialFault {
    /// The line is closing, or down.
    #[error("the line takes no calls now")]
    Closed,
    /// It carries as many calls as it can.
    #[error("the line carries as many calls as it can")]
    Busy,
    /// There is no way to the address.
    #[error("the address leads nowhere: check it, and the network to it")]
    Nowhere,
    /// It is a number, and the line knows no gateway that it could be dialled at.
    #[error("the line registers nowhere, so that it cannot dial a number; give it a [line.register], or call a SIP address")]
    NoGateway,
}

/// A call that somebody wants to be placed.
pub struct Dial {
    /// Whom to call, and that they may be called.
    pub permit: PermitToDial,
    /// How long it may ring there.
    pub ring: Duration,
    /// Where the call is waited for. If nobody waits any more, it is not placed.
    pub leg: oneshot::Sender<Result<Leg, DialFault>>,
}

/// Places calls on one line. Clones are the same line's.
#[derive(Clone, Debug)]
pub struct Dialler(mpsc::Sender<Dial>);

impl Dialler {
    /// A dialler, and where its line learns what to place.
    #[must_use]
    pub fn new() -> (Self, mpsc::Receiver<Dial>) {
        let (dials, waiting) = mpsc::channel(WAITING);
        (Self(dials), waiting)
    }

    /// Call somebody, and let it ring for so long; the leg is there before it rings. Dropped before it is, nobody is called.
    ///
    /// # Errors
    /// If the line cannot place it.
    pub async fn call(&self, permit: PermitToDial, ring: Duration) -> Result<Leg, DialFault> {
        let (leg, placed) = oneshot::channel();
        self.0.try_send(Dial { permit, ring, leg }).map_err(|error| match error {
            mpsc::error::TrySendError::Full(_) => DialFault::Busy,
            mpsc::error::TrySendError::Closed(_) => DialFault::Closed,
        })?;
        placed.await.unwrap_or(Err(DialFault::Closed))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::config::Person;

    #[tokio::test]
    async fn a_line_that_is_gone_or_does_not_answer_places_nothing() {
        let (dialler, mut dials) = Dialler::new();
        let person = Person { spoken: "Anna".into(), also: vec![], address: Some("sip:100@pbx".into()), announce: true };
        let anna = || PermitToDial::colleague(&person).unwrap();
        let (told, ()) = tokio::join!(dialler.call(anna(), Duration::ZERO), async { drop(dials.recv().await) });
        assert_eq!(told.err(), Some(DialFault::Closed));
        drop(dials);
        assert_eq!(dialler.call(anna(), Duration::ZERO).await.err(), Some(DialFault::Closed));
    }
}
