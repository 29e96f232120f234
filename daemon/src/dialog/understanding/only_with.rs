//! What has to be said before closeness counts. The words of an example that tell nothing of what it is about ("the building", 車 in 救護車) are as close to
//! it as those that do; where a wish is dear to mistake, its examples count only with a word that speaks of it.

use crate::dialog::retrieval::Retrieval;
use crate::dialog::words::{contains, is_han, words};

/// A sign of so many syllables can be told by its sound; one alone is that of dozens of words.
const SHORTEST_BY_SOUND: usize = 2;

/// The signs of one wish, of which one has to be said.
#[derive(Clone, Debug, Default)]
pub(super) struct OnlyWith {
    words: Vec<Vec<String>>,
    /// How the Mandarin ones sound, where that is known.
    sounds: Vec<Vec<String>>,
}

impl OnlyWith {
    pub(super) fn of(signs: &[Vec<String>]) -> Self {
        Self { words: signs.to_vec(), sounds: Vec::new() }
    }

    /// The same, by the sounds of `retrieval` too: a recogniser may write 著貨 for 著火.
    pub(super) fn with_sounds(self, retrieval: &Retrieval) -> Self {
        let in_mandarin = |sign: &&Vec<String>| sign.len() >= SHORTEST_BY_SOUND && sign.iter().all(|word| word.chars().all(is_han));
        let sounds = self.words.iter().filter(in_mandarin).filter_map(|sign| retrieval.sounds(&sign.concat())).collect();
        Self { sounds, ..self }
    }

    /// Whether `said` may mean the wish by being close to it.
    pub(super) fn admits(&self, said: &str, retrieval: &Retrieval) -> bool {
        let told = |said: &[String], signs: &[Vec<String>]| signs.iter().any(|sign| !sign.is_empty() && contains(said, sign));
        self.words.is_empty()
            || told(&words(said), &self.words)
            || !self.sounds.is_empty() && retrieval.sounds(said).is_some_and(|sounds| told(&sounds, &self.sounds))
    }
}
