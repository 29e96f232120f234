//! Where a text may be cut: at the ends of sentences.

use super::chars::is_space;

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

#[cfg(test)]
mod tests {
    use super::*;

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
}
