//! Telephone numbers, digit by digit, with a pause between groups.
//!
//! The published front end knows `555-0123` and `555-010-4477` alone and reads the groups of any other number as numbers ("forty-four
//! twenty seventy-nine forty-six"), which nobody can write down; [`grouped`] is an addition of ours.

use super::super::chars::is_word;
use super::cursor::{Cursor, Said};

/// The fewest digits of a number that is known by its plus sign or its parentheses, and by its leading zero alone.
const FEWEST: usize = 7;
const FEWEST_AFTER_ZERO: usize = 9;
/// The most digits of an international number (ITU-T E.164).
const MOST: usize = 15;

fn joined(c: char) -> bool {
    is_word(c) || c == '.' || c == '-'
}

/// "+44 20 7946 0958", "(020) 7946-0958", "0800 123 456".
pub(super) fn grouped(at: Cursor<'_>) -> Said<'_> {
    if !at.not_after(joined) {
        return None;
    }
    let mut end = at;
    let plus = end.eat('+');
    let mut open = end.eat('(');
    let first = end.digits(1, 5)?;
    let fewest = match (plus || open, first.starts_with('0')) {
        (true, _) => FEWEST,
        (false, true) => FEWEST_AFTER_ZERO,
        (false, false) => return None,
    };
    let mut groups = vec![first];
    loop {
        let mut ahead = end;
        let closed = open && ahead.eat(')');
        let apart = ahead.one(|c| c == ' ' || c == '-').is_some() || closed;
        let opened = !open && !closed && ahead.eat('(');
        match ahead.digits(2, 10).filter(|_| apart && ahead.not_before(goes_on)) {
            Some(group) => groups.push(group),
            None => break,
        }
        open = opened || (open && !closed);
        end = ahead;
    }
    let digits: usize = groups.iter().map(String::len).sum();
    if open || groups.len() < 2 || !(fewest..=MOST).contains(&digits) || !end.not_before(joined_on) {
        return None;
    }
    let spelled: Vec<String> = groups.iter().map(|group| spelled(group)).collect();
    Some((format!("{}{}", if plus { "plus " } else { "" }, spelled.join(", ")), end))
}

/// A period after a number may end the sentence.
fn joined_on(c: char) -> bool {
    is_word(c) || c == '-'
}

/// What shows that figures are a time, a date or a share, and no group of a telephone number.
fn goes_on(c: char) -> bool {
    is_word(c) || matches!(c, ':' | '/' | '%')
}

fn spelled(digits: &str) -> String {
    digits.chars().map(String::from).collect::<Vec<_>>().join(" ")
}

/// "555-010-4477": its digits one by one, with a pause at each dash.
pub(super) fn dashed(at: Cursor<'_>) -> Said<'_> {
    if !at.not_after(joined) {
        return None;
    }
    [3, 2].into_iter().find_map(|groups| {
        let mut end = at;
        let mut said = Vec::new();
        for group in (0..groups).rev() {
            let digits = if group == 0 { end.digits(4, 4)? } else { end.digits(3, 3)? };
            said.push(spelled(&digits));
            if group > 0 && !end.eat('-') {
                return None;
            }
        }
        end.not_before(joined).then(|| (said.join(", "), end))
    })
}

#[cfg(test)]
mod tests {
    use super::super::cursor::replaced;
    use super::*;

    #[test]
    fn numbers_are_said_digit_by_digit_in_their_groups() {
        let said = |text: &str| replaced(text, grouped);
        assert_eq!(said("Call +44 20 7946 0958."), "Call plus 4 4, 2 0, 7 9 4 6, 0 9 5 8.");
        assert_eq!(said("(555) 010-4477"), "5 5 5, 0 1 0, 4 4 7 7");
        assert_eq!(said("+44 (20) 7946 0958"), "plus 4 4, 2 0, 7 9 4 6, 0 9 5 8");
        assert_eq!(said("0800 123 456"), "0 8 0 0, 1 2 3, 4 5 6");
        assert_eq!(replaced("555-0123", dashed), "5 5 5, 0 1 2 3");
    }

    #[test]
    fn other_figures_are_left_alone() {
        for text in
            ["1 000 000", "+5 people", "0.5", "01-02-2024", "(2019) and 2020", "007", "+1", "(5", "+67738 10:44", "x+44 20 7946 0958"]
        {
            assert_eq!(replaced(text, grouped), text);
        }
    }
}
