//! The handle, and the thread behind it.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread::JoinHandle;

use jiff::Timestamp;
use tokio::sync::{mpsc, oneshot};

use super::open::{self, Database};
use super::{CallEntry, CallRecord, Consent, DisclosureRecord, Message, RecordsError, Task, TaskNumber, TurnRecord, tables};
use crate::config::Secret;
use crate::records::CallId;

/// How many requests may wait. Whoever comes then waits for a place: a slow disk slows what is written, and never fills the memory.
pub(super) const QUEUE: usize = 64;

type Work = Box<dyn FnOnce(&mut rusqlite::Connection) + Send>;

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
}

impl Drop for Handle {
    fn drop(&mut self) {
        // A process must not end under a thread that is closing the database: the cipher's own clean-up would pull the ground away.
        drop(self.requests.take());
        if let Some(thread) = self.thread.take() {
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
        let database = open::open(path, key)?;
        let (requests, waiting) = mpsc::channel(QUEUE);
        let thread = std::thread::Builder::new()
            .name("records".into())
            .spawn(move || serve(database, waiting))
            .map_err(|source| RecordsError::Unreachable { path: path.to_owned(), source })?;
        Ok(Self(Arc::new(Handle { path: path.to_owned(), requests: Some(requests), thread: Some(thread) })))
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

    /// Do everything that was asked before this, then close the file. Every handle gets [`RecordsError::Closed`] from then on.
    pub async fn close(self) {
        let (done, closed) = oneshot::channel();
        // If the thread is gone, the file is closed already.
        if self.send(Request::Close(done)).await.is_ok() {
            let _ = closed.await;
        }
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
            // Whoever asked may have gone; the work is done all the same.
            let _ = answer.send(work(connection));
        });
        self.send(Request::Work(work)).await?;
        answered.await.map_err(|_| RecordsError::Closed)?.map_err(|error| RecordsError::of_sqlite(&self.0.path, error))
    }

    async fn send(&self, request: Request) -> Result<(), RecordsError> {
        let requests = self.0.requests.as_ref().ok_or(RecordsError::Closed)?;
        requests.send(request).await.map_err(|_| RecordsError::Closed)
    }
}

fn serve(mut database: Database, mut requests: mpsc::Receiver<Request>) {
    let mut asked_to_close = None;
    while let Some(request) = requests.blocking_recv() {
        match request {
            Request::Work(work) => work(&mut database.connection),
            Request::Close(done) => {
                asked_to_close = Some(done);
                break;
            }
        }
    }
    // What comes too late is dropped unanswered, which its asker sees as `Closed`.
    drop(requests);
    if let Err(error) = database.connection.execute_batch("PRAGMA wal_checkpoint(TRUNCATE)") {
        log::warn!("{} was not tidied up when it was closed: {error}", database.path.display());
    }
    drop(database);
    if let Some(done) = asked_to_close {
        let _ = done.send(());
    }
}
