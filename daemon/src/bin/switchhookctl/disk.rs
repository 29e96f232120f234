//! Files that are written whole or not at all: a power cut leaves what was there.

use std::fs::{self, File};
use std::io::Write;
use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
use std::path::{Path, PathBuf};

use anyhow::Context;
use tempfile::NamedTempFile;

use crate::words::say;

/// Write a file that everybody may read, and make its folder if there is none.
pub fn write(path: &Path, text: &str) -> anyhow::Result<()> {
    fs::create_dir_all(folder(path)).with_context(|| say!("cannot-make", path = folder(path)))?;
    write_as(path, text, 0o644)
}

/// Write a file that its owner alone may read, in a folder that nobody else may look into if it has to be made.
pub fn write_secret(path: &Path, text: &str) -> anyhow::Result<()> {
    let made = fs::DirBuilder::new().recursive(true).mode(0o700).create(folder(path));
    made.with_context(|| say!("cannot-make", path = folder(path)))?;
    write_as(path, text, 0o600)
}

/// Write a file that its owner alone may read, where there is none.
pub fn write_new(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    let mut file = Unfinished::begin(path)?;
    file.write(bytes)?;
    file.finish()
}

/// What is to become a file that its owner alone may read, where there is none: until it is finished it lies beside, and goes when this does.
pub struct Unfinished {
    path: PathBuf,
    file: NamedTempFile,
}

impl Unfinished {
    /// Begin it.
    pub fn begin(path: &Path) -> anyhow::Result<Self> {
        let file = NamedTempFile::new_in(folder(path)).with_context(|| say!("cannot-write", path = path))?;
        Ok(Self { path: path.to_owned(), file })
    }

    /// Write more of it.
    pub fn write(&mut self, bytes: &[u8]) -> anyhow::Result<()> {
        self.file.write_all(bytes).with_context(|| say!("cannot-write", path = self.path.as_path()))
    }

    /// It is whole: give it its name.
    pub fn finish(self) -> anyhow::Result<()> {
        let Self { path, file } = self;
        let told = || say!("cannot-write", path = path.as_path());
        settled(&file, 0o600).with_context(told)?;
        file.persist_noclobber(&path).with_context(told)?;
        sync(folder(&path))
    }
}

/// Let it be on the disk, for those who may read it.
fn settled(file: &NamedTempFile, mode: u32) -> std::io::Result<()> {
    file.as_file().set_permissions(fs::Permissions::from_mode(mode))?;
    file.as_file().sync_all()
}

fn folder(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

fn write_as(path: &Path, text: &str, mode: u32) -> anyhow::Result<()> {
    let told = || say!("cannot-write", path = path);
    let mut file = NamedTempFile::new_in(folder(path)).with_context(told)?;
    file.write_all(text.as_bytes()).with_context(told)?;
    settled(&file, mode).with_context(told)?;
    file.persist(path).with_context(told)?;
    sync(folder(path))
}

/// Make the names in a folder durable.
pub fn sync(folder: &Path) -> anyhow::Result<()> {
    File::open(folder).and_then(|folder| folder.sync_all()).with_context(|| say!("cannot-make-durable", path = folder))
}
