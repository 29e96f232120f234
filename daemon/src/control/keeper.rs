//! The keeper: follows lines and calls, adds and removes their objects, and tells the bus what changed.
//!
//! Each line and each call has a follower that sleeps until its watch channel changes and then tells all that changed in one
//! `PropertiesChanged`. The keeper itself hears the registry's events in order, so that a call's object is there before anything is
//! told of it. If it was too slow and missed events, it compares its objects with the registry.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{broadcast, watch};
use tokio::task::{AbortHandle, JoinSet};
use zbus::names::BusName;
use zbus::object_server::SignalEmitter;
use zbus::{Connection, ObjectPath, fdo};

use super::call::CallObject;
use super::exporting::Counter;
use super::follower::{Changes, Follower, Teller, emitter};
use super::following::Following;
use super::job::{JobObject, Orders};
use super::line::LineObject;
use super::log_control::LogControl;
use super::manager::ManagerObject;
use super::model::ModelObject;
use super::record::RecordObject;
use super::rights::{Guard, Guarded};
use super::scenario::ScenarioObject;
use super::task::TaskObject;
use super::{Info, api, call, job, line, manager, model, scenario, values};
use crate::calls::{Briefing, CallHandle, CallId, Event, Registry, State, Summary, Turn};
use crate::dialog::report::HandOverEnd;
use crate::jobs::{Book, Job, JobNumber};
use crate::lines::{Board, LineHandle};

/// A job that is over can be looked at for so long.
const KEPT: Duration = Duration::from_secs(10 * 60);

/// What is shown.
#[derive(Clone)]
pub(super) struct House {
    pub board: Board,
    pub registry: Registry,
    pub info: Info,
}

/// What a follower followed.
enum Followed {
    Call(CallId),
    Job(JobNumber),
    Other,
}

/// Keeps the objects of one connection.
pub(super) struct Keeper {
    connection: Connection,
    house: House,
    guard: Guard,
    following: Following,
    events: broadcast::Receiver<Event>,
    followers: JoinSet<Followed>,
    board: watch::Receiver<Arc<[LineHandle]>>,
    lines: Vec<(LineHandle, AbortHandle)>,
    calls: HashMap<CallId, AbortHandle>,
    /// Those of them that have an object.
    shown_calls: watch::Sender<BTreeSet<CallId>>,
    book: watch::Receiver<Book>,
    jobs: HashMap<JobNumber, AbortHandle>,
    shown: watch::Sender<JobNumber>,
}

impl Keeper {
    /// Show everything there is. The name is not ours yet, so nobody sees the house half furnished.
    pub(super) async fn furnish(connection: Connection, house: House) -> zbus::Result<Self> {
        let events = house.registry.events();
        let (followers, lines, calls, jobs) = (JoinSet::new(), Vec::new(), HashMap::new(), HashMap::new());
        let (board, book, shown, shown_calls) =
            (house.board.watch(), house.info.jobs.watch(), watch::Sender::default(), watch::Sender::default());
        let guard = Guard { authority: house.info.authority, records: house.info.record.records.clone() };
        let following = Following::default();
        let mut keeper =
            Self { connection, house, guard, following, events, followers, board, lines, calls, shown_calls, book, jobs, shown };
        keeper.show_device().await?;
        keeper.compare_lines().await?;
        keeper.compare().await?;
        keeper.compare_jobs().await?;
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
                Ok(()) = self.board.changed() => self.compare_lines().await,
                Ok(()) = self.book.changed() => self.compare_jobs().await,
                Some(done) = self.followers.join_next() => match done {
                    Ok(Followed::Call(id)) => self.hide(id).await,
                    // The book changes, and the object goes.
                    Ok(Followed::Job(number)) => {
                        self.house.info.jobs.forget(number);
                        Ok(())
                    }
                    Ok(Followed::Other) | Err(_) => Ok(()),
                },
            };
            if let Err(error) = kept {
                log::debug!("the bus did not take a message: {error}");
            }
        }
    }

    async fn show_device(&mut self) -> zbus::Result<()> {
        let connection = self.connection.clone();
        let server = connection.object_server();
        let guard = self.guard.clone();
        server.at(api::ROOT, guard.before(fdo::ObjectManager)).await?;
        let Info { manager: info, scenario, record, models, jobs, logging, .. } = self.house.info.clone();
        let orders = Orders { jobs, shown: self.shown.subscribe() };
        self.follow(info.standing.clone(), api::ROOT, api::MANAGER, manager::changes)?;
        self.follow(info.settled.clone(), api::ROOT, api::MANAGER, manager::settled)?;
        server.at(api::LOG_PATH, guard.before(LogControl(logging.clone()))).await?;
        let following = self.following.clone();
        let device = ManagerObject { info, since: jiff::Timestamp::now(), following, orders: orders.clone(), logging };
        server.at(api::ROOT, guard.before(device)).await?;
        self.follow(scenario.live.clone(), api::SCENARIO_PATH, api::SCENARIO, scenario::changes)?;
        server.at(api::SCENARIO_PATH, guard.before(ScenarioObject { info: scenario, orders: orders.clone() })).await?;
        server.at(api::TASK_PATH, guard.before(TaskObject(record.records.clone()))).await?;
        server
            .at(
                api::RECORD_PATH,
                guard.before(RecordObject { counter: Counter::new(record.records.clone(), orders.clone()), info: record }),
            )
            .await?;
        // Before anybody can ask, so that nobody is told of what was only not looked at yet.
        models.look().await;
        for model in models.all() {
            let path = api::model_path(model.name());
            self.follow(model.seen(), &path, api::MODEL, model::changes)?;
            let object = ModelObject { model: Arc::clone(model), models: models.clone(), orders: orders.clone() };
            server.at(path, guard.before(object)).await?;
        }
        Ok(())
    }

    /// Make the objects match the board.
    async fn compare_lines(&mut self) -> zbus::Result<()> {
        let board = Arc::clone(&self.board.borrow_and_update());
        let (stay, gone): (Vec<_>, Vec<_>) =
            std::mem::take(&mut self.lines).into_iter().partition(|(shown, _)| board.iter().any(|line| line.is(shown)));
        self.lines = stay;
        for (line, follower) in gone {
            follower.abort();
            self.connection.object_server().remove::<Guarded<LineObject>, _>(api::line_path(line.id.as_str())).await?;
        }
        for line in board.iter() {
            if !self.lines.iter().any(|(shown, _)| shown.is(line)) {
                let path = api::line_path(line.id.as_str());
                let follower = self.follow(line.status.clone(), &path, api::LINE, line::changes)?;
                let object =
                    LineObject { line: line.clone(), placing: self.house.info.placing.clone(), shown: self.shown_calls.subscribe() };
                self.connection.object_server().at(path, self.guard.before(object)).await?;
                self.lines.push((line.clone(), follower));
            }
        }
        Ok(())
    }

    /// Tell every change of what an object shows for as long as the house is open. It begins before the object is shown.
    fn follow<T: Clone + Send + Sync + 'static>(
        &mut self,
        watched: watch::Receiver<T>,
        path: &str,
        interface: &'static str,
        changes: Changes<T>,
    ) -> zbus::Result<AbortHandle> {
        let follower = Follower::new(watched, Teller::new(&self.connection, path, interface)?);
        Ok(self.followers.spawn(async move {
            follower.run(changes).await;
            Followed::Other
        }))
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
            Event::HandOverEnded(id, person, end) => self.tell_hand_over_ended(id, &person, end).await,
            Event::Ended(summary) => self.tell_end(&summary).await,
        }
    }

    async fn tell_turn(&self, id: CallId, turn: &Turn) -> zbus::Result<()> {
        if !self.calls.contains_key(&id) {
            return Ok(());
        }
        for follower in self.to_followers(id)? {
            CallObject::turn(
                &follower,
                turn.index,
                turn.heard.as_deref().unwrap_or_default(),
                f64::from(turn.confidence),
                &turn.understood,
                &turn.action,
                &turn.said,
                api::latency_dict(turn.latency),
            )
            .await?;
        }
        Ok(())
    }

    async fn tell_hand_over(&self, briefing: &Briefing) -> zbus::Result<()> {
        if !briefing.text.bus || !self.calls.contains_key(&briefing.call) {
            return Ok(());
        }
        let Briefing { call, person, summary, .. } = briefing;
        for follower in self.to_followers(*call)? {
            CallObject::hand_over(&follower, person, summary).await?;
        }
        Ok(())
    }

    async fn tell_hand_over_ended(&self, id: CallId, person: &str, end: HandOverEnd) -> zbus::Result<()> {
        if !self.calls.contains_key(&id) {
            return Ok(());
        }
        CallObject::hand_over_ended(&self.emitter(&api::call_path(id))?, person, end.as_str()).await
    }

    async fn tell_end(&mut self, summary: &Summary) -> zbus::Result<()> {
        if !self.calls.contains_key(&summary.call) {
            return Ok(());
        }
        let path = ObjectPath::try_from(api::call_path(summary.call))?;
        let told = ManagerObject::call_ended(&self.emitter(api::ROOT)?, path, values::figures(summary)).await;
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
        let people = Arc::clone(&self.house.info.manager.settled.borrow().people);
        let snapshot = Follower::new(handle.snapshot.clone(), Teller::new(&self.connection, &path, api::CALL)?);
        let call = CallObject { handle, people, following: self.following.clone() };
        self.connection.object_server().at(path, self.guard.before(call)).await?;
        let follower = self.followers.spawn(async move {
            snapshot.run(call::changes).await;
            Followed::Call(id)
        });
        self.calls.insert(id, follower);
        self.shown_calls.send_modify(|shown| _ = shown.insert(id));
        Ok(true)
    }

    async fn hide(&mut self, id: CallId) -> zbus::Result<()> {
        if let Some(follower) = self.calls.remove(&id) {
            follower.abort();
            self.following.is_over(id);
            self.shown_calls.send_modify(|shown| _ = shown.remove(&id));
            self.connection.object_server().remove::<Guarded<CallObject>, _>(api::call_path(id)).await?;
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

    /// Make the objects match the book of jobs.
    async fn compare_jobs(&mut self) -> zbus::Result<()> {
        let book = self.book.borrow_and_update().clone();
        let gone: Vec<JobNumber> = self.jobs.keys().filter(|&&number| book.jobs().all(|job| job.number != number)).copied().collect();
        for number in gone {
            if let Some(follower) = self.jobs.remove(&number) {
                follower.abort();
                self.connection.object_server().remove::<Guarded<JobObject>, _>(api::job_path(number)).await?;
            }
        }
        for job in book.jobs().filter(|job| !self.jobs.contains_key(&job.number)).cloned().collect::<Vec<_>>() {
            self.show_job(job).await?;
        }
        Ok(())
    }

    async fn show_job(&mut self, job: Job) -> zbus::Result<()> {
        let (number, path) = (job.number, api::job_path(job.number));
        let view = Follower::new(job.view.clone(), Teller::new(&self.connection, &path, api::JOB)?);
        self.connection.object_server().at(path, self.guard.before(JobObject(job))).await?;
        let follower = self.followers.spawn(async move {
            view.run(job::changes).await;
            tokio::time::sleep(KEPT).await;
            Followed::Job(number)
        });
        self.jobs.insert(number, follower);
        self.shown.send_replace(number);
        Ok(())
    }

    /// Where signals of a call come from that go to those who follow it, one for each of them.
    fn to_followers(&self, call: CallId) -> zbus::Result<Vec<SignalEmitter<'static>>> {
        let from = self.emitter(&api::call_path(call))?;
        let told = self.following.of(call).into_iter();
        Ok(told.map(|who| from.clone().set_destination(BusName::from(who))).collect())
    }

    fn emitter(&self, path: &str) -> zbus::Result<SignalEmitter<'static>> {
        emitter(&self.connection, path)
    }
}
