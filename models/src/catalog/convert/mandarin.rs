//! The dictionaries of the Mandarin front end: from jieba's words and pypinyin's readings to a list of words and a file of tables.
//!
//! - `words.txt`: a word, its count and its tag on each line, sorted, for the segmenter;
//! - `readings.tables`: for characters and for phrases their pinyin in plain letters with tones as digits (`yin2 hang2`), a third of the
//!   size of the source (see [`crate::text::english::tables`]);
//! - `LICENSE`: both sources' licences.
//!
//! The bytes that are written depend on the sources' words alone, not on their order.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde::Deserialize;
use unicode_normalization::UnicodeNormalization as _;

use super::Progress;
use crate::text::english::tables::TablesBuilder;
use crate::text::mandarin::readings::{CHARACTERS, PHRASES};
use crate::{Error, Result};

/// The segmenter's words.
pub const WORDS: &str = "words.txt";
/// How characters and phrases are read.
pub const READINGS: &str = "readings.tables";

/// The characters that the front end reads; the source has rarer ones too.
const HAN: std::ops::RangeInclusive<u32> = 0x4e00..=0x9fff;

/// Convert the dictionaries in `sources`.
///
/// # Errors
/// [`Error::Io`]; [`Error::Format`] naming the source file that is not what it should be.
pub fn convert(sources: &Path, out: &Path, progress: Progress<'_>) -> Result<()> {
    progress(0.0);
    write(out, WORDS, words(&read(sources, "dict.txt")?).as_bytes())?;
    progress(0.4);
    write(out, READINGS, &readings(sources)?)?;
    progress(0.9);
    let licences = ["LICENSE-jieba", "LICENSE-pypinyin"].map(|name| read(sources, name));
    let [jieba, pypinyin] = licences;
    write(out, "LICENSE", format!("jieba, the words:\n\n{}\n\npypinyin, the readings:\n\n{}", jieba?, pypinyin?).as_bytes())?;
    progress(1.0);
    Ok(())
}

fn read(sources: &Path, name: &str) -> Result<String> {
    let path = sources.join(name);
    fs::read_to_string(&path).map_err(Error::io(path))
}

fn write(out: &Path, name: &str, bytes: &[u8]) -> Result<()> {
    let path = out.join(name);
    fs::write(&path, bytes).map_err(Error::io(path))
}

fn words(dictionary: &str) -> String {
    let mut lines: Vec<&str> = dictionary.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    lines.sort_unstable();
    lines.iter().flat_map(|line| [*line, "\n"]).collect()
}

/// A phrase's readings: of each of its characters a list, of which the first counts.
#[derive(Deserialize)]
struct Phrases(BTreeMap<String, Vec<Vec<String>>>);

/// A character's readings by its number, separated by commas, of which the first counts.
#[derive(Deserialize)]
struct Characters(BTreeMap<String, String>);

fn readings(sources: &Path) -> Result<Vec<u8>> {
    let Phrases(phrases) = json(sources, "phrases_dict.json")?;
    let Characters(characters) = json(sources, "pinyin_dict.json")?;
    let phrase = |(phrase, readings): (String, Vec<Vec<String>>)| {
        let plain: Vec<String> = readings.iter().map_while(|of_character| of_character.first()).map(|marked| plain(marked)).collect();
        (plain.len() == phrase.chars().count()).then(|| (phrase.into_bytes(), plain.join(" ").into_bytes()))
    };
    let character = |(number, readings): (String, String)| {
        let character = number.parse().ok().filter(|number| HAN.contains(number)).and_then(char::from_u32)?;
        Some((character.to_string().into_bytes(), plain(readings.split(',').next()?).into_bytes()))
    };
    let tables = TablesBuilder::default()
        .table(PHRASES, &phrases.into_iter().filter_map(phrase).collect())
        .table(CHARACTERS, &characters.into_iter().filter_map(character).collect());
    Ok(tables.finish())
}

fn json<T: for<'de> Deserialize<'de>>(sources: &Path, name: &str) -> Result<T> {
    serde_json::from_str(&read(sources, name)?).map_err(|e| Error::Format { path: sources.join(name), what: e.to_string() })
}

/// Pinyin with its tone as a digit behind it instead of a mark over it, and `v` for ü: `lǜ` is `lv4`.
fn plain(marked: &str) -> String {
    let mut out = String::with_capacity(marked.len() + 1);
    let mut tone = '5';
    for c in marked.nfd() {
        match c {
            '\u{304}' => tone = '1',
            '\u{301}' => tone = '2',
            '\u{30c}' => tone = '3',
            '\u{300}' => tone = '4',
            '\u{308}' => {
                out.pop();
                out.push('v');
            }
            letter => out.push(letter),
        }
    }
    out = out.nfc().collect();
    out.push(tone);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_over_letters_become_digits_behind_them() {
        for (marked, expected) in [("zhōng", "zhong1"), ("lǜ", "lv4"), ("ḿ", "m2"), ("ê̄", "ê1"), ("de", "de5"), ("nǚ", "nv3")] {
            assert_eq!(plain(marked), expected);
        }
    }
}
