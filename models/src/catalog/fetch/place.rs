//! Where a finished model goes, and how it gets there in a single step.
//!
//! The files are made in `.versions/NAME/N`, a folder that nothing points to. Once they are on the disk for good, `NAME` becomes a
//! symbolic link to that folder by renaming a new link over the old one, which a file system does wholly or not at all. Folders that
//! the link does not name are leftovers.

use std::fs::File;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use super::super::ModelName;
use crate::{Error, Result};

/// One model's place in a store.
pub(super) struct Place<'a> {
    store: &'a Path,
    name: &'a ModelName,
}

impl<'a> Place<'a> {
    pub fn of(store: &'a Path, name: &'a ModelName) -> Self {
        Self { store, name }
    }

    /// Delete every version but the one in use.
    pub fn sweep(&self) -> Result<()> {
        let in_use = std::fs::read_link(self.link()).ok().and_then(|target| target.file_name().map(ToOwned::to_owned));
        for version in entries(&self.versions())? {
            if Some(&version) != in_use.as_ref() {
                remove(&self.versions().join(version))?;
            }
        }
        Ok(())
    }

    /// A new empty folder to make the model in.
    pub fn stage(&self) -> Result<PathBuf> {
        let versions = self.versions();
        std::fs::create_dir_all(&versions).map_err(Error::io(&versions))?;
        let taken = entries(&versions)?.iter().filter_map(|name| name.to_str()?.parse::<u64>().ok()).max().unwrap_or(0);
        let staged = versions.join((taken + 1).to_string());
        std::fs::create_dir(&staged).map_err(Error::io(&staged))?;
        Ok(staged)
    }

    /// See every file of a staged folder, and the folders above it, onto the disk.
    pub fn settle(&self, staged: &Path) -> Result<()> {
        for file in entries(staged)? {
            sync(&staged.join(file))?;
        }
        for dir in [staged, &self.versions(), &self.store.join(VERSIONS), self.store] {
            sync(dir)?;
        }
        Ok(())
    }

    /// Put a settled folder in the model's place.
    pub fn commit(&self, staged: &Path) -> Result<()> {
        let number = staged.file_name().unwrap_or_default();
        let link = self.link();
        // A folder where the link should be was copied there by hand; a rename cannot replace it, so it becomes a version itself.
        if link.symlink_metadata().is_ok_and(|found| found.is_dir()) {
            let aside = self.stage()?;
            std::fs::rename(&link, &aside).map_err(Error::io(&link))?;
        }
        let fresh = self.versions().join("link");
        remove(&fresh)?;
        let target = Path::new(VERSIONS).join(self.name).join(number);
        std::os::unix::fs::symlink(target, &fresh).map_err(Error::io(&fresh))?;
        std::fs::rename(&fresh, &link).map_err(Error::io(&link))?;
        sync(self.store)
    }

    /// Take the model away, the link first, so that nobody finds half of it; says whether anything was there.
    pub fn clear(&self) -> Result<bool> {
        let there = self.link().symlink_metadata().is_ok() || self.versions().exists();
        remove(&self.link())?;
        sync(self.store)?;
        remove(&self.versions())?;
        Ok(there)
    }

    fn link(&self) -> PathBuf {
        self.store.join(self.name)
    }

    fn versions(&self) -> PathBuf {
        self.store.join(VERSIONS).join(self.name)
    }
}

const VERSIONS: &str = ".versions";

/// The names in a folder; none if there is no folder.
fn entries(dir: &Path) -> Result<Vec<std::ffi::OsString>> {
    match std::fs::read_dir(dir) {
        Ok(entries) => entries.map(|entry| Ok(entry.map_err(Error::io(dir))?.file_name())).collect(),
        Err(fault) if fault.kind() == ErrorKind::NotFound => Ok(Vec::new()),
        Err(fault) => Err(Error::io(dir)(fault)),
    }
}

/// Delete a file, a link or a whole folder, if it is there.
pub(super) fn remove(path: &Path) -> Result<()> {
    let gone = match path.symlink_metadata() {
        Ok(found) if found.is_dir() => std::fs::remove_dir_all(path),
        Ok(_) => std::fs::remove_file(path),
        Err(fault) => Err(fault),
    };
    match gone {
        Err(fault) if fault.kind() != ErrorKind::NotFound => Err(Error::io(path)(fault)),
        _ => Ok(()),
    }
}

/// Wait until a file or a folder is on the disk.
pub(super) fn sync(path: &Path) -> Result<()> {
    File::open(path).and_then(|file| file.sync_all()).map_err(Error::io(path))
}
