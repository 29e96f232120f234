//! Syllables of Mandarin, and how alike they sound.
//!
//! A syllable is an initial, a final and a tone. Which initials and finals are taken for one another follows what speakers of the south merge (n and l, zh and z,
//! ch and c, sh and s, f and h, final n and ng) and what a line of 4 kHz blurs (aspirated and plain stops, hissing sounds).

use super::Sound;

/// One syllable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Syllable {
    initial: String,
    /// As pinyin writes it without an initial's shortenings: `uei` for `ui`, `v` for ü.
    rime: String,
    /// 1 to 5.
    tone: u8,
}

/// What the parts of a syllable count, one together.
const INITIAL: f32 = 0.4;
const RIME: f32 = 0.45;
const TONE: f32 = 0.15;
/// Sounds that are merged by many speakers, and sounds that a line makes alike.
const MERGED: f32 = 0.2;
const BLURRED: f32 = 0.45;

const MERGED_INITIALS: [(&str, &str); 6] = [("zh", "z"), ("ch", "c"), ("sh", "s"), ("n", "l"), ("l", "r"), ("f", "h")];
const BLURRED_INITIALS: [(&str, &str); 22] = [
    ("b", "p"),
    ("d", "t"),
    ("g", "k"),
    ("j", "q"),
    ("zh", "ch"),
    ("z", "c"),
    ("j", "zh"),
    ("j", "z"),
    ("q", "ch"),
    ("q", "c"),
    ("x", "sh"),
    ("x", "s"),
    ("m", "n"),
    ("b", "d"),
    ("p", "t"),
    ("d", "g"),
    ("t", "k"),
    ("s", "f"),
    ("z", "s"),
    ("c", "s"),
    ("zh", "sh"),
    ("ch", "sh"),
];
const MERGED_RIMES: [(&str, &str); 9] = [
    ("in", "ing"),
    ("en", "eng"),
    ("an", "ang"),
    ("ian", "iang"),
    ("uan", "uang"),
    ("uen", "ueng"),
    ("uen", "ong"),
    ("e", "uo"),
    ("o", "uo"),
];
const BLURRED_RIMES: [(&str, &str); 24] = [
    ("i", "v"),
    ("ie", "ve"),
    ("ian", "van"),
    ("in", "vn"),
    ("i", "ei"),
    ("i", "in"),
    ("ei", "ai"),
    ("ei", "uei"),
    ("ai", "uai"),
    ("ao", "ou"),
    ("ao", "a"),
    ("iao", "iou"),
    ("ou", "uo"),
    ("ou", "u"),
    ("u", "uo"),
    ("u", "ong"),
    ("a", "ia"),
    ("a", "ua"),
    ("an", "ian"),
    ("an", "uan"),
    ("en", "uen"),
    ("eng", "ong"),
    ("e", "en"),
    ("ie", "i"),
];

/// The syllables of pinyin such as `zhong1`; what is none is left out.
#[must_use]
pub fn syllables(pinyin: &[String]) -> Vec<Syllable> {
    pinyin.iter().filter_map(|one| Syllable::parse(one)).collect()
}

impl Syllable {
    /// From pinyin with its tone as a digit behind it and `v` for ü.
    #[must_use]
    pub fn parse(pinyin: &str) -> Option<Self> {
        const INITIALS: [&str; 21] =
            ["zh", "ch", "sh", "b", "p", "m", "f", "d", "t", "n", "l", "g", "k", "h", "j", "q", "x", "r", "z", "c", "s"];
        let tone = pinyin.chars().next_back()?.to_digit(10).filter(|tone| (1..=5).contains(tone))?;
        let sound = pinyin.get(..pinyin.len() - 1).filter(|sound| !sound.is_empty())?;
        let initial = INITIALS.into_iter().find(|initial| sound.starts_with(initial)).unwrap_or_default();
        let rime = rime(initial, sound.strip_prefix(initial)?);
        Some(Self { initial: initial.to_owned(), rime, tone: u8::try_from(tone).ok()? })
    }
}

/// A rime by one name wherever it stands.
fn rime(initial: &str, letters: &str) -> String {
    // After j, q and x, and in syllables that begin with y, u stands for ü.
    let rounded = matches!(initial, "j" | "q" | "x") || letters.starts_with("yu");
    let whole = match letters {
        "yi" => "i",
        "yin" => "in",
        "ying" => "ing",
        "you" | "iu" => "iou",
        "wei" | "ui" => "uei",
        "wu" => "u",
        "yue" | "ue" => "ve",
        "yu" | "u" if rounded => "v",
        "yuan" | "uan" if rounded => "van",
        "yun" | "un" if rounded => "vn",
        "wen" | "un" => "uen",
        other => {
            return match (other.strip_prefix('y'), other.strip_prefix('w')) {
                (Some(rest), _) => format!("i{rest}"),
                (_, Some(rest)) => format!("u{rest}"),
                _ => other.to_owned(),
            };
        }
    };
    whole.to_owned()
}

impl Sound for Syllable {
    fn differs(&self, other: &Self) -> f32 {
        INITIAL * unlike(&self.initial, &other.initial, &MERGED_INITIALS, &BLURRED_INITIALS)
            + RIME * unlike(&self.rime, &other.rime, &MERGED_RIMES, &BLURRED_RIMES)
            + if self.tone == other.tone { 0.0 } else { TONE }
    }

    fn alone(&self) -> f32 {
        0.7
    }
}

fn unlike(one: &str, other: &str, merged: &[(&str, &str)], blurred: &[(&str, &str)]) -> f32 {
    let among = |pairs: &[(&str, &str)]| pairs.iter().any(|&(a, b)| (one == a && other == b) || (one == b && other == a));
    if one == other {
        0.0
    } else if among(merged) {
        MERGED
    } else if among(blurred) {
        BLURRED
    } else {
        1.0
    }
}
