//! Text as it is written to text as it is said, before it is cut into tokens.
//!
//! What the lexicon's rules cannot read by themselves is spelled out here: times, dates, units, abbreviations, sums in foreign money,
//! roman numerals after "Chapter" and "King", telephone numbers, fractions, ranges, signs. Plain numbers, ordinals, years, decimals
//! and sums in dollars, pounds and euros stay figures: the lexicon reads them ([`super::figures`]). The rules run in a fixed order, each
//! over the whole text, and each sees what the rules before it wrote.

mod addresses;
mod dates;
mod signs;
mod sums;
mod telephone;
mod titles;
mod vocabulary;

pub use vocabulary::Vocabulary;

use super::chars::{ascii_digit, is_space};
use super::cursor;
use cursor::replaced;

/// Spells out what is not words.
pub(super) struct Normaliser {
    words: Vocabulary,
}

impl Normaliser {
    pub fn new(words: Vocabulary) -> Self {
        Self { words }
    }

    /// `text` with its figures, signs and abbreviations spelled out, on one line, without needless space.
    pub fn normalised(&self, text: &str) -> String {
        let w = &self.words;
        let mut text = single_spaced(&text.chars().map(ascii_digit).collect::<String>());
        if text.is_empty() {
            return text;
        }
        text = text.replace('’', "'").replace('‒', "-").replace('―', "—");
        text = replaced(&text, telephone::grouped);
        text = replaced(&text, addresses::street);
        text = replaced(&text, addresses::unit);
        text = replaced(&text, addresses::state);
        text = replaced(&text, dates::time);
        text = replaced(&text, dates::iso_date);
        text = replaced(&text, dates::slashed_date);
        text = replaced(&text, |at| sums::large_sum(at, w));
        text = replaced(&text, |at| sums::cents(at, w));
        text = replaced(&text, |at| sums::foreign_sum(at, w));
        text = replaced(&text, sums::degrees);
        text = replaced(&text, |at| sums::measure(at, w));
        text = replaced(&text, dates::month_day);
        text = replaced(&text, dates::day_month);
        text = replaced(&text, |at| titles::title(at, w));
        text = replaced(&text, |at| titles::abbreviation(at, w));
        text = replaced(&text, titles::number_sign);
        text = replaced(&text, titles::hash);
        text = replaced(&text, |at| titles::numbered(at, w));
        text = replaced(&text, |at| titles::reigning(at, w));
        text = replaced(&text, telephone::dashed);
        text = replaced(&text, sums::fraction);
        text = replaced(&text, sums::range);
        text = replaced(&text, sums::plus);
        text = signs::spelled(text, w);
        signs::tight_before_punctuation(&single_spaced(&text)).trim().to_owned()
    }
}

/// Runs of white space as one space, none at the ends.
fn single_spaced(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for word in text.split(is_space).filter(|w| !w.is_empty()) {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
    }
    out
}
