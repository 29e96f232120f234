//! Words to phonemes by lexicon: special cases, entries by part of speech, and the regular endings -s, -ed and -ing.
//!
//! The rules are those of misaki's American English (misaki 0.9.4, Apache-2.0), which the voice was trained on: `A I O W Y` stand for
//! diphthongs, `ˈ` and `ˌ` for stress.

use super::chars::{is_alphabetic, is_lower, is_upper, last, tail};
use super::dictionary::{Dictionary, Entry};
use super::stress::{self, PRIMARY, SECONDARY, Stress};

/// What a word needs to know of the words after it.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Context {
    /// Whether the next sound is a vowel; unknown before a pause.
    pub vowel_follows: Option<bool>,
    /// Whether the next word is "to".
    pub to_follows: bool,
}

/// The two lexicons, the checked one before the collected one.
pub(super) struct Lexicon {
    gold: Dictionary,
    silver: Dictionary,
}

impl Lexicon {
    pub fn new(gold: Dictionary, silver: Dictionary) -> Self {
        Self { gold, silver }
    }

    /// The phonemes of `word`, if the lexicon or its rules know it. `bend` is the stress that its capitals ask for.
    pub fn word(&self, word: &str, tag: &str, bend: Option<Stress>, context: Context) -> Option<String> {
        if let Some(phonemes) = self.special(word, tag, bend, context) {
            return Some(phonemes);
        }
        let lower = word.to_lowercase();
        let word = if self.reads_as_lower(word, &lower, tag, bend, context) { lower.as_str() } else { word };
        if self.knows(word) {
            return self.entry(word, Some(tag), bend, Some(context));
        }
        if let Some(stem) = word.strip_suffix("s'") {
            let singular = format!("{stem}'s");
            if self.knows(&singular) {
                return self.entry(&singular, Some(tag), bend, Some(context));
            }
        }
        if let Some(stem) = word.strip_suffix('\'').filter(|stem| self.knows(stem)) {
            return self.entry(stem, Some(tag), bend, Some(context));
        }
        self.with_s(word, Some(tag), bend, Some(context))
            .or_else(|| self.with_ed(word, tag, bend, context))
            .or_else(|| self.with_ing(word, tag, Some(bend.unwrap_or(Stress::Light)), context))
    }

    /// Capitals that only decorate: "HELLO", or "Hello" where it is no name of its own.
    fn reads_as_lower(&self, word: &str, lower: &str, tag: &str, bend: Option<Stress>, context: Context) -> bool {
        word.chars().count() > 1
            && is_alphabetic(&word.replace('\'', ""))
            && word != lower
            && (tag != "NNP" || word.chars().count() > 7)
            && !self.gold.has(word)
            && !self.silver.has(word)
            && (is_upper(word) || is_lower(tail(word)))
            && (self.gold.has(lower)
                || self.silver.has(lower)
                || [
                    self.with_s(lower, Some(tag), bend, Some(context)),
                    self.with_ed(lower, tag, bend, context),
                    self.with_ing(lower, tag, bend, context),
                ]
                .iter()
                .any(|p| p.as_ref().is_some_and(|p| !p.is_empty())))
    }

    /// `word` spelled letter by letter, the last one stressed; `None` if it has a letter without a name.
    pub fn spelled(&self, word: &str) -> Option<String> {
        let mut letters = String::new();
        for c in word.chars().filter(|c| c.is_alphabetic()) {
            letters.push_str(self.gold.get(&c.to_uppercase().collect::<String>())?.default()?);
        }
        let weak = stress::apply(&letters, Some(Stress::Weak));
        Some(match weak.rsplit_once(SECONDARY) {
            Some((head, foot)) => format!("{head}{PRIMARY}{foot}"),
            None => weak,
        })
    }

    fn special(&self, word: &str, tag: &str, bend: Option<Stress>, context: Context) -> Option<String> {
        let gold = |word: &str| self.gold.get(word)?.default().map(str::to_owned);
        let noun = tag.starts_with("NN");
        if tag == "ADD" && matches!(word, "." | "/") {
            let name = if word == "." { "dot" } else { "slash" };
            return self.entry(name, None, Some(Stress::Demoted), Some(context));
        }
        if let Some(name) = symbol(word) {
            return self.entry(name, None, None, Some(context));
        }
        if is_dotted_initials(word) {
            return self.spelled(word);
        }
        match word {
            "a" | "A" => Some((if tag == "DT" { "ɐ" } else { "ˈA" }).to_owned()),
            "am" | "Am" | "AM" | "AN" if noun => self.spelled(word),
            "am" | "Am" | "AM" => {
                let full = context.vowel_follows.is_none() || word != "am" || matches!(bend, Some(Stress::Light | Stress::Strong));
                if full { gold("am") } else { Some("ɐm".to_owned()) }
            }
            "an" | "An" | "AN" => Some("ɐn".to_owned()),
            "I" if tag == "PRP" => Some("ˌI".to_owned()),
            "by" | "By" | "BY" if parent(tag) == "ADV" => Some("bˈI".to_owned()),
            "TO" if !matches!(tag, "TO" | "IN") => None,
            "to" | "To" | "TO" => match context.vowel_follows {
                None => gold("to"),
                Some(false) => Some("tə".to_owned()),
                Some(true) => Some("tʊ".to_owned()),
            },
            "IN" if tag == "NNP" => None,
            "in" | "In" | "IN" => Some((if context.vowel_follows.is_none() || tag != "IN" { "ˈɪn" } else { "ɪn" }).to_owned()),
            "THE" if tag != "DT" => None,
            "the" | "The" | "THE" => Some((if context.vowel_follows == Some(true) { "ði" } else { "ðə" }).to_owned()),
            "used" | "Used" | "USED" => {
                let past = matches!(tag, "VBD" | "JJ") && context.to_follows;
                let entry = self.gold.get("used")?;
                let reading = if past { entry.reading("VBD").flatten() } else { entry.default() };
                reading.map(str::to_owned)
            }
            _ if tag == "IN" && matches!(word.to_lowercase().as_str(), "vs" | "vs.") => self.entry("versus", None, None, Some(context)),
            _ => None,
        }
    }

    fn knows(&self, word: &str) -> bool {
        if self.gold.has(word) || symbol(word).is_some() || self.silver.has(word) {
            return true;
        }
        if word.is_empty() || !word.bytes().all(|b| b.is_ascii_alphabetic()) {
            return false;
        }
        word.len() == 1 || (is_upper(word) && self.gold.has(&word.to_lowercase())) || is_upper(tail(word))
    }

    /// The lexicons' reading of `word` for `tag`; capitals without an entry are read as small letters, or spelled.
    pub fn entry(&self, word: &str, tag: Option<&str>, bend: Option<Stress>, context: Option<Context>) -> Option<String> {
        let lowered = (is_upper(word) && !self.gold.has(word)).then(|| word.to_lowercase());
        let name = lowered.is_some() && tag == Some("NNP");
        let word = lowered.as_deref().unwrap_or(word);
        let entry = self.gold.get(word).or_else(|| if name { None } else { self.silver.get(word) });
        let phonemes = entry.and_then(|entry| reading(entry, tag, context));
        match phonemes {
            Some(phonemes) if !name || phonemes.contains(PRIMARY) => Some(stress::apply(phonemes, bend)),
            _ => self.spelled(word),
        }
    }

    /// A plural, a possessive or a third person. `bend` bends the stem.
    pub fn with_s(&self, word: &str, tag: Option<&str>, bend: Option<Stress>, context: Option<Context>) -> Option<String> {
        let length = word.chars().count();
        let bare = word.strip_suffix('s').filter(|_| length > 2)?;
        let shorter = word.strip_suffix("'s").or_else(|| word.strip_suffix("es").filter(|_| length > 4 && !word.ends_with("ies")));
        let stem = if !word.ends_with("ss") && self.knows(bare) {
            bare.to_owned()
        } else if let Some(stem) = shorter.filter(|stem| self.knows(stem)) {
            stem.to_owned()
        } else {
            let y = format!("{}y", word.strip_suffix("ies").filter(|_| length > 4)?);
            if !self.knows(&y) {
                return None;
            }
            y
        };
        plural(&self.entry(&stem, tag, bend, context)?)
    }

    fn with_ed(&self, word: &str, tag: &str, bend: Option<Stress>, context: Context) -> Option<String> {
        let length = word.chars().count();
        let bare = word.strip_suffix('d').filter(|_| length > 3)?;
        let stem = if !word.ends_with("dd") && self.knows(bare) {
            bare
        } else {
            word.strip_suffix("ed").filter(|stem| length > 4 && !stem.ends_with('e') && self.knows(stem))?
        };
        past(&self.entry(stem, Some(tag), bend, Some(context))?)
    }

    fn with_ing(&self, word: &str, tag: &str, bend: Option<Stress>, context: Context) -> Option<String> {
        let length = word.chars().count();
        let bare = word.strip_suffix("ing").filter(|_| length > 4)?;
        let silent_e = format!("{bare}e");
        let stem = if length > 5 && self.knows(bare) {
            bare
        } else if self.knows(&silent_e) {
            &silent_e
        } else {
            undoubled(bare).filter(|stem| length > 5 && self.knows(stem))?
        };
        gerund(&self.entry(stem, Some(tag), bend, Some(context))?)
    }
}

fn reading<'a>(entry: Entry<'a>, tag: Option<&str>, context: Option<Context>) -> Option<&'a str> {
    if let Entry::One(phonemes) = entry {
        return Some(phonemes);
    }
    if context.is_some_and(|c| c.vowel_follows.is_none())
        && let Some(at_pause) = entry.reading("None")
    {
        return at_pause;
    }
    let by_tag = tag.and_then(|tag| entry.reading(tag).or_else(|| entry.reading(parent(tag))));
    by_tag.unwrap_or_else(|| entry.default())
}

/// The class that a tag belongs to.
fn parent(tag: &str) -> &str {
    match tag {
        _ if tag.starts_with("VB") => "VERB",
        _ if tag.starts_with("NN") => "NOUN",
        _ if tag.starts_with("ADV") || tag.starts_with("RB") => "ADV",
        _ if tag.starts_with("ADJ") || tag.starts_with("JJ") => "ADJ",
        other => other,
    }
}

fn symbol(word: &str) -> Option<&'static str> {
    match word {
        "%" => Some("percent"),
        "&" => Some("and"),
        "+" => Some("plus"),
        "@" => Some("at"),
        _ => None,
    }
}

/// "U.S.", "e.g", but not "Inc." or "no.one".
fn is_dotted_initials(word: &str) -> bool {
    word.trim_matches('.').contains('.') && is_alphabetic(&word.replace('.', "")) && word.split('.').all(|part| part.chars().count() < 3)
}

/// The stem of a word whose consonant was doubled before -ing.
fn undoubled(bare: &str) -> Option<&str> {
    let mut back = last(bare, 2).chars();
    let doubled = matches!((back.next(), back.next()), (Some(a), Some(b)) if a == b && "bcdgklmnprstvxz".contains(a));
    (doubled || bare.ends_with("ck")).then(|| &bare[..bare.len() - 1])
}

/// Phonemes with the ending of a plural.
pub(super) fn plural(stem: &str) -> Option<String> {
    let end = stem.chars().next_back()?;
    Some(match end {
        'p' | 't' | 'k' | 'f' | 'θ' => format!("{stem}s"),
        's' | 'z' | 'ʃ' | 'ʒ' | 'ʧ' | 'ʤ' => format!("{stem}ᵻz"),
        _ => format!("{stem}z"),
    })
}

/// Phonemes with the ending of a past form; American English taps its t between vowels.
pub(super) fn past(stem: &str) -> Option<String> {
    let end = stem.chars().next_back()?;
    Some(match end {
        'p' | 'k' | 'f' | 'θ' | 'ʃ' | 's' | 'ʧ' => format!("{stem}t"),
        'd' => format!("{stem}ᵻd"),
        't' if stem.chars().nth(1).is_none() => format!("{stem}ɪd"),
        't' => tapped(stem).map_or_else(|| format!("{stem}ᵻd"), |stem| format!("{stem}ɾᵻd")),
        _ => format!("{stem}d"),
    })
}

/// Phonemes with the ending of a gerund.
pub(super) fn gerund(stem: &str) -> Option<String> {
    stem.chars().next()?;
    Some(tapped(stem).map_or_else(|| format!("{stem}ɪŋ"), |stem| format!("{stem}ɾɪŋ")))
}

/// The stem without a final t that is tapped.
fn tapped(stem: &str) -> Option<&str> {
    let stem = stem.strip_suffix('t')?;
    stem.ends_with(|c| "AIOWYiuæɑəɛɪɹʊʌ".contains(c)).then_some(stem)
}

/// Whether capitals ask for stress, and how much.
pub(super) fn bend_of_capitals(word: &str) -> Option<Stress> {
    if is_lower(word) {
        None
    } else if is_upper(word) {
        Some(Stress::Strong)
    } else {
        Some(Stress::Light)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn endings_sound_as_the_sound_before_them_asks() {
        assert_eq!(plural("kˈæt").as_deref(), Some("kˈæts"));
        assert_eq!(plural("dˈɔɡ").as_deref(), Some("dˈɔɡz"));
        assert_eq!(plural("dˈɪʃ").as_deref(), Some("dˈɪʃᵻz"));
        assert_eq!(past("wˈAt").as_deref(), Some("wˈAɾᵻd"));
        assert_eq!(past("ˈækt").as_deref(), Some("ˈæktᵻd"));
        assert_eq!(gerund("wˈAt").as_deref(), Some("wˈAɾɪŋ"));
        assert_eq!(plural(""), None);
    }

    #[test]
    fn initials_are_told_from_words_with_a_period() {
        assert!(["U.S.", "p.m", "A.B.C"].into_iter().all(is_dotted_initials));
        assert!(!["Inc.", "no.one", "..", "3.5", ""].into_iter().any(is_dotted_initials));
    }
}
