//! What was fetched and not yet installed, in the store's `.downloads` folder. A finished part bears its SHA-256 as its name; one that
//! is still coming in has `.part` behind it. So has a package's archive, which bears the package's name and is never more than coming
//! in: of a whole one the members are kept, and the archive is deleted.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use super::Fault;
use super::place::{remove, sync};
use crate::catalog::{Entry, ModelName, Origin, Package, Sum};
use crate::{Error, Result};

const SCRATCH: &str = "scratch-";

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
        let downloads = Self { dir, name: name.clone() };
        downloads.sweep_scratch()?;
        Ok(downloads)
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

    /// Where a package's archive is while it comes in. A scope's `/` becomes what no package has in its name.
    pub fn archive(&self, package: &Package) -> PathBuf {
        self.dir.join(format!("{}.part", package.to_string().replace('/', "+")))
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

    /// A new folder for a client to work in. It never bears a name again: the client of a fetch that was killed may still be writing
    /// into the folder of that one.
    pub fn scratch(&self) -> Result<PathBuf> {
        static COUNT: AtomicU64 = AtomicU64::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let dir = self.dir.join(format!("{SCRATCH}{}-{count}", std::process::id()));
        emptied(dir)
    }

    /// Delete the folders that clients worked in. Whoever holds the store's lock is the only one at work, so those of others are
    /// leftovers.
    pub fn sweep_scratch(&self) -> Result<()> {
        for entry in std::fs::read_dir(&self.dir).map_err(Error::io(&self.dir))? {
            let entry = entry.map_err(Error::io(&self.dir))?;
            if entry.file_name().to_string_lossy().starts_with(SCRATCH) {
                remove(&entry.path())?;
            }
        }
        Ok(())
    }

    /// Delete what is no longer needed once `entry` is installed: all but the finished parts, and those too unless they are to be kept.
    pub fn tidy(&self, entry: &Entry, keep: bool) -> Result<()> {
        remove(&self.sources())?;
        self.sweep_scratch()?;
        for part in entry.sources.iter().flat_map(|source| &source.files).flat_map(|file| &file.parts) {
            remove(&self.partial(&part.sum))?;
            if let Origin::Member { package, .. } = &part.origin {
                remove(&self.archive(package))?;
            }
            if !keep {
                remove(&self.path(&part.sum))?;
            }
        }
        // Succeeds only when nothing of another model is left in it.
        let _ = std::fs::remove_dir(&self.dir);
        Ok(())
    }
}

fn emptied(dir: PathBuf) -> Result<PathBuf> {
    remove(&dir)?;
    std::fs::create_dir(&dir).map_err(Error::io(&dir))?;
    Ok(dir)
}
