//! What never goes into a bundle: telephone numbers, whom an address names, and the names that the office wrote down.
//!
//! A veil errs on the safe side: a long row of digits is taken for a telephone number unless it is plainly a time, a date or a host's address. What it puts in
//! their place is in brackets, and the same person is the same `[person 2]` in every part of a bundle, so that faults can still be followed.

use std::net::IpAddr;

use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::{Map, Value};

/// Numbers that lead to somebody have more digits than ports and extensions.
const FEWEST_DIGITS: usize = 6;

/// Takes personal data out of texts.
#[derive(Default)]
pub struct Veil {
    /// What is written, and what stands in its place; the longest first, so that no name is found within another.
    names: Vec<(String, String)>,
}

impl Veil {
    /// Hide this name from now on, wherever it stands as a word.
    pub fn hide(&mut self, name: &str, stands: &str) {
        let name = name.trim();
        if name.chars().count() < 2 || self.names.iter().any(|(known, _)| known == name) {
            return;
        }
        let at = self.names.partition_point(|(known, _)| known.len() >= name.len());
        self.names.insert(at, (name.to_owned(), stands.to_owned()));
    }

    /// The text without what may not leave.
    pub fn text(&self, text: &str) -> String {
        let named = self.names.iter().fold(text.to_owned(), |text, (name, stands)| replace_word(&text, name, stands));
        numberless(&named)
    }

    /// The same, for every text in a value and for its names; numbers that are numbers stay.
    pub fn value(&self, value: Value) -> Value {
        match value {
            Value::String(text) => self.text(&text).into(),
            Value::Array(items) => items.into_iter().map(|item| self.value(item)).collect(),
            Value::Object(table) => {
                table.into_iter().map(|(name, value)| (self.text(&name), self.value(value))).collect::<Map<_, _>>().into()
            }
            other => other,
        }
    }
}

/// Every place where `name` stands as a word of its own. Letters of scripts that put no gaps between words bound nothing.
fn replace_word(text: &str, name: &str, stands: &str) -> String {
    let joins = |c: char| (c.is_alphanumeric() && c < '\u{2e80}') || c == '_';
    let (first, last) = (name.chars().next(), name.chars().next_back());
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(name) {
        let (before, after) = (&rest[..at], &rest[at + name.len()..]);
        let glued_before = first.is_some_and(joins) && before.chars().next_back().or_else(|| out.chars().next_back()).is_some_and(joins);
        let glued_after = last.is_some_and(joins) && after.chars().next().is_some_and(joins);
        out.push_str(before);
        out.push_str(if glued_before || glued_after { name } else { stands });
        rest = after;
    }
    out.push_str(rest);
    out
}

/// Without telephone numbers, and without whom an address names.
fn numberless(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let begins = !out.chars().next_back().is_some_and(|before| before.is_alphanumeric() || before == '_');
        let taken = if c == '@' {
            who(&mut out);
            0
        } else if begins && (digit(c) || (c == '+' && rest[1..].chars().next().is_some_and(digit))) {
            let (length, hidden) = number(rest);
            out.push_str(if hidden { "[number]" } else { &rest[..length] });
            length
        } else {
            0
        };
        if taken == 0 {
            out.push(c);
            rest = &rest[c.len_utf8()..];
        } else {
            rest = &rest[taken..];
        }
    }
    out
}

/// Before the `@` that comes now stood whom an address names.
fn who(out: &mut String) {
    let ends = |c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '`' | '<' | '(' | '[' | ':' | '/' | ',' | ';' | '=');
    let start = out.char_indices().rev().find(|(_, c)| ends(*c)).map_or(0, |(at, c)| at + c.len_utf8());
    // A number that stood there has its brackets already.
    if start < out.len() && !out.ends_with(']') {
        out.truncate(start);
        out.push_str("[who]");
    }
}

/// How long the row of digits is with which `text` begins, and whether it is a telephone number.
fn number(text: &str) -> (usize, bool) {
    let token = text.find(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '`' | ',' | ';' | ')' | ']' | '}')).unwrap_or(text.len());
    if text[..token].parse::<Timestamp>().is_ok() {
        return (token, false);
    }
    if text.get(..10).is_some_and(|date| date.parse::<Date>().is_ok()) {
        return (10, false);
    }
    let (mut length, mut digits, mut groups) = (0, 0, Vec::new());
    let mut last = '+';
    for (at, c) in text.char_indices() {
        let gap = matches!(c, ' ' | '\u{a0}' | '-' | '.' | '/' | '(' | ')');
        if digit(c) {
            digits += 1;
            length = at + c.len_utf8();
        } else if gap && !(c == ' ' && last == ' ') {
            groups.push((length, digits));
        } else if at > 0 || c != '+' {
            // Digits that letters are glued to are part of a name.
            if c.is_alphabetic() && length == at {
                (length, digits) = groups.pop().unwrap_or((at, 0));
            }
            break;
        }
        last = c;
    }
    let host = text[..length].split('/').next().is_some_and(|host| host.parse::<IpAddr>().is_ok());
    (length.max(1), digits >= FEWEST_DIGITS && !host)
}

/// Of the digits that telephones have, the full-width ones of Chinese texts included.
fn digit(c: char) -> bool {
    c.is_ascii_digit() || ('\u{ff10}'..='\u{ff19}').contains(&c)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn veil() -> Veil {
        let mut veil = Veil::default();
        veil.hide("Ann", "[person 1]");
        veil.hide("Ann Appleyard", "[person 2]");
        veil.hide("王小姐", "[person 3]");
        veil
    }

    #[test]
    fn telephone_numbers_are_hidden_however_they_are_written() {
        for number in
            ["+442079460123", "+44 20 7946 0123", "020 7946-0123", "(020) 7946 0123", "0044.20.7946.0123", "０２０７９４６", "555-0123"]
        {
            let text = veil().text(&format!("a call from {number}, on hold"));
            assert_eq!(text.replace("([number]", "[number]"), "a call from [number], on hold", "{number}");
        }
    }

    #[test]
    fn what_a_fault_is_found_by_stays() {
        for text in [
            "2026-11-27T14:45:21.123456Z ready at 192.168.100.200:5060",
            "since 2026-11-27 14:45, peers 10.0.0.0/8",
            "call 0192ab00cd1234567890abcdef123456 on the rung full",
            "v0.2.0: 486 after 1.25 s on port 5060, 4 of 12 calls",
            "/usr/lib/x86_64-linux-gnu, libssl.so.3",
            "9 h",
        ] {
            assert_eq!(veil().text(text), text);
        }
    }

    #[test]
    fn an_address_keeps_its_host_and_loses_whom_it_names() {
        assert_eq!(veil().text("sip:anna.meier@pbx.example:5060"), "sip:[who]@pbx.example:5060");
        assert_eq!(veil().text("<sip:+4930123456@10.0.0.1>"), "<sip:[number]@10.0.0.1>");
        assert_eq!(veil().text("write to a.b@example.org"), "write to [who]@example.org");
        assert_eq!(veil().text("tel:+4930123456"), "tel:[number]");
    }

    #[test]
    fn names_are_hidden_as_words_and_the_longer_one_first() {
        assert_eq!(veil().text("Ann Appleyard, Ann, and a channel of Anna's"), "[person 2], [person 1], and a channel of Anna's");
        assert_eq!(veil().text("请找王小姐。"), "请找[person 3]。");
    }

    #[test]
    fn a_value_loses_them_in_its_names_and_texts_and_keeps_its_numbers() {
        let value = json!({"Ann": {"address": "sip:77@h", "bytes": 482_000_000}});
        assert_eq!(veil().value(value), json!({"[person 1]": {"address": "sip:[who]@h", "bytes": 482_000_000}}));
    }

    proptest! {
        #[test]
        fn no_number_survives_whatever_stands_around_it(before in "\\PC{0,20}", number in "[0-9]{6,15}", after in "\\PC{0,20}") {
            // What stands before and after may join it to a word; a space does not, two of them do not.
            let text = veil().text(&format!("{before}  {number}  {after}"));
            prop_assert!(!text.contains(&number), "{}", text);
        }

        #[test]
        fn any_text_is_taken_and_what_was_veiled_stays_as_it_is(text in "\\PC{0,60}") {
            let once = veil().text(&text);
            prop_assert_eq!(veil().text(&once), once);
        }
    }
}
