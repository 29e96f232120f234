//! Values out of files and services, as [`Value::written`] writes them.

use jiff::civil::{Date, DateTime, Time};
use switchhook_models::text::values::{Currency, Number};

use super::country::Country;
use super::kind::{CODES, Kind, LONGEST_PHONE};
use super::value::Value;

/// No text that is found is longer than this: it is said to a caller.
const LONGEST: usize = 1_000;

impl Value {
    /// What is written, as a value of this kind; nothing if it is none. Whoever filled the file may have written a choice by any of its names, and
    /// yes as `true` or `1`.
    #[must_use]
    pub fn read_written(kind: &Kind, written: &str) -> Option<Self> {
        let written = written.trim();
        if written.is_empty() || written.len() > LONGEST || written.chars().any(char::is_control) {
            return None;
        }
        let words = || written.to_owned();
        Some(match kind {
            Kind::Text => Self::Text(words()),
            Kind::Name => Self::Name(words()),
            Kind::Address => Self::Address(words()),
            Kind::Pattern(_) => Self::Code(words()),
            Kind::Number(_) => Self::Number(number(written)?),
            Kind::Money { currency, .. } => money(written, *currency)?,
            Kind::Phone { country, .. } => phone(written, *country)?,
            Kind::Date(_) => Self::Date(date(written)?),
            Kind::Time => Self::Time(time(written)?),
            Kind::DateTime(_) => Self::DateTime(written.replace(' ', "T").parse::<DateTime>().ok()?),
            Kind::YesNo => match written.to_lowercase().as_str() {
                "yes" | "true" | "1" => Self::YesNo(true),
                "no" | "false" | "0" => Self::YesNo(false),
                _ => return None,
            },
            Kind::Choice(options) => {
                let named = |name: &String| name.eq_ignore_ascii_case(written);
                let all = switchhook_models::Locale::ALL;
                let by_name = || options.iter().find(|option| all.iter().any(|locale| option.names(*locale).iter().any(named)));
                let option = options.iter().find(|option| option.id == written).or_else(by_name)?;
                Self::Choice(option.id.clone())
            }
        })
    }
}

fn number(written: &str) -> Option<Number> {
    let (whole, fraction) = written.split_once('.').unwrap_or((written, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(whole.strip_prefix('-').unwrap_or(whole)) || !digits(fraction) {
        return None;
    }
    Number::new(format!("{whole}{fraction}").parse().ok()?, u32::try_from(fraction.len()).ok()?)
}

/// `12.5 USD`, or `12.5` in the slot's own currency.
fn money(written: &str, own: Currency) -> Option<Value> {
    let (amount, currency) = match written.split_once(' ') {
        Some((amount, code)) => (amount, CODES.iter().find(|(known, _)| *known == code.trim()).map(|(_, currency)| *currency)?),
        None => (written, own),
    };
    Some(Value::Money { amount: number(amount)?, currency })
}

fn phone(written: &str, country: Option<Country>) -> Option<Value> {
    let number: String = written.chars().filter(|c| c.is_ascii_digit() || *c == '+').collect();
    let odd = written.chars().any(|c| !c.is_ascii_digit() && !"+-() ./".contains(c)) || number.rfind('+').is_some_and(|at| at > 0);
    let digits = number.trim_start_matches('+').len();
    (!odd && (1..=LONGEST_PHONE).contains(&digits)).then_some(Value::Phone { number, country: country.unwrap_or(Country::Other) })
}

fn date(written: &str) -> Option<Date> {
    written.parse::<Date>().ok()
}

fn time(written: &str) -> Option<Time> {
    let padded = if written.as_bytes().get(1) == Some(&b':') { format!("0{written}") } else { written.to_owned() };
    padded.parse::<Time>().ok()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn kind(yaml: &str) -> Kind {
        serde_saphyr::from_str(yaml).unwrap()
    }

    #[test]
    fn what_is_written_is_read_back() {
        let choice = "{kind: choice, options: [{id: clean, names: {en: [a cleaning]}}, {id: fill, names: {en: [a filling]}}]}";
        for (yaml, written, read) in [
            ("kind: text", " on its way ", "on its way"),
            ("kind: name", "Maria Chen", "Maria Chen"),
            ("kind: number", "-2.50", "-2.5"),
            ("{kind: money, currency: USD}", "12.5", "12.5 USD"),
            ("{kind: money, currency: USD}", "80 TWD", "80 TWD"),
            ("{kind: phone-number, country: TW}", "(02) 2734-5678", "+886227345678"),
            ("kind: date", "2026-12-03", "2026-12-03"),
            ("kind: time", "9:30", "09:30"),
            ("kind: date-time", "2026-12-03 14:30", "2026-12-03T14:30"),
            ("kind: yes-no", "TRUE", "yes"),
            (choice, "clean", "clean"),
            (choice, "A filling", "fill"),
        ] {
            assert_eq!(Value::read_written(&kind(yaml), written).unwrap().written(), read, "{yaml} {written}");
        }
    }

    #[test]
    fn what_is_none_of_its_kind_is_nothing() {
        for (yaml, written) in [
            ("kind: text", ""),
            ("kind: text", "a\u{7}b"),
            ("kind: number", "many"),
            ("kind: number", "--1"),
            ("{kind: money, currency: USD}", "12.5 XYZ"),
            ("kind: phone-number", "call me"),
            ("kind: date", "tomorrow"),
            ("kind: time", "25:00"),
            ("kind: yes-no", "maybe"),
            ("{kind: choice, options: [{id: a, names: {en: [x]}}, {id: b, names: {en: [y]}}]}", "c"),
        ] {
            assert_eq!(Value::read_written(&kind(yaml), written), None, "{yaml} {written}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_cell_is_too_odd(written in "\\PC{0,60}") {
            for yaml in ["kind: text", "kind: number", "kind: phone-number", "kind: date", "kind: time", "kind: date-time", "kind: yes-no", "{kind: money, currency: TWD}"] {
                let _ = Value::read_written(&kind(yaml), &written);
            }
        }
    }
}
