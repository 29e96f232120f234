//! Look-ups: what a flow wants to know and no caller tells, asked of something local: a table in a file ([`csv`]), a database ([`sqlite`]), a calendar
//! ([`calendar`]), a program in a sandbox ([`program`]), a service on the office's own network ([`http`]).
//!
//! A query says what it is about in text, and never how: it names columns and values, and each kind asks in its own safe way. Whatever goes wrong is one
//! line of the journal and [`Found::Failed`] for the dialog. A look-up that is late is given up: what it would have written is not written then.

pub mod calendar;
mod csv;
mod error;
mod http;
mod program;
pub mod query;
mod rehearsed;
pub mod sandbox;
mod sqlite;
mod table;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use tokio::sync::Semaphore;
use tokio::time::timeout;

use crate::config;
use crate::lookups::query::{Found, Place, Query};
pub use error::LookUpError;
pub(crate) use rehearsed::Rehearsed;

/// So many look-ups at once: more would only wait for the same disk.
const AT_ONCE: usize = 4;
/// So many more may wait. One more is not carried out: its caller would wait for longer than it may take anyway.
const MOST_WAITING: usize = 16;

/// Carries look-ups out. Cheap to clone.
#[derive(Clone)]
pub struct LookUps {
    shared: Arc<Shared>,
}

struct Shared {
    folders: Folders,
    hosts: Vec<String>,
    launcher: Option<PathBuf>,
    at_work: Arc<Semaphore>,
    places: Arc<Semaphore>,
}

/// Where the files of a scenario's look-ups lie.
#[derive(Clone, Debug)]
pub(crate) struct Folders {
    /// What the office keeps up to date, and the robot writes.
    pub(crate) data: PathBuf,
    /// Where else files may lie, those that go before others first.
    pub(crate) others: Vec<PathBuf>,
}

impl Folders {
    /// The file of that name: the office's, if there is one.
    fn file(&self, name: &Path) -> PathBuf {
        let mut all = std::iter::once(&self.data).chain(&self.others).map(|folder| folder.join(name));
        all.find(|file| file.exists()).unwrap_or_else(|| self.written(name))
    }

    /// The file of that name which is written.
    fn written(&self, name: &Path) -> PathBuf {
        self.data.join(name)
    }
}

impl LookUps {
    /// For the scenario in this folder, which has this name.
    #[must_use]
    pub fn of(settings: &config::LookUps, scenario: &Path, name: &str) -> Self {
        let folders = Folders { data: settings.data.join(name), others: vec![scenario.to_owned()] };
        // The sandbox is built by this same program, started anew.
        let launcher = std::env::current_exe().ok();
        let hosts = settings.hosts.clone();
        let (at_work, places) = (Arc::new(Semaphore::new(AT_ONCE)), Arc::new(Semaphore::new(AT_ONCE + MOST_WAITING)));
        Self { shared: Arc::new(Shared { folders, hosts, launcher, at_work, places }) }
    }

    /// The same, where programs are started by this one: a `switchhookd`.
    #[must_use]
    pub fn launched_by(self, launcher: PathBuf) -> Self {
        let Shared { folders, hosts, at_work, places, .. } = &*self.shared;
        let (folders, hosts, at_work, places) = (folders.clone(), hosts.clone(), Arc::clone(at_work), Arc::clone(places));
        Self { shared: Arc::new(Shared { folders, hosts, launcher: Some(launcher), at_work, places }) }
    }

    /// Look it up, within its time.
    pub async fn find(&self, query: Query) -> Found {
        let (name, within) = (query.of.name.clone(), query.of.within);
        let Ok(_place) = self.shared.places.try_acquire() else {
            log::warn!(event = "look-up-failed", lookup = name.as_str(); "look-up {name} is not carried out: {MOST_WAITING} wait already");
            return Found::Failed;
        };
        match timeout(within, self.carried_out(query, Instant::now() + within)).await {
            Ok(Ok(found)) => found,
            Ok(Err(error)) => failed(&name, &error),
            Err(_late) => late(&name),
        }
    }

    async fn carried_out(&self, query: Query, deadline: Instant) -> Result<Found, LookUpError> {
        let at_work = Arc::clone(&self.shared.at_work).acquire_owned().await.map_err(|_| LookUpError::Late)?;
        match &query.of.at {
            Place::Http(url) => http::ask(url, &self.shared.hosts, &query).await,
            Place::Program(program) => {
                let launcher = self.shared.launcher.as_deref().ok_or_else(|| LookUpError::sandbox("this program cannot find itself"))?;
                program::run(launcher, &self.shared.folders.file(program), &query).await
            }
            Place::Csv(_) | Place::Sqlite { .. } | Place::Calendar(_) => {
                let folders = self.shared.folders.clone();
                let job = tokio::task::spawn_blocking(move || {
                    // The place is taken for as long as the work goes on, whoever still waits for it.
                    let _at_work = at_work;
                    in_files(&folders, &query, deadline)
                });
                job.await.map_err(|_| LookUpError::sandbox("it failed"))?
            }
        }
    }
}

/// Look something up in a file. Blocking.
pub(crate) fn in_files(folders: &Folders, query: &Query, deadline: Instant) -> Result<Found, LookUpError> {
    match &query.of.at {
        Place::Csv(file) => csv::find(&folders.file(file), query),
        Place::Sqlite { file, table } => sqlite::find(&folders.file(file), table, query, deadline),
        Place::Calendar(calendar) => {
            calendar::carry_out(&folders.written(&calendar.file), &folders.file(&calendar.file), calendar, query, deadline)
        }
        Place::Program(_) | Place::Http(_) => Err(LookUpError::NotHere),
    }
}

pub(crate) fn failed(name: &str, error: &LookUpError) -> Found {
    if matches!(error, LookUpError::Late) {
        return late(name);
    }
    log::error!(event = "look-up-failed", lookup = name; "look-up {name} failed: {error}");
    Found::Failed
}

fn late(name: &str) -> Found {
    log::warn!(event = "look-up-late", lookup = name; "look-up {name} took longer than its scenario allows; give it more time with `within`, or make it quicker");
    Found::TooSlow
}

#[cfg(test)]
mod tests;
