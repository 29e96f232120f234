//! A name from a list by its sound.
//!
//! A recogniser writes names as words that it knows: 急起人 for 機器人, "Mary a chain" for "Maria Chen". The letters are wrong, the sound is nearly right. So
//! what was heard outside the grammar is read aloud, by the same front ends that our voices read with, and so is every name of the list; the name
//! whose sound is nearest is taken, if it is near enough and nearer than the others.
//!
//! [`distance`] is an edit distance whose steps cost what they cost a listener: [`mandarin`] compares syllables by initial, final and tone, [`english`] compares
//! phones by their features. Words around a name ("I'd like to speak to ...") cost little.

pub mod english;
mod fit;
pub mod mandarin;

use self::fit::fitted;
use super::{Answer, Choice};
use crate::text::english::English;
use crate::text::mandarin::Mandarin;
use crate::{Error, Language, Result};

/// A unit of sound that can be compared with another.
pub trait Sound {
    /// How different two sounds are: 0 if they are the same, 1 if nobody takes one for the other; the same both ways.
    fn differs(&self, other: &Self) -> f32;

    /// What it costs if it is heard and was not said, or the reverse; in `(0, 1]`.
    fn alone(&self) -> f32;
}

/// How different two sequences of sounds are: the cost of the cheapest edits (V. Levenshtein; weighted, R. Wagner and M. Fischer, *The string-to-string
/// correction problem*, 1974). 0 for the same, the same both ways.
pub fn distance<S: Sound>(one: &[S], other: &[S]) -> f32 {
    let mut row: Vec<f32> = fit::sums(other);
    for sound in one {
        let mut diagonal = row.first().copied().unwrap_or_default();
        let mut left = diagonal + sound.alone();
        if let Some(first) = row.first_mut() {
            *first = left;
        }
        for (cell, opposite) in row.iter_mut().skip(1).zip(other) {
            let above = *cell;
            left = (diagonal + sound.differs(opposite)).min(above + sound.alone()).min(left + opposite.alone());
            diagonal = std::mem::replace(cell, left);
        }
    }
    row.last().copied().unwrap_or_default()
}

/// A list of names, ready to be found by sound.
pub struct Names {
    ear: Ear,
    names: Vec<Name>,
}

/// What reads aloud.
enum Ear {
    Mandarin(Box<Mandarin>),
    English(Box<English>),
}

/// One way to say one name.
struct Name {
    meaning: String,
    said: String,
    sounds: Sounds,
}

enum Sounds {
    Mandarin(Vec<mandarin::Syllable>),
    English(Vec<english::Phone>),
}

/// The farthest that a name may lie from what was heard, by the mean difference of its sounds. Measured with names of both languages spoken over a line:
/// at 0.34, Mandarin let in one of 40 names that were not in its list, and English half of them: phones are more alike than syllables.
fn farthest(language: Language) -> f32 {
    match language {
        Language::Zh => 0.34,
        Language::En => 0.18,
    }
}

/// How much nearer one name must be than another to be e times as likely.
const SPREAD: f32 = 0.06;
/// More characters than any turn of 30 s has.
const LONGEST: usize = 400;

impl Names {
    /// The names of a Mandarin list: each meaning, and the ways to say it. What cannot be read as Mandarin is left out.
    ///
    /// # Errors
    /// [`Error::Input`] if no name can be read.
    pub fn mandarin<'a>(ear: Mandarin, entries: impl IntoIterator<Item = (&'a str, &'a [&'a str])>) -> Result<Self> {
        Self::of(Ear::Mandarin(Box::new(ear)), entries)
    }

    /// The names of an English list.
    ///
    /// # Errors
    /// As [`Names::mandarin`]; what the front end says of a name that it cannot read.
    pub fn english<'a>(ear: English, entries: impl IntoIterator<Item = (&'a str, &'a [&'a str])>) -> Result<Self> {
        Self::of(Ear::English(Box::new(ear)), entries)
    }

    fn of<'a>(ear: Ear, entries: impl IntoIterator<Item = (&'a str, &'a [&'a str])>) -> Result<Self> {
        let mut names = Vec::new();
        for (meaning, ways) in entries {
            for &said in ways {
                let sounds = ear.sounds(said)?;
                if !sounds.is_empty() {
                    names.push(Name { meaning: meaning.to_owned(), said: said.to_owned(), sounds });
                }
            }
        }
        if names.is_empty() {
            return Err(Error::Input("none of the names can be read aloud; write them as they are said".to_owned()));
        }
        Ok(Self { ear, names })
    }

    /// The language of the names.
    #[must_use]
    pub fn language(&self) -> Language {
        match self.ear {
            Ear::Mandarin(_) => Language::Zh,
            Ear::English(_) => Language::En,
        }
    }

    /// What was chosen, or, if that lies outside the grammar, the name that sounds like it.
    ///
    /// # Errors
    /// Only if inference for an unknown word fails.
    pub fn heard_in(&self, choice: Choice) -> Result<Choice> {
        match choice {
            Choice::Outside(heard) => Ok(self.closest(&heard.text)?.map_or(Choice::Outside(heard), Choice::Said)),
            other => Ok(other),
        }
    }

    /// The name that sounds most like what was heard, if any is near.
    ///
    /// # Errors
    /// As [`Names::heard_in`].
    pub fn closest(&self, heard: &str) -> Result<Option<Answer>> {
        let text: String = heard.chars().take(LONGEST).collect();
        let sounds = self.ear.sounds(&text)?;
        let mut ranked: Vec<(f32, &Name)> = Vec::new();
        for name in &self.names {
            let far = name.sounds.farness(&sounds);
            match ranked.iter_mut().find(|(_, other)| other.meaning == name.meaning) {
                Some(known) if known.0 <= far => {}
                Some(known) => *known = (far, name),
                None => ranked.push((far, name)),
            }
        }
        ranked.sort_by(|a, b| a.0.total_cmp(&b.0));
        let farthest = farthest(self.language());
        let Some(&(nearest, name)) = ranked.first().filter(|(far, _)| *far < farthest) else { return Ok(None) };
        let weight = |far: f32| ((nearest - far) / SPREAD).exp();
        // That it was none of them counts as a name at the farthest place.
        let all = ranked.iter().map(|(far, _)| weight(*far)).sum::<f32>() + weight(farthest);
        let others = ranked
            .iter()
            .skip(1)
            .take_while(|(far, _)| *far < farthest)
            .map(|(far, other)| (vec![other.meaning.clone()], weight(*far) / all));
        let (meaning, others) = (vec![name.meaning.clone()], others.collect());
        Ok(Some(Answer { meaning, text: name.said.clone(), freely: heard.to_owned(), confidence: 1.0 / all, others }))
    }
}

impl Ear {
    fn sounds(&self, text: &str) -> Result<Sounds> {
        Ok(match self {
            Self::Mandarin(ear) => Sounds::Mandarin(mandarin::syllables(&ear.pinyin(text))),
            Self::English(ear) => Sounds::English(english::phones(&ear.phonemes(text)?)),
        })
    }
}

impl Sounds {
    fn is_empty(&self) -> bool {
        match self {
            Self::Mandarin(sounds) => sounds.is_empty(),
            Self::English(sounds) => sounds.is_empty(),
        }
    }

    /// How far a name lies from what was heard, for each of its sounds.
    fn farness(&self, heard: &Self) -> f32 {
        match (self, heard) {
            (Self::Mandarin(name), Self::Mandarin(heard)) => fitted(name, heard) / name.len() as f32,
            (Self::English(name), Self::English(heard)) => fitted(name, heard) / name.len() as f32,
            _ => f32::INFINITY,
        }
    }
}

#[cfg(test)]
mod tests;
