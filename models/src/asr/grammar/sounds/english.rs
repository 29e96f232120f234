//! Phones of English, and how alike they sound.
//!
//! Vowels are points: how open, how far back, how round, and where a diphthong goes. Consonants are a place, a manner and a voice. The symbols are misaki's, as the front
//! end writes them; features after P. Ladefoged, *A course in phonetics*.

use super::Sound;

/// One phone.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Phone(Features);

#[derive(Clone, Copy, Debug, PartialEq)]
enum Features {
    /// Open 0 to 1, back 0 to 1, and the same of the end of a diphthong.
    Vowel { open: f32, back: f32, end_open: f32, end_back: f32 },
    /// Lips 0 to throat 1; how the air flows; whether it is voiced.
    Consonant { place: f32, manner: Manner, voiced: bool },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Manner {
    Stop,
    Affricate,
    Fricative,
    Nasal,
    Liquid,
    Glide,
}

/// The phones of a line of phonemes; stress, pauses and what is no phone are left out.
#[must_use]
pub fn phones(line: &str) -> Vec<Phone> {
    line.chars().filter_map(Phone::of).collect()
}

impl Phone {
    /// The phone that a symbol stands for.
    #[must_use]
    pub fn of(symbol: char) -> Option<Self> {
        use Manner::{Affricate, Fricative, Glide, Liquid, Nasal, Stop};
        let vowel = |open, back| Features::Vowel { open, back, end_open: open, end_back: back };
        let glides = |open, back, end_open, end_back| Features::Vowel { open, back, end_open, end_back };
        let consonant = |place, manner, voiced| Features::Consonant { place, manner, voiced };
        Some(Self(match symbol {
            'i' => vowel(0.0, 0.0),
            'ɪ' | 'ᵻ' => vowel(0.2, 0.2),
            'ɛ' | 'e' => vowel(0.55, 0.15),
            'æ' | 'a' => vowel(0.85, 0.2),
            'ə' | 'ᵊ' => vowel(0.5, 0.5),
            'ʌ' | 'ɐ' => vowel(0.65, 0.6),
            'ɜ' | 'ɚ' => vowel(0.5, 0.55),
            'ɑ' | 'ɒ' => vowel(0.95, 0.9),
            'ɔ' => vowel(0.65, 0.95),
            'ʊ' => vowel(0.2, 0.85),
            'u' => vowel(0.0, 1.0),
            'A' => glides(0.5, 0.1, 0.15, 0.1),
            'I' => glides(0.9, 0.5, 0.15, 0.15),
            'W' => glides(0.9, 0.5, 0.15, 0.9),
            'Y' => glides(0.65, 0.95, 0.15, 0.15),
            'O' | 'Q' => glides(0.5, 0.8, 0.15, 0.95),
            'p' => consonant(0.0, Stop, false),
            'b' => consonant(0.0, Stop, true),
            'm' => consonant(0.0, Nasal, true),
            'w' => consonant(0.1, Glide, true),
            'f' => consonant(0.1, Fricative, false),
            'v' => consonant(0.1, Fricative, true),
            'θ' => consonant(0.25, Fricative, false),
            'ð' => consonant(0.25, Fricative, true),
            't' | 'T' | 'ɾ' => consonant(0.4, Stop, false),
            'd' => consonant(0.4, Stop, true),
            'n' => consonant(0.4, Nasal, true),
            's' => consonant(0.4, Fricative, false),
            'z' => consonant(0.4, Fricative, true),
            'l' => consonant(0.4, Liquid, true),
            'ɹ' | 'r' => consonant(0.5, Liquid, true),
            'ʃ' => consonant(0.55, Fricative, false),
            'ʒ' => consonant(0.55, Fricative, true),
            'ʧ' => consonant(0.55, Affricate, false),
            'ʤ' => consonant(0.55, Affricate, true),
            'j' => consonant(0.6, Glide, true),
            'k' => consonant(0.8, Stop, false),
            'ɡ' | 'g' => consonant(0.8, Stop, true),
            'ŋ' => consonant(0.8, Nasal, true),
            'h' => consonant(1.0, Fricative, false),
            _ => return None,
        }))
    }
}

impl Sound for Phone {
    fn differs(&self, other: &Self) -> f32 {
        match (self.0, other.0) {
            (Features::Vowel { open, back, end_open, end_back }, Features::Vowel { open: o, back: b, end_open: eo, end_back: eb }) => {
                (0.3 * (open - o).abs() + 0.3 * (back - b).abs() + 0.2 * (end_open - eo).abs() + 0.2 * (end_back - eb).abs()).min(1.0)
            }
            (Features::Consonant { place, manner, voiced }, Features::Consonant { place: p, manner: m, voiced: v }) => {
                let place = (place - p).abs();
                let flow = if manner == m { 0.0 } else { manners(manner, m) };
                (0.6 * place + flow + if voiced == v { 0.0 } else { 0.2 }).min(1.0)
            }
            _ => 1.0,
        }
    }

    fn alone(&self) -> f32 {
        match self.0 {
            Features::Vowel { .. } => 0.6,
            Features::Consonant { manner: Manner::Glide | Manner::Liquid, .. } => 0.5,
            Features::Consonant { .. } => 0.65,
        }
    }
}

/// How different two ways of the air are.
fn manners(one: Manner, other: Manner) -> f32 {
    let near = |a, b| (one == a && other == b) || (one == b && other == a);
    if near(Manner::Stop, Manner::Affricate) || near(Manner::Affricate, Manner::Fricative) || near(Manner::Liquid, Manner::Glide) {
        0.3
    } else if near(Manner::Nasal, Manner::Liquid) || near(Manner::Stop, Manner::Fricative) {
        0.5
    } else {
        0.7
    }
}
