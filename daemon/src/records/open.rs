//! Opening the file: lock, key, settings, schema, and what a crash left behind.

use std::ffi::OsString;
use std::fs::{File, OpenOptions, Permissions, TryLockError};
use std::io::{ErrorKind, Read};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use rusqlite::{Connection, OpenFlags};
use rusqlite_migration::{M, Migrations};

use super::RecordsError;
use super::key::{FileKey, SALT};
use crate::config::Secret;

/// One file per step; a step that was released is never changed.
const STEPS: &[M<'static>] = &[
    M::up(include_str!("migrations/0001_calls.sql")),
    M::up(include_str!("migrations/0002_consents.sql")),
    M::up(include_str!("migrations/0003_tasks.sql")),
    M::up(include_str!("migrations/0004_reports.sql")),
    M::up(include_str!("migrations/0005_promises.sql")),
    M::up(include_str!("migrations/0006_hand_overs.sql")),
    M::up(include_str!("migrations/0007_done_tasks.sql")),
    M::up(include_str!("migrations/0008_looks.sql")),
    M::up(include_str!("migrations/0009_generations.sql")),
    M::up(include_str!("migrations/0010_permits.sql")),
];
pub(super) const MIGRATIONS: Migrations<'static> = Migrations::from_slice(STEPS);
/// The newest schema.
pub(super) const NEWEST: usize = STEPS.len();

/// Before the key: SQLCipher says nothing on its own (our errors do), and wipes what it frees, since that held what callers said.
const BEFORE_KEY: &str = "PRAGMA cipher_log_level = NONE; PRAGMA cipher_memory_security = ON;";

/// A commit is on the disk when it returns (WAL with synchronous = FULL), and what is deleted is overwritten.
const SETTINGS: &str = "
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = FULL;
    PRAGMA foreign_keys = ON;
    PRAGMA secure_delete = ON;
    PRAGMA busy_timeout = 5000;
    PRAGMA temp_store = MEMORY;
    PRAGMA trusted_schema = OFF;
    PRAGMA journal_size_limit = 4194304;
";

/// How every system of this house names an end that nobody saw: the last moment that is on record for the call.
const CLOSE_LEFT_OPEN: &str = "
    UPDATE calls SET outcome = 'fault', ended_us = max(
        started_us,
        coalesce((SELECT max(ended_us) FROM disclosures WHERE call = calls.id), started_us),
        coalesce((SELECT max(at_us) FROM turns WHERE call = calls.id), started_us),
        coalesce((SELECT max(at_us) FROM consents WHERE call = calls.id), started_us),
        coalesce((SELECT max(at_us) FROM tasks WHERE call = calls.id), started_us))
    WHERE ended_us IS NULL";

/// An open database. Fields are dropped in this order: the lock goes last.
pub(super) struct Database {
    pub connection: Connection,
    pub path: PathBuf,
    _lock: File,
}

/// Open the file at `path`, or make it, bring it to the newest schema, and close the calls that were left open.
pub(super) fn open(path: &Path, secret: &Secret) -> Result<Database, RecordsError> {
    let lock = lock(path)?;
    let mut connection = unlock(path, secret)?;
    let refused = |error| RecordsError::of_sqlite(path, error);
    connection.execute_batch(SETTINGS).map_err(refused)?;
    migrate(&mut connection, path)?;
    let left_open = connection.execute(CLOSE_LEFT_OPEN, []).map_err(refused)?;
    if left_open > 0 {
        log::warn!(event = "calls-left-open", calls = left_open; "calls were left open by a crash or a power cut; their outcome is `fault`");
    }
    Ok(Database { connection, path: path.to_owned(), _lock: lock })
}

/// The database as an older program left it.
#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
pub(super) fn at_version(path: &Path, secret: &Secret, version: usize) -> Database {
    let lock = lock(path).unwrap();
    let mut connection = unlock(path, secret).unwrap();
    connection.execute_batch(SETTINGS).unwrap();
    MIGRATIONS.to_version(&mut connection, version).unwrap();
    Database { connection, path: path.to_owned(), _lock: lock }
}

/// Nobody else has this file as long as the returned one is open. It is a file of its own, because closing any handle of the database
/// itself would take SQLite's locks away (POSIX locks belong to the process).
fn lock(path: &Path) -> Result<File, RecordsError> {
    let path_of_lock = beside(path, ".lock");
    let unreachable = |source| RecordsError::Unreachable { path: path_of_lock.clone(), source };
    let file = private().read(true).write(true).create(true).truncate(false).open(&path_of_lock).map_err(unreachable)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(RecordsError::InUse { path: path.to_owned() }),
        Err(TryLockError::Error(source)) => Err(unreachable(source)),
    }
}

/// A connection that can read the file.
fn unlock(path: &Path, secret: &Secret) -> Result<Connection, RecordsError> {
    let refused = |error| RecordsError::of_sqlite(path, error);
    let key = match salt(path)? {
        None => FileKey::fresh(secret)?,
        Some(salt) if &salt == b"SQLite format 3\0" => return Err(RecordsError::Unencrypted { path: path.to_owned() }),
        Some(salt) => FileKey::of_file(secret, salt)?.ok_or_else(|| RecordsError::WrongKey { path: path.to_owned() })?,
    };
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags).map_err(refused)?;
    connection.execute_batch(BEFORE_KEY).map_err(refused)?;
    connection.execute_batch(&key.pragma()).map_err(refused)?;
    // Only now is the file read.
    connection.query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(())).map_err(refused)?;
    Ok(connection)
}

/// The salt of the file at `path`, which is made if it is not there, and which nobody else may read from now on. `None` if it is new.
fn salt(path: &Path) -> Result<Option<[u8; SALT]>, RecordsError> {
    let read = || {
        // SQLite gives its -wal and -shm files the mode of this one.
        let mut file = private().read(true).write(true).create(true).truncate(false).open(path)?;
        file.set_permissions(Permissions::from_mode(0o600))?;
        if file.metadata()?.len() == 0 {
            let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or_else(|| Path::new("."));
            File::open(folder)?.sync_all()?;
            return Ok(None);
        }
        let mut salt = [0; SALT];
        file.read_exact(&mut salt)?;
        Ok(Some(salt))
    };
    read().map_err(|source: std::io::Error| match source.kind() {
        ErrorKind::UnexpectedEof => RecordsError::Damaged { path: path.to_owned(), what: "cut off after a few bytes".into() },
        _ => RecordsError::Unreachable { path: path.to_owned(), source },
    })
}

fn migrate(connection: &mut Connection, path: &Path) -> Result<(), RecordsError> {
    let found: i64 =
        connection.query_row("PRAGMA user_version", [], |row| row.get(0)).map_err(|error| RecordsError::of_sqlite(path, error))?;
    if usize::try_from(found).is_ok_and(|found| found > NEWEST) {
        return Err(RecordsError::Newer { path: path.to_owned(), found, known: NEWEST });
    }
    MIGRATIONS.to_latest(connection).map_err(|error| match error {
        rusqlite_migration::Error::RusqliteError { err, .. } => RecordsError::of_sqlite(path, err),
        other => RecordsError::Damaged { path: path.to_owned(), what: other.to_string() },
    })
}

fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.mode(0o600);
    options
}

/// The file beside `path` whose name is longer by `ending`.
pub(super) fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(ending);
    PathBuf::from(name)
}
