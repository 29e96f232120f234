//! What became of calls, from the dialog's types to rows and back.

use std::time::Duration;

use rusqlite::types::Type;
use rusqlite::{Connection, Error, OptionalExtension, Result, Row, params};

use super::tables::{self, call_id, unreadable};
use super::{CallEntry, CallId};
use crate::dialog::report::{Errand, Goal, HandOver, HandOverEnd, Rating, Report, Tag};

pub(super) fn write(db: &mut Connection, call: CallId, report: &Report) -> Result<()> {
    let (call, rows) = (call.simple(), db.transaction()?);
    rows.prepare_cached("INSERT INTO reports (call, reached, why, complaint, satisfaction, summary) VALUES (?1, ?2, ?3, ?4, ?5, ?6)")?
        .execute(params![
            call,
            report.goal.is_reached(),
            report.goal.why(),
            report.complaint,
            report.satisfaction.map(Rating::get),
            report.summary
        ])?;
    for (ordinal, errand) in (0_i64..).zip(&report.errands) {
        let told = serde_json::to_string(&errand.told).map_err(|error| Error::ToSqlConversionFailure(error.into()))?;
        rows.prepare_cached("INSERT INTO errands (call, ordinal, flow, result, told) VALUES (?1, ?2, ?3, ?4, ?5)")?.execute(params![
            call,
            ordinal,
            errand.flow,
            errand.result,
            told
        ])?;
    }
    for (ordinal, HandOver { to, end, waited }) in (0_i64..).zip(&report.hand_overs) {
        let waited = i64::try_from(waited.as_millis()).unwrap_or(i64::MAX);
        rows.prepare_cached("INSERT INTO hand_overs (call, ordinal, person, result, waited_ms) VALUES (?1, ?2, ?3, ?4, ?5)")?
            .execute(params![call, ordinal, to, end.as_str(), waited])?;
    }
    for tag in &report.tags {
        rows.prepare_cached("INSERT INTO tags (call, tag) VALUES (?1, ?2)")?.execute(params![call, tag.as_str()])?;
    }
    rows.commit()
}

pub(super) fn read(db: &Connection, call: CallId) -> Result<Option<Report>> {
    let call = call.simple();
    let report = db
        .prepare_cached("SELECT reached, why, complaint, satisfaction, summary FROM reports WHERE call = ?1")?
        .query_row([&call], |row| {
            let (why, mark) = (row.get_ref(1)?.as_str()?, row.get::<_, Option<u8>>(3)?);
            Ok(Report {
                goal: Goal::read(row.get(0)?, why).ok_or_else(|| unreadable(1, "not why a goal was reached or missed"))?,
                errands: Vec::new(),
                hand_overs: Vec::new(),
                complaint: row.get(2)?,
                satisfaction: mark.map(|mark| Rating::new(mark).ok_or_else(|| unreadable(3, "not a mark"))).transpose()?,
                summary: row.get(4)?,
                tags: Vec::new(),
            })
        })
        .optional()?;
    let Some(mut report) = report else { return Ok(None) };
    report.errands = db
        .prepare_cached("SELECT flow, result, told FROM errands WHERE call = ?1 ORDER BY ordinal")?
        .query_map([&call], errand)?
        .collect::<Result<_>>()?;
    report.hand_overs = db
        .prepare_cached("SELECT person, result, waited_ms FROM hand_overs WHERE call = ?1 ORDER BY ordinal")?
        .query_map([&call], hand_over)?
        .collect::<Result<_>>()?;
    report.tags = db
        .prepare_cached("SELECT tag FROM tags WHERE call = ?1 ORDER BY tag")?
        .query_map([&call], |row| Tag::parse(row.get_ref(0)?.as_str()?).ok_or_else(|| unreadable(0, "not a known tag")))?
        .collect::<Result<_>>()?;
    Ok(Some(report))
}

/// The last calls that have one, newest first.
pub(super) fn latest(db: &Connection, limit: u32) -> Result<Vec<(CallEntry, Report)>> {
    let calls = db
        .prepare_cached("SELECT call FROM reports ORDER BY call DESC LIMIT ?1")?
        .query_map([limit], |row| call_id(row, 0))?
        .collect::<Result<Vec<_>>>()?;
    let both = |id| Ok(tables::call(db, id)?.zip(read(db, id)?));
    calls.into_iter().filter_map(|id| both(id).transpose()).collect()
}

fn hand_over(row: &Row<'_>) -> Result<HandOver> {
    let end = HandOverEnd::parse(row.get_ref(1)?.as_str()?).ok_or_else(|| unreadable(1, "not what came of a hand-over"))?;
    Ok(HandOver { to: row.get(0)?, end, waited: Duration::from_millis(u64::try_from(row.get::<_, i64>(2)?).unwrap_or_default()) })
}

fn errand(row: &Row<'_>) -> Result<Errand> {
    let told = serde_json::from_str(row.get_ref(2)?.as_str()?);
    let told = told.map_err(|error| Error::FromSqlConversionFailure(2, Type::Text, Box::new(error)))?;
    Ok(Errand { flow: row.get(0)?, result: row.get(1)?, told })
}
