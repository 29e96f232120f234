//! What stands in the files: `switchhook.toml`, and after it what lies in `conf.d/` beside it, in the order of the names there.
//!
//! A later file adds to the tables of the earlier ones, key by key; a value that stands there already is replaced, but for entries such
//! as `[[line]]`, which are added. Every value keeps the place where it was written, so that whatever is wrong with it, by form
//! ([`form`]) or by meaning ([`super::check`]), is told with that file and that line.

mod fault;
mod faults;
mod files;
mod form;
mod tree;
mod version;

use std::path::{Path, PathBuf};

pub use fault::Fault;
pub use faults::Faults;

use self::files::TextFile;
use self::tree::{Node, Place};
use super::key::Key;
use super::{Config, Problem, check, raw};

/// Everything that was written down for one device, from all its files.
#[derive(Debug)]
pub struct Written {
    files: Vec<PathBuf>,
    base: PathBuf,
    tree: Node,
}

impl Written {
    /// Read the file at `path` and those in `conf.d/` beside it. Blocking: it is called while starting.
    ///
    /// # Errors
    /// If one of them cannot be read, or is no TOML.
    pub fn load(path: &Path) -> Result<Self, Problem> {
        // What is shown can be read back anywhere, so relative paths become absolute ones.
        let whole = std::path::absolute(path).map_err(|error| Problem::of_file(path, format!("cannot be found: {error}")))?;
        Self::merge(files::all(path)?, &whole)
    }

    /// Read the same files as if `text` stood in that one, whose name is told from the folder of the file at `path`.
    ///
    /// # Errors
    /// As [`Written::load`].
    pub fn load_as_if(path: &Path, file: &str, text: &str) -> Result<Self, Problem> {
        let whole = std::path::absolute(path).map_err(|error| Problem::of_file(path, format!("cannot be found: {error}")))?;
        let mut texts = files::all(path)?;
        let file = TextFile { path: path.with_file_name(file), text: text.to_owned() };
        texts.retain(|there| there.path != file.path);
        texts.push(file);
        // The first is the one that the others add to.
        texts[1..].sort_by(|a, b| a.path.cmp(&b.path));
        Self::merge(texts, &whole)
    }

    /// Take `text` for the only file, as if it stood at `path`.
    ///
    /// # Errors
    /// If it is no TOML.
    pub fn parse(text: &str, path: &Path) -> Result<Self, Problem> {
        Self::merge(vec![TextFile { path: path.to_owned(), text: text.to_owned() }], path)
    }

    fn merge(texts: Vec<TextFile>, main: &Path) -> Result<Self, Problem> {
        let mut tree = Node::nothing(main);
        let mut files = Vec::new();
        let mut problems = Vec::new();
        for TextFile { path, text } in texts {
            let read = tree::parse(&text, &path).and_then(|mut node| version::take(&mut node).map(|()| node));
            match read {
                Ok(node) => tree.merge(node),
                Err(problem) => problems.push(problem),
            }
            files.push(path);
        }
        if !problems.is_empty() {
            return Err(Problem::of_all(problems));
        }
        let base = main.parent().unwrap_or_else(|| Path::new(".")).to_owned();
        Ok(Self { files, base, tree })
    }

    /// The files, in the order in which they were read.
    #[must_use]
    pub fn files(&self) -> &[PathBuf] {
        &self.files
    }

    /// What they mean, checked.
    ///
    /// # Errors
    /// Says where and what, for the admin.
    pub fn config(&self) -> Result<Config, Problem> {
        // What an unknown form means is not asked: it would be guessed.
        let misshapen = |faults: Vec<(Place, Fault)>| faults.iter().map(|(place, fault)| self.problem(place, fault)).collect();
        let file: raw::File = faults::read(&self.tree).map_err(|faults| Problem::of_all(misshapen(faults)))?;
        let senseless = |faults: &Faults| faults.iter().map(|fault| self.problem(self.tree.nearest(fault.key()), fault)).collect();
        check::checked(file, &self.base).map_err(|faults| Problem::of_all(senseless(&faults)))
    }

    /// Where the value in force was written, as `FILE:LINE` with the file's name from the folder of `switchhook.toml`, if it was.
    pub(super) fn origin(&self, key: &Key) -> Option<String> {
        let place = &self.tree.at(key)?.place;
        let folder = self.files.first().and_then(|main| main.parent());
        let path = folder.and_then(|folder| place.path.strip_prefix(folder).ok()).unwrap_or(&place.path).to_owned();
        Some(Place { path: path.into(), line: place.line }.to_string())
    }

    fn problem(&self, place: &Place, fault: &Fault) -> Problem {
        let beside = fault.beside().and_then(|key| self.tree.at(key)).map(|node| format!(" (the other is in {})", node.place));
        let what = format!("{}{}", fault.what(), beside.unwrap_or_default());
        Problem::at(&place.path, place.line, what)
    }
}

#[cfg(test)]
mod tests;
