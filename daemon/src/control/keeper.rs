//! The keeper: follows lines and calls, adds and removes their objects, and tells the bus what changed.
//!
//! Each line and each call has a follower that sleeps until its watch channel changes and then tells all that changed in one
//! `PropertiesChanged`. The keeper itself hears the registry's events in order, so that a call's object is there before anything is
//! told of it. If it was too slow and missed events, it compares its objects with the registry.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;

use tokio::sync::{broadcast, watch};
use tokio::task::{AbortHandle, JoinSet};
use zbus::names::InterfaceName;
use zbus::object_server::SignalEmitter;
use zbus::{Connection, ObjectPath, Variant, fdo};

use super::call::CallObject;
use super::line::LineObject;
use super::manager::ManagerObject;
use super::{ManagerInfo, api, call, line, manager};
use crate::calls::{Briefing, CallHandle, CallId, Event, Registry, State, Summary, Turn};
use crate::lines::Board;

/// What is shown.
#[derive(Clone)]
pub(super) struct House {
    pub board: Board,
    pub registry: Registry,
    pub info: ManagerInfo,
}

/// What a follower followed.
enum Followed {
    Call(CallId),
    Other,
}

/// Keeps the objects of one connection.
pub(super) struct Keeper {
    connection: Connection,
    house: House,
    people: Arc<[String]>,
    events: broadcast::Receiver<Event>,
    followers: JoinSet<Followed>,
    calls: HashMap<CallId, AbortHandle>,
}

impl Keeper {
    /// Show everything there is. The name is not ours yet, so nobody sees the house half furnished.
    pub(super) async fn furnish(connection: Connection, house: House) -> zbus::Result<Self> {
        let events = house.registry.events();
        let people = house.info.people.clone().into();
        let mut keeper = Self { connection, house, people, events, followers: JoinSet::new(), calls: HashMap::new() };
        keeper.show_device().await?;
        keeper.show_lines().await?;
        keeper.compare().await?;
        Ok(keeper)
    }

    /// Keep up until the bus is gone.
    pub(super) async fn run(mut self) {
        let connection = self.connection.clone();
        loop {
            let kept = tokio::select! {
                biased;
                () = connection.closed() => return,
                event = self.events.recv() => match event {
                    Ok(event) => self.tell(event).await,
                    Err(broadcast::error::RecvError::Lagged(missed)) => {
                        log::warn!(event = "bus-slow"; "the bus missed {missed} events of calls; objects are compared with the registry");
                        self.compare().await
                    }
                    Err(broadcast::error::RecvError::Closed) => return,
                },
                Some(done) = self.followers.join_next() => match done {
                    Ok(Followed::Call(id)) => self.hide(id).await,
                    Ok(Followed::Other) | Err(_) => Ok(()),
                },
            };
            if let Err(error) = kept {
                log::debug!("the bus did not take a message: {error}");
            }
        }
    }

    async fn show_device(&mut self) -> zbus::Result<()> {
        let server = self.connection.object_server();
        server.at(api::ROOT, fdo::ObjectManager).await?;
        let info = self.house.info.clone();
        let standing = Follower::new(info.standing.clone(), Teller::new(&self.connection, api::ROOT, api::MANAGER)?);
        server.at(api::ROOT, ManagerObject { info, since: jiff::Timestamp::now() }).await?;
        self.followers.spawn(async move {
            standing.run(manager::changes).await;
            Followed::Other
        });
        Ok(())
    }

    async fn show_lines(&mut self) -> zbus::Result<()> {
        for handle in self.house.board.lines() {
            let path = api::line_path(handle.id.as_str());
            let status = Follower::new(handle.status.clone(), Teller::new(&self.connection, &path, api::LINE)?);
            self.connection.object_server().at(path, LineObject(handle.clone())).await?;
            self.followers.spawn(async move {
                status.run(line::changes).await;
                Followed::Other
            });
        }
        Ok(())
    }

    async fn tell(&mut self, event: Event) -> zbus::Result<()> {
        match event {
            Event::Began(id) => {
                if let Some(handle) = self.house.registry.call(id)
                    && self.show(handle).await?
                {
                    let path = api::call_path(id);
                    ManagerObject::call_began(&self.emitter(api::ROOT)?, ObjectPath::try_from(path)?).await?;
                }
                Ok(())
            }
            // The call's follower tells this from the snapshot.
            Event::Changed(..) => Ok(()),
            Event::Turn(id, turn) => self.tell_turn(id, &turn).await,
            Event::HandOver(briefing) => self.tell_hand_over(&briefing).await,
            Event::Ended(summary) => self.tell_end(&summary).await,
        }
    }

    async fn tell_turn(&self, id: CallId, turn: &Turn) -> zbus::Result<()> {
        if !self.calls.contains_key(&id) {
            return Ok(());
        }
        CallObject::turn(
            &self.emitter(&api::call_path(id))?,
            turn.index,
            turn.heard.as_deref().unwrap_or_default(),
            f64::from(turn.confidence),
            &turn.understood,
            &turn.action,
            &turn.said,
            api::latency_dict(turn.latency),
        )
        .await
    }

    async fn tell_hand_over(&self, briefing: &Briefing) -> zbus::Result<()> {
        if !briefing.text.bus || !self.calls.contains_key(&briefing.call) {
            return Ok(());
        }
        let Briefing { call, person, summary, .. } = briefing;
        let path = api::call_path(*call);
        CallObject::hand_over(&self.emitter(&path)?, person, summary).await?;
        ManagerObject::call_hand_over(&self.emitter(api::ROOT)?, ObjectPath::try_from(path)?, person, summary).await
    }

    async fn tell_end(&mut self, summary: &Summary) -> zbus::Result<()> {
        if !self.calls.contains_key(&summary.call) {
            return Ok(());
        }
        let path = ObjectPath::try_from(api::call_path(summary.call))?;
        let told = ManagerObject::call_ended(&self.emitter(api::ROOT)?, path, manager::figures(summary)).await;
        self.hide(summary.call).await?;
        told
    }

    /// Show a call that is not shown yet; says whether it was new.
    async fn show(&mut self, handle: CallHandle) -> zbus::Result<bool> {
        let id = handle.id;
        if self.calls.contains_key(&id) {
            return Ok(false);
        }
        let path = api::call_path(id);
        let snapshot = Follower::new(handle.snapshot.clone(), Teller::new(&self.connection, &path, api::CALL)?);
        self.connection.object_server().at(path, CallObject { handle, people: self.people.clone() }).await?;
        let follower = self.followers.spawn(async move {
            snapshot.run(call::changes).await;
            Followed::Call(id)
        });
        self.calls.insert(id, follower);
        Ok(true)
    }

    async fn hide(&mut self, id: CallId) -> zbus::Result<()> {
        if let Some(follower) = self.calls.remove(&id) {
            follower.abort();
            self.connection.object_server().remove::<CallObject, _>(api::call_path(id)).await?;
        }
        Ok(())
    }

    /// Make the objects match the registry.
    async fn compare(&mut self) -> zbus::Result<()> {
        let mut calls = self.house.registry.calls();
        calls.retain(|call| call.snapshot.borrow().state != State::Ended);
        let gone: Vec<CallId> = self.calls.keys().filter(|&&id| calls.iter().all(|call| call.id != id)).copied().collect();
        for id in gone {
            self.hide(id).await?;
        }
        for call in calls {
            self.show(call).await?;
        }
        Ok(())
    }

    fn emitter(&self, path: &str) -> zbus::Result<SignalEmitter<'static>> {
        emitter(&self.connection, path)
    }
}

fn emitter(connection: &Connection, path: &str) -> zbus::Result<SignalEmitter<'static>> {
    SignalEmitter::new(connection, ObjectPath::try_from(path.to_owned())?)
}

/// Tells what changed of one object's interface.
struct Teller {
    emitter: SignalEmitter<'static>,
    interface: InterfaceName<'static>,
}

impl Teller {
    fn new(connection: &Connection, path: &str, interface: &'static str) -> zbus::Result<Self> {
        Ok(Self { emitter: emitter(connection, path)?, interface: InterfaceName::try_from(interface)? })
    }

    async fn tell(&self, changed: HashMap<&str, Variant<'_>>) {
        if changed.is_empty() {
            return;
        }
        let told = fdo::Properties::properties_changed(&self.emitter, self.interface.clone(), changed, Cow::Borrowed(&[])).await;
        if let Err(error) = told {
            log::debug!("the bus did not take a change of {}: {error}", self.emitter.path());
        }
    }
}

/// Tells every change of one watch channel.
struct Follower<T> {
    watched: watch::Receiver<T>,
    before: T,
    teller: Teller,
}

impl<T: Clone> Follower<T> {
    /// Made before the object is shown, so that no change falls between the showing and the first look.
    fn new(mut watched: watch::Receiver<T>, teller: Teller) -> Self {
        let before = watched.borrow_and_update().clone();
        Self { watched, before, teller }
    }

    /// Follow until the sender is gone.
    async fn run(mut self, changes: for<'a> fn(&T, &'a T) -> HashMap<&'static str, Variant<'a>>) {
        while self.watched.changed().await.is_ok() {
            let after = self.watched.borrow_and_update().clone();
            self.teller.tell(changes(&self.before, &after)).await;
            self.before = after;
        }
    }
}
