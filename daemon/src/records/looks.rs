//! The table of who looked at callers' data.

use rusqlite::{Connection, Result, params};

use super::Look;
use super::tables::time;
use crate::config::CallId;

pub(super) fn write(db: &Connection, look: &Look) -> Result<()> {
    let call = look.call.map(CallId::simple);
    db.prepare_cached("INSERT INTO looks (at_us, by_user, what, call) VALUES (?1, ?2, ?3, ?4)")?.execute(params![
        look.at.as_microsecond(),
        look.by,
        look.at_what,
        call
    ])?;
    Ok(())
}

pub(super) fn latest(db: &Connection, limit: u32) -> Result<Vec<Look>> {
    db.prepare_cached("SELECT at_us, by_user, what, call FROM looks ORDER BY number DESC LIMIT ?1")?
        .query_map([limit], |row| {
            let call: Option<String> = row.get(3)?;
            Ok(Look { at: time(row, 0)?, by: row.get(1)?, at_what: row.get(2)?, call: call.as_deref().and_then(CallId::parse) })
        })?
        .collect()
}
