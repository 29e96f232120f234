//! Figures with what they count: money, measures, degrees, fractions, ranges.

use super::super::chars::is_word;
use super::cursor::{Cursor, Said};
use super::dates::date;
use super::vocabulary::Vocabulary;

const SCALES: [&str; 5] = ["hundred", "thousand", "million", "billion", "trillion"];

/// Singular for one, else plural.
fn counted<'w>(figures: &str, singular: &'w str, plural: &'w str) -> &'w str {
    if matches!(figures.replace(',', "").as_str(), "1" | "1.0" | "-1") { singular } else { plural }
}

/// " million" or "k" after a number.
fn scale(at: Cursor<'_>) -> Option<(&'static str, Cursor<'_>)> {
    let mut at = at;
    at.eat_space();
    for name in SCALES {
        let mut end = at;
        if end.eat_all(name) {
            return Some((name, end));
        }
    }
    let mut end = at;
    let name = match end.one(|c| "kKmMbB".contains(c))?.to_ascii_lowercase() {
        'k' => "thousand",
        'm' => "million",
        _ => "billion",
    };
    end.is_boundary().then_some((name, end))
}

/// "$3.2 billion": "3.2 billion dollars".
pub(super) fn large_sum<'a>(at: Cursor<'a>, words: &Vocabulary) -> Said<'a> {
    let mut end = at;
    let sign = end.one(|c| matches!(c, '$' | '£' | '€'))?;
    let figures = end.number()?;
    let (scale, end) = scale(end)?;
    let (_, plural) = words.currencies.get(&sign.to_string())?;
    Some((format!("{figures} {scale} {plural}"), end))
}

/// "99¢": "99 cents".
pub(super) fn cents<'a>(at: Cursor<'a>, words: &Vocabulary) -> Said<'a> {
    let mut end = standing_alone(at)?;
    let figures = end.number()?;
    end.eat_space();
    let (singular, plural) = words.currencies.get("¢").filter(|_| end.eat('¢'))?;
    Some((format!("{figures} {}", counted(&figures, singular, plural)), end))
}

/// "¥500", "Rs. 20 million": "500 yen", "20 million rupees".
pub(super) fn foreign_sum<'a>(at: Cursor<'a>, words: &Vocabulary) -> Said<'a> {
    if !at.not_after(is_word) {
        return None;
    }
    let mut end = at;
    let sign = ["¥", "₹", "₩", "Rs", "USD", "EUR", "GBP"].into_iter().find(|sign| end.eat_all(sign))?;
    if sign == "Rs" {
        end.eat('.');
    }
    end.eat_space();
    let figures = end.number()?;
    let (singular, plural) = words.currencies.get(sign)?;
    Some(match scale(end) {
        Some((scale, end)) => (format!("{figures} {scale} {plural}"), end),
        None => (format!("{figures} {}", counted(&figures, singular, plural)), end),
    })
}

/// "20°C": "20 degrees Celsius".
pub(super) fn degrees(at: Cursor<'_>) -> Said<'_> {
    let (figures, mut end) = signed(at)?;
    end.eat_space();
    if !end.eat('°') {
        return None;
    }
    let said = format!("{figures} {}", counted(&figures, "degree", "degrees"));
    let mut spaced = end;
    spaced.eat_space();
    for start in [spaced, end] {
        let mut scaled = start;
        let scale = scaled.one(|c| matches!(c, 'C' | 'F'));
        if scaled.not_before(is_word) {
            let scale = scale.map_or("", |c| if c == 'C' { " Celsius" } else { " Fahrenheit" });
            return Some((said + scale, scaled));
        }
        if start.not_before(is_word) {
            return Some((said, start));
        }
    }
    None
}

/// "5km", "3 hrs": "5 kilometers", "3 hours".
pub(super) fn measure<'a>(at: Cursor<'a>, words: &Vocabulary) -> Said<'a> {
    let (figures, mut end) = signed(at)?;
    end.eat_space();
    words.units.iter().find_map(|(unit, (singular, plural))| {
        let mut after = end;
        (after.eat_all(unit) && after.not_before(is_word)).then(|| (format!("{figures} {}", counted(&figures, singular, plural)), after))
    })
}

fn standing_alone(at: Cursor<'_>) -> Option<Cursor<'_>> {
    at.not_after(|c| is_word(c) || c == '.').then_some(at)
}

fn signed(at: Cursor<'_>) -> Option<(String, Cursor<'_>)> {
    let mut end = standing_alone(at)?;
    let minus = end.eat('-');
    let figures = end.number()?;
    Some((if minus { format!("-{figures}") } else { figures }, end))
}

/// "3/4": "3 quarters"; "10/12": "October twelfth"; "40/50": "40 slash 50".
pub(super) fn fraction(at: Cursor<'_>) -> Said<'_> {
    let apart = |c| is_word(c) || c == '.' || c == '/';
    if !at.not_after(apart) {
        return None;
    }
    let mut end = at;
    let above = end.digits(1, 2)?;
    let below = end.eat('/').then(|| end.digits(1, 2))??;
    if !end.not_before(apart) {
        return None;
    }
    let (a, b): (usize, usize) = (above.parse().ok()?, below.parse().ok()?);
    let said = match parts(b).filter(|_| 0 < a && a < b) {
        Some("half") if a == 1 => "one half".to_owned(),
        Some(part) => format!("{a} {part}{}", if a == 1 { "" } else { "s" }),
        None => date(None, &above, &below).unwrap_or_else(|| format!("{a} slash {b}")),
    };
    Some((said, end))
}

fn parts(below: usize) -> Option<&'static str> {
    let names = ["half", "third", "quarter", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"];
    names.get(below.checked_sub(2)?).copied()
}

/// "2-3": "2 to 3".
pub(super) fn range(at: Cursor<'_>) -> Said<'_> {
    if !at.not_after(|c| is_word(c) || c == '.' || c == '-') {
        return None;
    }
    let mut end = at;
    let from = end.digits(1, 4)?;
    end.eat_space();
    end.one(|c| c == '-' || c == '–')?;
    end.eat_space();
    let to = end.digits(1, 4)?;
    end.not_before(|c| is_word(c) || matches!(c, '.' | '-' | '%')).then(|| (format!("{from} to {to}"), end))
}

/// "+5": "plus 5".
pub(super) fn plus(at: Cursor<'_>) -> Said<'_> {
    let mut end = at;
    let stands = at.not_after(|c| is_word(c) || c == '+') && end.eat('+') && !end.not_before(|c| c.is_ascii_digit());
    stands.then(|| ("plus ".to_owned(), end))
}
