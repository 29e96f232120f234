//! A calendar in iCalendar form (RFC 5545): which times are free, whose appointments there are, and appointments booked, moved and cancelled.
//!
//! An appointment of ours is an event in UTC with three properties of its own: for whom, on which number, for what. People's events keep the calendar busy as they
//! stand, and are found by the words in them; nothing of theirs is lost when the calendar is written ([`text`], [`store`]).

mod event;
mod free;
mod recurrence;
mod store;
#[cfg(test)]
mod tests;
mod text;

use std::path::Path;
use std::time::{Duration, Instant};

use jiff::civil::DateTime;
use jiff::{SignedDuration, Timestamp, Zoned};
use uuid::Uuid;

use self::event::{Event, NAME, PHONE, SERVICE, moved};
use self::free::Busy;
use self::text::{Document, Line, escaped};
use super::LookUpError;
use crate::lookups::query::{Calendar, Does, Found, MOST_ROWS, Query, Row, comparable_number};

/// How the moment of a slot is written.
const WRITTEN: &str = "%Y-%m-%dT%H:%M";

/// Do what the look-up says. `path` is written; while there is none, `first` is what it begins as. Blocking.
pub(super) fn carry_out(path: &Path, first: &Path, calendar: &Calendar, query: &Query, deadline: Instant) -> Result<Found, LookUpError> {
    let wanted = Wanted { calendar, query };
    match calendar.does {
        Does::Free => Ok(wanted.free(&events(&store::read(path, first)?, &query.now))),
        Does::Find => Ok(wanted.find(&events(&store::read(path, first)?, &query.now))),
        Does::Book => store::change(path, first, deadline, |document| Ok(wanted.book(document))),
        Does::Move => store::change(path, first, deadline, |document| wanted.moved(document, path)),
        Does::Cancel => store::change(path, first, deadline, |document| wanted.cancel(document, path)),
    }
}

/// Check the text of a calendar: how many events it has that keep somebody busy in the three weeks from `now` on.
///
/// # Errors
/// Says what makes it no calendar.
pub fn check(text: &str, now: &Zoned) -> Result<usize, String> {
    let events = events(&Document::parse(text)?, now);
    let until = now.timestamp().saturating_add(SignedDuration::from_hours(21 * 24)).unwrap_or(Timestamp::MAX);
    let busy = |event: &&Event| !event.busy(&(now.timestamp()..until), &moved(&events, &event.uid)).is_empty();
    Ok(events.iter().filter(busy).count())
}

fn events(document: &Document, now: &Zoned) -> Vec<Event> {
    Event::all(document, now.time_zone())
}

/// What is wanted of a calendar.
struct Wanted<'a> {
    calendar: &'a Calendar,
    query: &'a Query,
}

impl Wanted<'_> {
    fn told(&self, name: &str) -> Option<&str> {
        self.query.inputs.get(name).map(String::as_str)
    }

    fn start(&self) -> Option<DateTime> {
        self.told("start")?.parse().ok()
    }

    fn length(&self) -> Duration {
        let by_service = self.told("service").and_then(|service| self.calendar.lengths.get(service));
        by_service.copied().unwrap_or(self.calendar.length)
    }

    /// The wanted time if it is free, else the nearest that are.
    fn free(&self, events: &[Event]) -> Found {
        let Some(start) = self.start() else { return Found::Nothing };
        let busy = Busy::around(start.date(), events, &self.query.now, self.told("uid"));
        if busy.is_free(start, self.length(), self.calendar) {
            return Found::One(self.row(start));
        }
        self.others(&busy, start, self.length())
    }

    fn others(&self, busy: &Busy, start: DateTime, length: Duration) -> Found {
        let nearest: Vec<Row> = busy.nearest(start, length, self.calendar).into_iter().map(|at| self.row(at)).collect();
        if nearest.is_empty() { Found::Nothing } else { Found::OneOf(nearest) }
    }

    fn row(&self, start: DateTime) -> Row {
        let mut row: Row = self.query.inputs.clone();
        row.insert("start".into(), start.strftime(WRITTEN).to_string());
        row
    }

    fn book(&self, document: &mut Document) -> (Found, bool) {
        let (Some(start), Some(name), Some(phone)) = (self.start(), self.told("name"), self.told("phone")) else {
            return (Found::Nothing, false);
        };
        let events = events(document, &self.query.now);
        let busy = Busy::around(start.date(), &events, &self.query.now, None);
        let length = self.length();
        if !busy.is_free(start, length, self.calendar) {
            return (self.others(&busy, start, length), false);
        }
        let Some((begin, end)) = self.ends(start, length) else { return (Found::Failed, false) };
        let uid = format!("{}@switchhook", Uuid::now_v7());
        let summary = self.told("service").map_or_else(|| name.to_owned(), |service| format!("{name} ({service})"));
        let mut lines = vec![
            Line::new("UID", &uid),
            Line::new("DTSTAMP", &utc(Timestamp::now())),
            Line::new("DTSTART", &utc(begin)),
            Line::new("DTEND", &utc(end)),
            Line::new("SUMMARY", &escaped(&summary)),
            Line::new("STATUS", "CONFIRMED"),
            Line::new("SEQUENCE", "0"),
            Line::new(NAME, &escaped(name)),
            Line::new(PHONE, &escaped(phone)),
        ];
        lines.extend(self.told("service").map(|service| Line::new(SERVICE, &escaped(service))));
        lines.extend(self.told("note").map(|note| Line::new("DESCRIPTION", &escaped(note))));
        document.add_event(lines);
        let mut row = self.row(start);
        row.insert("uid".into(), uid);
        (Found::One(row), true)
    }

    fn ends(&self, start: DateTime, length: Duration) -> Option<(Timestamp, Timestamp)> {
        let begin = self.query.now.time_zone().to_ambiguous_timestamp(start).compatible().ok()?;
        Some((begin, begin.checked_add(SignedDuration::try_from(length).ok()?).ok()?))
    }

    /// The caller's appointments that are to come, the next one first.
    fn find(&self, events: &[Event]) -> Found {
        let (Some(name), Some(phone)) = (self.told("name"), self.told("phone")) else { return Found::Nothing };
        let now = self.query.now.timestamp();
        let mut found: Vec<(Timestamp, &Event)> = events
            .iter()
            .filter(|event| event.busy && !event.uid.is_empty() && !event.is_recurring() && is_of(event, name, phone))
            .filter_map(|event| Some((event.start.timestamp().filter(|start| *start > now)?, event)))
            .collect();
        found.sort_by_key(|(start, _)| *start);
        Found::of(found.into_iter().take(MOST_ROWS).map(|(start, event)| self.found(start, event)).collect())
    }

    fn found(&self, start: Timestamp, event: &Event) -> Row {
        let start = start.to_zoned(self.query.now.time_zone().clone()).datetime();
        let mut row = Row::from([("uid".into(), event.uid.clone()), ("start".into(), start.strftime(WRITTEN).to_string())]);
        let known = [("name", &event.name), ("phone", &event.phone), ("service", &event.service)];
        row.extend(known.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value.clone()?))));
        row
    }

    /// The event of the `uid` that was found before; it may have gone in the meantime.
    fn by_uid(&self, document: &Document, path: &Path) -> Result<Option<Event>, LookUpError> {
        let uid = self.told("uid").unwrap_or_default();
        let all = events(document, &self.query.now);
        let mut found = all.into_iter().filter(|event| event.uid == uid && event.busy);
        match (found.next(), found.next()) {
            (Some(event), None) if !event.is_recurring() => Ok(Some(event)),
            (None, _) => Ok(None),
            _ => Err(LookUpError::content(path, "an appointment that recurs is no caller's to change")),
        }
    }

    fn moved(&self, document: &mut Document, path: &Path) -> Result<(Found, bool), LookUpError> {
        let (Some(start), Some(mut event)) = (self.start(), self.by_uid(document, path)?) else { return Ok((Found::Nothing, false)) };
        let length = Duration::try_from(event.length).unwrap_or(self.calendar.length);
        let busy = Busy::around(start.date(), &events(document, &self.query.now), &self.query.now, Some(&event.uid));
        if !busy.is_free(start, length, self.calendar) {
            return Ok((self.others(&busy, start, length), false));
        }
        let Some((begin, end)) = self.ends(start, length) else { return Ok((Found::Failed, false)) };
        document.set(&mut event.place, Line::new("DTSTART", &utc(begin)), "DTSTART");
        if document.property(&event.place, "DURATION").next().is_none() {
            document.set(&mut event.place, Line::new("DTEND", &utc(end)), "DTEND");
        }
        changed(document, &mut event);
        Ok((Found::One(self.row(start)), true))
    }

    fn cancel(&self, document: &mut Document, path: &Path) -> Result<(Found, bool), LookUpError> {
        let Some(mut event) = self.by_uid(document, path)? else { return Ok((Found::Nothing, false)) };
        let Some(start) = event.start.timestamp() else { return Ok((Found::Nothing, false)) };
        document.set(&mut event.place, Line::new("STATUS", "CANCELLED"), "STATUS");
        changed(document, &mut event);
        Ok((Found::One(self.found(start, &event)), true))
    }
}

/// Whoever else reads the calendar is told that this event is another one now.
fn changed(document: &mut Document, event: &mut Event) {
    let sequence = (event.sequence + 1).to_string();
    document.set(&mut event.place, Line::new("SEQUENCE", &sequence), "SEQUENCE");
    let now = utc(Timestamp::now());
    document.set(&mut event.place, Line::new("DTSTAMP", &now), "DTSTAMP");
    document.set(&mut event.place, Line::new("LAST-MODIFIED", &now), "LAST-MODIFIED");
}

fn utc(at: Timestamp) -> String {
    at.strftime("%Y%m%dT%H%M%SZ").to_string()
}

/// Whether an appointment is somebody's: it has their number, and their name as nearly as it can be heard. Of an event that people wrote, both stand in its
/// words.
fn is_of(event: &Event, name: &str, phone: &str) -> bool {
    let number = comparable_number(phone);
    if number.is_empty() {
        return false;
    }
    match (&event.phone, &event.name) {
        (Some(own_phone), Some(own_name)) => comparable_number(own_phone) == number && is_like(own_name, name),
        _ => {
            let digits: String = event.words.chars().filter(char::is_ascii_digit).collect();
            digits.contains(&number) && plain(&event.words).contains(&plain(name))
        }
    }
}

/// Whether two names may be the same, heard twice: no more than a third of their letters differ (Levenshtein). The number is the same already.
fn is_like(one: &str, other: &str) -> bool {
    let (one, other): (Vec<char>, Vec<char>) = (plain(one).chars().collect(), plain(other).chars().collect());
    let mut costs: Vec<usize> = (0..=other.len()).collect();
    for (i, a) in one.iter().enumerate() {
        let mut before = i;
        let mut last = i + 1;
        for (j, b) in other.iter().enumerate() {
            let above = costs.get(j + 1).copied().unwrap_or_default();
            let cost = (before + usize::from(a != b)).min(above + 1).min(last + 1);
            before = above;
            if let Some(place) = costs.get_mut(j) {
                *place = last;
            }
            last = cost;
        }
        if let Some(place) = costs.last_mut() {
            *place = last;
        }
    }
    let longer = one.len().max(other.len());
    !one.is_empty() && costs.last().is_some_and(|cost| cost * 3 <= longer)
}

fn plain(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}
