//! The bundle as a file: a gzipped tar archive that its owner alone may read, whole or not there.

use std::fs::Permissions;
use std::io::Write as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use anyhow::{Context as _, bail};
use flate2::Compression;
use flate2::write::GzEncoder;
use jiff::Timestamp;
use tar::{Builder, Header};

use super::Part;
use crate::words::say;

/// Pack `parts` into the folder `name` of an archive at `path`, which must not be there.
pub fn write(path: &Path, name: &str, parts: &[Part]) -> anyhow::Result<u64> {
    let told = || say!("cannot-write", path = path);
    if path.exists() {
        bail!(say!("bundle-is-there", path = path));
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut file = tempfile::NamedTempFile::new_in(folder).with_context(told)?;
    file.as_file().set_permissions(Permissions::from_mode(0o600)).with_context(told)?;
    file.write_all(&packed(name, parts).with_context(told)?).with_context(told)?;
    file.as_file().sync_all().with_context(told)?;
    let file = file.persist_noclobber(path).with_context(told)?;
    Ok(file.metadata().with_context(told)?.len())
}

fn packed(name: &str, parts: &[Part]) -> std::io::Result<Vec<u8>> {
    let mut archive = Builder::new(GzEncoder::new(Vec::new(), Compression::default()));
    let now = u64::try_from(Timestamp::now().as_second()).unwrap_or_default();
    for part in parts {
        let mut header = Header::new_gnu();
        header.set_size(part.text.len() as u64);
        header.set_mode(0o600);
        header.set_mtime(now);
        archive.append_data(&mut header, format!("{name}/{}", part.file), part.text.as_bytes())?;
    }
    archive.into_inner()?.finish()
}
