//! What is installed here: one folder per model, whole or absent.
//!
//! `NAME` in the store is a symbolic link to `.versions/NAME/N`. A new installation is finished under a number of its own before the
//! link is replaced by renaming another one over it, so that a power cut leaves either the old model or the new one.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::manifest::{self, Manifest};
use super::sum::Summing;
use super::{Catalog, Entry, FileName, Sum};
use crate::{Error, Result};

/// The folder that holds installed models, one folder each.
#[derive(Clone, Debug)]
pub struct Store {
    dir: PathBuf,
    /// The program's own if absent.
    catalog: Option<Arc<Catalog>>,
}

/// A model that is installed and whole.
#[derive(Clone, Debug)]
pub struct Installed {
    name: String,
    dir: PathBuf,
}

/// What a look at the store, without reading the models, says of one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    /// It is not here.
    Absent,
    /// It is here, with all files at their full length.
    Installed {
        /// Bytes of all its files.
        bytes: u64,
    },
    /// It has to be fetched again.
    Damaged {
        /// What is wrong, for a reader.
        what: String,
    },
}

impl Store {
    /// The store in `dir`, which need not exist yet.
    pub fn at(dir: impl Into<PathBuf>) -> Self {
        Self { dir: dir.into(), catalog: None }
    }

    /// The store that `SWITCHHOOK_MODELS_DIR` names; else `/var/lib/switchhook/models` if it exists; else
    /// `switchhook/models` in the user's cache folder.
    #[must_use]
    pub fn default_place() -> Self {
        if let Some(dir) = std::env::var_os("SWITCHHOOK_MODELS_DIR") {
            return Self::at(dir);
        }
        let system = Path::new("/var/lib/switchhook/models");
        if system.is_dir() {
            return Self::at(system);
        }
        let cache = std::env::var_os("XDG_CACHE_HOME")
            .map(PathBuf::from)
            .or_else(|| std::env::var_os("HOME").map(|home| PathBuf::from(home).join(".cache")))
            .unwrap_or_else(std::env::temp_dir);
        Self::at(cache.join("switchhook/models"))
    }

    /// The same store, measured against another catalog than the one that ships.
    #[must_use]
    pub fn with_catalog(self, catalog: Catalog) -> Self {
        Self { catalog: Some(Arc::new(catalog)), ..self }
    }

    /// Where the store is.
    #[must_use]
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// The catalog that this store is measured against.
    ///
    /// # Errors
    /// As [`Catalog::built_in`].
    pub fn catalog(&self) -> Result<Arc<Catalog>> {
        match &self.catalog {
            Some(catalog) => Ok(Arc::clone(catalog)),
            None => Ok(Arc::new(Catalog::built_in()?)),
        }
    }

    /// Open an installed model, having checked every file of it against the manifest (size and sha256), and the manifest against the
    /// catalog.
    ///
    /// # Errors
    /// [`Error::UnknownModel`], [`Error::NotInstalled`], or [`Error::Damaged`] with the file and the command that repairs it.
    pub fn open(&self, model: &str) -> Result<Installed> {
        let catalog = self.catalog()?;
        let (dir, manifest) = self.look(catalog.entry(model)?)?;
        for file in &manifest.files {
            let path = dir.join(&file.name);
            let found = Sum::of_file(&path).map_err(|fault| damaged(model, &path, &reason(&fault)))?;
            if let Some(what) = file.sum().mismatch(&found) {
                return Err(damaged(model, &path, &what));
            }
        }
        Ok(Installed { name: model.to_owned(), dir })
    }

    /// What a look at the folder says of a model, without reading its files.
    ///
    /// # Errors
    /// [`Error::UnknownModel`].
    pub fn state(&self, model: &str) -> Result<State> {
        let catalog = self.catalog()?;
        match self.look(catalog.entry(model)?) {
            Ok((_, manifest)) => Ok(State::Installed { bytes: manifest.files.iter().map(|file| file.size).sum() }),
            Err(Error::NotInstalled { .. }) => Ok(State::Absent),
            Err(Error::Damaged { path, what, .. }) => Ok(State::Damaged { what: format!("{}: {what}", path.display()) }),
            Err(other) => Err(other),
        }
    }

    /// What tells this installation of a model from every other: the SHA-256 of its files' names, lengths and sums, in hexadecimal. Whoever
    /// keeps what a model made keeps this beside it.
    ///
    /// # Errors
    /// As [`Store::open`], but the files are not read.
    pub fn version(&self, model: &str) -> Result<String> {
        let (_, manifest) = self.look(self.catalog()?.entry(model)?)?;
        let mut sum = Summing::new(std::io::sink());
        for file in &manifest.files {
            // Nothing is written, so nothing can fail.
            let _ = writeln!(sum, "{} {} {}", file.name, file.size, file.sha256);
        }
        Ok(sum.finish().1.sha256.to_string())
    }

    /// The model's folder and its manifest: one that agrees with the catalog, on files that have their full length.
    fn look(&self, entry: &Entry) -> Result<(PathBuf, Manifest)> {
        let model = entry.name.as_str();
        // From here on the folder is named by its number: a model that is replaced meanwhile is not read half old and half new.
        let dir = match self.dir.join(&entry.name).canonicalize() {
            Ok(dir) if dir.is_dir() => dir,
            _ => return Err(Error::NotInstalled { model: model.to_owned(), dir: self.dir.clone() }),
        };
        let path = dir.join(manifest::FILE);
        let manifest = Manifest::read(&dir).map_err(|what| damaged(model, &path, &what))?;
        if let Some(what) = manifest.disagrees_with(entry) {
            return Err(damaged(model, &path, &what));
        }
        for file in &manifest.files {
            let path = dir.join(&file.name);
            match path.metadata() {
                Ok(found) if found.len() == file.size => {}
                Ok(found) => return Err(damaged(model, &path, &format!("it has {} bytes instead of {}", found.len(), file.size))),
                Err(fault) => return Err(damaged(model, &path, &fault.to_string())),
            }
        }
        Ok((dir, manifest))
    }
}

impl Installed {
    /// A model in a folder of its own, taken as it is: for tests and for tools that make models. What is opened for calls comes from
    /// [`Store::open`].
    pub fn unchecked(name: impl Into<String>, dir: impl Into<PathBuf>) -> Self {
        Self { name: name.into(), dir: dir.into() }
    }

    /// The catalog's name of the model.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The path of one of the model's files.
    #[must_use]
    pub fn file(&self, name: &str) -> PathBuf {
        self.dir.join(name)
    }

    /// The licence text and the notices that came with the weights.
    #[must_use]
    pub fn legal_texts(&self) -> Vec<PathBuf> {
        let names = ["LICENSE", "NOTICE"].into_iter().filter_map(FileName::new);
        names.map(|name| self.dir.join(name)).filter(|path| path.is_file()).collect()
    }
}

fn damaged(model: &str, path: &Path, what: &str) -> Error {
    Error::Damaged { model: model.to_owned(), path: path.to_owned(), what: what.to_owned() }
}

/// The system's reason alone, where the path is said elsewhere.
fn reason(fault: &Error) -> String {
    match fault {
        Error::Io { source, .. } => source.to_string(),
        other => other.to_string(),
    }
}
