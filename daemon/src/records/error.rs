//! What can go wrong with the records, and what the admin can do about it.

use std::path::PathBuf;

use rusqlite::ErrorCode;

use crate::config::WeakSecret;
use crate::records::{CallId, TaskNumber};

/// Why something could not be recorded or read. None of these texts holds a key or what was recorded.
#[derive(Debug, thiserror::Error)]
pub enum RecordsError {
    /// The key is too short.
    #[error("the records cannot be encrypted: {0}, and hand it over as the credential that records.key_credential names")]
    WeakKey(#[from] WeakSecret),
    /// Another key made this file.
    #[error(
        "{path} was made with another key: hand over the credential it was made with, or restore a backup made with this one; to begin anew, move the file away"
    )]
    WrongKey {
        /// The database.
        path: PathBuf,
    },
    /// The key is right and the content is not.
    #[error(
        "{path} is damaged ({what}): check the disk, keep a copy of the file, and restore the last backup; to begin anew, move it and its -wal away"
    )]
    Damaged {
        /// The database.
        path: PathBuf,
        /// What was found.
        what: String,
    },
    /// A database in the clear.
    #[error("{path} is a database without encryption, which is never written here: move it away")]
    Unencrypted {
        /// The database.
        path: PathBuf,
    },
    /// A newer Switchhook wrote the file.
    #[error(
        "{path} was written by a newer Switchhook (schema {found}, this one knows {known}): install that version again, or restore a backup made before the upgrade"
    )]
    Newer {
        /// The database.
        path: PathBuf,
        /// The file's schema.
        found: i64,
        /// The newest schema that this program knows.
        known: usize,
    },
    /// Another process has the file.
    #[error("{path} is in use by another switchhookd: stop that one first")]
    InUse {
        /// The database.
        path: PathBuf,
    },
    /// The file cannot be reached.
    #[error("{path} cannot be opened: {source}; the folder must exist and belong to the service's user")]
    Unreachable {
        /// The database, or the lock beside it.
        path: PathBuf,
        /// The system's reason.
        source: std::io::Error,
    },
    /// The disk is full.
    #[error("{path} cannot grow: the disk is full; free some space")]
    Full {
        /// The database.
        path: PathBuf,
    },
    /// Something was to be recorded of a call that never began.
    #[error("call {0} is not on record")]
    UnknownCall(CallId),
    /// Something was to be said of a task that nobody left.
    #[error("there is no task {0}; `switchhookctl messages` lists those there are")]
    UnknownTask(TaskNumber),
    /// This request failed by a fault of the program.
    #[error("the records failed by a fault of the program; please report it with the journal's lines around this one")]
    Fault,
    /// The records were closed, or their thread is gone.
    #[error("the records are closed")]
    Closed,
    /// Anything else that SQLite refuses.
    #[error("{path} refuses to work: {source}")]
    Refused {
        /// The database.
        path: PathBuf,
        /// SQLite's reason.
        source: rusqlite::Error,
    },
}

impl RecordsError {
    /// What an error of SQLite means for the file at `path`.
    pub(super) fn of_sqlite(path: &std::path::Path, source: rusqlite::Error) -> Self {
        let path = path.to_owned();
        match source.sqlite_error_code() {
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => Self::Damaged { path, what: source.to_string() },
            // So SQLite names a page that the cipher could not give it. Linux kills before it runs out of memory for a page.
            Some(ErrorCode::OutOfMemory) => Self::Damaged { path, what: "a page cannot be decrypted".into() },
            Some(ErrorCode::DiskFull) => Self::Full { path },
            _ => Self::Refused { path, source },
        }
    }
}
