//! What callers said that nothing was made of.

use jiff::Timestamp;
use rusqlite::{Connection, Result};

use super::CallId;
use super::tables::{call_id, time};

/// What a turn is understood as that the scenario had nothing for.
const NOTHING: &str = "nothing";

/// A turn that was not understood. Personal data.
#[derive(Clone, PartialEq, Eq)]
pub struct NotUnderstood {
    /// The call.
    pub call: CallId,
    /// When.
    pub at: Timestamp,
    /// What was heard.
    pub said: String,
}

/// What was heard and not understood since then while this scenario was followed, the latest first, and no more than `limit`.
pub(super) fn latest(db: &Connection, scenario: &str, since: Timestamp, limit: u32) -> Result<Vec<NotUnderstood>> {
    db.prepare_cached(
        "SELECT turns.call, turns.at_us, turns.heard FROM calls JOIN turns ON turns.call = calls.id
         WHERE calls.scenario = ?1 AND calls.started_us >= ?2 AND turns.understood = ?3 AND turns.heard <> ''
         ORDER BY calls.id DESC, turns.ordinal DESC LIMIT ?4",
    )?
    .query_map((scenario, since.as_microsecond(), NOTHING, limit), |row| {
        Ok(NotUnderstood { call: call_id(row, 0)?, at: time(row, 1)?, said: row.get(2)? })
    })?
    .collect()
}
