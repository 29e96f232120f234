//! Digits told one by one: "oh two, five five five", "double three", "02-555-1234".

use super::LONG;
use super::numbers::{below_hundred, unit};
use super::tokens::{Reader, Reading};

/// A run as it is read: its digits, and what it was made of.
struct Run<'a> {
    digits: String,
    elements: usize,
    /// Whether every element was written in figures.
    figures_only: bool,
    /// The lengths of the elements if all were figures.
    lengths: Vec<usize>,
    end: Reader<'a>,
}

/// What people say between the groups of a number.
const FILLERS: [&str; 7] = ["and", "then", "uh", "um", "er", "so", "dash"];

/// A run of digits that is nothing else.
pub(super) fn run(here: Reader<'_>) -> Reading<'_, String> {
    let with_pairs = read(here, true).filter(|run| run.digits.len() > LONG);
    let run = with_pairs.or_else(|| read(here, false))?;
    let long = run.digits.trim_start_matches('+').len() >= LONG;
    let is = match (run.figures_only, run.elements) {
        (true, 1) => is_code(&run.digits),
        (true, _) => long && !years(&run),
        // "Oh, two people": one digit behind it is too little.
        (false, 2) => !matches!(here.peek(), Some("oh" | "o")),
        (false, elements) => elements > 2 || run.digits.len() > 1,
    };
    is.then_some((run.digits, run.end))
}

/// A run of digits, whatever else it could be.
pub(super) fn any_run(here: Reader<'_>) -> Reading<'_, String> {
    let plain = read(here, false);
    let pairs = read(here, true).filter(|run| run.digits.len() > LONG);
    pairs.or(plain).map(|run| (run.digits, run.end))
}

/// "2020-2025".
fn years(run: &Run<'_>) -> bool {
    run.lengths == [4, 4] && run.digits.chars().step_by(4).all(|c| matches!(c, '1' | '2'))
}

/// Figures in one piece that count nothing: "007", "25551234".
fn is_code(digits: &str) -> bool {
    (digits.len() > 1 && digits.starts_with('0')) || (digits.len() >= 7 && !digits.ends_with("000"))
}

/// `pairs`: "fifty-five twelve" are digits too, behind others.
fn read(here: Reader<'_>, pairs: bool) -> Option<Run<'_>> {
    let mut run = Run { digits: String::new(), elements: 0, figures_only: true, lengths: Vec::new(), end: here };
    let mut ahead = here;
    if ahead.eat_any(&["plus", "+"]) {
        run.digits.push('+');
    }
    loop {
        let _ = ahead.eat("(");
        let Some((digits, figures, end)) = element(ahead, pairs && run.elements > 0) else { break };
        run.digits.push_str(&digits);
        run.lengths.push(digits.len());
        run.figures_only &= figures;
        run.elements += 1;
        run.end = end;
        ahead = end;
        if run.digits.len() > 40 {
            break;
        }
        between(&mut ahead, run.elements);
    }
    (run.elements > 0).then_some(run)
}

/// Step over what stands between two groups. A mark inside a number, as in "1,500" and "3.14", parts no groups.
fn between(ahead: &mut Reader<'_>, elements: usize) {
    let _ = ahead.eat(")");
    let mut marked = *ahead;
    if marked.eat_any(&[",", "."]) {
        if marked.token().is_some_and(|token| token.spaced) {
            *ahead = marked;
        } else {
            return;
        }
    }
    let _ = ahead.eat("-");
    if elements > 1 {
        while ahead.eat_any(&FILLERS) {
            let _ = ahead.eat(",");
        }
    }
}

fn element(here: Reader<'_>, pairs: bool) -> Option<(String, bool, Reader<'_>)> {
    let mut end = here;
    let times = if end.eat("double") {
        2
    } else if end.eat("triple") || end.eat("treble") {
        3
    } else {
        1
    };
    if let Some(digit) = end.take(digit) {
        // "Two hundred" is a number, not the digit two; "eight hundred" inside a number that is told is 800.
        if times == 1 && end.peek().is_some_and(is_count) {
            return (pairs && end.eat("hundred")).then(|| (format!("{digit}00"), false, end));
        }
        return Some((digit.to_string().repeat(times), false, end));
    }
    if times > 1 {
        return end.figures(false).filter(|figures| figures.len() == 1).map(|figures| (figures.repeat(times), false, end));
    }
    if let Some(figures) = end.figures(false) {
        let ordinal =
            end.token().is_some_and(|next| !next.spaced && matches!(next.text.as_str(), "st" | "nd" | "rd" | "th" | ":" | "/" | "%"));
        return (!ordinal).then(|| (figures.to_owned(), true, end));
    }
    let (pair, end) = below_hundred(here).filter(|_| pairs)?;
    Some((pair.to_string(), false, end))
}

fn digit(word: &str) -> Option<char> {
    let value = match word {
        "zero" | "oh" | "o" | "nought" => 0,
        other => unit(other)?,
    };
    char::from_digit(u32::try_from(value).ok()?, 10)
}

fn is_count(word: &str) -> bool {
    matches!(word, "hundred" | "thousand" | "million" | "billion" | "point")
}
