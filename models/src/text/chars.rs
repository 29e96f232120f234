//! Classes of characters, as the rules of this front end mean them.

/// White space, with the four information separators.
pub(super) fn is_space(c: char) -> bool {
    c.is_whitespace() || ('\u{1c}'..='\u{1f}').contains(&c)
}

/// A letter, a digit, another number sign or the underscore.
pub(super) fn is_word(c: char) -> bool {
    c == '_' || c.is_alphanumeric()
}

/// What is part of a word but neither a decimal digit nor the underscore.
pub(super) fn is_letter(c: char) -> bool {
    c.is_alphanumeric() && !c.is_ascii_digit()
}

/// A decimal digit, also a raised or lowered one.
pub(super) fn is_digit_like(c: char) -> bool {
    c.is_ascii_digit() || matches!(c, '²' | '³' | '¹' | '⁰' | '⁴'..='⁹' | '₀'..='₉')
}

/// A capital letter of the Latin-1 alphabet.
pub(super) fn is_latin_upper(c: char) -> bool {
    matches!(c, 'A'..='Z' | 'À'..='Ö' | 'Ø'..='Þ')
}

/// A small letter of the Latin-1 alphabet.
pub(super) fn is_latin_lower(c: char) -> bool {
    matches!(c, 'a'..='z' | 'ß'..='ö' | 'ø'..='ÿ')
}

/// An apostrophe, straight or curled.
pub(super) fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '‘' | '’')
}

/// Letters only, and at least one.
pub(super) fn is_alphabetic(word: &str) -> bool {
    !word.is_empty() && word.chars().all(char::is_alphabetic)
}

/// Decimal digits only, and at least one.
pub(super) fn is_digits(word: &str) -> bool {
    !word.is_empty() && word.bytes().all(|b| b.is_ascii_digit())
}

/// Whether no letter would change in capitals.
pub(super) fn is_upper(word: &str) -> bool {
    word == word.to_uppercase()
}

/// Whether no letter would change in small letters.
pub(super) fn is_lower(word: &str) -> bool {
    word == word.to_lowercase()
}

/// `Word` for `word`, `WORD` or `Word`.
pub(super) fn capitalised(word: &str) -> String {
    let mut chars = word.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars.as_str().to_lowercase().chars()).collect())
}

/// Without the first character.
pub(super) fn tail(word: &str) -> &str {
    let mut chars = word.chars();
    chars.next();
    chars.as_str()
}

/// The last `n` characters, or all if there are fewer.
pub(super) fn last(word: &str, n: usize) -> &str {
    word.char_indices().rev().nth(n.saturating_sub(1)).map_or(word, |(at, _)| &word[at..])
}

/// The decimal digits of other scripts as ours.
pub(super) fn ascii_digit(c: char) -> char {
    const ZEROS: [u32; 13] = [0x660, 0x6f0, 0x7c0, 0x966, 0x9e6, 0xa66, 0xae6, 0xb66, 0xbe6, 0xc66, 0xce6, 0xe50, 0xff10];
    let found = ZEROS.iter().find_map(|zero| u32::from(c).checked_sub(*zero).filter(|d| *d < 10));
    found.and_then(|d| char::from_digit(d, 10)).unwrap_or(c)
}
