//! What the words of a caller are read against.

use std::ops::Range;

use jiff::Zoned;
use jiff::civil::{Date, Time};
use switchhook_models::text::values::{self, Half};

use super::part::Part;

/// The moment of the call, and what is known besides.
#[derive(Clone, Debug)]
pub struct Context<'a> {
    /// Now, in the office's time zone.
    pub now: &'a Zoned,
    /// When the office is likely to see people: which half of the day "at three" means. Both ends belong to it.
    pub likely: Option<Range<Time>>,
    /// What an earlier answer to the same question told.
    pub so_far: Option<&'a Part>,
}

impl<'a> Context<'a> {
    /// Nothing but the moment.
    #[must_use]
    pub fn at(now: &'a Zoned) -> Self {
        Self { now, likely: None, so_far: None }
    }

    /// The same, where people are likely to come between these times.
    #[must_use]
    pub fn likely(self, likely: Range<Time>) -> Self {
        Self { likely: Some(likely), ..self }
    }

    /// The same, where an earlier answer told this.
    #[must_use]
    pub fn after(self, so_far: &'a Part) -> Self {
        Self { so_far: Some(so_far), ..self }
    }

    pub(super) fn today(&self) -> Date {
        self.now.date()
    }

    /// The time, with its half of the day if that was said or only one makes sense: in office hours, and not past if it is today's.
    pub(super) fn settled(&self, time: values::Time, date: Option<Date>) -> Option<Time> {
        if let values::Time::Exact { .. } = time {
            return exact(time);
        }
        let mut halves: Vec<Time> = [Half::Morning, Half::Afternoon].into_iter().filter_map(|half| exact(time.in_half(half))).collect();
        let mut keep = |test: &dyn Fn(&Time) -> bool| {
            if halves.iter().any(test) {
                halves.retain(test);
            }
        };
        if let Some(likely) = &self.likely {
            keep(&|time| likely.start <= *time && *time <= likely.end);
        }
        if date == Some(self.today()) {
            keep(&|time| *time > self.now.time());
        }
        match halves.as_slice() {
            [only] => Some(*only),
            _ => None,
        }
    }
}

/// A time whose half of the day is known.
pub(super) fn exact(time: values::Time) -> Option<Time> {
    match time {
        values::Time::Exact { hour, minute } => Time::new(i8::try_from(hour).ok()?, i8::try_from(minute).ok()?, 0, 0).ok(),
        values::Time::EitherHalf { .. } => None,
    }
}

/// The face of the clock at this time.
pub(super) fn on_the_clock(time: Time) -> values::Time {
    let hour = u8::try_from(time.hour() % 12).unwrap_or_default();
    values::Time::EitherHalf { hour: if hour == 0 { 12 } else { hour }, minute: u8::try_from(time.minute()).unwrap_or_default() }
}
