//! A table of an SQLite database, which is only read. The statement is made here of the names that the scenario declares; what callers told is bound to it
//! and never part of it.

use std::path::Path;
use std::time::Instant;

use rusqlite::functions::FunctionFlags;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, OpenFlags, params_from_iter};

use super::LookUpError;
use super::table::same;
use crate::lookups::query::{Found, MOST_ROWS, Query, Row};

/// After so many steps of SQLite's machine it is looked whether there is time left.
const STEPS: i32 = 1_000;

/// The rows that hold everything that was told.
pub(super) fn find(path: &Path, table: &str, query: &Query, deadline: Instant) -> Result<Found, LookUpError> {
    if query.inputs.len() < query.of.inputs.len() {
        return Ok(Found::Nothing);
    }
    let wrong = |error| LookUpError::Database(path.to_owned(), error);
    let is_over = || Instant::now() >= deadline;
    let database = open(path, deadline).map_err(wrong)?;
    let found = rows(&database, table, query);
    match found {
        Err(_) if is_over() => Err(LookUpError::Late),
        Err(error) => Err(wrong(error)),
        Ok(rows) => Ok(Found::of(rows)),
    }
}

fn open(path: &Path, deadline: Instant) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let database = Connection::open_with_flags(path, flags)?;
    database.busy_timeout(deadline.saturating_duration_since(Instant::now()))?;
    // What the file declares (views, triggers, checks) runs nothing that could do harm.
    database.pragma_update(None, "trusted_schema", false)?;
    database.pragma_update(None, "query_only", true)?;
    database.progress_handler(STEPS, Some(move || Instant::now() >= deadline))?;
    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC | FunctionFlags::SQLITE_INNOCUOUS;
    database.create_scalar_function("switchhook_same", 2, flags, |values| Ok(same(&text(values.get_raw(0)), &text(values.get_raw(1)))))?;
    Ok(database)
}

fn rows(database: &Connection, table: &str, query: &Query) -> rusqlite::Result<Vec<Row>> {
    // A name behind a table's is never taken for a text, as SQLite else does with one that it does not know.
    let column = |name: &String| format!("t.{}", quoted(name));
    let wanted: Vec<&String> = query.of.outputs.iter().map(|(name, _)| name).collect();
    let columns = if wanted.is_empty() { "1".to_owned() } else { wanted.iter().map(|name| column(name)).collect::<Vec<_>>().join(", ") };
    let tests: Vec<String> =
        query.inputs.keys().enumerate().map(|(place, name)| format!("switchhook_same({}, ?{})", column(name), place + 1)).collect();
    let statement = format!("SELECT {columns} FROM {} AS t WHERE {} LIMIT {MOST_ROWS}", quoted(table), tests.join(" AND "));
    let mut statement = database.prepare(&statement)?;
    let found = statement.query_map(params_from_iter(query.inputs.values()), |row| {
        let cell = |(place, name): (usize, &&String)| Ok(((*name).clone(), text(row.get_ref(place)?)));
        wanted.iter().enumerate().map(cell).collect::<rusqlite::Result<Row>>()
    })?;
    found.collect()
}

/// A name as SQL has it.
fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

fn text(value: ValueRef<'_>) -> String {
    match value {
        ValueRef::Null | ValueRef::Blob(_) => String::new(),
        ValueRef::Integer(whole) => whole.to_string(),
        ValueRef::Real(real) => real.to_string(),
        ValueRef::Text(text) => String::from_utf8_lossy(text).into_owned(),
    }
}
