//! Signs that have a word, and the space that is left over.

use super::super::chars::is_space;
use super::vocabulary::Vocabulary;

/// Every sign of the vocabulary as its word; "=", "<", ">" and "~" only between things.
pub(super) fn spelled(mut text: String, words: &Vocabulary) -> String {
    for (sign, word) in &words.symbols {
        if !text.contains(*sign) {
            continue;
        }
        let said = if word.is_empty() { " ".to_owned() } else { format!(" {word} ") };
        text = if "=<>~".contains(*sign) { between(&text, *sign, &said) } else { text.replace(*sign, &said) };
    }
    text
}

fn between(text: &str, sign: char, said: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let solid = |i: usize| chars.get(i).is_some_and(|c| !is_space(*c));
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    while at < chars.len() {
        let from = at + usize::from(chars[at] == ' ');
        let stands = at > 0 && solid(at - 1) && chars.get(from) == Some(&sign);
        let after = from + 1 + usize::from(chars.get(from + 1) == Some(&' '));
        if stands && solid(after) {
            out.push_str(said);
            at = after;
        } else {
            out.push(chars[at]);
            at += 1;
        }
    }
    out
}

/// Without spaces before a punctuation mark.
pub(super) fn tight_before_punctuation(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if ",.;:!?".contains(c) {
            out.truncate(out.trim_end_matches(' ').len());
        }
        out.push(c);
    }
    out
}
