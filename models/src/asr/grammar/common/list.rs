//! One of a list: of names, or of what a menu offers.

use super::super::{Grammar, Piece};
use crate::Result;

/// One of a list: each entry's meaning, and the ways to say it. For menus and for names.
///
/// # Errors
/// [`crate::Error::Input`] if the list is empty or too long, or an entry has no words.
pub fn list<'a>(entries: impl IntoIterator<Item = (&'a str, &'a [&'a str])>) -> Result<Grammar> {
    let entries = entries.into_iter().map(|(meaning, words)| Piece::any(words).means(meaning));
    Grammar::new(&Piece::OneOf(entries.collect()))
}

/// An entry of a list that is written down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// What it means.
    pub meaning: String,
    /// The ways to say it.
    pub ways: Vec<String>,
}

/// A list that is written down, for [`list`] and for [`super::sounds`]: a line for each entry, its meaning, `=`, and the ways to say it between `|`. Empty
/// lines and those that begin with `#` are left out.
///
/// # Errors
/// [`crate::Error::Input`] names the line that is not so.
pub fn read_list(text: &str) -> Result<Vec<Listed>> {
    let lines = (1..).zip(text.lines()).filter(|(_, line)| !line.trim().is_empty() && !line.trim_start().starts_with('#'));
    let entries = lines.map(|(number, line): (usize, _)| {
        let (meaning, ways) = line.split_once('=').ok_or_else(|| {
            crate::Error::Input(format!(
                "line {number} of the grammar: write MEANING = WORDS | OTHER WORDS, such as `maria = Maria Chen | Maria`"
            ))
        })?;
        Ok(Listed { meaning: meaning.trim().to_owned(), ways: ways.split('|').map(|way| way.trim().to_owned()).collect() })
    });
    entries.collect()
}
