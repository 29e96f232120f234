//! Where a text may be cut: at the ends of sentences, and in long sentences at clauses.

use super::chars::is_space;

/// The most phonemes that are spoken as one piece.
pub(super) const LONGEST: usize = 400;

/// The sentences of `text`. `titles` are the abbreviations whose period ends none.
pub(super) fn sentences(text: &str, is_title: &dyn Fn(&str) -> bool) -> Vec<String> {
    let mut out = Vec::new();
    for paragraph in text.split('\n').map(|p| p.trim_matches(is_space)) {
        let mut start = 0;
        let mut at = 0;
        while let Some(c) = paragraph[at..].chars().next() {
            at += c.len_utf8();
            if !matches!(c, '.' | '!' | '?' | '…') {
                continue;
            }
            let Some(next) = next_sentence(&paragraph[at..]) else { continue };
            if ends_here(&paragraph[..at], &paragraph[at + next..], is_title) {
                out.push(paragraph[start..at].to_owned());
                start = at + next;
            }
            at += next;
        }
        out.push(paragraph[start..].to_owned());
    }
    out.retain(|s| !s.chars().all(is_space));
    out
}

/// The bytes of closing quotes and white space up to the next word, if there are any.
fn next_sentence(rest: &str) -> Option<usize> {
    let closed = rest.trim_start_matches(['"', '”', '’', ')', ']']);
    let begun = closed.trim_start_matches(is_space);
    (begun.len() < closed.len() && !begun.is_empty()).then_some(rest.len() - begun.len())
}

/// Not after a title or an initial, nor before a small letter.
fn ends_here(before: &str, after: &str, is_title: &dyn Fn(&str) -> bool) -> bool {
    if after.starts_with(char::is_lowercase) {
        return false;
    }
    let Some(before) = before.strip_suffix('.') else { return true };
    let word = before.rsplit(' ').next().unwrap_or_default().trim_start_matches(['(', '"', '“', '\'', '‘']);
    let mut chars = word.chars();
    let initial = chars.next().is_some_and(char::is_uppercase) && chars.next().is_none();
    !initial && !is_title(word)
}

/// A phoneme line in pieces of at most [`LONGEST`] phonemes: cut after clauses, else at spaces, else anywhere.
pub(super) fn pieces(line: &str) -> Vec<String> {
    let length = |s: &str| s.chars().count();
    if length(line) <= LONGEST {
        return vec![line.to_owned()];
    }
    let mut out: Vec<String> = Vec::new();
    for clause in clauses(line) {
        let parts = if length(clause) > LONGEST { shorter(clause) } else { vec![clause.to_owned()] };
        for part in parts {
            match out.last_mut() {
                Some(last) if length(last) + length(&part) < LONGEST => {
                    last.push(' ');
                    last.push_str(&part);
                }
                _ => out.push(part),
            }
        }
    }
    out
}

fn clauses(line: &str) -> Vec<&str> {
    let mut out = Vec::new();
    let mut start = 0;
    for (at, mark) in line.match_indices([',', ';', ':', '—']) {
        let end = at + mark.len();
        let rest = line[end..].trim_start_matches(is_space);
        if rest.len() < line.len() - end {
            out.push(&line[start..end]);
            start = line.len() - rest.len();
        }
    }
    out.push(&line[start..]);
    out
}

fn shorter(clause: &str) -> Vec<String> {
    let mut out: Vec<String> = vec![String::new()];
    for word in clause.split(' ') {
        let chars: Vec<char> = word.chars().collect();
        for run in chars.chunks(LONGEST) {
            let fits = out.last().is_some_and(|last| last.chars().count() + run.len() < LONGEST);
            if !fits {
                out.push(String::new());
            }
            if let Some(last) = out.last_mut() {
                if !last.is_empty() {
                    last.push(' ');
                }
                last.extend(run);
            }
        }
    }
    out.retain(|s| !s.is_empty());
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn split(text: &str) -> Vec<String> {
        sentences(text, &|word| matches!(word, "Dr" | "St"))
    }

    #[test]
    fn a_title_or_an_initial_ends_no_sentence() {
        assert_eq!(split("Dr. Smith is in. Ask J. K. Rowling!"), ["Dr. Smith is in.", "Ask J. K. Rowling!"]);
        assert_eq!(split("It costs 5 approx. as said."), ["It costs 5 approx. as said."]);
        assert_eq!(split("One.\n\nTwo"), ["One.", "Two"]);
        assert!(split(" \n ").is_empty());
    }

    proptest! {
        #[test]
        fn pieces_are_short_and_lose_nothing(line in "[a-z,; ]{0,1500}") {
            let line = line.trim();
            let pieces = pieces(line);
            let kept: String = pieces.concat().chars().filter(|c| *c != ' ').collect();
            prop_assert!(pieces.iter().all(|p| p.chars().count() <= LONGEST));
            prop_assert_eq!(kept, line.chars().filter(|c| *c != ' ').collect::<String>());
        }
    }
}
