//! The words that the rules write, as they come with the voice.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// Abbreviations, units, signs and money, each with the words for it. Lists keep the order in which their rules are tried.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Vocabulary {
    /// "Dr" to "Dr", "St" to "Saint": expanded before a capital.
    pub titles: Vec<(String, String)>,
    /// "approx." to "approximately".
    pub abbreviations: Vec<(String, String)>,
    /// "km" to "kilometer" and "kilometers".
    pub units: Vec<(String, (String, String))>,
    /// "=" to "equals"; in the order of application.
    pub symbols: Vec<(char, String)>,
    /// "¥" to "yen" and "yen".
    pub currencies: BTreeMap<String, (String, String)>,
    /// "Chapter": a roman numeral after it is a cardinal.
    pub numbered: Vec<String>,
    /// "Henry": a roman numeral after it is an ordinal.
    pub reigning: Vec<String>,
}

impl Vocabulary {
    /// With every list that is searched for the longest match in that order: longest first, equals as they came.
    #[must_use]
    pub fn longest_first(mut self) -> Self {
        let longer = |word: &str| std::cmp::Reverse(word.chars().count());
        self.titles.sort_by_key(|(word, _)| longer(word));
        self.abbreviations.sort_by_key(|(word, _)| longer(word));
        self.units.sort_by_key(|(word, _)| longer(word));
        self.numbered.sort_by_key(|word| longer(word));
        self.reigning.sort_by_key(|word| longer(word));
        self
    }
}
