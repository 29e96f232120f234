//! Long work that an admin asks for: a few pieces at once, each with its progress, a way to end it early, and a result.
//!
//! Work is blocking and has nothing to do with calls. [`Jobs::begin`] gives it a number and a thread; it tells how far it has come through a [`Teller`], and
//! is asked to stop through a [`Cancel`], at which it stops at its next safe point. Whoever follows a job follows a watch channel, and sees how it ended
//! there: what is over stays for a while, so that a result can be read by whoever asked and looked away. What is kept and what runs is bounded. [`fetch`]
//! installs a model, [`rehearsal`] plays a scenario's conversations, [`export`] hands out what is on record. What somebody else in the house does, such as reading the configuration anew, is a job that
//! is only followed here ([`Jobs::follow`]).

pub mod export;
pub mod fetch;
pub mod rehearsal;

use std::collections::BTreeMap;
use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use jiff::Timestamp;
use switchhook_models::{Cancel, Error};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

/// More do not run at once: the board is there for calls.
const MOST_RUNNING: usize = 2;
/// Of those that are over, no more are kept.
const MOST_OVER: usize = 8;

/// A job's number: counted from 1 since the start, never given twice.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct JobNumber(u32);

impl JobNumber {
    /// The number.
    #[must_use]
    pub fn get(self) -> u32 {
        self.0
    }
}

impl fmt::Display for JobNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// What is done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A model is fetched, by its name.
    FetchModel(String),
    /// The conversations of a scenario are played, by its name.
    TestScenario(String),
    /// What is on record of calls is handed out.
    ExportRecords,
    /// The configuration is read anew, and its scenario.
    ReloadConfiguration,
    /// The scenario is read anew, by its name.
    ReloadScenario(String),
}

impl Kind {
    /// The kind in a word.
    #[must_use]
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::FetchModel(_) => "fetch-model",
            Self::TestScenario(_) => "test-scenario",
            Self::ExportRecords => "export-records",
            Self::ReloadConfiguration => "reload-configuration",
            Self::ReloadScenario(_) => "reload-scenario",
        }
    }

    /// What it is done to.
    #[must_use]
    pub fn subject(&self) -> &str {
        match self {
            Self::FetchModel(name) | Self::TestScenario(name) | Self::ReloadScenario(name) => name,
            Self::ExportRecords => "records",
            Self::ReloadConfiguration => "configuration",
        }
    }
}

/// What a job found out, by name. No personal data: whoever may see that there are jobs may read it.
pub type Findings = serde_json::Map<String, serde_json::Value>;

/// How a job stands.
#[derive(Clone, Debug, PartialEq)]
pub enum State {
    /// It is at work.
    Running,
    /// It came to its end, with this.
    Done(Findings),
    /// It could not, for this reason.
    Failed(String),
    /// It was ended early.
    Cancelled,
}

impl State {
    /// The state in a word.
    #[must_use]
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Done(_) => "done",
            Self::Failed(_) => "failed",
            Self::Cancelled => "cancelled",
        }
    }
}

/// What is seen of a job.
#[derive(Clone, Debug, PartialEq)]
pub struct View {
    /// How it stands.
    pub state: State,
    /// How much of it is done, from 0 to 1, if that can be said.
    pub progress: Option<f64>,
    /// What it does, or did last.
    pub doing: String,
}

impl View {
    fn begun() -> Self {
        Self { state: State::Running, progress: None, doing: String::new() }
    }

    /// Whether it is over.
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.state != State::Running
    }
}

/// Why work ended before its end.
#[derive(Debug, PartialEq, Eq)]
pub enum Stop {
    /// It was asked to.
    Cancelled,
    /// It could not go on: what is wrong, and what to do.
    Failed(String),
}

impl From<Error> for Stop {
    fn from(error: Error) -> Self {
        match error {
            Error::Cancelled => Self::Cancelled,
            other => Self::Failed(other.to_string()),
        }
    }
}

/// Through which work tells how far it has come. What changes too little to be seen is not told.
#[derive(Clone, Debug)]
pub struct Teller(watch::Sender<View>);

impl Teller {
    /// For work that nobody follows.
    #[must_use]
    pub fn to_nobody() -> Self {
        Self(watch::Sender::new(View::begun()))
    }

    /// So much of it is done, from 0 to 1, if that can be said.
    pub fn progress(&self, done: Option<f64>) {
        let done = done.map(|done| (done.clamp(0.0, 1.0) * 100.0).floor() / 100.0);
        self.0.send_if_modified(|view| std::mem::replace(&mut view.progress, done) != done);
    }

    /// It does this now.
    pub fn doing(&self, what: String) {
        self.0.send_if_modified(|view| {
            let new = view.doing != what;
            view.doing = what;
            new
        });
    }

    fn ended(&self, state: State) {
        self.0.send_modify(|view| {
            if matches!(state, State::Done(_)) {
                view.progress = Some(1.0);
            }
            view.state = state;
        });
    }
}

/// A job. Clones are the same.
#[derive(Clone)]
pub struct Job {
    /// Its number.
    pub number: JobNumber,
    /// What is done.
    pub kind: Kind,
    /// When it began.
    pub begun: Timestamp,
    /// What is seen of it.
    pub view: watch::Receiver<View>,
    cancel: Cancel,
    called_off: CancellationToken,
}

impl Job {
    /// One that is not at work yet, and through which it is told.
    fn new(number: JobNumber, kind: Kind) -> (Self, watch::Sender<View>) {
        let (view, watching) = watch::channel(View::begun());
        let (cancel, called_off) = (Cancel::new(), CancellationToken::new());
        let job = Self { number, kind, begun: Timestamp::now(), view: watching, cancel, called_off };
        log::info!(event = "job-begun", job = number.get(); "job {number} began: {} {}", job.kind.as_str(), job.kind.subject());
        (job, view)
    }

    /// Ask it to stop, which it does at its next safe point. What is over stays as it is.
    pub fn cancel(&self) {
        self.cancel.cancel();
        self.called_off.cancel();
    }

    fn is_over(&self) -> bool {
        self.view.borrow().is_over()
    }
}

/// As many jobs run as may.
#[derive(Debug, thiserror::Error)]
#[error("{0} jobs are at work already; wait for one to end, or cancel it (`switchhookctl jobs` lists them)")]
pub struct TooMany(usize);

/// Those that are known, by their numbers.
#[derive(Clone, Default)]
pub struct Book {
    last: JobNumber,
    jobs: BTreeMap<JobNumber, Job>,
}

impl Book {
    /// Every job, the first first.
    pub fn jobs(&self) -> impl Iterator<Item = &Job> {
        self.jobs.values()
    }

    /// The number of one more, for which room is made.
    fn next(&mut self) -> JobNumber {
        self.prune(MOST_OVER - 1);
        self.last = JobNumber(self.last.0.saturating_add(1));
        self.last
    }

    /// Forget those that were over first, beyond so many.
    fn prune(&mut self, most: usize) {
        let over: Vec<JobNumber> = self.jobs().filter(|job| job.is_over()).map(|job| job.number).collect();
        for number in over.iter().take(over.len().saturating_sub(most)) {
            self.jobs.remove(number);
        }
    }
}

/// The jobs of the house. Clones are the same.
#[derive(Clone, Default)]
pub struct Jobs(Arc<watch::Sender<Book>>);

impl Jobs {
    /// Begin this work on a thread for blocking work, unless it is being done already: then that is the job. Must be called within a runtime.
    ///
    /// # Errors
    /// If too many run.
    pub fn begin(
        &self,
        kind: Kind,
        work: impl FnOnce(&Teller, &Cancel) -> Result<Findings, Stop> + Send + 'static,
    ) -> Result<Job, TooMany> {
        let mut begun = Err(TooMany(MOST_RUNNING));
        self.0.send_if_modified(|book| {
            let running: Vec<&Job> = book.jobs().filter(|job| !job.is_over()).collect();
            if let Some(same) = running.iter().find(|job| job.kind == kind) {
                begun = Ok((*same).clone());
                return false;
            }
            if running.len() >= MOST_RUNNING {
                return false;
            }
            let job = start(book.next(), kind, work);
            book.jobs.insert(job.number, job.clone());
            begun = Ok(job);
            true
        });
        begun
    }

    /// Follow what somebody else does, who hears when it is called off, says how it ended, and writes into the journal why it failed. It takes no place, and one that is like it may go on beside it: how
    /// many there are is up to whoever does it. Must be called within a runtime.
    pub fn follow<F>(&self, kind: Kind, work: impl FnOnce(Teller, CancellationToken) -> F) -> Job
    where
        F: Future<Output = Result<Findings, Stop>> + Send + 'static,
    {
        let mut number = JobNumber::default();
        self.0.send_if_modified(|book| {
            number = book.next();
            false
        });
        let (job, view) = Job::new(number, kind);
        let work = tokio::spawn(work(Teller(view.clone()), job.called_off.clone()));
        tokio::spawn(async move {
            let ended = work.await.ok();
            let journal = if ended.is_some() { Journal::HasTheCause } else { Journal::LacksTheCause };
            over(number, &Teller(view), ended, journal);
        });
        self.0.send_modify(|book| drop(book.jobs.insert(number, job.clone())));
        job
    }

    /// Those that are known; told when one begins or is forgotten.
    #[must_use]
    pub fn watch(&self) -> watch::Receiver<Book> {
        self.0.subscribe()
    }

    /// Forget a job that is over.
    pub fn forget(&self, number: JobNumber) {
        self.0.send_if_modified(|book| book.jobs.get(&number).is_some_and(Job::is_over) && book.jobs.remove(&number).is_some());
    }

    /// Ask every job to stop: the house closes.
    pub fn cancel_all(&self) {
        self.0.borrow().jobs().for_each(Job::cancel);
    }
}

fn start(number: JobNumber, kind: Kind, work: impl FnOnce(&Teller, &Cancel) -> Result<Findings, Stop> + Send + 'static) -> Job {
    let (job, view) = Job::new(number, kind);
    let cancel = job.cancel.clone();
    tokio::task::spawn_blocking(move || {
        let teller = Teller(view);
        over(number, &teller, catch_unwind(AssertUnwindSafe(|| work(&teller, &cancel))).ok(), Journal::LacksTheCause);
    });
    job
}

/// Whether whoever did the work has told the journal why it failed.
enum Journal {
    HasTheCause,
    LacksTheCause,
}

/// Tell how a job ended; nothing comes of one that fails by a fault of the program.
fn over(number: JobNumber, teller: &Teller, ended: Option<Result<Findings, Stop>>, journal: Journal) {
    let state = match ended {
        Some(Ok(findings)) => State::Done(findings),
        Some(Err(Stop::Cancelled)) => State::Cancelled,
        Some(Err(Stop::Failed(why))) => State::Failed(why),
        None => State::Failed("a fault of the program; `journalctl -u switchhook` says more".to_owned()),
    };
    match (&state, journal) {
        (State::Failed(why), Journal::LacksTheCause) => log::warn!(event = "job-failed", job = number.get(); "job {number} failed: {why}"),
        (other, _) => log::info!(event = "job-over", job = number.get(); "job {number} is over: {}", other.as_str()),
    }
    teller.ended(state);
}

#[cfg(test)]
mod tests;
