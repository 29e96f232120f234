//! The desk: where legs from all lines arrive, and where it is decided whether a call is taken, or placed.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::{mpsc, oneshot, watch};
use tokio::task::{JoinError, JoinSet};
use tokio_util::sync::CancellationToken;

use super::actor::Actor;
use super::placing::{NotPlaced, Request};
use super::{CallId, Direction, House};
use crate::lines::{DialFault, Leg, LegCommand, Reject};
use crate::policy::{Ground, PermitToDial};

/// Whoever we call has so long to come to the telephone: no less than 15 s (47 CFR 64.1200(a)(6)), and no longer than most people let it ring.
const RING: Duration = Duration::from_secs(30);

/// Takes legs and starts calls.
pub struct Desk {
    /// The house that new calls are held in; a call keeps the one it began with.
    house: watch::Receiver<Arc<House>>,
    legs: mpsc::Receiver<Leg>,
    requests: mpsc::Receiver<Request>,
    /// Calls to be placed, for which their line looks for the way. Each has its place.
    dialling: JoinSet<Dialled>,
    calls: JoinSet<()>,
}

/// A call that a line has placed, or has not.
struct Dialled {
    house: Arc<House>,
    ground: Ground,
    leg: Result<Leg, DialFault>,
    answer: oneshot::Sender<Result<CallId, NotPlaced>>,
}

impl Desk {
    /// A desk to which the lines' legs come, and requests for calls.
    #[must_use]
    pub fn new(house: watch::Receiver<Arc<House>>, legs: mpsc::Receiver<Leg>, requests: mpsc::Receiver<Request>) -> Self {
        Self { house, legs, requests, dialling: JoinSet::new(), calls: JoinSet::new() }
    }

    /// Take calls until `closing`; then refuse new ones and let those that are going on end by themselves, or, once `closed` is
    /// cancelled, by a short goodbye.
    pub async fn run(mut self, closing: CancellationToken, closed: CancellationToken) {
        loop {
            tokio::select! {
                () = closing.cancelled() => break,
                Some(leg) = self.legs.recv() => self.arrive(leg, &closed),
                Some(request) = self.requests.recv() => self.place(request),
                Some(dialled) = self.dialling.join_next() => self.placed(dialled, &closed),
                Some(ended) = self.calls.join_next() => report(ended),
                else => break,
            }
        }
        let Self { house: _, mut legs, requests, dialling, mut calls } = self;
        // Nobody is called any more; whoever asked is told so by this.
        drop((requests, dialling));
        loop {
            tokio::select! {
                Some(leg) = legs.recv() => refuse(&leg, Reject::Unavailable),
                ended = calls.join_next() => match ended {
                    Some(ended) => report(ended),
                    None => break,
                },
            }
        }
    }

    /// Whether every place is taken.
    fn is_full(&self, house: &House) -> bool {
        house.registry.len() + self.dialling.len() >= house.at_once
    }

    fn arrive(&mut self, leg: Leg, closed: &CancellationToken) {
        let house = Arc::clone(&self.house.borrow());
        if self.is_full(&house) {
            log::info!(event = "call-refused", line = leg.line.as_str(); "every place is taken: a call is refused as busy");
            refuse(&leg, Reject::Busy);
            return;
        }
        let actor = Actor::enter(house, leg, Direction::Taken, closed.clone());
        self.calls.spawn(actor.run());
    }

    fn place(&mut self, Request { dialler, whom, answer }: Request) {
        let house = Arc::clone(&self.house.borrow());
        let permit = match self.permit(&house, &whom) {
            Ok(permit) => permit,
            Err(why) => {
                // Whoever asked may have gone.
                let _ = answer.send(Err(why));
                return;
            }
        };
        self.dialling.spawn(async move {
            let ground = permit.ground();
            let leg = dialler.call(permit, RING).await;
            Dialled { house, ground, leg, answer }
        });
    }

    fn permit(&self, house: &House, whom: &str) -> Result<PermitToDial, NotPlaced> {
        let permit = house.may_call.permit(whom, &Timestamp::now().to_zoned(house.time_zone.clone()))?;
        if self.is_full(house) { Err(NotPlaced::Full) } else { Ok(permit) }
    }

    fn placed(&mut self, dialled: Result<Dialled, JoinError>, closed: &CancellationToken) {
        let Ok(Dialled { house, ground, leg, answer }) = dialled else { return };
        let placed = leg.map_err(NotPlaced::Line).map(|leg| {
            let id = leg.id;
            self.calls.spawn(Actor::enter(house, leg, Direction::Placed(ground), closed.clone()).run());
            id
        });
        // Whoever asked may have gone: they asked for it all the same.
        let _ = answer.send(placed);
    }
}

fn refuse(leg: &Leg, why: Reject) {
    // A fresh leg's queue has room; if the leg is gone already, so is the call.
    let _ = leg.commands.try_send(LegCommand::Reject(why));
}

fn report(ended: Result<(), JoinError>) {
    // What a panic says may hold a caller's words: where it happened is in the journal already.
    if ended.is_err_and(|error| error.is_panic()) {
        log::error!(event = "call-fault"; "a call ended by a fault of the program; please report it with the lines before this one");
    }
}
