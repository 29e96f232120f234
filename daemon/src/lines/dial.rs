//! Calls that we place. A [`Dialler`] asks its line for one, and the [`Leg`] that comes back is like any other: it rings, is answered,
//! hears and speaks, and ends.
//!
//! Whom we may call is a type: a [`Callee`] is one of the office's own people, whom calls are handed to, and nobody else. Whoever calls
//! customers needs the policy's permit for each of them, and that permit will have to make a `Callee` of its own.

use std::fmt;
use std::time::Duration;

use tokio::sync::{mpsc, oneshot};

use super::Leg;
use crate::config::Person;

/// Calls that may wait for their line: it takes each at once.
const WAITING: usize = 8;

/// Somebody whom we may call.
#[derive(Clone, PartialEq, Eq)]
pub struct Callee(String);

impl Callee {
    /// One of the office's own people; `None` for who has no address, and gets messages alone.
    #[must_use]
    pub fn colleague(person: &Person) -> Option<Self> {
        person.address.clone().map(Self)
    }

    /// Where they are reached on the line's own network: `sip:...`.
    #[must_use]
    pub fn address(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Callee {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // An address may be somebody's number, and `{:?}` is how things end up in logs.
        f.write_str("Callee(..)")
    }
}

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
}

/// A call that somebody wants to be placed.
pub struct Dial {
    /// Whom to call.
    pub to: Callee,
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
    pub async fn call(&self, to: Callee, ring: Duration) -> Result<Leg, DialFault> {
        let (leg, placed) = oneshot::channel();
        self.0.try_send(Dial { to, ring, leg }).map_err(|error| match error {
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

    fn person(address: Option<&str>) -> Person {
        Person { spoken: "Anna".into(), also: vec![], address: address.map(str::to_owned), announce: true }
    }

    #[test]
    fn only_who_has_an_address_can_be_called_and_it_is_not_shown() {
        assert_eq!(Callee::colleague(&person(None)), None);
        let anna = Callee::colleague(&person(Some("sip:100@pbx"))).unwrap();
        assert_eq!((anna.address(), format!("{anna:?}").contains("100")), ("sip:100@pbx", false));
    }

    #[tokio::test]
    async fn a_line_that_is_gone_or_does_not_answer_places_nothing() {
        let (dialler, mut dials) = Dialler::new();
        let anna = || Callee::colleague(&person(Some("sip:100@pbx"))).unwrap();
        let (told, ()) = tokio::join!(dialler.call(anna(), Duration::ZERO), async { drop(dials.recv().await) });
        assert_eq!(told.err(), Some(DialFault::Closed));
        drop(dials);
        assert_eq!(dialler.call(anna(), Duration::ZERO).await.err(), Some(DialFault::Closed));
    }
}
