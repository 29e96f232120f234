//! How wide text is on a terminal, where a Chinese character takes two columns: padding, and lines that are broken between characters.

use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr as _};

/// What no line begins with.
const CLOSING: &str = "，。、；：！？」』）》】〉”’…,.;:!?)]}";
/// What no line ends with.
const OPENING: &str = "「『（《【〈“‘([{";

/// So many columns of a terminal.
pub fn of(text: &str) -> usize {
    text.width()
}

/// The text with spaces behind it, up to so many columns.
pub fn padded(text: &str, columns: usize) -> String {
    format!("{text}{}", " ".repeat(columns.saturating_sub(of(text))))
}

/// A name and what it is, line by line, in two columns.
pub fn list(rows: &[(String, String)]) -> String {
    let names = rows.iter().map(|(name, _)| of(name)).max().unwrap_or_default() + 2;
    let lines: Vec<String> = rows.iter().map(|(name, what)| format!("{}{what}", padded(name, names))).collect();
    lines.join("\n")
}

/// As much of the text as has room in so many columns, with an ellipsis where some of it has not.
pub fn cut(text: &str, columns: usize) -> String {
    if of(text) <= columns {
        return text.to_owned();
    }
    let (mut kept, mut taken) = (String::new(), 0);
    for c in text.chars() {
        taken += c.width().unwrap_or_default();
        if taken >= columns {
            break;
        }
        kept.push(c);
    }
    if columns > 0 {
        kept.push('…');
    }
    kept
}

/// The text folded behind something that takes so many columns of the first line, and that stands above nothing in the others.
pub fn hung(text: &str, behind: usize, columns: usize) -> String {
    folded(text, columns.saturating_sub(behind)).replace('\n', &format!("\n{}", " ".repeat(behind)))
}

/// Lines of no more than so many columns, whatever stands in them: a word that has no room is torn apart.
pub fn lines(text: &str, columns: usize) -> Vec<String> {
    let columns = columns.max(2);
    let mut lines = Vec::new();
    for line in folded(text, columns).lines() {
        let (mut torn, mut taken) = (String::new(), 0);
        for c in line.chars() {
            let wide = c.width().unwrap_or_default();
            if taken + wide > columns {
                lines.push(std::mem::take(&mut torn));
                taken = 0;
            }
            torn.push(c);
            taken += wide;
        }
        lines.push(torn);
    }
    lines
}

/// Lines of no more than so many columns, as far as that can be: broken at spaces, and between Chinese characters where their marks allow it.
pub fn folded(text: &str, columns: usize) -> String {
    text.lines().map(|line| fold(line, columns)).collect::<Vec<_>>().join("\n")
}

fn fold(line: &str, columns: usize) -> String {
    let (mut folded, mut taken) = (String::new(), 0);
    for piece in pieces(line) {
        let wide = of(piece.trim_end());
        if taken > 0 && taken + wide > columns {
            folded.truncate(folded.trim_end().len());
            folded.push('\n');
            taken = 0;
        }
        folded.push_str(piece);
        taken += of(piece);
    }
    folded
}

/// What is not torn apart: words with the space behind them, and Chinese characters with their marks.
fn pieces(line: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut begun = 0;
    let mut before: Option<char> = None;
    for (at, c) in line.char_indices() {
        if before.is_some_and(|before| may_part(before, c)) {
            pieces.push(&line[begun..at]);
            begun = at;
        }
        before = Some(c);
    }
    pieces.push(&line[begun..]);
    pieces
}

fn may_part(before: char, after: char) -> bool {
    let wide = |c: char| c.width() == Some(2);
    let at_a_space = before == ' ' && after != ' ';
    let between = (wide(before) || wide(after)) && after != ' ';
    (at_a_space || between) && !CLOSING.contains(after) && !OPENING.contains(before)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_padded_is_as_wide_as_what_is_not_chinese() {
        assert_eq!((padded("線路", 6).as_str(), padded("line", 6).as_str()), ("線路  ", "line  "));
        assert_eq!(padded("too wide", 3), "too wide");
        let rows = [("線路".to_owned(), "x".to_owned()), ("a".to_owned(), "y".to_owned())];
        assert_eq!(list(&rows), "線路  x\na     y");
    }

    #[test]
    fn chinese_is_broken_between_characters_and_never_before_its_marks() {
        assert_eq!(folded("線路、通話與說明。", 8), "線路、通\n話與說\n明。");
        assert_eq!(folded("顯示「通話」", 6), "顯示\n「通\n話」");
        assert_eq!(folded("用 `scenario list` 查看", 10), "用\n`scenario\nlist` 查看");
        assert_eq!(folded("one two\nthree", 5), "one\ntwo\nthree");
    }

    #[test]
    fn what_has_no_room_ends_in_an_ellipsis() {
        assert_eq!((cut("office", 6).as_str(), cut("office", 5).as_str(), cut("office", 1).as_str()), ("office", "offi…", "…"));
        assert_eq!((cut("表明身分中", 10).as_str(), cut("表明身分中", 9).as_str()), ("表明身分中", "表明身分…"));
        assert_eq!((cut("表明身分中", 8).as_str(), cut("office", 0).as_str()), ("表明身…", ""));
    }

    #[test]
    fn what_is_hung_behind_a_name_stays_behind_it() {
        assert_eq!(hung("make room on the disk", 6, 18), "make room on\n      the disk");
    }

    #[test]
    fn a_word_without_room_is_torn() {
        assert_eq!(lines("see https://example.org", 8), ["see", "https://", "example.", "org"]);
        assert_eq!(lines("機器人", 1), ["機", "器", "人"], "no column is narrower than a character");
    }

    proptest::proptest! {
        #[test]
        fn no_line_is_wider_than_it_may_be(text in "[a線 、\u{301}]{0,40}", columns in 2usize..20) {
            proptest::prop_assert!(lines(&text, columns).iter().all(|line| of(line) <= columns));
            proptest::prop_assert!(of(&cut(&text, columns)) <= columns);
        }

        #[test]
        fn nothing_is_lost_by_folding(text in "[a線 、]{0,40}", columns in 0usize..20) {
            let letters = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
            proptest::prop_assert_eq!(letters(&folded(&text, columns)), letters(&text));
        }
    }
}
