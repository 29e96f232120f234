//! One broker after the other, as the configuration names them while the house is open, or none.
//!
//! The broker before is left in order, as if the house closed: what waits is handed on as far as time allows, and the device says that it goes. What it did not
//! acknowledge then is owed to the next. Where there is no next, nobody is owed anything.

use std::sync::Arc;

use tokio::sync::{broadcast, watch};
use tokio_util::sync::CancellationToken;

use super::reporter::Reporter;
use super::spool::Spool;
use super::{About, Broker, Health};
use crate::calls::{Event, Registry};
use crate::lines::Board;

/// How many ended calls wait for the broker: more than a day of a busy line, in half a megabyte.
const SPOOL: usize = 1000;

/// What is told of, whoever it is told to.
#[derive(Clone)]
pub(super) struct Sources {
    pub about: watch::Receiver<About>,
    pub board: Board,
    pub registry: Registry,
    pub health: Arc<dyn Fn() -> Health + Send + Sync>,
}

/// What has to be told to whichever broker there is: calls that end, and those that ended before it was there.
pub(super) struct Owed {
    pub calls: broadcast::Receiver<Event>,
    pub spool: Spool,
}

impl Owed {
    /// Calls that end from now on.
    pub(super) fn from_now_on(registry: &Registry) -> Self {
        Self { calls: registry.events(), spool: Spool::new(SPOOL) }
    }

    /// Owe nothing, until this happens.
    async fn nothing_until(&mut self, happens: impl Future<Output = ()>) {
        let given_up = self.spool.clear();
        if given_up > 0 {
            log::warn!(event = "mqtt-given-up"; "there is no MQTT broker any more: the figures of {given_up} calls are told to nobody");
        }
        let forgotten = async {
            // Whoever was too slow to forget has nothing to catch up with.
            while !matches!(self.calls.recv().await, Err(broadcast::error::RecvError::Closed)) {}
            std::future::pending::<()>().await;
        };
        tokio::select! {
            biased;
            () = happens => {}
            () = forgotten => {}
        }
    }
}

/// Tell whichever broker is named, until `stop`.
pub(super) async fn keep(mut named: watch::Receiver<Option<Broker>>, sources: Sources, mut owed: Owed, stop: CancellationToken) {
    while !stop.is_cancelled() {
        let broker = named.borrow_and_update().clone();
        let ends = async {
            tokio::select! {
                () = stop.cancelled() => {}
                Ok(()) = named.changed() => {}
            }
        };
        match broker {
            Some(broker) => owed = Reporter::new(broker, sources.clone(), owed).run(ends).await,
            None => owed.nothing_until(ends).await,
        }
    }
}
