//! A normalised sentence as runs: Mandarin, foreign words, and marks as the voice knows them.

/// A part of a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Run {
    /// Characters that are read as Mandarin.
    Mandarin(String),
    /// Words in Latin letters, with the spaces between them.
    Foreign(String),
    /// A mark of punctuation, with the space that belongs to it.
    Mark(&'static str),
    /// Space in the text.
    Space,
}

/// The runs of `sentence`. What is neither known to `reads` nor a letter nor a mark is left out.
pub(super) fn runs(sentence: &str, reads: impl Fn(char) -> bool) -> Vec<Run> {
    let mut out: Vec<Run> = Vec::new();
    for c in sentence.chars() {
        match (kind(c, &reads), out.last_mut()) {
            (Run::Mandarin(more), Some(Run::Mandarin(run))) | (Run::Foreign(more), Some(Run::Foreign(run))) => run.push_str(&more),
            (Run::Space, Some(Run::Foreign(run))) => run.push(' '),
            (other, _) => out.push(other),
        }
    }
    out
}

fn kind(c: char, reads: &impl Fn(char) -> bool) -> Run {
    if reads(c) {
        return Run::Mandarin(c.to_string());
    }
    if is_foreign(c) {
        return Run::Foreign(c.to_string());
    }
    // As misaki maps them; the voice knows no other marks.
    Run::Mark(match c {
        '、' | '，' | ',' => ", ",
        '。' | '．' | '.' => ". ",
        '！' | '!' => "! ",
        '？' | '?' => "? ",
        '：' | ':' => ": ",
        '；' | ';' => "; ",
        '«' | '《' | '「' | '『' | '【' | '“' => " “",
        '»' | '》' | '」' | '』' | '】' | '”' => "” ",
        '（' | '(' => " (",
        '）' | ')' => ") ",
        '…' => "…",
        '—' => "—",
        _ => return Run::Space,
    })
}

fn is_foreign(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '\'' | '’' | '-') || ('À'..='ɏ').contains(&c)
}

/// Phonemes and marks as one line: single spaces, none before a mark that ends something, none at the ends.
pub(super) fn line(parts: &[String]) -> String {
    let mut out = String::new();
    for c in parts.iter().flat_map(|part| part.chars()) {
        if ",.!?:;”)".contains(c) || c == ' ' {
            out.truncate(out.trim_end_matches(' ').len());
        }
        if c == ' ' && (out.is_empty() || out.ends_with(['“', '('])) {
            continue;
        }
        out.push(c);
    }
    out.trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_falls_into_mandarin_foreign_words_and_marks() {
        let han = |c: char| ('\u{4e00}'..='\u{9fff}').contains(&c);
        let found = runs("请用 Wi-Fi 连线，好。", han);
        let expected = [
            Run::Mandarin("请用".to_owned()),
            Run::Space,
            Run::Foreign("Wi-Fi ".to_owned()),
            Run::Mandarin("连线".to_owned()),
            Run::Mark(", "),
            Run::Mandarin("好".to_owned()),
            Run::Mark(". "),
        ];
        assert_eq!(found, expected);
    }

    #[test]
    fn marks_stand_close_and_spaces_single() {
        let parts = ["a", ", ", " “", "b", "” ", ". "].map(str::to_owned);
        assert_eq!(line(&parts), "a, “b”.");
    }
}
