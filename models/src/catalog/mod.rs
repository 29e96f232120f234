//! The catalog: what can be installed, where it comes from, what it weighs and under which licence, and what is installed here.
//!
//! A model is installed in three steps, each of which leaves nothing half-done behind: its sources are *fetched* and checked against
//! the sha256 in the catalog ([`fetch`]), *converted* by code of ours ([`convert`]) into the form that the runtime reads, and
//! *committed* by renaming the finished folder into place together with a manifest of its files' sizes and sums. A model is *opened*
//! through the [`Store`], which reads every byte of it once and refuses what is not as it was installed.
//!
//! The entries are the files of `models/catalog/`, built into the program. Each is parsed into an [`Entry`] of checked types. Which of them go
//! together on a board of some size, [`profiles`] says.

pub mod convert;
mod entry;
pub mod fetch;
mod manifest;
mod parse;
pub mod profiles;
mod store;
mod sum;

pub use entry::{
    Architecture, Entry, FileName, HubUrl, InstalledFile, Megabytes, ModelName, Origin, Package, Part, Registry, Source, SourceFile, Task,
};
pub use manifest::{Manifest, ManifestFile};
pub use store::{Installed, State, Store};
pub use sum::{Sha256, Sum};

use crate::{Error, Result};

/// The catalog files that ship, by name and text.
const BUILT_IN: &[(&str, &str)] = &[
    ("catalog/whisper-base.toml", include_str!("../../catalog/whisper-base.toml")),
    ("catalog/whisper-small.toml", include_str!("../../catalog/whisper-small.toml")),
    ("catalog/whisper-tiny.toml", include_str!("../../catalog/whisper-tiny.toml")),
    ("catalog/whisper-tiny.en.toml", include_str!("../../catalog/whisper-tiny.en.toml")),
    ("catalog/moonshine-base.toml", include_str!("../../catalog/moonshine-base.toml")),
    ("catalog/moonshine-tiny.toml", include_str!("../../catalog/moonshine-tiny.toml")),
    ("catalog/hibari.toml", include_str!("../../catalog/hibari.toml")),
    ("catalog/kokoro-82m.toml", include_str!("../../catalog/kokoro-82m.toml")),
    ("catalog/smollm2-135m-instruct.toml", include_str!("../../catalog/smollm2-135m-instruct.toml")),
    ("catalog/qwen2.5-0.5b-instruct.toml", include_str!("../../catalog/qwen2.5-0.5b-instruct.toml")),
    ("catalog/silero-vad.toml", include_str!("../../catalog/silero-vad.toml")),
    ("catalog/smart-turn.toml", include_str!("../../catalog/smart-turn.toml")),
    ("catalog/mandarin.toml", include_str!("../../catalog/mandarin.toml")),
    ("catalog/all-minilm-l6-v2.toml", include_str!("../../catalog/all-minilm-l6-v2.toml")),
];

/// All models that can be installed.
#[derive(Clone, Debug)]
pub struct Catalog {
    entries: Vec<Entry>,
}

impl Catalog {
    /// The catalog that ships with this program.
    ///
    /// # Errors
    /// [`Error::Format`] if the program was built with a catalog file that is wrong.
    pub fn built_in() -> Result<Self> {
        Self::parse(BUILT_IN)
    }

    /// A catalog from `(name, text)` of each of its files; the name appears in errors.
    ///
    /// # Errors
    /// [`Error::Format`] with the file's name and what is wrong with it.
    pub fn parse(files: &[(&str, &str)]) -> Result<Self> {
        let mut entries: Vec<Entry> = Vec::with_capacity(files.len());
        for (file, text) in files {
            let fault = |what: String| Error::Format { path: (*file).into(), what };
            let entry = parse::entry(text).map_err(fault)?;
            if entries.iter().any(|other| other.name == entry.name) {
                return Err(fault(format!("there is another entry `{}`", entry.name)));
            }
            entries.push(entry);
        }
        for ((file, _), entry) in files.iter().zip(&entries) {
            let unknown = entry.needs.iter().find(|needed| **needed == entry.name || entries.iter().all(|other| other.name != **needed));
            if let Some(unknown) = unknown {
                return Err(Error::Format {
                    path: (*file).into(),
                    what: format!("it needs `{unknown}`, which is no other model of the catalog"),
                });
            }
        }
        Ok(Self { entries })
    }

    /// Every entry, in the order of the catalog.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The entry of that name.
    ///
    /// # Errors
    /// [`Error::UnknownModel`].
    pub fn entry(&self, name: &str) -> Result<&Entry> {
        let found = self.entries.iter().find(|entry| entry.name.as_str() == name);
        found.ok_or_else(|| Error::UnknownModel { name: name.to_owned() })
    }

    /// The models of those names, and behind them what they need and were not named; each once.
    ///
    /// # Errors
    /// [`Error::UnknownModel`].
    pub fn with_needs<'a>(&self, names: impl IntoIterator<Item = &'a str>) -> Result<Vec<&Entry>> {
        let mut all: Vec<&Entry> = Vec::new();
        for name in names {
            all.push(self.entry(name)?);
        }
        let mut at = 0;
        while let Some(entry) = all.get(at).copied() {
            // What is there already has brought what it needs.
            if all.iter().take(at).any(|other| other.name == entry.name) {
                all.remove(at);
                continue;
            }
            for needed in &entry.needs {
                all.push(self.entry(needed.as_str())?);
            }
            at += 1;
        }
        Ok(all)
    }
}

#[cfg(test)]
pub(crate) mod tests;
