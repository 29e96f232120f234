//! Abbreviations, titles before names, numbers after words.

use super::super::chars::is_word;
use super::super::numbers::ordinal;
use super::cursor::{Cursor, Said};
use super::vocabulary::Vocabulary;

/// "St Paul": "Saint Paul".
pub(super) fn title<'a>(at: Cursor<'a>, words: &Vocabulary) -> Said<'a> {
    if !at.is_boundary() {
        return None;
    }
    words.titles.iter().find_map(|(written, said)| {
        let mut end = at;
        if !end.eat_all(written) {
            return None;
        }
        end.eat('.');
        (end.eat(' ') && !end.not_before(|c| c.is_ascii_uppercase())).then(|| (format!("{said} "), end))
    })
}

/// "approx.": "approximately"; the period that ends the text stays.
pub(super) fn abbreviation<'a>(at: Cursor<'a>, words: &Vocabulary) -> Said<'a> {
    if !at.not_after(|c| is_word(c) || c == '.') {
        return None;
    }
    words.abbreviations.iter().find_map(|(written, said)| {
        let mut end = at;
        let found = end.eat_all(written) && end.not_before(is_word);
        let period = if end.is_end() && written.ends_with('.') { "." } else { "" };
        found.then(|| (format!("{said}{period}"), end))
    })
}

/// "No. 5": "Number 5".
pub(super) fn number_sign(at: Cursor<'_>) -> Said<'_> {
    if !at.is_boundary() {
        return None;
    }
    [("Nos", "Numbers "), ("No", "Number ")].into_iter().find_map(|(written, said)| {
        let mut end = at;
        if !(end.eat_all(written) && end.eat('.')) {
            return None;
        }
        end.eat(' ');
        (!end.not_before(|c| c.is_ascii_digit())).then(|| (said.to_owned(), end))
    })
}

/// "#5": "number 5".
pub(super) fn hash(at: Cursor<'_>) -> Said<'_> {
    let mut end = at;
    let stands = at.not_after(|c| is_word(c) || c == '&') && end.eat('#') && !end.not_before(|c| c.is_ascii_digit());
    stands.then(|| ("number ".to_owned(), end))
}

/// "Chapter IV": "Chapter 4".
pub(super) fn numbered<'a>(at: Cursor<'a>, words: &Vocabulary) -> Said<'a> {
    after_word(at, &words.numbered).map(|(word, n, end)| (format!("{word} {n}"), end))
}

/// "Henry VIII": "Henry the eighth"; also "Henry VIII's".
pub(super) fn reigning<'a>(at: Cursor<'a>, words: &Vocabulary) -> Said<'a> {
    after_word(at, &words.reigning).map(|(word, n, end)| (format!("{word} the {}", ordinal(n)), end))
}

fn after_word<'a, 'w>(at: Cursor<'a>, words: &'w [String]) -> Option<(&'w str, u128, Cursor<'a>)> {
    if !at.is_boundary() {
        return None;
    }
    words.iter().find_map(|word| {
        let mut start = at;
        if !(start.eat_all(word) && start.eat(' ')) {
            return None;
        }
        let mut end = start;
        while end.one(|c| "IVXLCDM".contains(c)).is_some() {}
        let value = roman(&start.until(end))?;
        let mut after = end;
        let possessive = after.eat_all("'s") && after.not_before(is_word);
        let mut after = end;
        let runs_on = !possessive && after.one(|c| matches!(c, '.' | '\'' | '’')).is_some() && !after.not_before(is_word);
        (end.is_boundary() && !runs_on).then_some((word.as_str(), value, end))
    })
}

/// The value of a roman numeral below five hundred that is written as the Romans' heirs write it.
fn roman(numeral: &str) -> Option<u128> {
    let mut rest = numeral;
    let mut value = 0;
    for (ten, five, one, unit) in [("M", "D", "C", 100), ("C", "L", "X", 10), ("X", "V", "I", 1)] {
        let nine = format!("{one}{ten}");
        let four = format!("{one}{five}");
        if let Some(after) = rest.strip_prefix(&nine) {
            (value, rest) = (value + 9 * unit, after);
        } else if let Some(after) = rest.strip_prefix(&four) {
            (value, rest) = (value + 4 * unit, after);
        } else {
            if let Some(after) = rest.strip_prefix(five) {
                (value, rest) = (value + 5 * unit, after);
            }
            for _ in 0..3 {
                if let Some(after) = rest.strip_prefix(one) {
                    (value, rest) = (value + unit, after);
                }
            }
        }
    }
    (rest.is_empty() && value > 0 && !numeral.starts_with(['D', 'M'])).then_some(value)
}

#[cfg(test)]
mod tests {
    use super::roman;

    #[test]
    fn only_numerals_are_numbers() {
        assert_eq!(roman("XIV"), Some(14));
        assert_eq!(roman("XCIX"), Some(99));
        assert_eq!(roman("IIII"), None);
        assert_eq!(roman(""), None);
        assert_eq!(roman("VX"), None);
    }
}
