//! Digits, one by one, as telephone numbers are said.

use super::super::{Grammar, Piece, homophones};
use crate::{Language, Result};

/// The most digits that are said at once: E.164 has 15; people add a prefix.
const MOST_DIGITS: usize = 20;

/// Digits, one by one: between `least` and `most` of them. Each means itself, `0` to `9`. "Double three" is two digits. In Mandarin, any character that sounds like a digit
/// spells it.
///
/// # Errors
/// [`crate::Error::Input`] if `least` is 0, or more than `most`, or `most` is more than 20.
pub fn digits(language: Language, least: usize, most: usize) -> Result<Grammar> {
    Grammar::new(&piece(language, least, most)?)
}

pub(super) fn piece(language: Language, least: usize, most: usize) -> Result<Piece> {
    if most > MOST_DIGITS {
        return Err(crate::Error::Input(format!("at most {MOST_DIGITS} digits are understood at once, not {most}")));
    }
    let names = digit_names(language);
    let one = |names: &[&str], digit: usize| Piece::any(names).means(digit.to_string());
    let mut single: Vec<_> = names.iter().enumerate().map(|(digit, names)| one(names, digit)).collect();
    if language == Language::Zh {
        let sounding_like =
            |(digit, characters): (usize, &&str)| Piece::OneOf(characters.chars().map(Piece::words).collect()).means(digit.to_string());
        single.extend(homophones::OF_DIGITS.iter().enumerate().map(sounding_like));
    }
    single.extend((0..10).map(|digit: usize| Piece::words(digit.to_string()).means(digit.to_string())));
    if language == Language::En {
        // Two meanings of one piece: the digit twice.
        let double = |(digit, names): (usize, &&[&str])| {
            let doubled = Piece::Sequence(vec![Piece::words("double"), Piece::any(names).means(digit.to_string())]);
            doubled.means(digit.to_string())
        };
        single.extend(names.iter().enumerate().map(double));
    }
    Ok(Piece::OneOf(single).repeated(least, most))
}

/// What the digits are called. Phones in Mandarin say 幺 for 1 and sometimes 洞 for 0; 兩 is 2 in speech.
pub(super) fn digit_names(language: Language) -> [&'static [&'static str]; 10] {
    match language {
        Language::En => [
            &["zero", "oh", "o", "nought"],
            &["one"],
            &["two"],
            &["three"],
            &["four"],
            &["five"],
            &["six"],
            &["seven"],
            &["eight"],
            &["nine"],
        ],
        Language::Zh => [
            &["零", "〇", "洞"],
            &["一", "幺", "妖", "腰", "壹"],
            &["二", "两", "兩", "贰"],
            &["三", "叁"],
            &["四", "肆"],
            &["五", "伍"],
            &["六", "陆", "陸"],
            &["七", "柒", "拐"],
            &["八", "捌"],
            &["九", "玖", "勾"],
        ],
    }
}
