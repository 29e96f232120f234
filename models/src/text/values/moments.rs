//! When something is to be, as people answer the question: a day, a time, a part of a day, a stretch of days.

use std::ops::Range;

use jiff::civil::Date;

use super::{Half, Time};

/// A moment, or what is known of one, and which bytes of the text say it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundMoment {
    /// What was said.
    pub moment: Moment,
    /// Its bytes in the text; they begin and end at characters.
    pub place: Range<usize>,
    /// Whether it is a moment only because one is expected: "the third", "ten".
    pub bare: bool,
}

/// What somebody said about when something is to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    /// A day.
    Day(Date),
    /// A day that is one of several, the last included: "next week", 這個週末, "next month".
    Stretch(Date, Date),
    /// A time of day.
    Time(Time),
    /// A part of a day, and the day if the words name it: "in the afternoon", "tonight".
    Part(DayPart, Option<Date>),
    /// So many minutes from now: "in half an hour".
    Ahead(u32),
}

/// A part of the day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DayPart {
    /// Before noon.
    Morning,
    /// From noon on.
    Afternoon,
    /// After work.
    Evening,
    /// When people sleep: twelve is midnight, and one to four are hours of the morning.
    Night,
}

impl DayPart {
    /// `time`, if its half of the day is open, in this part of the day.
    #[must_use]
    pub fn of(self, time: Time) -> Time {
        match (self, time) {
            (Self::Evening | Self::Night, Time::EitherHalf { hour: 12, .. }) | (Self::Night, Time::EitherHalf { hour: 1..=4, .. }) => {
                time.in_half(Half::Morning)
            }
            (Self::Morning, _) => time.in_half(Half::Morning),
            (Self::Afternoon | Self::Evening | Self::Night, _) => time.in_half(Half::Afternoon),
        }
    }
}

/// The Monday and the Sunday of the week that is so many weeks after today's.
pub(super) fn week(today: Date, ahead: i64) -> Option<(Date, Date)> {
    use jiff::ToSpan as _;
    let monday = today.checked_sub(i64::from(today.weekday().to_monday_zero_offset()).days()).ok()?;
    let monday = monday.checked_add((ahead * 7).days()).ok()?;
    Some((monday, monday.checked_add(6.days()).ok()?))
}

/// The first and the last day of the month that is so many months after today's.
pub(super) fn month(today: Date, ahead: i64) -> Option<(Date, Date)> {
    use jiff::ToSpan as _;
    let first = today.first_of_month().checked_add(ahead.months()).ok()?;
    Some((first, first.last_of_month()))
}
