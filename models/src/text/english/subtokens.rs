//! A token cut at changes of kind: quotes, capitals inside a word, figures, hyphens, words, signs.

use super::chars::{is_apostrophe, is_latin_lower, is_latin_upper, is_letter, is_word};

/// The parts of `token`; a character that is of no kind (a lone apostrophe inside) is dropped.
pub(super) fn split(token: &str) -> Vec<&str> {
    let chars: Vec<(usize, char)> = token.char_indices().collect();
    let offset = |i: usize| chars.get(i).map_or(token.len(), |(at, _)| *at);
    let at = |i: usize| chars.get(i).map(|(_, c)| *c);
    let mut parts = Vec::new();
    let mut i = 0;
    while i < chars.len() {
        let length = [apostrophes_at_start, acronym_letter, figures, hyphens, two_apostrophes, hump, word, sign, apostrophes_at_end]
            .iter()
            .map(|rule| rule(&at, i))
            .find(|n| *n > 0)
            .unwrap_or(0);
        if length > 0 {
            parts.push(&token[offset(i)..offset(i + length)]);
        }
        i += length.max(1);
    }
    parts
}

type Chars<'a> = dyn Fn(usize) -> Option<char> + 'a;

fn run(at: &Chars<'_>, from: usize, test: impl Fn(char) -> bool) -> usize {
    (from..).take_while(|i| at(*i).is_some_and(&test)).count()
}

fn apostrophes_at_start(at: &Chars<'_>, i: usize) -> usize {
    if i == 0 { run(at, 0, is_apostrophe) } else { 0 }
}

/// A capital before a capitalised word: the "A" of "ANews".
fn acronym_letter(at: &Chars<'_>, i: usize) -> usize {
    let upper = |i| at(i).is_some_and(is_latin_upper);
    usize::from(upper(i) && upper(i + 1) && at(i + 2).is_some_and(is_latin_lower))
}

/// Digits, with single commas or points before digits; a minus only at the start.
fn figures(at: &Chars<'_>, i: usize) -> usize {
    let digit = |i| at(i).is_some_and(|c| c.is_ascii_digit());
    let minus = usize::from(i == 0 && at(0) == Some('-'));
    let mut end = i + minus;
    loop {
        if digit(end) {
            end += 1;
        } else if matches!(at(end), Some(',' | '.')) && digit(end + 1) {
            end += 2;
        } else {
            break;
        }
    }
    if end > i + minus { end - i } else { 0 }
}

fn hyphens(at: &Chars<'_>, i: usize) -> usize {
    run(at, i, |c| c == '-' || c == '_')
}

fn two_apostrophes(at: &Chars<'_>, i: usize) -> usize {
    let n = run(at, i, is_apostrophe);
    if n > 1 { n } else { 0 }
}

/// The part of a word before a capital inside it: the "i" of "iPhone".
fn hump(at: &Chars<'_>, i: usize) -> usize {
    let mut start = i;
    loop {
        let mut end = start;
        loop {
            if at(end).is_some_and(is_latin_lower) && at(end + 1).is_some_and(is_latin_upper) {
                return end + 1 - i;
            }
            if !(at(end).is_some_and(is_apostrophe) && at(end + 1).is_some_and(is_letter)) {
                break;
            }
            end += 2;
        }
        if !at(start).is_some_and(is_letter) {
            return 0;
        }
        start += 1;
    }
}

fn word(at: &Chars<'_>, i: usize) -> usize {
    let mut end = i + run(at, i, is_letter);
    if end == i {
        return 0;
    }
    while at(end).is_some_and(is_apostrophe) && at(end + 1).is_some_and(is_letter) {
        end += 2;
    }
    end - i
}

fn sign(at: &Chars<'_>, i: usize) -> usize {
    usize::from(at(i).is_some_and(|c| !is_word(c) && c != '-' && !is_apostrophe(c)))
}

fn apostrophes_at_end(at: &Chars<'_>, i: usize) -> usize {
    let n = run(at, i, is_apostrophe);
    if at(i + n).is_none() { n } else { 0 }
}

/// Runs of letters (with apostrophes between them), of digits (with single commas and points between them), and of signs.
pub(super) fn kinds(text: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let length = if is_letter(first) {
            joined(rest, is_letter, |c| c == '\'' || c == '’')
        } else if first.is_ascii_digit() {
            joined(rest, |c| c.is_ascii_digit(), |c| c == ',' || c == '.')
        } else {
            rest.find(|c: char| is_word(c) || c.is_whitespace()).unwrap_or(rest.len())
        };
        if length == 0 {
            rest = &rest[first.len_utf8()..];
            continue;
        }
        parts.push(&rest[..length]);
        rest = &rest[length..];
    }
    parts
}

/// The bytes of a run of `inner`, going on over a single `link` that more of `inner` follows.
fn joined(text: &str, inner: fn(char) -> bool, link: fn(char) -> bool) -> usize {
    let mut end = 0;
    loop {
        end += text[end..].find(|c| !inner(c)).unwrap_or(text.len() - end);
        let mut ahead = text[end..].chars();
        match (ahead.next(), ahead.next()) {
            (Some(a), Some(b)) if link(a) && inner(b) => end += a.len_utf8(),
            _ => return end,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{kinds, split};

    #[test]
    fn tokens_are_cut_at_changes_of_kind() {
        assert_eq!(split("iPhone15"), ["i", "Phone", "15"]);
        assert_eq!(split("ANews"), ["A", "News"]);
        assert_eq!(split("e-mail's"), ["e", "-", "mail's"]);
        assert_eq!(split("-1,234.5%"), ["-1,234.5", "%"]);
        assert_eq!(split("''x'"), ["''", "x", "'"]);
        assert_eq!(split("1'2"), ["1", "2"]);
        assert_eq!(kinds("xyz'n 1,2:#"), ["xyz'n", "1,2", ":#"]);
    }
}
