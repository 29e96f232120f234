//! A table of comma-separated values, with the names of its columns in the first line (RFC 4180). Spreadsheets write it; in UTF-8.

use std::fs::File;
use std::path::Path;

use ::csv::{Error, ErrorKind, ReaderBuilder, Trim};

use super::LookUpError;
use super::table::same;
use crate::lookups::query::{Found, MOST_ROWS, Query, Row};

/// No table is larger: it is read anew each time, so that what the office changes counts at once.
const LARGEST: u64 = 16 << 20;
/// What some spreadsheets begin a file in UTF-8 with.
const MARK: char = '\u{feff}';

/// The rows that hold everything that was told.
pub(super) fn find(path: &Path, query: &Query) -> Result<Found, LookUpError> {
    if query.inputs.len() < query.of.inputs.len() {
        // Something that it is found by was not told.
        return Ok(Found::Nothing);
    }
    let file = File::open(path).map_err(LookUpError::file(path))?;
    if file.metadata().map_err(LookUpError::file(path))?.len() > LARGEST {
        return Err(LookUpError::content(path, "is larger than 16 MiB; use an SQLite database"));
    }
    let mut reader = ReaderBuilder::new().trim(Trim::All).from_reader(file);
    let columns: Vec<String> = reader
        .headers()
        .map_err(|error| unread(path, &error))?
        .iter()
        .map(|name| name.trim_start_matches(MARK).trim().to_owned())
        .collect();
    let place = |name: &str| {
        columns
            .iter()
            .position(|column| column == name)
            .ok_or_else(|| LookUpError::content(path, format!("has no column `{name}`; its first line has: {}", columns.join(", "))))
    };
    let told = query.inputs.iter().map(|(name, told)| Ok((place(name)?, told))).collect::<Result<Vec<_>, LookUpError>>()?;
    for (name, _) in &query.of.outputs {
        place(name)?;
    }
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|error| unread(path, &error))?;
        if told.iter().all(|(place, told)| record.get(*place).is_some_and(|cell| same(cell, told))) {
            rows.push(columns.iter().cloned().zip(record.iter().map(str::to_owned)).collect::<Row>());
        }
        if rows.len() >= MOST_ROWS {
            break;
        }
    }
    Ok(Found::of(rows))
}

/// Without the row itself: it may be about somebody.
fn unread(path: &Path, error: &Error) -> LookUpError {
    let line = error.position().map_or(0, ::csv::Position::line);
    let what = match error.kind() {
        ErrorKind::Utf8 { .. } => "is not UTF-8; save it as CSV UTF-8",
        ErrorKind::UnequalLengths { .. } => "has more or fewer cells than the first line",
        _ => "cannot be read",
    };
    LookUpError::content(path, format!("line {line} {what}"))
}
