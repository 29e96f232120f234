//! What is handed out of the record: everything there is of some calls, a call at a time, so that what calls write meanwhile never waits for long.

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Result, ToSql};

use super::model::{CallEntry, Task, TurnRecord};
use super::{CallId, Report, Selection, reports, tables};

/// Everything on record of a call.
#[derive(Clone, Debug, PartialEq)]
pub struct Whole {
    /// The call.
    pub call: CallEntry,
    /// Its exchanges, in order.
    pub turns: Vec<TurnRecord>,
    /// What the caller left for people to do, in order.
    pub tasks: Vec<Task>,
    /// What became of it, if it is over and was answered.
    pub report: Option<Report>,
}

/// Which calls are meant: `?1` to `?3` are a selection's [`bounds`].
const MEANT: &str = "(?1 IS NULL OR number = ?1) AND (?2 IS NULL OR started_us >= ?2) AND (?3 IS NULL OR started_us < ?3)";

fn bounds(which: &Selection) -> [Box<dyn ToSql>; 3] {
    let Selection { number, since, until } = which;
    [Box::new(number.clone()), Box::new(since.map(Timestamp::as_microsecond)), Box::new(until.map(Timestamp::as_microsecond))]
}

/// How many they are.
pub(super) fn count(db: &Connection, which: &Selection) -> Result<u64> {
    let [number, since, until] = bounds(which);
    let counted: i64 = db
        .prepare_cached(&format!("SELECT count(*) FROM calls WHERE {MEANT}"))?
        .query_row([&*number, &*since, &*until], |row| row.get(0))?;
    Ok(counted.unsigned_abs())
}

/// The first of them that began after this one, or the first of all.
pub(super) fn after(db: &mut Connection, which: &Selection, last: Option<CallId>) -> Result<Option<Whole>> {
    // As it stands at one moment, whatever the call writes meanwhile.
    let db = db.transaction()?;
    let [number, since, until] = bounds(which);
    let last = last.map(CallId::simple).unwrap_or_default();
    let next = db
        .prepare_cached(&format!("SELECT id FROM calls WHERE id > ?4 AND {MEANT} ORDER BY id LIMIT 1"))?
        .query_row([&*number, &*since, &*until, &last], |row| tables::call_id(row, 0))
        .optional()?;
    let Some(id) = next else { return Ok(None) };
    let Some(call) = tables::call(&db, id)? else { return Ok(None) };
    Ok(Some(Whole { call, turns: tables::turns(&db, id)?, tasks: tables::messages(&db, id)?, report: reports::read(&db, id)? }))
}
