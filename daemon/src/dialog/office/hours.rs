//! Whether somebody is there at a moment, until when, and when next.
//!
//! Hours are written by the clock on the wall, so that an office opens at nine on the day when the clocks change, too. An hour that the clocks skip or repeat
//! is taken as RFC 5545 takes it: later, and the first time.

use std::ops::Range;
use std::sync::Arc;

use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, ToSpan as _, Zoned};

use super::holidays::Holidays;
use crate::week::{Shift, Week};

/// Nobody who is away for longer than this comes back, as far as a caller is concerned; and who is there for so long is always there.
const FARTHEST_DAYS: usize = 500;
/// A promise is never counted over more openings than this.
const MOST_OPENINGS: usize = 400;
/// Promised times are whole half hours: nobody keeps more exact ones in mind.
const ROUND: SignedDuration = SignedDuration::from_mins(30);

/// When somebody is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hours {
    week: Week,
    holidays: Arc<Holidays>,
}

/// How it is at a moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Doors {
    /// Open.
    Open {
        /// From when on it is not; `None` if it always is.
        until: Option<Zoned>,
    },
    /// Closed.
    Closed {
        /// From when on it is open; `None` if it never is.
        until: Option<Zoned>,
    },
}

impl Doors {
    /// Whether they are open.
    #[must_use]
    pub fn are_open(&self) -> bool {
        matches!(self, Self::Open { .. })
    }

    /// When that changes.
    #[must_use]
    pub fn until(self) -> Option<Zoned> {
        match self {
            Self::Open { until } | Self::Closed { until } => until,
        }
    }
}

impl Hours {
    pub(super) fn new(week: Week, holidays: Arc<Holidays>) -> Self {
        Self { week, holidays }
    }

    /// How it is now, in the time zone of `now`.
    #[must_use]
    pub fn at(&self, now: &Zoned) -> Doors {
        let mut open_until: Option<Zoned> = None;
        // What began the day before may go on; a day more, since a zone may skip one.
        let Ok(first) = now.date().checked_sub(2.days()) else { return Doors::Closed { until: None } };
        for date in first.series(1.day()).take(FARTHEST_DAYS) {
            for Range { start, end } in self.openings(date, now.time_zone()) {
                match &mut open_until {
                    None if end <= *now => {}
                    None if start <= *now => open_until = Some(end),
                    None => return Doors::Closed { until: Some(start) },
                    Some(until) if start <= *until => {
                        if end > *until {
                            *until = end;
                        }
                    }
                    Some(_) => return Doors::Open { until: open_until },
                }
            }
            // Whatever begins on a later day begins after that.
            if open_until.as_ref().is_some_and(|until| until.date() < date) {
                return Doors::Open { until: open_until };
            }
        }
        if open_until.is_some() { Doors::Open { until: None } } else { Doors::Closed { until: None } }
    }

    /// Whether it is open now.
    #[must_use]
    pub fn are_now(&self, now: &Zoned) -> bool {
        self.at(now).are_open()
    }

    /// The moment when so much of opening time has passed, rounded up to what people say, but not past closing time; `None` if it never comes.
    #[must_use]
    pub fn after(&self, now: &Zoned, within: SignedDuration) -> Option<Zoned> {
        let (mut at, mut left) = (now.clone(), within);
        for _ in 0..MOST_OPENINGS {
            match self.at(&at) {
                Doors::Closed { until } => at = until?,
                Doors::Open { until: None } => return rounded(&at.checked_add(left).ok()?),
                Doors::Open { until: Some(until) } => {
                    let there = at.duration_until(&until);
                    if there >= left {
                        let promised = rounded(&at.checked_add(left).ok()?)?;
                        return Some(if promised > until { until } else { promised });
                    }
                    left = left.checked_sub(there)?;
                    at = until;
                }
            }
        }
        None
    }

    /// What the day is called, if it is a holiday that has a name.
    #[must_use]
    pub fn holiday(&self, date: Date) -> Option<&str> {
        self.holidays.on(date)?.name.as_deref()
    }

    /// Between which times of day people are likely to come, if that is not over midnight.
    #[must_use]
    pub fn likely(&self) -> Option<Range<Time>> {
        let (from, to) = self.week.extent()?;
        let time = |minute: u16| {
            let (hour, minute) = (i8::try_from(minute / 60).ok()?, i8::try_from(minute % 60).ok()?);
            if hour == 24 { Time::new(23, 59, 0, 0).ok() } else { Time::new(hour, minute, 0, 0).ok() }
        };
        Some(time(from)?..time(to)?)
    }

    /// What begins on a day, in order.
    fn openings(&self, date: Date, zone: &TimeZone) -> impl Iterator<Item = Range<Zoned>> {
        let shifts = self.holidays.on(date).map_or_else(|| self.week.of(date.weekday()), |holiday| &holiday.shifts);
        let at = |minute: u16| {
            let civil = date.at(0, 0, 0, 0).checked_add(i64::from(minute).minutes()).ok()?;
            zone.to_ambiguous_zoned(civil).compatible().ok()
        };
        let opening = |&Shift { from, to }: &Shift| Some(at(from)?..at(to)?);
        // An opening that lies in an hour which the clocks skip does not take place.
        shifts.iter().filter_map(opening).filter(|opening| opening.start < opening.end).collect::<Vec<_>>().into_iter()
    }
}

/// Up to the next half hour by the clock.
pub(super) fn rounded(at: &Zoned) -> Option<Zoned> {
    let past = i64::from(at.minute()) * 60 + i64::from(at.second());
    let over = past % ROUND.as_secs();
    let exact = at.checked_sub(SignedDuration::from_nanos(i64::from(at.subsec_nanosecond()))).ok()?;
    let missing = if over == 0 { 0 } else { ROUND.as_secs() - over };
    exact.checked_add(SignedDuration::from_secs(missing)).ok()
}

#[cfg(test)]
mod tests;
