//! What was installed: written beside a model's files as the last of them, read before any of them is used.

use std::fs::File;
use std::io::{Read, Write};
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::entry::Entry;
use super::sum::{Sha256, Sum};
use crate::{Error, Result};

/// The manifest's name in a model's folder.
pub(super) const FILE: &str = "manifest.json";
/// A manifest is far smaller.
const MAX_BYTES: u64 = 1 << 20;

/// The files of an installed model and where they come from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// The catalog's name of the model.
    pub model: String,
    /// The catalog entry's revision when it was installed.
    pub revision: u32,
    /// The conversion that made the files.
    pub converter: String,
    /// That conversion's revision.
    pub converter_revision: u32,
    /// The source that was used.
    pub source: String,
    /// The files, sorted by name.
    pub files: Vec<ManifestFile>,
}

/// One file of an installed model.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ManifestFile {
    /// Its name in the model's folder.
    pub name: String,
    /// Bytes.
    pub size: u64,
    /// Digest of all bytes.
    pub sha256: Sha256,
}

impl ManifestFile {
    /// What the file must be.
    #[must_use]
    pub fn sum(&self) -> Sum {
        Sum { size: self.size, sha256: self.sha256 }
    }
}

impl Manifest {
    /// Read the manifest in `dir`. A fault is told as what is wrong with the file.
    pub(super) fn read(dir: &Path) -> Result<Self, String> {
        let mut text = String::new();
        let file = File::open(dir.join(FILE)).map_err(|fault| fault.to_string())?;
        file.take(MAX_BYTES).read_to_string(&mut text).map_err(|fault| fault.to_string())?;
        serde_json::from_str(&text).map_err(|fault| format!("it is not a manifest: {fault}"))
    }

    /// Write the manifest into `dir` and see it onto the disk.
    pub(super) fn write(&self, dir: &Path) -> Result<()> {
        let path = dir.join(FILE);
        let mut text = serde_json::to_string_pretty(self).map_err(|fault| Error::Format { path: path.clone(), what: fault.to_string() })?;
        text.push('\n');
        let mut file = File::create(&path).map_err(Error::io(&path))?;
        file.write_all(text.as_bytes()).and_then(|()| file.sync_all()).map_err(Error::io(&path))
    }

    /// Why an installation with this manifest is not what `entry` describes, if it is not. The catalog has the last word: a
    /// manifest that was altered together with a pinned file does not pass.
    pub(super) fn disagrees_with(&self, entry: &Entry) -> Option<String> {
        if self.model != entry.name.as_str() {
            return Some(format!("it belongs to model `{}`", self.model));
        }
        let made_by = (self.revision, self.converter.as_str(), self.converter_revision);
        let wanted = (entry.revision, entry.conversion.name(), entry.conversion.revision());
        if made_by != wanted {
            return Some(format!(
                "it was installed in form {}.{} ({}), and this program reads form {}.{} ({})",
                made_by.0, made_by.2, made_by.1, wanted.0, wanted.2, wanted.1
            ));
        }
        for file in &entry.files {
            let Some(listed) = self.files.iter().find(|listed| listed.name == file.name.as_str()) else {
                return Some(format!("it does not list `{}`", file.name));
            };
            if !file.pins.is_empty() && !file.pins.contains(&listed.sum()) {
                let ManifestFile { name, size, sha256 } = listed;
                return Some(format!("`{name}` with {size} bytes and SHA-256 {sha256} is not what the catalog pins"));
            }
        }
        self.files
            .iter()
            .find(|listed| {
                let known = entry.files.iter().any(|file| file.name.as_str() == listed.name);
                !known && !super::entry::FileName::new(&listed.name).is_some_and(|name| name.is_legal())
            })
            .map(|listed| format!("it lists `{}`, which the catalog does not know", listed.name))
    }
}
