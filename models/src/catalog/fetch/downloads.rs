//! What was fetched and not yet installed, in the store's `.downloads` folder. A finished part bears its SHA-256 as its name; one that
//! is still coming in has `.part` behind it.

use std::path::{Path, PathBuf};

use super::Fault;
use super::place::{remove, sync};
use crate::catalog::{Entry, ModelName, Sum};
use crate::{Error, Result};

/// The folder of downloads.
pub(super) struct Downloads {
    dir: PathBuf,
    name: ModelName,
}

impl Downloads {
    /// The downloads of the store in `store`, while `name` is installed.
    pub fn at(store: &Path, name: &ModelName) -> Result<Self> {
        let dir = store.join(".downloads");
        std::fs::create_dir_all(&dir).map_err(Error::io(&dir))?;
        Ok(Self { dir, name: name.clone() })
    }

    /// Whether a part is here and whole. One that is not whole is deleted.
    pub fn has(&self, sum: &Sum) -> Result<bool> {
        let path = self.path(sum);
        if !path.exists() {
            return Ok(false);
        }
        if sum.mismatch(&Sum::of_file(&path)?).is_none() {
            return Ok(true);
        }
        remove(&path)?;
        Ok(false)
    }

    /// Where a finished part is.
    pub fn path(&self, sum: &Sum) -> PathBuf {
        self.dir.join(sum.sha256.to_string())
    }

    /// Where a part is while it comes in.
    pub fn partial(&self, sum: &Sum) -> PathBuf {
        self.dir.join(format!("{}.part", sum.sha256))
    }

    /// Check a part that has come in whole, and keep it.
    pub fn admit(&self, sum: &Sum) -> Result<(), Fault> {
        let found = Sum::of_file(&self.partial(sum))?;
        self.admit_as(sum, &found)
    }

    /// Keep a part whose sum was taken while it came in.
    pub fn admit_as(&self, sum: &Sum, found: &Sum) -> Result<(), Fault> {
        let partial = self.partial(sum);
        if let Some(what) = sum.mismatch(found) {
            remove(&partial)?;
            return Err(Fault::Source(format!("what came in is not what the catalog says: {what}")));
        }
        sync(&partial)?;
        let path = self.path(sum);
        std::fs::rename(&partial, &path).map_err(Error::io(&path))?;
        sync(&self.dir)?;
        Ok(())
    }

    /// Where the conversion finds its sources.
    pub fn sources(&self) -> PathBuf {
        self.dir.join(format!("{}.sources", self.name))
    }

    /// The same folder, emptied.
    pub fn empty_sources(&self) -> Result<PathBuf> {
        emptied(self.sources())
    }

    /// A folder for a package client to work in, emptied.
    pub fn empty_scratch(&self) -> Result<PathBuf> {
        emptied(self.scratch())
    }

    /// Delete the folder that the package client worked in.
    pub fn remove_scratch(&self) -> Result<()> {
        remove(&self.scratch())
    }

    /// Delete what is no longer needed once `entry` is installed: all but the finished parts, and those too unless they are to be kept.
    pub fn tidy(&self, entry: &Entry, keep: bool) -> Result<()> {
        remove(&self.sources())?;
        remove(&self.scratch())?;
        for part in entry.sources.iter().flat_map(|source| &source.files).flat_map(|file| &file.parts) {
            remove(&self.partial(&part.sum))?;
            if !keep {
                remove(&self.path(&part.sum))?;
            }
        }
        // Succeeds only when nothing of another model is left in it.
        let _ = std::fs::remove_dir(&self.dir);
        Ok(())
    }

    fn scratch(&self) -> PathBuf {
        self.dir.join("scratch")
    }
}

fn emptied(dir: PathBuf) -> Result<PathBuf> {
    remove(&dir)?;
    std::fs::create_dir(&dir).map_err(Error::io(&dir))?;
    Ok(dir)
}
