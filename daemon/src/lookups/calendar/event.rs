//! An event of a calendar: when somebody is busy, and whose appointment it is.
//!
//! A time zone is looked up by its IANA name, also where a program wrote a prefix before it; a zone of another name is taken for the office's own. What is
//! transparent or cancelled keeps nobody busy; everything else does, in each of its recurrences.

use std::ops::Range;

use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Span, Timestamp, ToSpan as _};

use super::recurrence::Rule;
use super::text::{Document, Line, unescaped};

/// Properties of ours: whose appointment it is, and what for.
pub(super) const NAME: &str = "X-SWITCHHOOK-NAME";
pub(super) const PHONE: &str = "X-SWITCHHOOK-PHONE";
pub(super) const SERVICE: &str = "X-SWITCHHOOK-SERVICE";
/// No event is longer than this; what is, was written wrong, and keeps busy for as long.
const LONGEST: SignedDuration = SignedDuration::from_hours(24 * 366);

/// When something is, as it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Moment {
    pub(super) at: DateTime,
    pub(super) zone: TimeZone,
    pub(super) whole_day: bool,
}

impl Moment {
    fn read(value: &str, zone: &TimeZone) -> Option<Self> {
        let value = value.trim();
        if let Some(day) = value.get(..8).filter(|_| value.len() == 8) {
            let at = Date::strptime("%Y%m%d", day).ok()?.at(0, 0, 0, 0);
            return Some(Self { at, zone: zone.clone(), whole_day: true });
        }
        let (text, zone) = value.strip_suffix('Z').map_or((value, zone.clone()), |utc| (utc, TimeZone::UTC));
        Some(Self { at: DateTime::strptime("%Y%m%dT%H%M%S", text).ok()?, zone, whole_day: false })
    }

    fn of(line: &Line, office: &TimeZone) -> Option<Self> {
        Self::read(line.value(), &zone(line, office))
    }

    pub(super) fn timestamp(&self) -> Option<Timestamp> {
        self.zone.to_ambiguous_timestamp(self.at).compatible().ok()
    }
}

fn zone(line: &Line, office: &TimeZone) -> TimeZone {
    let Some(id) = line.parameter("TZID") else { return office.clone() };
    // "/freeassociation.sourceforge.net/Europe/Berlin"
    let mut name = id.trim_start_matches('/');
    loop {
        if let Ok(zone) = TimeZone::get(name) {
            return zone;
        }
        match name.split_once('/') {
            Some((_, rest)) => name = rest,
            None => return office.clone(),
        }
    }
}

/// An event.
#[derive(Clone, Debug)]
pub(super) struct Event {
    /// Its lines.
    pub(super) place: Range<usize>,
    pub(super) uid: String,
    pub(super) start: Moment,
    pub(super) length: SignedDuration,
    pub(super) name: Option<String>,
    pub(super) phone: Option<String>,
    pub(super) service: Option<String>,
    /// Whatever else is written of it, for those that people wrote.
    pub(super) words: String,
    rules: Vec<Rule>,
    /// Days and times on which it is, beside the rule, and on which it is not.
    also: Vec<Moment>,
    except: Vec<Moment>,
    /// Which recurrence of another event it stands for.
    pub(super) instead_of: Option<Moment>,
    pub(super) busy: bool,
    pub(super) sequence: i64,
}

impl Event {
    /// The events of a calendar; what has no time is none.
    pub(super) fn all(document: &Document, office: &TimeZone) -> Vec<Self> {
        document.events().into_iter().filter_map(|place| Self::of(document, place, office)).collect()
    }

    fn of(document: &Document, place: Range<usize>, office: &TimeZone) -> Option<Self> {
        let first = |name| document.property(&place, name).next().map(|(_, line)| line);
        let text = |name| first(name).map(|line| unescaped(line.value()));
        let start = Moment::of(first("DTSTART")?, office)?;
        let end = first("DTEND").and_then(|line| Moment::of(line, office));
        let length = match (end.and_then(|end| end.timestamp()).zip(start.timestamp()), first("DURATION")) {
            (Some((end, start)), _) => end.duration_since(start),
            (None, Some(line)) => duration(line.value(), &start)?,
            (None, None) if start.whole_day => SignedDuration::from_hours(24),
            (None, None) => SignedDuration::ZERO,
        };
        let moments = |name| {
            let read = |line: &Line| {
                line.value().split(',').filter_map(|one| Moment::read(one.split('/').next()?, &zone(line, office))).collect::<Vec<_>>()
            };
            document.property(&place, name).flat_map(|(_, line)| read(line)).collect::<Vec<_>>()
        };
        let cancelled = first("STATUS").is_some_and(|line| line.value().trim().eq_ignore_ascii_case("CANCELLED"));
        let transparent = first("TRANSP").is_some_and(|line| line.value().trim().eq_ignore_ascii_case("TRANSPARENT"));
        let words = ["SUMMARY", "DESCRIPTION", "LOCATION"].into_iter().filter_map(text).collect::<Vec<_>>().join("\n");
        Some(Self {
            uid: text("UID").unwrap_or_default(),
            length: length.clamp(SignedDuration::ZERO, LONGEST),
            name: text(NAME),
            phone: text(PHONE),
            service: text(SERVICE),
            words,
            rules: document.property(&place, "RRULE").map(|(_, line)| Rule::read(line.value())).collect(),
            also: moments("RDATE"),
            except: moments("EXDATE"),
            instead_of: first("RECURRENCE-ID").and_then(|line| Moment::of(line, office)),
            busy: !cancelled && !transparent,
            sequence: first("SEQUENCE").and_then(|line| line.value().trim().parse().ok()).unwrap_or(0),
            start,
            place,
        })
    }

    pub(super) fn is_recurring(&self) -> bool {
        !self.rules.is_empty() || !self.also.is_empty()
    }

    /// When it keeps somebody busy between these moments. `moved` are recurrences of it that other events stand for.
    pub(super) fn busy(&self, within: &Range<Timestamp>, moved: &[Timestamp]) -> Vec<Range<Timestamp>> {
        if !self.busy {
            return Vec::new();
        }
        let until = within.end.to_zoned(self.start.zone.clone()).datetime();
        let from = within.start.checked_sub(self.length).map_or(DateTime::MIN, |from| from.to_zoned(self.start.zone.clone()).datetime());
        // A rule that is not understood keeps busy on every day that it could be.
        let own = if self.instead_of.is_some() {
            Vec::new()
        } else {
            self.rules.iter().flat_map(|rule| rule.starts(self.start.at, from, until)).collect()
        };
        let skipped = |at: Timestamp| {
            let day = at.to_zoned(self.start.zone.clone()).date();
            moved.contains(&at)
                || self.except.iter().any(|except| except.timestamp() == Some(at) || (except.whole_day && except.at.date() == day))
        };
        let vague = self.rules.iter().any(Rule::is_vague);
        let length = if vague { self.length.max(SignedDuration::from_hours(24)) } else { self.length };
        let starts =
            std::iter::once(self.start.at).chain(own).map(|at| Moment { at, ..self.start.clone() }).chain(self.also.iter().cloned());
        let mut busy: Vec<Range<Timestamp>> = starts
            .filter_map(|start| start.timestamp())
            .filter(|start| !skipped(*start))
            .filter_map(|start| Some(start..start.checked_add(length).ok()?))
            .filter(|busy| busy.start < within.end && within.start < busy.end)
            .collect();
        busy.sort_by_key(|busy| busy.start);
        busy.dedup();
        busy
    }
}

/// `PT1H30M`, `P1D`: days by the calendar, from this moment on.
fn duration(value: &str, start: &Moment) -> Option<SignedDuration> {
    let span: Span = value.trim().trim_start_matches('+').parse().ok()?;
    let end = Moment { at: start.at.checked_add(span).ok()?, ..start.clone() };
    Some(end.timestamp()?.duration_since(start.timestamp()?))
}

/// The recurrences that events of their own stand for, by the `UID` that they share.
pub(super) fn moved(events: &[Event], uid: &str) -> Vec<Timestamp> {
    events.iter().filter(|event| event.uid == uid).filter_map(|event| event.instead_of.as_ref()?.timestamp()).collect()
}

/// The days around a moment.
pub(super) fn days_around(day: Date, before: i64, after: i64) -> impl Iterator<Item = Date> {
    (-before..=after).filter_map(move |days| day.checked_add(days.days()).ok())
}
