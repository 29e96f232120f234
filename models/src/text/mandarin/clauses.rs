//! Where a Mandarin text speaks English for a while.
//!
//! A word or two among characters are words of the Mandarin sentence, and figures beside them are Mandarin too: "WiFi 密码是 123". But in
//! "如需中文請按1，press 2 for English" the second clause is English, and its 2 is "two".

/// A stretch of text by the language that reads its figures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Clause<'a> {
    Mandarin(&'a str),
    English(&'a str),
}

/// The fewest English words that make their figures English.
const FEWEST_WORDS: usize = 3;

/// The clauses of `line`, which together are all of it.
pub(super) fn clauses(line: &str) -> Vec<Clause<'_>> {
    let mut out = Vec::new();
    let mut rest = line;
    while let Some(first) = rest.chars().next() {
        let english = first.is_ascii();
        let end = rest.find(|c: char| c.is_ascii() != english).unwrap_or(rest.len());
        let (stretch, after) = rest.split_at(end);
        let words = stretch.split(|c: char| !c.is_ascii_alphabetic()).filter(|word| word.len() > 1).count();
        out.push(if words >= FEWEST_WORDS { Clause::English(stretch) } else { Clause::Mandarin(stretch) });
        rest = after;
    }
    joined(line, &out)
}

/// Neighbouring stretches of Mandarin as one.
fn joined<'a>(line: &'a str, clauses: &[Clause<'a>]) -> Vec<Clause<'a>> {
    let mut out: Vec<Clause<'a>> = Vec::new();
    let (mut start, mut end) = (0, 0);
    for clause in clauses {
        match clause {
            Clause::Mandarin(text) => end += text.len(),
            Clause::English(text) => {
                out.extend(line.get(start..end).filter(|text| !text.is_empty()).map(Clause::Mandarin));
                out.push(*clause);
                end += text.len();
                start = end;
            }
        }
    }
    out.extend(line.get(start..end).filter(|text| !text.is_empty()).map(Clause::Mandarin));
    out
}

#[cfg(test)]
mod tests {
    use super::{Clause, clauses};

    #[test]
    fn three_english_words_are_a_clause() {
        let found = clauses("中文請按1，press 2 for English.謝謝，WiFi密碼12");
        let expected = [Clause::Mandarin("中文請按1，"), Clause::English("press 2 for English."), Clause::Mandarin("謝謝，WiFi密碼12")];
        assert_eq!(found, expected);
    }
}
