//! Which times are free, and which of them are near the one that somebody wants.

use std::ops::Range;
use std::time::Duration;

use jiff::civil::{Date, DateTime};
use jiff::{SignedDuration, Timestamp, ToSpan as _, Zoned};

use super::event::{Event, days_around, moved};
use crate::lookups::query::{Calendar, MOST_ROWS};

/// So many days before and after the wanted one are looked at for others.
const DAYS_BEFORE: i64 = 7;
const DAYS_AFTER: i64 = 21;

/// What keeps whoever keeps the calendar busy, in some days.
pub(super) struct Busy {
    taken: Vec<Range<Timestamp>>,
    now: Zoned,
}

impl Busy {
    /// Around a day; an appointment of this `uid` keeps nobody busy, since it is what is moved.
    pub(super) fn around(day: Date, events: &[Event], now: &Zoned, without: Option<&str>) -> Self {
        let zone = now.time_zone();
        let at = |days: i64| day.checked_add(days.days()).ok()?.to_zoned(zone.clone()).ok().map(|day| day.timestamp());
        let mut taken = Vec::new();
        if let Some((from, to)) = at(-DAYS_BEFORE - 1).zip(at(DAYS_AFTER + 2)) {
            for event in events.iter().filter(|event| without.is_none_or(|uid| event.uid != uid)) {
                let moved = if event.is_recurring() { moved(events, &event.uid) } else { Vec::new() };
                taken.extend(event.busy(&(from..to), &moved));
            }
        }
        Self { taken, now: now.clone() }
    }

    fn span(&self, at: DateTime, length: Duration) -> Option<Range<Timestamp>> {
        let start = self.now.time_zone().to_ambiguous_timestamp(at).compatible().ok()?;
        Some(start..start.checked_add(SignedDuration::try_from(length).ok()?).ok()?)
    }

    /// Whether an appointment can be at this time.
    pub(super) fn is_free(&self, at: DateTime, length: Duration, calendar: &Calendar) -> bool {
        let Some(span) = self.span(at, length) else { return false };
        let Some(end) = SignedDuration::try_from(length).ok().and_then(|length| at.checked_add(length).ok()) else { return false };
        calendar.hours.holds(at, end)
            && span.start > self.now.timestamp()
            && !self.taken.iter().any(|taken| taken.start < span.end && span.start < taken.end)
    }

    /// The nearest times that are free, earlier ones first.
    pub(super) fn nearest(&self, wanted: DateTime, length: Duration, calendar: &Calendar) -> Vec<DateTime> {
        let every = SignedDuration::try_from(calendar.every).unwrap_or(SignedDuration::from_mins(15));
        let mut times: Vec<(SignedDuration, DateTime)> = Vec::new();
        for day in days_around(wanted.date(), DAYS_BEFORE, DAYS_AFTER) {
            for shift in calendar.hours.of(day.weekday()) {
                let clock = |minute: u16| day.at(0, 0, 0, 0).checked_add(SignedDuration::from_mins(minute.into()));
                let (mut at, Ok(begins), Ok(ends)) = (day.at(0, 0, 0, 0), clock(shift.from), clock(shift.to)) else { continue };
                while at < ends {
                    if at >= begins && self.is_free(at, length, calendar) {
                        times.push((at.duration_since(wanted).abs(), at));
                    }
                    let Ok(next) = at.checked_add(every) else { break };
                    at = next;
                }
            }
        }
        times.sort_unstable();
        // Times that overlap are hardly a choice: they are taken only if there is nothing else.
        let length = SignedDuration::try_from(length).unwrap_or(every);
        let mut nearest: Vec<DateTime> = Vec::new();
        for apart in [length, SignedDuration::from_nanos(1)] {
            for (_, at) in &times {
                if nearest.len() < MOST_ROWS && nearest.iter().all(|other| other.duration_since(*at).abs() >= apart) {
                    nearest.push(*at);
                }
            }
        }
        nearest.sort_unstable();
        nearest
    }
}
