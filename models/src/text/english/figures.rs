//! Figures to phonemes: cardinals, ordinals, years, decimals, sums, and digits one by one.
//!
//! How a run of figures is read depends on its shape and on what it is part of: "2024" is a year, "1st" an ordinal, "$5.20" a sum,
//! the "737" of "B-737" single digits in pairs. A number of more than [`numbers::MAX_DIGITS`] digits is read digit by digit.

use super::chars::is_digits;
use super::lexicon::{Lexicon, gerund, past, plural};
use super::numbers;
use super::stress::Stress;

const ORDINALS: [&str; 4] = ["st", "nd", "rd", "th"];

/// The words for a currency sign and its hundredth part.
fn currency_words(sign: &str) -> Option<(&'static str, &'static str)> {
    match sign {
        "$" => Some(("dollar", "cent")),
        "£" => Some(("pound", "pence")),
        "€" => Some(("euro", "cent")),
        _ => None,
    }
}

/// Whether `sign` is money that is read together with its figures.
pub(super) fn is_currency(sign: &str) -> bool {
    currency_words(sign).is_some()
}

/// Whether `word` is figures, perhaps with a sign before them and an ending behind.
pub(super) fn is_figures(word: &str, starts_word: bool) -> bool {
    if !word.contains(|c: char| c.is_ascii_digit()) {
        return false;
    }
    let endings = ["ing", "'d", "ed", "'s", "st", "nd", "rd", "th", "s"];
    let bare = endings.iter().find_map(|ending| word.strip_suffix(ending)).unwrap_or(word);
    let unsigned = bare.strip_prefix('-').filter(|_| starts_word).unwrap_or(bare);
    unsigned.chars().all(|c| c.is_ascii_digit() || c == ',' || c == '.')
}

/// `phonemes` followed by the plural of a currency, for figures that the lexicon knew as a word.
pub(super) fn with_currency(lexicon: &Lexicon, phonemes: String, sign: Option<&str>) -> String {
    match sign.and_then(currency_words).and_then(|(unit, _)| lexicon.with_s(&format!("{unit}s"), None, None, None)) {
        Some(unit) => format!("{phonemes} {unit}"),
        None => phonemes,
    }
}

/// The phonemes of figures. `starts_word`: they begin their word; `sign`: the money they count.
pub(super) fn read(lexicon: &Lexicon, word: &str, sign: Option<&str>, starts_word: bool) -> Option<String> {
    let figures = word.trim_end_matches(|c: char| c.is_ascii_lowercase() || c == '\'');
    let ending = &word[figures.len()..];
    let mut reader = Reader { lexicon, said: Vec::new() };
    let figures = match figures.strip_prefix('-') {
        Some(rest) => {
            reader.word("minus", None);
            rest
        }
        None => figures,
    };
    reader.figures(figures, ending, sign, starts_word);
    if reader.said.is_empty() {
        return None;
    }
    let said = reader.said.join(" ");
    match ending {
        "s" | "'s" => plural(&said),
        "ed" | "'d" => past(&said),
        "ing" => gerund(&said),
        _ => Some(said),
    }
}

struct Reader<'a> {
    lexicon: &'a Lexicon,
    said: Vec<String>,
}

impl Reader<'_> {
    fn word(&mut self, word: &str, bend: Option<Stress>) {
        self.said.extend(self.lexicon.entry(word, None, bend, None));
    }

    /// Number words as [`numbers`] writes them, without "and".
    fn words(&mut self, words: &str) {
        for word in words.split(|c: char| !c.is_ascii_lowercase()).filter(|w| !w.is_empty() && *w != "and") {
            self.word(word, (word == "point").then_some(Stress::Erased));
        }
    }

    fn digits(&mut self, digits: &str) {
        for digit in digits.chars() {
            self.words(numbers::digit(digit));
        }
    }

    fn cardinal(&mut self, digits: &str) {
        match numbers::parse(digits) {
            Some(n) => self.words(&numbers::cardinal(n)),
            None => self.digits(digits),
        }
    }

    fn figures(&mut self, figures: &str, ending: &str, sign: Option<&str>, starts_word: bool) {
        let ordinal = ORDINALS.contains(&ending);
        let money = sign.and_then(currency_words);
        let plain = figures.replace(',', "");
        if is_digits(figures) && ordinal {
            self.ordinal(&plain);
        } else if self.said.is_empty() && figures.len() == 4 && money.is_none() && is_digits(figures) {
            self.words(&numbers::year(numbers::parse(figures).unwrap_or_default()));
        } else if !starts_word && !figures.contains('.') {
            self.inside_word(&plain);
        } else if !starts_word || figures.matches('.').count() > 1 {
            self.version(&plain);
        } else if let Some(words) = money.filter(|_| plain.split_once('.').is_none_or(|(_, cents)| cents.len() < 3)) {
            self.sum(&plain, words);
        } else if ordinal && !plain.contains('.') {
            self.ordinal(&plain);
        } else if plain.contains('.') {
            self.decimal(&plain);
        } else {
            self.cardinal(&plain);
        }
    }

    fn ordinal(&mut self, digits: &str) {
        match numbers::parse(digits) {
            Some(n) => self.words(&numbers::ordinal(n)),
            None => self.digits(digits),
        }
    }

    /// The "737" of "B737": seven thirty-seven; "405": four oh five.
    fn inside_word(&mut self, digits: &str) {
        match digits.len() {
            3 if !digits.starts_with('0') && !digits.ends_with("00") => {
                self.cardinal(&digits[..1]);
                if &digits[1..2] == "0" {
                    self.word("O", Some(Stress::Erased));
                    self.cardinal(&digits[2..]);
                } else {
                    self.cardinal(&digits[1..]);
                }
            }
            0..4 if !digits.starts_with('0') => self.cardinal(digits),
            _ => self.digits(digits),
        }
    }

    /// "1.10.3": one ten three.
    fn version(&mut self, figures: &str) {
        for part in figures.split('.').filter(|part| !part.is_empty()) {
            let round = part[1..].bytes().all(|b| b == b'0');
            if part.starts_with('0') || (part.len() != 2 && !round) {
                self.digits(part);
            } else {
                self.cardinal(part);
            }
        }
    }

    /// "5.20": five dollars and twenty cents.
    fn sum(&mut self, figures: &str, (unit, hundredth): (&str, &str)) {
        let (whole, cents) = figures.split_once('.').unwrap_or((figures, ""));
        let is_zero = |digits: &str| digits.bytes().all(|b| b == b'0');
        let mut parts = vec![(whole, unit), (cents, hundredth)];
        if is_zero(cents) {
            parts.truncate(1);
        } else if is_zero(whole) {
            parts.remove(0);
        }
        for (index, (digits, unit)) in parts.into_iter().enumerate() {
            if index > 0 {
                self.word("and", None);
            }
            self.cardinal(if digits.is_empty() { "0" } else { digits });
            if digits.trim_start_matches('0') == "1" || unit == "pence" {
                self.word(unit, None);
            } else {
                self.said.extend(self.lexicon.with_s(&format!("{unit}s"), None, None, None));
            }
        }
    }

    fn decimal(&mut self, figures: &str) {
        if let Some(fraction) = figures.strip_prefix('.') {
            self.words("point");
            self.digits(fraction);
        } else if let Some(words) = numbers::decimal(figures) {
            self.words(&words);
        } else {
            self.digits(figures);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::is_figures;

    #[test]
    fn figures_may_have_a_sign_and_an_ending() {
        assert!(["5", "-5", "1,234.5", "1990s", "3rd", "10'd"].iter().all(|w| is_figures(w, true)));
        assert!(!is_figures("-5", false));
        assert!(!["abc", "5km", "", "-"].iter().any(|w| is_figures(w, true)));
    }
}
