//! What a slot holds once it is filled, and how records write it.

use jiff::civil::{Date, DateTime, Time};
use jiff::tz::TimeZone;
use serde_json::json;
use switchhook_models::text::values::{Currency, Number};

use super::country::Country;
use super::kind::CODES;

/// A value of a slot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// Words as they were said.
    Text(String),
    /// What somebody is called.
    Name(String),
    /// How many, how much.
    Number(Number),
    /// Where to call.
    Phone {
        /// The digits as they were told, with `+` before a country's code.
        number: String,
        /// Whose number it is, if it does not say.
        country: Country,
    },
    /// A day.
    Date(Date),
    /// A time of day.
    Time(Time),
    /// A day and a time, in the office's time zone.
    DateTime(DateTime),
    /// A sum.
    Money {
        /// How much.
        amount: Number,
        /// Of what.
        currency: Currency,
    },
    /// Yes or no.
    YesNo(bool),
    /// A choice, by its id.
    Choice(String),
    /// Where somebody lives, as it was said.
    Address(String),
    /// A plate or a part number in its shape.
    Code(String),
}

impl Value {
    /// As look-ups and templates see it: `2026-12-03T14:30`, `2026-12-03`, `14:30`, `+886227345678` or the digits that were told, `12.5 USD`,
    /// `yes`, a choice's id.
    #[must_use]
    pub fn written(&self) -> String {
        match self {
            Self::Text(words) | Self::Name(words) | Self::Address(words) | Self::Choice(words) | Self::Code(words) => words.clone(),
            Self::Number(number) => number.to_string(),
            Self::Phone { number, country } => country.e164(number).unwrap_or_else(|| number.clone()),
            Self::Date(date) => date.to_string(),
            Self::Time(time) => time.strftime("%H:%M").to_string(),
            Self::DateTime(when) => when.strftime("%Y-%m-%dT%H:%M").to_string(),
            Self::Money { amount, currency } => format!("{amount} {}", code(*currency)),
            Self::YesNo(yes) => (if *yes { "yes" } else { "no" }).to_owned(),
        }
    }

    /// As records keep it: `true` for a yes, a number that fits 64 bits as a number, `{"amount": "12.5", "currency": "USD"}` for money,
    /// RFC 3339 with the office's offset for a day and a time, and what [`Self::written`] writes for everything else.
    #[must_use]
    pub fn record(&self, zone: &TimeZone) -> serde_json::Value {
        match self {
            Self::YesNo(yes) => json!(yes),
            Self::Number(number) => match number.as_whole().and_then(|whole| i64::try_from(whole).ok()) {
                Some(whole) => json!(whole),
                None => json!(number.to_string()),
            },
            Self::Money { amount, currency } => json!({ "amount": amount.to_string(), "currency": code(*currency) }),
            // An hour that the clocks skip or repeat is taken as RFC 5545 takes it, which calendars do too.
            Self::DateTime(when) => match zone.to_ambiguous_zoned(*when).compatible() {
                Ok(zoned) => json!(zoned.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()),
                Err(_) => json!(self.written()),
            },
            Self::Text(_)
            | Self::Name(_)
            | Self::Phone { .. }
            | Self::Date(_)
            | Self::Time(_)
            | Self::Choice(_)
            | Self::Address(_)
            | Self::Code(_) => json!(self.written()),
        }
    }
}

/// ISO 4217; `XXX` is its word for none, where nobody said of which country a dollar or a yuan is.
fn code(currency: Currency) -> &'static str {
    CODES.iter().find(|(_, known)| *known == currency).map_or("XXX", |(code, _)| code)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use jiff::civil::date;

    use super::*;

    #[test]
    fn records_hold_what_other_programs_read() {
        let zone = TimeZone::get("Asia/Taipei").unwrap();
        for (value, record) in [
            (Value::DateTime(date(2026, 12, 3).at(14, 30, 0, 0)), json!("2026-12-03T14:30:00+08:00")),
            (Value::Date(date(2026, 12, 3)), json!("2026-12-03")),
            (Value::Time(jiff::civil::time(9, 5, 0, 0)), json!("09:05")),
            (Value::Phone { number: "0227345678".into(), country: Country::Taiwan }, json!("+886227345678")),
            (Value::Phone { number: "025551234".into(), country: Country::Other }, json!("025551234")),
            (
                Value::Money { amount: Number::new(125, 1).unwrap(), currency: Currency::UsDollar },
                json!({ "amount": "12.5", "currency": "USD" }),
            ),
            (Value::Number(Number::from(4)), json!(4)),
            (Value::Number(Number::new(25, 1).unwrap()), json!("2.5")),
            (Value::YesNo(false), json!(false)),
            (Value::Choice("cleaning".into()), json!("cleaning")),
        ] {
            assert_eq!(value.record(&zone), record);
        }
    }

    #[test]
    fn an_hour_that_the_clocks_skip_is_still_recorded() {
        let zone = TimeZone::get("America/New_York").unwrap();
        let skipped = Value::DateTime(date(2026, 3, 8).at(2, 30, 0, 0));
        assert_eq!(skipped.record(&zone), json!("2026-03-08T03:30:00-04:00"));
    }
}
