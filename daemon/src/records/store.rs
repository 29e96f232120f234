//! The handle, and the thread behind it.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::{mpsc, oneshot};

use super::open::{self, Database};
use super::{
    CallEntry, CallRecord, Consent, DisclosureRecord, Look, Message, RecordsError, Selection, Task, TaskNumber, TurnRecord, Whole, export,
    looks, reports, tables, unanswered,
};
use crate::config::Secret;
use crate::dialog::report::Report;
use crate::progress::{Heartbeat, Progress};
use crate::records::CallId;

/// How many requests may wait. Whoever comes then waits for a place: a slow disk slows what is written, and never fills the memory.
pub(super) const QUEUE: usize = 64;

/// A disk that is at one request for longer than this hangs. A commit takes some tenths of a second on a slow memory card.
const LONGEST_REQUEST: Duration = Duration::from_secs(60);
/// Records whose requests fail so often in a row, by a fault of the program, will not recover.
const MOST_FAULTS: u32 = 3;
/// A file that is not closed by then is left to its disk: it is whole all the same, and is tidied up when it is opened next.
const CLOSING: Duration = Duration::from_secs(10);

type Work = Box<dyn FnOnce(&mut rusqlite::Connection) -> Done + Send>;

/// How a request went, as far as the thread is concerned.
enum Done {
    /// It was answered.
    Answered,
    /// It failed by a fault of the program.
    Fault,
}

enum Request {
    Work(Work),
    Close(oneshot::Sender<()>),
}

/// The records of the house. Clones are the same records.
///
/// What a method has returned from is on the disk. A call of a method whose future is dropped may or may not be done; it is never done
/// by half. The last handle to be dropped waits until the file is closed; [`Records::close`] does so without blocking.
#[derive(Clone)]
pub struct Records(Arc<Handle>);

struct Handle {
    path: PathBuf,
    /// `None` once the last handle is going.
    requests: Option<mpsc::Sender<Request>>,
    thread: Option<JoinHandle<()>>,
    /// Hangs up when the thread ends. Only `drop` looks at it.
    over: Mutex<Receiver<()>>,
}

impl Drop for Handle {
    fn drop(&mut self) {
        // A process must not end under a thread that is closing the database: the cipher's own clean-up would pull the ground away.
        drop(self.requests.take());
        let over = self.over.get_mut().unwrap_or_else(PoisonError::into_inner).recv_timeout(CLOSING);
        if let (Some(thread), Err(RecvTimeoutError::Disconnected)) = (self.thread.take(), over) {
            // It tells of its own faults.
            let _ = thread.join();
        }
    }
}

impl Records {
    /// Open the records at `path`, or begin them, encrypted under a key made from `key`. Blocking: it is called while starting.
    ///
    /// # Errors
    /// Says what is wrong with the file or the key and what to do about it. A file is never changed by an attempt to open it with the
    /// wrong key.
    pub fn open(path: &Path, key: &Secret) -> Result<Self, RecordsError> {
        Self::open_watched(path, key, &Progress::default())
    }

    /// The same, and show in `progress` whether the disk gets on.
    ///
    /// # Errors
    /// As [`Records::open`].
    pub fn open_watched(path: &Path, key: &Secret, progress: &Progress) -> Result<Self, RecordsError> {
        let database = open::open(path, key)?;
        let (requests, waiting) = mpsc::channel(QUEUE);
        let (alive, over) = channel();
        let heart = progress.register("records", LONGEST_REQUEST);
        let thread = std::thread::Builder::new()
            .name("records".into())
            .spawn(move || {
                serve(database, waiting, heart);
                drop(alive);
            })
            .map_err(|source| RecordsError::Unreachable { path: path.to_owned(), source })?;
        let (path, requests, thread) = (path.to_owned(), Some(requests), Some(thread));
        Ok(Self(Arc::new(Handle { path, requests, thread, over: Mutex::new(over) })))
    }

    /// A call began to ring.
    ///
    /// # Errors
    /// If it cannot be written.
    pub async fn begin_call(&self, call: CallRecord) -> Result<(), RecordsError> {
        self.run(move |db| tables::begin_call(db, &call)).await
    }

    /// The caller was told.
    ///
    /// # Errors
    /// If it cannot be written, or the call is not on record.
    pub async fn disclosed(&self, call: CallId, disclosure: DisclosureRecord) -> Result<(), RecordsError> {
        self.run_of(call, move |db| tables::disclosed(db, call, &disclosure)).await
    }

    /// An exchange is complete. Its index is new in this call.
    ///
    /// # Errors
    /// If it cannot be written, or the call is not on record.
    pub async fn turn(&self, call: CallId, turn: TurnRecord) -> Result<(), RecordsError> {
        self.run_of(call, move |db| tables::turn(db, call, &turn)).await
    }

    /// A consent was given or refused.
    ///
    /// # Errors
    /// If it cannot be written, or the call is not on record.
    pub async fn consent(&self, call: CallId, consent: Consent) -> Result<(), RecordsError> {
        self.run_of(call, move |db| tables::consent(db, call, &consent)).await
    }

    /// A message was taken. Returns the number of the task that it is from now on, which may be told to the caller.
    ///
    /// # Errors
    /// If it cannot be written, or the call is not on record.
    pub async fn message(&self, call: CallId, message: Message) -> Result<TaskNumber, RecordsError> {
        self.run_of(call, move |db| tables::message(db, call, &message)).await
    }

    /// A call is over. If it was already, the first ending stands.
    ///
    /// # Errors
    /// If it cannot be written, or the call is not on record.
    pub async fn end_call(&self, call: CallId, outcome: &str, ended: Timestamp) -> Result<(), RecordsError> {
        let outcome = outcome.to_owned();
        if self.run(move |db| tables::end_call(db, call, &outcome, ended)).await? { Ok(()) } else { Err(RecordsError::UnknownCall(call)) }
    }

    /// What became of a call. It is told once.
    ///
    /// # Errors
    /// If it cannot be written, or the call is not on record.
    pub async fn report(&self, call: CallId, report: Report) -> Result<(), RecordsError> {
        self.run_of(call, move |db| reports::write(db, call, &report)).await
    }

    /// The call of that name.
    ///
    /// # Errors
    /// If it cannot be read.
    pub async fn call(&self, call: CallId) -> Result<Option<CallEntry>, RecordsError> {
        self.run(move |db| tables::call(db, call)).await
    }

    /// The last `limit` calls, newest first.
    ///
    /// # Errors
    /// If they cannot be read.
    pub async fn calls(&self, limit: u32) -> Result<Vec<CallEntry>, RecordsError> {
        self.run(move |db| tables::calls(db, limit)).await
    }

    /// The exchanges of a call, in order.
    ///
    /// # Errors
    /// If they cannot be read.
    pub async fn turns(&self, call: CallId) -> Result<Vec<TurnRecord>, RecordsError> {
        self.run(move |db| tables::turns(db, call)).await
    }

    /// What became of a call, if it is over and was answered.
    ///
    /// # Errors
    /// If it cannot be read.
    pub async fn report_of(&self, call: CallId) -> Result<Option<Report>, RecordsError> {
        self.run(move |db| reports::read(db, call)).await
    }

    /// The messages of a call, in order.
    ///
    /// # Errors
    /// If they cannot be read.
    pub async fn messages(&self, call: CallId) -> Result<Vec<Task>, RecordsError> {
        self.run(move |db| tables::messages(db, call)).await
    }

    /// The last `limit` messages of all calls, newest first.
    ///
    /// # Errors
    /// If they cannot be read.
    pub async fn latest_messages(&self, limit: u32) -> Result<Vec<Task>, RecordsError> {
        self.run(move |db| tables::latest_messages(db, limit)).await
    }

    /// Somebody says that a task is done since then, or not done after all. One that is done already stays done since it was.
    ///
    /// # Errors
    /// If it cannot be written, or there is no such task.
    pub async fn task_done(&self, number: TaskNumber, done: Option<Timestamp>) -> Result<(), RecordsError> {
        if self.run(move |db| tables::task_done(db, number, done)).await? { Ok(()) } else { Err(RecordsError::UnknownTask(number)) }
    }

    /// The last `limit` calls of which a report was made, newest first.
    ///
    /// # Errors
    /// If they cannot be read.
    pub async fn latest_reports(&self, limit: u32) -> Result<Vec<(CallEntry, Report)>, RecordsError> {
        self.run(move |db| reports::latest(db, limit)).await
    }

    /// How many calls are meant.
    ///
    /// # Errors
    /// If it cannot be read.
    pub async fn how_many(&self, which: Selection) -> Result<u64, RecordsError> {
        self.run(move |db| export::count(db, &which)).await
    }

    /// Everything on record of the first of these calls that began after that one, or of the first of all.
    ///
    /// # Errors
    /// If it cannot be read.
    pub async fn whole_after(&self, which: Selection, last: Option<CallId>) -> Result<Option<Whole>, RecordsError> {
        self.run(move |db| export::after(db, &which, last)).await
    }

    /// What callers said since then that nothing was made of while this scenario was followed, the latest first, and no more than `limit`.
    ///
    /// # Errors
    /// If it cannot be read.
    pub async fn not_understood(&self, scenario: &str, since: Timestamp, limit: u32) -> Result<Vec<String>, RecordsError> {
        let scenario = scenario.to_owned();
        self.run(move |db| unanswered::latest(db, &scenario, since, limit)).await
    }

    /// Somebody is about to see personal data.
    ///
    /// # Errors
    /// If it cannot be written; then nobody must see them.
    pub async fn looked(&self, look: Look) -> Result<(), RecordsError> {
        self.run(move |db| looks::write(db, &look)).await
    }

    /// The last `limit` looks at personal data, newest first.
    ///
    /// # Errors
    /// If they cannot be read.
    pub async fn latest_looks(&self, limit: u32) -> Result<Vec<Look>, RecordsError> {
        self.run(move |db| looks::latest(db, limit)).await
    }

    /// Read the whole file and check every page and index: for a timer at night.
    ///
    /// # Errors
    /// [`RecordsError::Damaged`] with the first fault.
    pub async fn verify(&self) -> Result<(), RecordsError> {
        match self.run(|db| tables::first_fault(db)).await? {
            None => Ok(()),
            Some(what) => Err(RecordsError::Damaged { path: self.0.path.clone(), what }),
        }
    }

    /// Do everything that was asked before this, then close the file. Every handle gets [`RecordsError::Closed`] from then on. A disk
    /// that hangs is not waited for beyond a bound.
    pub async fn close(self) {
        let close = async {
            let (done, closed) = oneshot::channel();
            // If the thread is gone, the file is closed already.
            if self.send(Request::Close(done)).await.is_ok() {
                let _ = closed.await;
            }
        };
        if tokio::time::timeout(CLOSING, close).await.is_err() {
            let (path, bound) = (self.0.path.display(), CLOSING.as_secs());
            log::error!(event = "records-stuck"; "{path} could not be closed within {bound} s: the disk hangs; check it with `dmesg`");
        }
    }

    /// Be a disk that hangs, until what is returned is dropped.
    #[cfg(test)]
    #[expect(clippy::unwrap_used, reason = "tests")]
    pub(crate) async fn hang(&self) -> std::sync::mpsc::Sender<()> {
        let (let_go, held) = channel::<()>();
        let (began, begun) = oneshot::channel();
        let hanging = self.clone();
        tokio::spawn(async move {
            hanging
                .run(move |_| {
                    began.send(()).unwrap();
                    let _ = held.recv();
                    Ok(())
                })
                .await
        });
        begun.await.unwrap();
        let_go
    }

    /// How many more requests may wait.
    #[cfg(test)]
    pub(super) fn free_places(&self) -> usize {
        self.0.requests.as_ref().map_or(0, mpsc::Sender::capacity)
    }

    async fn run_of<T: Send + 'static>(
        &self,
        call: CallId,
        work: impl FnOnce(&mut rusqlite::Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, RecordsError> {
        self.run(work).await.map_err(|error| match error {
            RecordsError::Refused { source, .. } if tables::is_unknown_call(&source) => RecordsError::UnknownCall(call),
            other => other,
        })
    }

    pub(super) async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut rusqlite::Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, RecordsError> {
        let (answer, answered) = oneshot::channel();
        let work: Work = Box::new(move |connection| {
            // A request that failed spoils no other: what it had begun is rolled back while the stack unwinds.
            let result = catch_unwind(AssertUnwindSafe(|| work(connection)));
            let done = if result.is_ok() { Done::Answered } else { Done::Fault };
            // Whoever asked may have gone; the work is done all the same.
            let _ = answer.send(result.map_err(|_| RecordsError::Fault));
            done
        });
        self.send(Request::Work(work)).await?;
        answered.await.map_err(|_| RecordsError::Closed)??.map_err(|error| RecordsError::of_sqlite(&self.0.path, error))
    }

    async fn send(&self, request: Request) -> Result<(), RecordsError> {
        let requests = self.0.requests.as_ref().ok_or(RecordsError::Closed)?;
        requests.send(request).await.map_err(|_| RecordsError::Closed)
    }
}

fn serve(mut database: Database, mut requests: mpsc::Receiver<Request>, heart: Heartbeat) {
    let mut asked_to_close = None;
    let mut given_up = false;
    let mut faults = 0;
    while let Some(request) = requests.blocking_recv() {
        let busy = heart.busy();
        match request {
            Request::Work(work) => match work(&mut database.connection) {
                Done::Answered => faults = 0,
                Done::Fault => faults += 1,
            },
            Request::Close(done) => {
                asked_to_close = Some(done);
                break;
            }
        }
        if faults == MOST_FAULTS {
            log::error!(event = "records-fault"; "the records failed {MOST_FAULTS} times in a row by a fault of the program");
            busy.for_ever();
            given_up = true;
            break;
        }
    }
    let busy = (!given_up).then(|| heart.busy());
    // What comes too late is dropped unanswered, which its asker sees as `Closed`.
    drop(requests);
    if let Err(error) = database.connection.execute_batch("PRAGMA wal_checkpoint(TRUNCATE)") {
        log::warn!(event = "records-untidy"; "{} was not tidied up when it was closed: {error}", database.path.display());
    }
    drop(database);
    drop(busy);
    drop(heart);
    if let Some(done) = asked_to_close {
        let _ = done.send(());
    }
}
