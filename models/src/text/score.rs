//! How much of a text was heard right: what is counted, and how many of it are wrong.
//!
//! English is counted in words and Mandarin in characters, without case, punctuation and script. A recogniser writes "2:30" or "two thirty" as it
//! pleases, so numbers are spelled out: those of up to two digits as one number, longer ones digit by digit, as telephone numbers are read.
//! [`Scorer::values`] goes further and compares what was meant: "three p.m." is "15:00" there, and "$45" is "forty-five dollars".
//! `benches/peers/score.py` counts in the same way.

use jiff::civil::Date;
use unicode_normalization::UnicodeNormalization as _;

use super::english::numbers;
use super::script::{Converter, Script};
use super::values::{Time, Value, values};
use crate::{Language, Result};

/// Counts words and characters.
pub struct Scorer {
    simplified: Converter,
}

impl Scorer {
    /// A scorer with its tables of scripts.
    ///
    /// # Errors
    /// As [`Script::converter`].
    pub fn new() -> Result<Self> {
        Ok(Self { simplified: Script::Simplified.converter()? })
    }

    /// What is counted of `text`: words of English, characters of Mandarin.
    #[must_use]
    pub fn units(&self, text: &str, language: Language) -> Vec<String> {
        let text = text.nfkc().collect::<String>().to_lowercase();
        match language {
            Language::En => english(&text),
            Language::Zh => mandarin(&self.simplified.convert(&text)),
        }
    }

    /// The same, where numbers, sums, dates, times and telephone numbers count by their value. A day without a year is the next from `today`.
    #[must_use]
    pub fn values(&self, text: &str, language: Language, today: Date) -> Vec<String> {
        let (mut units, mut at) = (Vec::new(), 0);
        for found in values(text, language, today) {
            units.extend(self.units(text.get(at..found.place.start).unwrap_or_default(), language));
            units.extend(of_value(&found.value));
            at = found.place.end;
        }
        units.extend(self.units(text.get(at..).unwrap_or_default(), language));
        units
    }
}

/// A value in a form that is the same however it was said.
#[must_use]
pub fn told(value: &Value) -> String {
    of_value(value).join(" ")
}

/// Levenshtein's distance: how many units have to be replaced, left out or put in.
#[must_use]
pub fn distance<T: PartialEq>(said: &[T], heard: &[T]) -> usize {
    let mut row: Vec<usize> = (0..=heard.len()).collect();
    for (index, said) in said.iter().enumerate() {
        let mut left = index + 1;
        let mut diagonal = index;
        for (cell, heard) in row.iter_mut().skip(1).zip(heard) {
            let above = *cell;
            left = (diagonal + usize::from(said != heard)).min(above + 1).min(left + 1);
            diagonal = std::mem::replace(cell, left);
        }
        if let Some(first) = row.first_mut() {
            *first = index + 1;
        }
    }
    row.last().copied().unwrap_or(0)
}

/// A value in units that are the same however it was said. What is read digit by digit counts digit by digit.
fn of_value(value: &Value) -> Vec<String> {
    let digits = |text: &str| text.chars().map(String::from).collect::<Vec<_>>();
    match value {
        Value::Number(number) => digits(&number.to_string()),
        Value::Digits(told) | Value::Phone(told) => digits(told),
        Value::Money { amount, currency } => {
            let mut units = digits(&amount.to_string());
            units.push(format!("{currency:?}"));
            units
        }
        Value::Date(date) => vec![format!("year {}", date.year()), format!("month {}", date.month()), format!("day {}", date.day())],
        Value::Time(Time::Exact { hour, minute }) => vec![format!("hour {hour}"), format!("minute {minute}")],
        Value::Time(Time::EitherHalf { hour, minute }) => vec![format!("hour {hour} or {}", hour + 12), format!("minute {minute}")],
    }
}

fn english(text: &str) -> Vec<String> {
    let text = text.replace('’', "'");
    let words = text.split(|letter: char| !letter.is_alphanumeric() && letter != '\'').map(|word| word.trim_matches('\''));
    words.filter(|word| !word.is_empty()).flat_map(english_word).collect()
}

fn english_word(word: &str) -> Vec<String> {
    let figures = word.trim_end_matches(|letter: char| letter.is_ascii_alphabetic());
    let suffix = word.strip_prefix(figures).unwrap_or_default();
    let counted = !figures.is_empty() && figures.bytes().all(|byte| byte.is_ascii_digit());
    let reading: Option<fn(u128) -> String> = match suffix {
        "" => Some(numbers::cardinal),
        "st" | "nd" | "rd" | "th" => Some(numbers::ordinal),
        _ => None,
    };
    if let Some(last) = reading.filter(|_| counted) {
        return spelled(figures, last);
    }
    let whole = match word {
        "mr" => "mister",
        "mrs" => "missus",
        "dr" => "doctor",
        "ok" => "okay",
        other => other,
    };
    vec![whole.to_owned()]
}

/// A number of one or two digits as one, others digit by digit; the last of them as `last` reads it.
fn spelled(figures: &str, last: fn(u128) -> String) -> Vec<String> {
    let one = figures.len() == 1 || (figures.len() == 2 && !figures.starts_with('0'));
    let mut read: Vec<u128> = if one {
        numbers::parse(figures).into_iter().collect()
    } else {
        figures.bytes().map(|byte| u128::from(byte.wrapping_sub(b'0'))).collect()
    };
    let end = read.pop().map(last);
    let words = read.into_iter().map(numbers::cardinal).chain(end);
    words.flat_map(|words| words.split('-').map(str::to_owned).collect::<Vec<_>>()).collect()
}

fn mandarin(text: &str) -> Vec<String> {
    let mut units = Vec::new();
    let mut rest = text;
    while let Some(letter) = rest.chars().next() {
        let figures = rest.bytes().take_while(u8::is_ascii_digit).count();
        let (taken, after) = rest.split_at(figures.max(letter.len_utf8()));
        if figures > 0 {
            units.extend(counted(taken).map(String::from));
        } else if letter.is_alphanumeric() {
            units.push(letter.to_string());
        }
        rest = after;
    }
    units
}

/// Two digits as a number, others one by one.
fn counted(figures: &str) -> impl Iterator<Item = char> {
    const SIGNS: [char; 10] = ['零', '一', '二', '三', '四', '五', '六', '七', '八', '九'];
    let digits: Vec<usize> = figures.bytes().map(|byte| usize::from(byte.wrapping_sub(b'0'))).collect();
    let sign = |digit: usize| SIGNS.get(digit).copied();
    let signs: Vec<Option<char>> = match digits.as_slice() {
        &[tens, ones] if tens > 0 => {
            vec![sign(tens).filter(|_| tens > 1), Some('十'), sign(ones).filter(|_| ones > 0)]
        }
        digits => digits.iter().map(|&digit| sign(digit)).collect(),
    };
    signs.into_iter().flatten()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use proptest::prelude::*;

    use super::*;

    fn words(text: &str) -> String {
        Scorer::new().unwrap().units(text, Language::En).join(" ")
    }

    fn characters(text: &str) -> String {
        Scorer::new().unwrap().units(text, Language::Zh).concat()
    }

    fn meant(text: &str, language: Language) -> String {
        Scorer::new().unwrap().values(text, language, Date::constant(2026, 1, 15)).join(" ")
    }

    #[test]
    fn numbers_count_as_they_are_read() {
        assert_eq!(words("The 14th, at 10 or 21, 555 times."), "the fourteenth at ten or twenty one five five five times");
        assert_eq!(words("Mr. O’Neill's 20th, 'OK'?"), "mister o'neill's twentieth okay");
        assert_eq!(characters("請在12點打123，或20號。"), "请在十二点打一二三或二十号");
    }

    #[test]
    fn the_same_value_counts_the_same_however_it_was_written() {
        for (one, other) in [
            ("come at three p.m.", "Come at 3 PM."),
            ("it costs forty-five dollars", "It costs $45."),
            ("on March the third", "On March 3rd"),
            ("the code is nine three one six", "The code is 9316."),
        ] {
            assert_eq!(meant(one, Language::En), meant(other, Language::En));
        }
        for (one, other) in [("下午三點來", "下午3点来。"), ("我的號碼是二五五五一二三四", "我的号码是25551234"), ("三月三號", "3月3号")]
        {
            assert_eq!(meant(one, Language::Zh), meant(other, Language::Zh));
        }
        let told = |text: &str| -> Vec<String> {
            values(text, Language::En, Date::constant(2026, 1, 15)).iter().map(|found| told(&found.value)).collect()
        };
        assert_eq!(told("Room 305 at three p.m."), ["3 0 5", "hour 15 minute 0"]);
        assert_ne!(meant("at three p.m.", Language::En), meant("at four p.m.", Language::En));
    }

    #[test]
    fn a_distance_counts_what_is_wrong() {
        let count = |said: &str, heard: &str| distance(&said.chars().collect::<Vec<_>>(), &heard.chars().collect::<Vec<_>>());
        for (said, heard, wrong) in
            [("", "", 0), ("abc", "", 3), ("", "ab", 2), ("kitten", "sitting", 3), ("abc", "abc", 0), ("ab", "ba", 2)]
        {
            assert_eq!(count(said, heard), wrong, "{said} {heard}");
        }
    }

    proptest! {
        #[test]
        fn no_text_is_too_odd_to_count(text in "\\PC{0,40}|[0-9a-z年月日點一二十百 :.$]{0,40}") {
            let scorer = Scorer::new().unwrap();
            for language in [Language::En, Language::Zh] {
                let units = scorer.values(&text, language, Date::constant(2026, 1, 15));
                prop_assert_eq!(distance(&units, &units), 0);
                prop_assert!(scorer.units(&text, language).iter().all(|unit| !unit.is_empty()));
            }
        }

        #[test]
        fn a_distance_is_symmetric_and_at_most_the_longer_text(a in "[abc]{0,9}", b in "[abc]{0,9}") {
            let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
            let wrong = distance(&a, &b);
            prop_assert_eq!(wrong, distance(&b, &a));
            prop_assert!(wrong <= a.len().max(b.len()) && wrong >= a.len().abs_diff(b.len()));
        }
    }
}
