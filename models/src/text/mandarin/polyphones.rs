//! Single characters whose part of speech or neighbours decide how they are read.
//!
//! A phrase settles most characters with several readings; those that stand alone as a word have only what stands beside them, and the
//! dictionary gives them one reading for all.

use super::syllable::Syllable;
use super::words::Word;

/// The reading of a word of one character between its neighbours, if they or its part of speech decide it.
pub(super) fn reading(before: Option<&Word>, word: &Word, after: Option<&Word>) -> Option<Syllable> {
    let tagged = |word: Option<&Word>, kinds: &[char]| word.is_some_and(|word| word.tag.starts_with(kinds));
    let pinyin = match (word.text.as_str(), word.tag.as_str()) {
        ("得", _) if tagged(before, &['v', 'a']) => "de5",
        ("得", _) if tagged(after, &['v']) => "dei3",
        ("地", "uv") => "de5",
        ("着", "uz") => "zhe5",
        ("了", "ul") => "le5",
        ("过", "ug") => "guo5",
        ("为", "p") => "wei4",
        ("还", _) if tagged(after, &['n', 'r']) => "huan2",
        ("还", _) => "hai2",
        ("只", _) if tagged(before, &['m']) => "zhi1",
        ("行", _) if tagged(before, &['m']) => "hang2",
        ("长", "a") => "chang2",
        _ => return None,
    };
    Syllable::parse(pinyin)
}

/// The reading of the particle that a word begins with which nobody listed: in 慢慢 地说 the segmenter took 地 for a part of a name.
pub(super) fn glued(word: &Word) -> Option<Syllable> {
    let mut chars = word.text.chars();
    let particle = matches!(chars.next(), Some('地' | '得')) && chars.next().is_some();
    particle.then(|| Syllable::parse("de5")).flatten()
}
