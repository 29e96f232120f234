//! How a value is said back to a caller, in words that the voice needs not guess at and the ears would read as the same value.
//!
//! A half of the day is left out in English where office hours tell it ("tomorrow at ten"), and said otherwise ("at ten in the evening").
//! Mandarin always says it, as people do (下午兩點半).

mod english;
mod mandarin;

use jiff::civil::Date;
use switchhook_models::Locale;
use switchhook_models::text::values::read_out;

use super::context::Context;
use super::kind::Kind;
use super::value::Value;
use crate::dialog::words::unquoted;

impl Value {
    /// The value as it is said to a caller. `kind` is that of its slot: it names the choices.
    #[must_use]
    pub fn spoken(&self, kind: &Kind, locale: Locale, context: &Context<'_>) -> String {
        match self {
            // It is said in the middle of a sentence, whose end is another.
            Self::Text(words) => unquoted(unquoted(words).trim_end_matches(['.', '。'])).to_owned(),
            Self::Name(words) | Self::Address(words) => words.clone(),
            Self::Choice(id) => called(id, kind, locale),
            Self::Phone { number, .. } => read_out(number, locale),
            Self::Code(code) => letter_by_letter(code, locale),
            value => match locale {
                Locale::En => english::said(value, context),
                Locale::ZhTw | Locale::ZhCn => mandarin::said(value, locale, context),
            },
        }
    }
}

/// How the robot calls a choice; by its id if the scenario gives it no name in this language.
fn called(id: &str, kind: &Kind, locale: Locale) -> String {
    let Kind::Choice(options) = kind else { return id.to_owned() };
    let option = options.iter().find(|option| option.id == id);
    option.and_then(|option| option.names(locale).first()).map_or(id, String::as_str).to_owned()
}

/// Whether a day without its year would be taken for another one: what is not the next such day is said with its year.
fn needs_year(date: Date, today: Date) -> bool {
    date < today || today.checked_add(jiff::ToSpan::years(1)).is_ok_and(|year| date >= year)
}

/// Letters and digits one by one, with a pause where the code has a mark.
fn letter_by_letter(code: &str, locale: Locale) -> String {
    let between = match locale {
        Locale::En => ", ",
        Locale::ZhTw | Locale::ZhCn => "，",
    };
    let groups = code.split(|c: char| !c.is_alphanumeric()).filter(|group| !group.is_empty());
    let one = |c: char| if c.is_ascii_digit() { read_out(&c.to_string(), locale) } else { c.to_string() };
    groups.map(|group| group.chars().map(one).collect::<Vec<_>>().join(" ")).collect::<Vec<_>>().join(between)
}

#[cfg(test)]
mod tests;
