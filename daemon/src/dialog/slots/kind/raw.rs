//! A kind as a scenario writes it: read into a plain struct that refuses unknown keys, then checked. A key that the kind does not have is an error that names the kinds that do.

use jiff::Span;
use serde::Deserialize;
use switchhook_models::text::values::Currency;

use super::{Kind, LONGEST_PHONE, Limits, SHORTEST_PHONE, Window};
use crate::dialog::slots::choice::Choice;
use crate::dialog::slots::country::Country;
use crate::dialog::slots::pattern::Pattern;

/// A caller cannot keep more choices in mind, nor a keypad tell more apart; more are found by name.
const MOST_OPTIONS: usize = 200;
/// A kind has no more patterns than this.
const MOST_PATTERNS: usize = 20;

/// The word for each kind in a scenario.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Word {
    Text,
    Name,
    Number,
    PhoneNumber,
    Date,
    Time,
    DateTime,
    Money,
    YesNo,
    Choice,
    Address,
    Pattern,
}

/// A kind as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Raw {
    kind: Word,
    least: Option<i64>,
    most: Option<i64>,
    country: Option<Country>,
    fewest: Option<usize>,
    earliest: Option<String>,
    latest: Option<String>,
    currency: Option<String>,
    options: Option<Vec<Choice>>,
    patterns: Option<Vec<Pattern>>,
}

impl Raw {
    /// Refuse every key that is there and is not one of `allowed`.
    fn only(&self, allowed: &[&str]) -> Result<(), String> {
        let there = [
            ("least", self.least.is_some(), "number and money"),
            ("most", self.most.is_some(), "number and money"),
            ("country", self.country.is_some(), "phone-number"),
            ("fewest", self.fewest.is_some(), "phone-number"),
            ("earliest", self.earliest.is_some(), "date and date-time"),
            ("latest", self.latest.is_some(), "date and date-time"),
            ("currency", self.currency.is_some(), "money"),
            ("options", self.options.is_some(), "choice"),
            ("patterns", self.patterns.is_some(), "pattern"),
        ];
        match there.iter().find(|(key, there, _)| *there && !allowed.contains(key)) {
            Some((key, _, kinds)) => Err(format!("`{key}` is for {kinds} alone: take it out, or change `kind`")),
            None => Ok(()),
        }
    }

    fn limits(&self) -> Result<Limits, String> {
        if let (Some(least), Some(most)) = (self.least, self.most)
            && least > most
        {
            return Err(format!("least: {least} is more than most: {most}: exchange them"));
        }
        Ok(Limits { least: self.least, most: self.most })
    }

    fn window(&self) -> Result<Window, String> {
        let span = |key: &str, text: &Option<String>| {
            let parse = |text: &String| {
                text.parse::<Span>().map_err(|_| format!("{key}: {text:?}: write a span such as `2h`, `60 days` or `18 years ago`"))
            };
            text.as_ref().map(parse).transpose()
        };
        let window = Window { earliest: span("earliest", &self.earliest)?, latest: span("latest", &self.latest)? };
        // Any day will do to compare spans of years and months.
        let day = jiff::civil::date(2024, 1, 1).at(0, 0, 0, 0);
        let at = |span: Option<Span>| span.and_then(|span| day.checked_add(span).ok());
        match (at(window.earliest), at(window.latest)) {
            (Some(earliest), Some(latest)) if earliest > latest => Err("earliest is later than latest: exchange them".into()),
            _ => Ok(window),
        }
    }
}

impl TryFrom<Raw> for Kind {
    type Error = String;

    fn try_from(raw: Raw) -> Result<Self, String> {
        let allowed: &[&str] = match raw.kind {
            Word::Text | Word::Name | Word::Time | Word::YesNo | Word::Address => &[],
            Word::Number => &["least", "most"],
            Word::PhoneNumber => &["country", "fewest"],
            Word::Date | Word::DateTime => &["earliest", "latest"],
            Word::Money => &["currency", "least", "most"],
            Word::Choice => &["options"],
            Word::Pattern => &["patterns"],
        };
        raw.only(allowed)?;
        Ok(match raw.kind {
            Word::Text => Self::Text,
            Word::Name => Self::Name,
            Word::Time => Self::Time,
            Word::YesNo => Self::YesNo,
            Word::Address => Self::Address,
            Word::Number => Self::Number(raw.limits()?),
            Word::Date => Self::Date(raw.window()?),
            Word::DateTime => Self::DateTime(raw.window()?),
            Word::Money => {
                let code = raw.currency.as_deref().ok_or("money needs a `currency`, such as TWD, CNY, USD or EUR")?;
                Self::Money { currency: currency(code)?, limits: raw.limits()? }
            }
            Word::PhoneNumber => {
                let fewest = raw.fewest.unwrap_or(SHORTEST_PHONE);
                if !(1..=LONGEST_PHONE).contains(&fewest) {
                    return Err(format!("fewest: {fewest}: use 1 to {LONGEST_PHONE}"));
                }
                Self::Phone { country: raw.country, fewest }
            }
            Word::Choice => Self::Choice(checked_options(raw.options)?),
            Word::Pattern => {
                let patterns = raw.patterns.filter(|patterns| !patterns.is_empty());
                let patterns = patterns.ok_or("pattern needs `patterns`, such as [AA-0000]: A is any letter, 0 any digit")?;
                if patterns.len() > MOST_PATTERNS {
                    return Err(format!("patterns: {} are too many: use at most {MOST_PATTERNS}", patterns.len()));
                }
                Self::Pattern(patterns)
            }
        })
    }
}

fn checked_options(options: Option<Vec<Choice>>) -> Result<Vec<Choice>, String> {
    let options = options.unwrap_or_default();
    if options.len() < 2 {
        return Err("choice needs `options`, and at least two of them, each with an `id` and `names`".into());
    }
    if options.len() > MOST_OPTIONS {
        return Err(format!("options: {} are too many to be told apart: use at most {MOST_OPTIONS}", options.len()));
    }
    for (place, option) in options.iter().enumerate() {
        if options.iter().take(place).any(|earlier| earlier.id == option.id) {
            return Err(format!("options: there are two with the id `{}`: give each its own", option.id));
        }
    }
    Ok(options)
}

/// By its ISO 4217 code.
fn currency(code: &str) -> Result<Currency, String> {
    let known = CODES.iter().find(|(known, _)| *known == code).map(|(_, currency)| *currency);
    known.ok_or_else(|| format!("currency: {code:?}: use one of {}", CODES.map(|(code, _)| code).join(", ")))
}

/// The currencies that are understood and said, by their ISO 4217 codes.
pub(in super::super) const CODES: [(&str, Currency); 7] = [
    ("TWD", Currency::TaiwanDollar),
    ("CNY", Currency::Renminbi),
    ("USD", Currency::UsDollar),
    ("HKD", Currency::HongKongDollar),
    ("EUR", Currency::Euro),
    ("GBP", Currency::Pound),
    ("JPY", Currency::Yen),
];

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(yaml: &str) -> Result<Kind, String> {
        serde_saphyr::from_str(yaml).map_err(|error| error.to_string())
    }

    #[test]
    fn every_kind_can_be_written() {
        for yaml in [
            "kind: text",
            "kind: name",
            "{ kind: number, least: 1, most: 12 }",
            "kind: phone-number",
            "{ kind: phone-number, country: TW, fewest: 8 }",
            "{ kind: date, earliest: 120 years ago, latest: 18 years ago }",
            "kind: time",
            "{ kind: date-time, earliest: 2h, latest: 60 days }",
            "{ kind: money, currency: TWD, least: 1 }",
            "kind: yes-no",
            "kind: address",
            "{ kind: choice, options: [{ id: a, names: { en: [cleaning] } }, { id: b, names: { en: [check-up], zh-TW: [檢查] } }] }",
            "{ kind: pattern, patterns: [AA-0000, AAA-0000] }",
        ] {
            assert!(kind(yaml).is_ok(), "{yaml}: {:?}", kind(yaml));
        }
    }

    #[test]
    fn errors_say_how_to_mend_them() {
        for (yaml, hint) in [
            ("kind: nmber", "phone-number"),
            ("{ kind: text, least: 1 }", "`least` is for number and money alone: take it out"),
            ("{ kind: number, least: 5, most: 2 }", "exchange them"),
            ("{ kind: money }", "such as TWD"),
            ("{ kind: money, currency: NTD }", "use one of TWD, CNY"),
            ("{ kind: date, latest: soon }", "60 days"),
            ("{ kind: date, earliest: 2 days, latest: 1 day }", "exchange them"),
            ("{ kind: choice }", "at least two of them"),
            ("{ kind: choice, options: [{ id: a, names: { en: [a] } }, { id: a, names: { en: [b] } }] }", "two with the id `a`"),
            ("{ kind: choice, options: [{ id: a, names: { fr: [x] } }] }", "zh-TW"),
            ("{ kind: choice, options: [{ id: a, names: { en: [] } }, { id: b, names: { en: [b] } }] }", "write at least one name"),
            ("{ kind: choice, options: [{ id: a, name: x }] }", "names"),
            ("{ kind: pattern }", "such as [AA-0000]"),
            ("{ kind: pattern, patterns: ['---'] }", "A is any letter"),
            ("{ kind: phone-number, fewest: 0 }", "use 1 to 15"),
            ("{ kind: phone-number, country: Taiwan }", "TW"),
            ("{ kind: number, at-least: 1 }", "least"),
        ] {
            let error = kind(yaml).err().unwrap_or_default();
            assert!(error.contains(hint), "{yaml}: {error}");
        }
    }
}
