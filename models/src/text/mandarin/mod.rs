//! Mandarin text to phonemes.
//!
//! A text in either script, with English words, figures and signs in it, passes through one file after the other: [`sentences`] cuts it,
//! [`clauses`] finds whole clauses of English, [`normalise`] writes figures and signs as characters, [`runs`] sets Mandarin apart from
//! foreign words and marks, [`words`] cuts it into words, [`readings`] reads them, [`polyphones`] reads what stands alone by its
//! neighbours, [`sandhi`] gives the tones that speech has, and [`syllable`] writes phonemes. Foreign words go through the English front
//! end, or are spelt.
//!
//! The phonemes are those that Kokoro v1.0 was taught: misaki's (Apache-2.0, hexgrad), which reads the words that jieba cuts (MIT, Sun Junyi)
//! by the dictionary of pypinyin (MIT, mozillazg). Everything is written anew here; the dictionaries are installed as the catalog's entry
//! `mandarin` (see `models/NOTICE`). The tests compare with misaki line by line and name each kind of difference.
//!
//! The dictionaries take 28 MB of memory, 25 of them the segmenter's trie of 349,000 words, which is also what opening takes its time for.

mod clauses;
mod letters;
mod normalise;
pub mod numbers;
mod polyphones;
pub(crate) mod readings;
mod runs;
mod sandhi;
mod sentences;
mod syllable;
#[cfg(test)]
mod tests;
mod words;

#[cfg(test)]
pub(super) fn normalised(text: &str) -> String {
    normalise::normalised(text, normalise::Wording::Mainland)
}

use std::sync::Arc;

use super::english::English;
use super::english::tables::Tables;
use super::script::{Converter, Script};
use crate::Result;
use crate::catalog::Installed;
use crate::catalog::convert::mandarin as files;
use crate::text::pieces::pieces;
use clauses::{Clause, clauses};
use readings::Readings;
use runs::Run;
use sandhi::Read;
use words::Segmenter;

/// The catalog's name of the dictionaries.
pub const NAME: &str = "mandarin";

/// Which tones the phonemes have.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tones {
    /// Those of connected speech: 一, 不 and low tones changed by their neighbours, suffixes neutral.
    #[default]
    Spoken,
    /// Those of the dictionary, as misaki writes them for Kokoro v1.0.
    Dictionary,
}

/// The Mandarin front end with its dictionaries.
pub struct Mandarin {
    simplified: Converter,
    segmenter: Segmenter,
    readings: Readings,
    english: Option<Arc<English>>,
    tones: Tones,
}

impl Mandarin {
    /// From the installed dictionaries. English words are read by `english` if it is given, else they are spelt.
    ///
    /// # Errors
    /// [`crate::Error::Io`]; [`crate::Error::Format`] naming the file that is not what it should be.
    pub fn open(installed: &Installed, english: Option<Arc<English>>) -> Result<Self> {
        let tables = Tables::read(&installed.file(files::READINGS))?;
        Ok(Self {
            simplified: Script::Simplified.converter()?,
            segmenter: Segmenter::open(&installed.file(files::WORDS))?,
            readings: Readings::new(&tables)?,
            english,
            tones: Tones::default(),
        })
    }

    /// With other tones than those of speech.
    #[must_use]
    pub fn with_tones(self, tones: Tones) -> Self {
        Self { tones, ..self }
    }

    /// The sentences of `text`, in order.
    #[must_use]
    pub fn sentences(&self, text: &str) -> Vec<String> {
        sentences::sentences(text)
    }

    /// The phonemes of one sentence, in pieces that are each short enough to be spoken at once.
    ///
    /// # Errors
    /// Only if inference for an unknown English word fails.
    pub fn pieces(&self, sentence: &str) -> Result<Vec<String>> {
        let line = self.phonemes(sentence)?;
        Ok(if line.is_empty() { Vec::new() } else { pieces(&line) })
    }

    /// The phonemes of one line of text.
    ///
    /// # Errors
    /// Only if inference for an unknown English word fails.
    pub fn phonemes(&self, line: &str) -> Result<String> {
        let mut parts = Vec::new();
        for clause in clauses(line) {
            match (clause, &self.english) {
                (Clause::English(clause), Some(english)) => parts.push(format!(" {} ", english.phonemes(clause)?)),
                (Clause::Mandarin(clause) | Clause::English(clause), _) => self.mixed(clause, &mut parts)?,
            }
        }
        Ok(runs::line(&parts))
    }

    /// The phonemes and marks of Mandarin with foreign words in it.
    fn mixed(&self, clause: &str, parts: &mut Vec<String>) -> Result<()> {
        for run in runs::runs(&self.normalised(clause), |c| self.readings.knows(c)) {
            parts.push(match run {
                Run::Mandarin(run) => self.mandarin(&run),
                Run::Foreign(words) => format!(" {} ", self.foreign(words.trim())?),
                Run::Mark(mark) => mark.to_owned(),
                Run::Space => " ".to_owned(),
            });
        }
        Ok(())
    }

    /// How the Mandarin in `line` is read: a syllable in pinyin for each character, with the tone that it has alone as a digit behind it and `v` for ü, such
    /// as `lv4`. Figures are read as they are said; foreign words and marks are left out.
    #[must_use]
    pub fn pinyin(&self, line: &str) -> Vec<String> {
        let mut syllables = Vec::new();
        for run in runs::runs(&self.normalised(line), |c| self.readings.knows(c)) {
            if let Run::Mandarin(run) = run {
                let words = self.segmenter.words(&run);
                syllables.extend(words.iter().flat_map(|word| self.readings.of(&word.text)).map(|syllable| syllable.pinyin()));
            }
        }
        syllables
    }

    /// `line` in simplified characters, with its figures and signs written as they are said.
    #[must_use]
    pub fn normalised(&self, line: &str) -> String {
        let simplified = self.simplified.convert(line);
        let wording = if simplified == line { normalise::Wording::Mainland } else { normalise::Wording::Taiwan };
        normalise::normalised(&simplified, wording)
    }

    fn mandarin(&self, run: &str) -> String {
        let words = self.read(run);
        let words = words.iter().map(|read| read.syllables.iter().map(syllable::Syllable::phonemes).collect::<String>());
        words.collect::<Vec<_>>().join(" ")
    }

    /// The words of a run of characters with their syllables.
    fn read(&self, run: &str) -> Vec<Read> {
        let words = self.segmenter.words(run);
        let mut read: Vec<Read> = Vec::with_capacity(words.len());
        let mut words = words.into_iter().peekable();
        while let Some(word) = words.next() {
            let decided = match self.tones {
                Tones::Spoken => polyphones::reading(read.last().map(|read| &read.word), &word, words.peek()),
                Tones::Dictionary => None,
            };
            let mut syllables = decided.map_or_else(|| self.readings.of(&word.text), |syllable| vec![syllable]);
            let guessed = self.tones == Tones::Spoken && !read.is_empty() && !self.segmenter.knows(&word.text);
            if let (true, Some(first), Some(particle)) = (guessed, syllables.first_mut(), polyphones::glued(&word)) {
                *first = particle;
            }
            read.push(Read { word, syllables });
        }
        if self.tones == Tones::Spoken {
            sandhi::spoken(&mut read, &|word| self.segmenter.halves(word));
        }
        read
    }

    fn foreign(&self, words: &str) -> Result<String> {
        match &self.english {
            Some(english) => english.phonemes(words),
            None => Ok(letters::spelt(words)),
        }
    }
}
