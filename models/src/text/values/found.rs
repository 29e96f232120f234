//! What can be found in a text.

use std::ops::Range;

use jiff::ToSpan as _;
use jiff::civil::Date;

use super::Number;

/// A value, and which bytes of the text say it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The value.
    pub value: Value,
    /// Its bytes in the text; they begin and end at characters.
    pub place: Range<usize>,
}

/// A value that somebody said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// A number: how many, how much.
    Number(Number),
    /// Digits told one by one that are too few, or too many, for a telephone number.
    Digits(String),
    /// A day.
    Date(Date),
    /// A time of day.
    Time(Time),
    /// A sum of money.
    Money {
        /// How much.
        amount: Number,
        /// Of what.
        currency: Currency,
    },
    /// A telephone number: its digits, with `+` before a country's code if that was said.
    Phone(String),
}

/// A time of day, as far as it was told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Time {
    /// The hour, 0 to 23, and the minute.
    Exact {
        /// 0 to 23.
        hour: u8,
        /// 0 to 59.
        minute: u8,
    },
    /// The hour of a clock's face, 1 to 12: before noon or after it, nobody said.
    EitherHalf {
        /// 1 to 12.
        hour: u8,
        /// 0 to 59.
        minute: u8,
    },
}

/// A half of the day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Half {
    /// Before noon.
    Morning,
    /// After it.
    Afternoon,
}

impl Time {
    /// From an hour and a minute as they are said; `None` if no clock shows them.
    pub(super) fn told(hour: u64, minute: u64, half: Option<Half>) -> Option<Self> {
        let minute = u8::try_from(minute).ok().filter(|minute| *minute < 60)?;
        let hour = u8::try_from(hour).ok().filter(|hour| *hour <= 24)?;
        Some(match (half, hour) {
            (Some(Half::Morning), 12) => Self::Exact { hour: 0, minute },
            (Some(Half::Afternoon), 0..12) => Self::Exact { hour: hour + 12, minute },
            (None, 1..=12) => Self::EitherHalf { hour, minute },
            _ => Self::Exact { hour: hour % 24, minute },
        })
    }

    /// The time if the open half of the day, if it is open, is `half`.
    #[must_use]
    pub fn in_half(self, half: Half) -> Self {
        match self {
            Self::EitherHalf { hour, minute } => {
                let of_clock = hour % 12;
                Self::Exact { hour: if half == Half::Afternoon { of_clock + 12 } else { of_clock }, minute }
            }
            exact @ Self::Exact { .. } => exact,
        }
    }
}

/// Money. A dollar or a yuan without a country is that of the place where it is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Currency {
    /// Dollars, of whichever country.
    Dollar,
    /// 元 or 块, of whichever side.
    Yuan,
    /// New Taiwan dollars.
    TaiwanDollar,
    /// US dollars.
    UsDollar,
    /// Hong Kong dollars.
    HongKongDollar,
    /// Renminbi.
    Renminbi,
    /// Euros.
    Euro,
    /// Pounds sterling.
    Pound,
    /// Yen.
    Yen,
}

/// The next day of that month and day from `today` on, today included; 29 February waits for a leap year.
pub(super) fn next_in_calendar(today: Date, month: i8, day: i8) -> Option<Date> {
    (0..9).filter_map(|years| Date::new(today.year().checked_add(years)?, month, day).ok()).find(|date| *date >= today)
}

/// The next day of that number from `today` on, today included, in a month that has one.
pub(super) fn next_in_month(today: Date, day: i8) -> Option<Date> {
    let months = (0..3).filter_map(|months| today.first_of_month().checked_add(months.months()).ok());
    months.filter_map(|month| month.with().day(day).build().ok()).find(|date| *date >= today)
}
