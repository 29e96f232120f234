//! Stress marks in a phoneme string: which there are, and how context moves them.

pub(super) const PRIMARY: char = 'ˈ';
pub(super) const SECONDARY: char = 'ˌ';

/// How a word's stress is bent by where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stress {
    /// No mark at all.
    Erased,
    /// A primary mark becomes a secondary one.
    Demoted,
    /// As [`Stress::Demoted`]; a word without a mark gets a secondary one.
    Weak,
    /// A word without a mark gets a secondary one.
    Light,
    /// A secondary mark becomes a primary one; a word without a mark gets a primary one.
    Strong,
}

/// Whether this phoneme is a vowel (capitals stand for diphthongs).
pub(super) fn is_vowel(c: char) -> bool {
    matches!(c, 'A' | 'I' | 'O' | 'Q' | 'W' | 'Y' | 'a' | 'i' | 'u' | 'æ' | 'ɑ' | 'ɒ' | 'ɔ' | 'ə' | 'ɛ' | 'ɜ' | 'ɪ' | 'ʊ' | 'ʌ' | 'ᵻ')
}

/// Whether this phoneme is a consonant.
pub(super) fn is_consonant(c: char) -> bool {
    "bdfhjklmnpstvwzðŋɡɹɾʃʒʤʧθ".contains(c)
}

/// How long a phoneme string lasts, in short sounds.
pub(super) fn weight(phonemes: &str) -> usize {
    phonemes.chars().map(|c| if matches!(c, 'A' | 'I' | 'O' | 'Q' | 'W' | 'Y' | 'ʤ' | 'ʧ') { 2 } else { 1 }).sum()
}

/// `phonemes` with their stress bent.
pub(super) fn apply(phonemes: &str, stress: Option<Stress>) -> String {
    let primary = phonemes.contains(PRIMARY);
    let secondary = phonemes.contains(SECONDARY);
    let unmarked = !primary && !secondary;
    match stress {
        Some(Stress::Erased) => phonemes.replace([PRIMARY, SECONDARY], ""),
        Some(Stress::Demoted | Stress::Weak) if primary => phonemes.replace(SECONDARY, "").replace(PRIMARY, "ˌ"),
        Some(Stress::Weak | Stress::Light) if unmarked => marked(phonemes, SECONDARY),
        Some(Stress::Strong) if secondary && !primary => phonemes.replace(SECONDARY, "ˈ"),
        Some(Stress::Strong) if unmarked => marked(phonemes, PRIMARY),
        _ => phonemes.to_owned(),
    }
}

/// With `mark` before the first vowel, if there is one.
fn marked(phonemes: &str, mark: char) -> String {
    let mut out = phonemes.to_owned();
    if let Some(at) = phonemes.find(is_vowel) {
        out.insert(at, mark);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unmarked_word_gets_its_mark_before_the_first_vowel() {
        assert_eq!(apply("ðɛɹ", Some(Stress::Strong)), "ðˈɛɹ");
        assert_eq!(apply("ðɛɹ", Some(Stress::Light)), "ðˌɛɹ");
        assert_eq!(apply("s", Some(Stress::Strong)), "s");
    }

    #[test]
    fn demoting_leaves_one_secondary_mark() {
        assert_eq!(apply("ˌɪnfəɹmˈAʃən", Some(Stress::Demoted)), "ɪnfəɹmˌAʃən");
        assert_eq!(apply("ɪn", Some(Stress::Demoted)), "ɪn");
    }
}
