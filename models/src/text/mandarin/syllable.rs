//! One syllable of Mandarin, and its phonemes as Kokoro v1.0 was taught them.
//!
//! The spelling is pinyin in plain letters with `v` for ü, as the dictionary has it (`lv4`). The phonemes are misaki's for Kokoro before
//! v1.1 (Apache-2.0, hexgrad), which follow pinyin-to-ipa (MIT, Stefan Taubert): one character per sound, and an arrow for the tone behind
//! the vowel that carries it, before a final `n` or `ŋ`: `zhong1` is `ꭧʊ→ŋ`.

/// The tone of a syllable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tone {
    /// High and level: mā.
    First,
    /// Rising: má.
    Second,
    /// Low: mǎ.
    Third,
    /// Falling: mà.
    Fourth,
    /// Short and without a tone of its own: ma.
    Neutral,
}

impl Tone {
    fn parse(number: char) -> Option<Self> {
        Some(match number {
            '1' => Self::First,
            '2' => Self::Second,
            '3' => Self::Third,
            '4' => Self::Fourth,
            '5' => Self::Neutral,
            _ => return None,
        })
    }

    pub fn digit(self) -> char {
        match self {
            Self::First => '1',
            Self::Second => '2',
            Self::Third => '3',
            Self::Fourth => '4',
            Self::Neutral => '5',
        }
    }

    fn arrow(self) -> &'static str {
        match self {
            Self::First => "→",
            Self::Second => "↗",
            Self::Third => "↓",
            Self::Fourth => "↘",
            Self::Neutral => "",
        }
    }
}

/// A syllable: its sound in pinyin without a tone, and its tone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Syllable {
    sound: Box<str>,
    pub tone: Tone,
}

impl Syllable {
    /// From pinyin with its tone as a digit behind it, such as `zhong1`; `None` if that is no syllable of Mandarin.
    pub fn parse(pinyin: &str) -> Option<Self> {
        let mut letters = pinyin.chars();
        let tone = Tone::parse(letters.next_back()?)?;
        let sound = letters.as_str();
        parts(sound)?;
        Some(Self { sound: sound.into(), tone })
    }

    /// Its pinyin, with the tone as a digit behind it.
    pub fn pinyin(&self) -> String {
        format!("{}{}", self.sound, self.tone.digit())
    }

    /// Its phonemes.
    pub fn phonemes(&self) -> String {
        let (onset, nucleus, coda) = parts(&self.sound).unwrap_or_default();
        [onset, nucleus, self.tone.arrow(), coda].concat()
    }
}

/// What comes before the tone's vowel, that vowel with its glide, and what comes after it.
fn parts(sound: &str) -> Option<(&'static str, &'static str, &'static str)> {
    if let Some(whole) = alone(sound) {
        return Some(("", whole.0, whole.1));
    }
    let (onset, rest) = onset(sound)?;
    let apical = rest == "i" && matches!(onset, "ꭧ" | "ꭧʰ" | "ʂ" | "ɻ" | "ʦ" | "ʦʰ" | "s");
    let (nucleus, coda) = if apical { ("ɨ", "") } else { rime(rime_name(sound, onset, rest)?)? };
    Some((onset, nucleus, coda))
}

/// Interjections and consonants that are syllables of their own.
fn alone(sound: &str) -> Option<(&'static str, &'static str)> {
    Some(match sound {
        "er" => ("ɚ", ""),
        "o" => ("ɔ", ""),
        "ê" => ("ɛ", ""),
        "m" => ("m", ""),
        "n" => ("n", ""),
        "ng" => ("ŋ", ""),
        "hm" => ("hm", ""),
        "hng" => ("hŋ", ""),
        _ => return None,
    })
}

/// The consonant that a syllable begins with, if there is one, and the letters of its rime.
fn onset(sound: &str) -> Option<(&'static str, &str)> {
    const ONSETS: [(&str, &str); 21] = [
        ("zh", "ꭧ"),
        ("ch", "ꭧʰ"),
        ("sh", "ʂ"),
        ("b", "p"),
        ("p", "pʰ"),
        ("m", "m"),
        ("f", "f"),
        ("d", "t"),
        ("t", "tʰ"),
        ("n", "n"),
        ("l", "l"),
        ("g", "k"),
        ("k", "kʰ"),
        ("h", "x"),
        ("j", "ʨ"),
        ("q", "ʨʰ"),
        ("x", "ɕ"),
        ("r", "ɻ"),
        ("z", "ʦ"),
        ("c", "ʦʰ"),
        ("s", "s"),
    ];
    let found = ONSETS.iter().find_map(|(letters, sign)| Some((*sign, sound.strip_prefix(letters)?)));
    let (onset, rest) = found.unwrap_or(("", sound));
    (!rest.is_empty()).then_some((onset, rest))
}

/// The rime by the name that it has without the shortenings of pinyin: `iou` for the `iu` of `liu`, `ü` for the `u` of `ju`.
fn rime_name<'a>(sound: &str, onset: &str, rest: &'a str) -> Option<&'a str> {
    const SHORTENED: [(&str, &str); 31] = [
        ("iu", "iou"),
        ("ui", "uei"),
        ("un", "uen"),
        ("o", "uo"),
        ("v", "ü"),
        ("ve", "üe"),
        ("ue", "üe"),
        ("yi", "i"),
        ("ya", "ia"),
        ("yan", "ian"),
        ("yang", "iang"),
        ("yao", "iao"),
        ("ye", "ie"),
        ("yin", "in"),
        ("ying", "ing"),
        ("yo", "uo"),
        ("yong", "iong"),
        ("you", "iou"),
        ("yu", "ü"),
        ("yuan", "üan"),
        ("yue", "üe"),
        ("yun", "ün"),
        ("wa", "ua"),
        ("wai", "uai"),
        ("wan", "uan"),
        ("wang", "uang"),
        ("wei", "uei"),
        ("wen", "uen"),
        ("weng", "ueng"),
        ("wo", "uo"),
        ("wu", "u"),
    ];
    if matches!(onset, "ʨ" | "ʨʰ" | "ɕ") {
        match rest {
            "u" => return Some("ü"),
            "uan" => return Some("üan"),
            "un" => return Some("ün"),
            _ => {}
        }
    }
    // A glide's letter stands only where no consonant does.
    if rest.starts_with(['y', 'w']) && rest.len() != sound.len() {
        return None;
    }
    Some(SHORTENED.iter().find(|(short, _)| *short == rest).map_or(rest, |(_, name)| name))
}

/// Glide and vowel, and the consonant that ends the syllable.
fn rime(name: &str) -> Option<(&'static str, &'static str)> {
    Some(match name {
        "a" => ("a", ""),
        "ai" => ("ai", ""),
        "an" => ("a", "n"),
        "ang" => ("a", "ŋ"),
        "ao" => ("au", ""),
        "e" => ("ɤ", ""),
        "ei" => ("ei", ""),
        "en" => ("ə", "n"),
        "eng" => ("ə", "ŋ"),
        "i" => ("i", ""),
        "ia" => ("ja", ""),
        "ian" => ("jɛ", "n"),
        "iang" => ("ja", "ŋ"),
        "iao" => ("jau", ""),
        "ie" => ("je", ""),
        "in" => ("i", "n"),
        "iou" => ("jou", ""),
        "ing" => ("i", "ŋ"),
        "iong" => ("jʊ", "ŋ"),
        "ong" => ("ʊ", "ŋ"),
        "ou" => ("ou", ""),
        "u" => ("u", ""),
        "uei" => ("wei", ""),
        "ua" => ("wa", ""),
        "uai" => ("wai", ""),
        "uan" => ("wa", "n"),
        "uen" => ("wə", "n"),
        "uang" => ("wa", "ŋ"),
        "ueng" => ("wə", "ŋ"),
        "uo" => ("wo", ""),
        "ü" => ("y", ""),
        "üe" => ("ɥe", ""),
        "üan" => ("ɥɛ", "n"),
        "ün" => ("y", "n"),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    /// Every sound of the dictionary with the first tone it occurs in, as misaki 0.9.4 writes it.
    const GOLDENS: &str = include_str!("../../../tests/goldens/mandarin/syllables.txt");

    #[test]
    fn every_syllable_has_the_phonemes_of_misaki() {
        assert!(GOLDENS.lines().count() > 1300);
        for line in GOLDENS.lines() {
            let (pinyin, phonemes) = line.split_once(' ').unwrap();
            assert_eq!(Syllable::parse(pinyin).unwrap().phonemes(), phonemes, "{pinyin}");
        }
    }

    #[test]
    fn what_is_no_syllable_is_refused() {
        for wrong in ["", "1", "ma", "ma6", "zh1", "xyz2", "bwu4", "马3", "ue"] {
            assert_eq!(Syllable::parse(wrong), None, "{wrong}");
        }
    }
}
