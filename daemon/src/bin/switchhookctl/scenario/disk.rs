//! Files that are written whole or not at all: a power cut leaves what was there.

use std::fs::{self, File};
use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use anyhow::Context;

/// Write a file that everybody may read, and make its folder if there is none.
pub fn write(path: &Path, text: &str) -> anyhow::Result<()> {
    let told = || format!("{} cannot be written", path.display());
    let folder = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder).with_context(|| format!("{} cannot be made", folder.display()))?;
    let mut file = tempfile::NamedTempFile::new_in(folder).with_context(told)?;
    file.write_all(text.as_bytes()).with_context(told)?;
    file.as_file().set_permissions(fs::Permissions::from_mode(0o644)).with_context(told)?;
    file.as_file().sync_all().with_context(told)?;
    file.persist(path).with_context(told)?;
    sync(folder)
}

/// Make the names in a folder durable.
pub fn sync(folder: &Path) -> anyhow::Result<()> {
    File::open(folder).and_then(|folder| folder.sync_all()).with_context(|| format!("{} cannot be made durable", folder.display()))
}
