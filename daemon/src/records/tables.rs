//! From the records' types to rows and back.

use std::time::Duration;

use jiff::Timestamp;
use rusqlite::types::Type;
use rusqlite::{Connection, Error, ErrorCode, OptionalExtension, Result, Row, ffi, params};

use super::{CallEntry, CallRecord, Consent, ConsentPurpose, DisclosureRecord, Ending, Message, Task, TaskNumber, TurnRecord};
use crate::config::Generation;
use crate::policy::Ground;
use crate::records::CallId;

pub(super) fn begin_call(db: &Connection, call: &CallRecord) -> Result<()> {
    db.prepare_cached(
        "INSERT INTO calls (id, line, number, name, scenario, scenario_version, started_us, generation, permit)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
    )?
    .execute(params![
        call.id.simple(),
        call.line,
        call.number,
        call.name,
        call.scenario,
        call.scenario_version,
        call.started.as_microsecond(),
        call.generation.map(|generation| i64::try_from(generation.get()).unwrap_or(i64::MAX)),
        call.permit.map(Ground::as_str)
    ])?;
    Ok(())
}

pub(super) fn disclosed(db: &Connection, call: CallId, told: &DisclosureRecord) -> Result<()> {
    db.prepare_cached("INSERT INTO disclosures (call, text, language, started_us, ended_us) VALUES (?1, ?2, ?3, ?4, ?5)")?
        .execute(params![call.simple(), told.text, told.language, told.started.as_microsecond(), told.ended.as_microsecond()])?;
    Ok(())
}

pub(super) fn turn(db: &Connection, call: CallId, turn: &TurnRecord) -> Result<()> {
    db.prepare_cached(
        "INSERT INTO turns (call, ordinal, at_us, heard, confidence, understood, action, said, source, latency_us)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
    )?
    .execute(params![
        call.simple(),
        turn.index,
        turn.at.as_microsecond(),
        turn.heard,
        turn.confidence,
        turn.understood,
        turn.action,
        turn.said,
        turn.source,
        turn.latency.map(|latency| i64::try_from(latency.as_micros()).unwrap_or(i64::MAX))
    ])?;
    Ok(())
}

pub(super) fn consent(db: &Connection, call: CallId, consent: &Consent) -> Result<()> {
    db.prepare_cached("INSERT INTO consents (call, purpose, question, answer, granted, at_us) VALUES (?1, ?2, ?3, ?4, ?5, ?6)")?.execute(
        params![call.simple(), consent.purpose.as_str(), consent.question, consent.answer, consent.granted, consent.at.as_microsecond()],
    )?;
    Ok(())
}

pub(super) fn message(db: &Connection, call: CallId, message: &Message) -> Result<TaskNumber> {
    db.prepare_cached("INSERT INTO tasks (call, recipient, sender, callback, text, confirmed, at_us, about, promised_us) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)")?
        .insert(params![
            call.simple(),
            message.recipient,
            message.from,
            message.callback,
            message.text,
            message.confirmed,
            message.at.as_microsecond(),
            message.about,
            message.promised.map(Timestamp::as_microsecond)
        ])
        .map(TaskNumber)
}

/// Whether there is such a task. One that is done stays done since then.
pub(super) fn task_done(db: &Connection, number: TaskNumber, done: Option<Timestamp>) -> Result<bool> {
    let done = done.map(Timestamp::as_microsecond);
    let known = db
        .prepare_cached("UPDATE tasks SET done_us = CASE WHEN ?2 IS NULL THEN NULL ELSE coalesce(done_us, ?2) END WHERE number = ?1")?
        .execute(params![number.0, done])?;
    Ok(known == 1)
}

/// Whether the call is on record.
pub(super) fn end_call(db: &Connection, call: CallId, outcome: &str, ended: Timestamp) -> Result<bool> {
    let closed = db.prepare_cached("UPDATE calls SET outcome = ?2, ended_us = ?3 WHERE id = ?1 AND ended_us IS NULL")?.execute(params![
        call.simple(),
        outcome,
        ended.as_microsecond()
    ])?;
    if closed > 0 {
        return Ok(true);
    }
    db.prepare_cached("SELECT 1 FROM calls WHERE id = ?1")?.exists([call.simple()])
}

const CALL: &str =
    "SELECT id, line, number, name, scenario, scenario_version, started_us, ended_us, outcome, generation, permit FROM calls";

pub(super) fn call(db: &Connection, call: CallId) -> Result<Option<CallEntry>> {
    let entry = db.prepare_cached(&format!("{CALL} WHERE id = ?1"))?.query_row([call.simple()], call_row).optional()?;
    entry.map(|entry| with_evidence(db, entry)).transpose()
}

pub(super) fn calls(db: &Connection, limit: u32) -> Result<Vec<CallEntry>> {
    let entries =
        db.prepare_cached(&format!("{CALL} ORDER BY id DESC LIMIT ?1"))?.query_map([limit], call_row)?.collect::<Result<Vec<_>>>()?;
    entries.into_iter().map(|entry| with_evidence(db, entry)).collect()
}

pub(super) fn turns(db: &Connection, call: CallId) -> Result<Vec<TurnRecord>> {
    db.prepare_cached(
        "SELECT ordinal, at_us, heard, confidence, understood, action, said, source, latency_us FROM turns WHERE call = ?1 ORDER BY ordinal",
    )?
    .query_map([call.simple()], |row| {
        Ok(TurnRecord {
            index: row.get(0)?,
            at: time(row, 1)?,
            heard: row.get(2)?,
            confidence: row.get(3)?,
            understood: row.get(4)?,
            action: row.get(5)?,
            said: row.get(6)?,
            source: row.get(7)?,
            latency: row.get::<_, Option<i64>>(8)?.map(|us| Duration::from_micros(us.unsigned_abs())),
        })
    })?
    .collect()
}

const TASK: &str = "SELECT number, call, recipient, sender, callback, text, confirmed, at_us, about, promised_us, done_us FROM tasks";

pub(super) fn messages(db: &Connection, call: CallId) -> Result<Vec<Task>> {
    db.prepare_cached(&format!("{TASK} WHERE call = ?1 ORDER BY number"))?.query_map([call.simple()], task_row)?.collect()
}

pub(super) fn latest_messages(db: &Connection, limit: u32) -> Result<Vec<Task>> {
    db.prepare_cached(&format!("{TASK} ORDER BY number DESC LIMIT ?1"))?.query_map([limit], task_row)?.collect()
}

/// The first thing that is wrong with the file: a page whose authentication code does not fit, or a table that does not fit its index.
pub(super) fn first_fault(db: &Connection) -> Result<Option<String>> {
    let forged = db.query_row("PRAGMA cipher_integrity_check", [], |row| row.get::<_, String>(0)).optional()?;
    if forged.is_some() {
        return Ok(forged);
    }
    let said: String = db.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))?;
    Ok((said != "ok").then_some(said))
}

/// Whether SQLite refused a row because its call is not on record.
pub(super) fn is_unknown_call(error: &Error) -> bool {
    matches!(
        error,
        Error::SqliteFailure(ffi::Error { code: ErrorCode::ConstraintViolation, extended_code: ffi::SQLITE_CONSTRAINT_FOREIGNKEY }, _)
    )
}

fn call_row(row: &Row<'_>) -> Result<CallEntry> {
    let record = CallRecord {
        id: call_id(row, 0)?,
        line: row.get(1)?,
        number: row.get(2)?,
        name: row.get(3)?,
        scenario: row.get(4)?,
        scenario_version: row.get(5)?,
        generation: row.get::<_, Option<i64>>(9)?.map(|number| Generation::of(number.unsigned_abs())),
        permit: row.get_ref(10)?.as_str_or_null()?.map(ground).transpose()?,
        started: time(row, 6)?,
    };
    let ending = match row.get::<_, Option<String>>(8)? {
        Some(outcome) => Some(Ending { outcome, at: time(row, 7)? }),
        None => None,
    };
    Ok(CallEntry { record, disclosures: Vec::new(), consents: Vec::new(), ending })
}

fn with_evidence(db: &Connection, mut entry: CallEntry) -> Result<CallEntry> {
    let call = entry.record.id.simple();
    entry.disclosures = db
        .prepare_cached("SELECT text, language, started_us, ended_us FROM disclosures WHERE call = ?1 ORDER BY started_us")?
        .query_map([&call], |row| {
            Ok(DisclosureRecord { text: row.get(0)?, language: row.get(1)?, started: time(row, 2)?, ended: time(row, 3)? })
        })?
        .collect::<Result<_>>()?;
    entry.consents = db
        .prepare_cached("SELECT purpose, question, answer, granted, at_us FROM consents WHERE call = ?1 ORDER BY number")?
        .query_map([&call], |row| {
            Ok(Consent { purpose: purpose(row, 0)?, question: row.get(1)?, answer: row.get(2)?, granted: row.get(3)?, at: time(row, 4)? })
        })?
        .collect::<Result<_>>()?;
    Ok(entry)
}

fn task_row(row: &Row<'_>) -> Result<Task> {
    let moment = |column| row.get::<_, Option<i64>>(column)?.map(|_| time(row, column)).transpose();
    let message = Message {
        recipient: row.get(2)?,
        from: row.get(3)?,
        callback: row.get(4)?,
        text: row.get(5)?,
        confirmed: row.get(6)?,
        at: time(row, 7)?,
        about: row.get(8)?,
        promised: moment(9)?,
    };
    Ok(Task { number: TaskNumber(row.get(0)?), call: call_id(row, 1)?, message, done: moment(10)? })
}

pub(super) fn time(row: &Row<'_>, column: usize) -> Result<Timestamp> {
    Timestamp::from_microsecond(row.get(column)?).map_err(|error| Error::FromSqlConversionFailure(column, Type::Integer, Box::new(error)))
}

pub(super) fn call_id(row: &Row<'_>, column: usize) -> Result<CallId> {
    CallId::parse(row.get_ref(column)?.as_str()?).ok_or_else(|| unreadable(column, "not a call's name"))
}

fn ground(word: &str) -> Result<Ground> {
    Ground::parse(word).ok_or_else(|| unreadable(10, "not a known ground for a call"))
}

fn purpose(row: &Row<'_>, column: usize) -> Result<ConsentPurpose> {
    ConsentPurpose::parse(row.get_ref(column)?.as_str()?).ok_or_else(|| unreadable(column, "not a known purpose"))
}

pub(super) fn unreadable(column: usize, what: &'static str) -> Error {
    Error::FromSqlConversionFailure(column, Type::Text, what.into())
}
