//! Phonemes in pieces that are short enough to be spoken at once.

use super::chars::is_space;

/// The most phonemes that are spoken as one piece.
const LONGEST: usize = 400;

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
