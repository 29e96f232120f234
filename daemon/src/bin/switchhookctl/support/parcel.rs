//! The bundle as a file: a gzipped tar archive that its owner alone may read, whole or not there.

use std::path::Path;

use anyhow::{Context as _, bail};
use flate2::Compression;
use flate2::write::GzEncoder;
use jiff::Timestamp;
use tar::{Builder, Header};

use super::Part;
use crate::disk;
use crate::words::say;

/// Pack `parts` into the folder `name` of an archive at `path`, which must not be there.
pub fn write(path: &Path, name: &str, parts: &[Part]) -> anyhow::Result<u64> {
    if path.exists() {
        bail!(say!("bundle-is-there", path = path));
    }
    let packed = packed(name, parts).with_context(|| say!("cannot-write", path = path))?;
    disk::write_new(path, &packed)?;
    Ok(packed.len() as u64)
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
