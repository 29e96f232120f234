//! Days and times: "next Tuesday at ten", "the third, in the afternoon", 下週二下午三點.

use std::ops::Range;

use jiff::civil::{Date, DateTime, Time};
use jiff::{Timestamp, ToSpan as _};
use switchhook_models::Locale;
use switchhook_models::text::values::{self, FoundMoment, Moment, moments};

use super::{Asked, Bound, Candidate, Sure};
use crate::dialog::slots::context::{Context, exact};
use crate::dialog::slots::kind::{Kind, Window};
use crate::dialog::slots::part::{Part, When};
use crate::dialog::slots::phrases::Said;
use crate::dialog::slots::value::Value;

/// What was said of when, where, and whether some of it was taken only because it is expected.
pub(in super::super) struct Told {
    pub when: When,
    pub places: Vec<Range<usize>>,
    pub bare: bool,
}

/// What `said` tells of when; nothing of it is denied.
pub(in super::super) fn told(said: &Said<'_>, locale: Locale, context: &Context<'_>, asked: Asked) -> Option<Told> {
    let restart = said.restart();
    let all = moments(said.text, locale.language(), context.today());
    let all: Vec<FoundMoment> =
        all.into_iter().filter(|found| (asked == Asked::Yes || !found.bare) && !said.denied(found.place.start)).collect();
    // A later attempt before an earlier one, what can be nothing else before what is bare, and then the first.
    let best = |test: fn(&Moment) -> bool| {
        all.iter().filter(|found| test(&found.moment)).min_by_key(|found| (found.place.start < restart, found.bare, found.place.start))
    };
    let mut told = Told { when: When::default(), places: Vec::new(), bare: false };
    let picks = [
        best(|moment| matches!(moment, Moment::Ahead(_))),
        best(|moment| matches!(moment, Moment::Day(_))),
        best(|moment| matches!(moment, Moment::Time(_))),
        best(|moment| matches!(moment, Moment::Part(..))),
        best(|moment| matches!(moment, Moment::Stretch(..))),
    ];
    for found in picks.into_iter().flatten() {
        told.take(found, context);
    }
    if told.when.date.is_some() {
        told.when.stretch = None;
    }
    (!told.places.is_empty()).then_some(told)
}

impl Told {
    fn take(&mut self, found: &FoundMoment, context: &Context<'_>) {
        let when = &mut self.when;
        match found.moment {
            Moment::Day(date) if when.date.is_none() => when.date = Some(date),
            Moment::Time(time) if when.time.is_none() => when.time = Some(time),
            Moment::Part(part, day) if when.part.is_none() => {
                when.part = Some(part);
                when.date = when.date.or(day);
            }
            Moment::Stretch(from, to) => when.stretch = Some((from, to)),
            Moment::Ahead(minutes) => {
                let Ok(at) = context.now.datetime().checked_add(i64::from(minutes).minutes()) else { return };
                when.date = Some(at.date());
                let small = |n: i8| u8::try_from(n).unwrap_or_default();
                when.time = Some(values::Time::Exact { hour: small(at.hour()), minute: small(at.minute()) });
            }
            Moment::Day(_) | Moment::Time(_) | Moment::Part(..) => return,
        }
        self.bare |= found.bare;
        self.places.push(found.place.clone());
    }
}

pub(super) fn read(kind: &Kind, said: &Said<'_>, locale: Locale, context: &Context<'_>, asked: Asked) -> Option<Candidate> {
    let told = told(said, locale, context, asked)?;
    let earlier = match (asked, context.so_far) {
        (Asked::Yes, Some(Part::When(when))) => *when,
        _ => When::default(),
    };
    finished(kind, told.when.or(&earlier), told.places, told.bare, context)
}

/// The value if nothing lacks, else the part that is known.
pub(in super::super) fn finished(
    kind: &Kind,
    mut when: When,
    places: Vec<Range<usize>>,
    bare: bool,
    context: &Context<'_>,
) -> Option<Candidate> {
    if let (Some(part), Some(time)) = (when.part, when.time) {
        when.time = Some(part.of(time));
    }
    let said_exactly = when.time.is_none_or(|time| exact(time).is_some());
    let time = when.time.and_then(|time| context.settled(time, when.date));
    let sure = if bare || !said_exactly { Sure::Inferred } else { Sure::Told };
    let part = |when| Candidate::part(Part::When(when), places.clone());
    match kind {
        Kind::Date(window) => match when.date {
            Some(date) => Some(bounded(Value::Date(date), date_bound(*window, date, context), places, sure)),
            None if when.stretch.is_some() => Some(part(when)),
            None => None,
        },
        Kind::Time => match time {
            Some(time) => Some(Candidate::found(Value::Time(time), places, sure)),
            None if when.time.is_some() || when.part.is_some() => Some(part(when)),
            None => None,
        },
        Kind::DateTime(window) => Some(match (when.date, time) {
            (Some(date), Some(time)) => {
                let at = date.to_datetime(time);
                bounded(Value::DateTime(at), bound(*window, at, context), places, sure)
            }
            _ => part(When { time: time.map(told_exactly).or(when.time), ..when }),
        }),
        Kind::Text
        | Kind::Name
        | Kind::Number(_)
        | Kind::Phone { .. }
        | Kind::Money { .. }
        | Kind::YesNo
        | Kind::Choice(_)
        | Kind::Address
        | Kind::Pattern(_) => None,
    }
}

/// A time of whose half there is no doubt.
#[must_use]
pub fn told_exactly(time: Time) -> values::Time {
    let small = |n: i8| u8::try_from(n).unwrap_or_default();
    values::Time::Exact { hour: small(time.hour()), minute: small(time.minute()) }
}

fn bounded(value: Value, bound: Option<Bound>, places: Vec<Range<usize>>, sure: Sure) -> Candidate {
    match bound {
        Some(bound) => Candidate::outside(value, places, bound),
        None => Candidate::found(value, places, sure),
    }
}

/// Which bound a moment breaks.
pub(in super::super) fn bound(window: Window, at: DateTime, context: &Context<'_>) -> Option<Bound> {
    let at: Timestamp = context.now.time_zone().to_ambiguous_timestamp(at).compatible().ok()?;
    if window.opens(context.now).is_some_and(|opens| at < opens.timestamp()) {
        Some(Bound::TooEarly)
    } else if window.closes(context.now).is_some_and(|closes| at > closes.timestamp()) {
        Some(Bound::TooLate)
    } else {
        None
    }
}

/// Which bound a day breaks: it is within if any moment of it is.
pub(in super::super) fn date_bound(window: Window, date: Date, context: &Context<'_>) -> Option<Bound> {
    if window.opens(context.now).is_some_and(|opens| date < opens.date()) {
        Some(Bound::TooEarly)
    } else if window.closes(context.now).is_some_and(|closes| date > closes.date()) {
        Some(Bound::TooLate)
    } else {
        None
    }
}
