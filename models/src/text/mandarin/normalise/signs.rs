//! Signs that have a word, and abbreviations.

use super::{Cursor, Said};

/// "Tel: 110", "ext. 12".
pub(super) fn abbreviation(at: Cursor<'_>) -> Said<'_> {
    const WORDS: [(&str, &str); 11] = [
        ("TEL", "电话"),
        ("Tel", "电话"),
        ("tel", "电话"),
        ("FAX", "传真"),
        ("Fax", "传真"),
        ("fax", "传真"),
        ("EXT", "分机"),
        ("Ext", "分机"),
        ("ext", "分机"),
        ("No", "编号"),
        ("NO", "编号"),
    ];
    if !at.not_after(|c| c.is_ascii_alphanumeric()) {
        return None;
    }
    WORDS.iter().find_map(|(written, said)| {
        let mut end = at;
        if !end.eat_all(written) || !end.not_before(|c| c.is_ascii_alphanumeric()) {
            return None;
        }
        let dotted = end.eat('.');
        let mut ahead = end;
        while ahead.one(|c| matches!(c, ' ' | ':' | '：')).is_some() {}
        let before_figures = !ahead.not_before(|c| c.is_ascii_digit() || matches!(c, '(' | '+'));
        let number = *said == "编号";
        (before_figures && (dotted || !number)).then(|| ((*said).to_owned(), end))
    })
}

/// One sign, where it stands for a word.
pub(super) fn sign(at: Cursor<'_>) -> Said<'_> {
    let mut end = at;
    let c = end.one(|c| matches!(c, '&' | '+' | '=' | '#' | '*' | '@' | '~' | '–' | '-' | '/' | '%' | '×'))?;
    let from_to = at.previous().is_some_and(ends_span) && !end.not_before(is_character);
    let word = match c {
        '&' => "和",
        '+' => "加",
        '=' => "等于",
        '#' => "井",
        '@' => " at ",
        '×' => "乘",
        '~' | '–' | '-' if from_to => "到",
        '*' if !end.not_before(|c| matches!(c, '字' | '键' | '号')) => "星",
        '-' if !at.not_after(|c| c.is_ascii_alphabetic()) && !end.not_before(|c| c.is_ascii_alphabetic()) => return None,
        '/' => "，",
        _ => " ",
    };
    Some((word.to_owned(), end))
}

/// What ends a day, a time or a number: a dash behind it leads to another.
fn ends_span(c: char) -> bool {
    "点分半日号月年元一二三四五六七八九十零百千万亿天时度岁楼站".contains(c)
}

fn is_character(c: char) -> bool {
    ('\u{4e00}'..='\u{9fff}').contains(&c)
}
