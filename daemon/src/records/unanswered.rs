//! What callers said that nothing was made of. Personal data.

use jiff::Timestamp;
use rusqlite::{Connection, Result};

/// What a turn is understood as that the scenario had nothing for.
const NOTHING: &str = "nothing";

/// What was heard and not understood since then while this scenario was followed, the latest first, and no more than `limit`.
pub(super) fn latest(db: &Connection, scenario: &str, since: Timestamp, limit: u32) -> Result<Vec<String>> {
    db.prepare_cached(
        "SELECT turns.heard FROM calls JOIN turns ON turns.call = calls.id
         WHERE calls.scenario = ?1 AND calls.started_us >= ?2 AND turns.understood = ?3 AND turns.heard <> ''
         ORDER BY calls.id DESC, turns.ordinal DESC LIMIT ?4",
    )?
    .query_map((scenario, since.as_microsecond(), NOTHING, limit), |row| row.get(0))?
    .collect()
}
