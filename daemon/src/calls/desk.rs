//! The desk: where legs from all lines arrive, and where it is decided whether a call is taken.

use std::sync::Arc;

use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use super::House;
use super::actor::Actor;
use crate::lines::{Leg, LegCommand, Reject};

/// Takes legs and starts calls.
pub struct Desk {
    /// The house that new calls are held in; a call keeps the one it began with.
    house: watch::Receiver<Arc<House>>,
    legs: mpsc::Receiver<Leg>,
    calls: JoinSet<()>,
}

impl Desk {
    /// A desk to which the lines' legs come.
    #[must_use]
    pub fn new(house: watch::Receiver<Arc<House>>, legs: mpsc::Receiver<Leg>) -> Self {
        Self { house, legs, calls: JoinSet::new() }
    }

    /// Take calls until `closing`; then refuse new ones and let those that are going on end by themselves, or, once `closed` is
    /// cancelled, by a short goodbye.
    pub async fn run(mut self, closing: CancellationToken, closed: CancellationToken) {
        loop {
            tokio::select! {
                () = closing.cancelled() => break,
                Some(leg) = self.legs.recv() => self.arrive(leg, &closed),
                Some(ended) = self.calls.join_next() => report(ended),
                else => break,
            }
        }
        loop {
            tokio::select! {
                Some(leg) = self.legs.recv() => refuse(&leg, Reject::Unavailable),
                ended = self.calls.join_next() => match ended {
                    Some(ended) => report(ended),
                    None => break,
                },
            }
        }
    }

    fn arrive(&mut self, leg: Leg, closed: &CancellationToken) {
        let house = Arc::clone(&self.house.borrow());
        if house.registry.len() >= house.at_once {
            log::info!(event = "call-refused", line = leg.line.as_str(); "every place is taken: a call is refused as busy");
            refuse(&leg, Reject::Busy);
            return;
        }
        let actor = Actor::enter(house, leg, closed.clone());
        self.calls.spawn(actor.run());
    }
}

fn refuse(leg: &Leg, why: Reject) {
    // A fresh leg's queue has room; if the leg is gone already, so is the call.
    let _ = leg.commands.try_send(LegCommand::Reject(why));
}

fn report(ended: Result<(), tokio::task::JoinError>) {
    // What a panic says may hold a caller's words: where it happened is in the journal already.
    if ended.is_err_and(|error| error.is_panic()) {
        log::error!(event = "call-fault"; "a call ended by a fault of the program; please report it with the lines before this one");
    }
}
