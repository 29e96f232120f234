//! The scenarios that go live, each version of them in a folder of its own that is never changed again.
//!
//! ```text
//! /var/lib/switchhook/scenarios/
//!   reception -> .versions/reception/0f3a...       what the robot follows; switchhook.toml names this
//!   .versions/reception/0f3a.../                   a copy of what was activated, named by its sha256
//!   .versions/reception/history                    when which version went live, newest last
//! ```
//!
//! A version is copied to a name of its own, made durable, and only then linked to; the link changes in one step. Whatever power does in between, the robot finds the
//! old version or the new one, whole.

use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::{ErrorKind, Write as _};
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};

use anyhow::{Context, bail, ensure};
use jiff::Timestamp;
use sha2::{Digest, Sha256};

use crate::disk::{self, sync};
use crate::words::say;

/// Where the package keeps them.
pub const PLACE: &str = "/var/lib/switchhook/scenarios";
/// No scenario has more files than this, and all of them together no more bytes: 64 MiB.
const MOST_FILES: usize = 2_000;
const MOST_BYTES: u64 = 64 << 20;
/// What stands before the names of what is no scenario.
const VERSIONS: &str = ".versions";
const HISTORY: &str = "history";
/// As much of a version as people need to tell it from others.
const SHORT: usize = 12;

/// All scenarios in one place.
pub struct Shelf {
    place: PathBuf,
}

/// A version that went live at some time.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Version {
    pub version: String,
    /// When it went live last.
    pub activated: Timestamp,
    /// Whether the robot follows it.
    pub active: bool,
    pub path: PathBuf,
}

/// A file of a scenario: its name within the folder, and what it says.
pub type Contents = Vec<(String, Vec<u8>)>;

/// Every file of a scenario's folder, in the order of their names; what begins with a point is an editor's matter and is left out.
///
/// # Errors
/// Names what cannot be read, is no file, or is too large.
pub fn contents(dir: &Path) -> anyhow::Result<Contents> {
    let (mut all, mut bytes) = (Vec::new(), 0);
    let mut folders = vec![dir.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).with_context(|| say!("cannot-read", path = folder.as_path()))? {
            let entry = entry?;
            let path = entry.path();
            if entry.file_name().to_string_lossy().starts_with('.') {
                continue;
            }
            let kind = entry.file_type()?;
            if kind.is_dir() {
                folders.push(path);
                continue;
            }
            ensure!(kind.is_file(), say!("shelf-no-file", path = path.as_path()));
            bytes += entry.metadata()?.len();
            ensure!(bytes <= MOST_BYTES && all.len() < MOST_FILES, say!("shelf-too-large", dir = dir, files = MOST_FILES));
            let name = path.strip_prefix(dir).unwrap_or(&path).to_string_lossy().into_owned();
            all.push((name, fs::read(&path).with_context(|| say!("cannot-read", path = path.as_path()))?));
        }
    }
    all.sort();
    Ok(all)
}

/// The sha256 of all of them, in hexadecimal: names and contents, each with its length before it.
pub fn version(contents: &Contents) -> String {
    let mut sum = Sha256::new();
    for (name, text) in contents {
        for part in [name.as_bytes(), text.as_slice()] {
            sum.update((part.len() as u64).to_le_bytes());
            sum.update(part);
        }
    }
    sum.finalize().iter().fold(String::new(), |mut hex, byte| {
        // Writing to a String cannot fail.
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

/// As people see a version.
pub fn short(version: &str) -> &str {
    version.get(..SHORT).unwrap_or(version)
}

impl Shelf {
    /// The scenarios in `place`.
    pub fn at(place: &Path) -> Self {
        Self { place: place.to_owned() }
    }

    /// What the configuration names for a scenario.
    pub fn link(&self, name: &str) -> PathBuf {
        self.place.join(name)
    }

    fn versions_of(&self, name: &str) -> PathBuf {
        self.place.join(VERSIONS).join(name)
    }

    /// The names of all scenarios here.
    pub fn names(&self) -> anyhow::Result<Vec<String>> {
        let place = self.place.join(VERSIONS);
        let entries = match fs::read_dir(&place) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
            entries => entries.with_context(|| say!("cannot-read", path = place.as_path()))?,
        };
        let mut names = entries.map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned())).collect::<anyhow::Result<Vec<_>>>()?;
        names.sort();
        Ok(names)
    }

    /// The version that the robot follows; none if nothing was activated.
    pub fn active(&self, name: &str) -> anyhow::Result<Option<String>> {
        let link = self.link(name);
        match fs::read_link(&link) {
            Ok(to) => Ok(to.file_name().map(|version| version.to_string_lossy().into_owned())),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) if error.kind() == ErrorKind::InvalidInput => {
                bail!(say!("shelf-other-folder", path = link.as_path()))
            }
            Err(error) => Err(error).with_context(|| say!("cannot-read", path = link.as_path())),
        }
    }

    /// Every version that is still here, the one that went live last first.
    pub fn versions(&self, name: &str) -> anyhow::Result<Vec<Version>> {
        let (active, folder) = (self.active(name)?, self.versions_of(name));
        let mut versions: Vec<Version> = Vec::new();
        for (activated, version) in self.history(name)?.into_iter().rev() {
            let path = folder.join(&version);
            if path.is_dir() && versions.iter().all(|known| known.version != version) {
                versions.push(Version { active: active.as_ref() == Some(&version), version, activated, path });
            }
        }
        Ok(versions)
    }

    /// The only version here that begins so.
    pub fn find(&self, name: &str, begins: &str) -> anyhow::Result<Version> {
        let mut found = self.versions(name)?;
        found.retain(|version| version.version.starts_with(begins));
        match found.len() {
            1 => found.pop().with_context(|| say!("shelf-no-version", name = name, begins = begins)),
            0 => bail!(say!("shelf-no-version", name = name, begins = begins)),
            _ => bail!(say!("shelf-several-versions", name = name, begins = begins)),
        }
    }

    /// Keep a copy of these files, if it is not there yet. It is whole or not there.
    pub fn keep(&self, name: &str, contents: &Contents) -> anyhow::Result<String> {
        let version = version(contents);
        let folder = self.versions_of(name);
        let to = folder.join(&version);
        if to.is_dir() {
            let kept = self::version(&self::contents(&to)?);
            ensure!(kept == version, say!("shelf-changed", path = to.as_path()));
            return Ok(version);
        }
        fs::create_dir_all(&folder).with_context(|| say!("shelf-cannot-make", path = folder.as_path()))?;
        let copy = tempfile::Builder::new()
            .prefix(".new-")
            .tempdir_in(&folder)
            .with_context(|| say!("shelf-cannot-write-to", path = folder.as_path()))?;
        // The daemon runs as a user of its own and reads it all.
        fs::set_permissions(copy.path(), fs::Permissions::from_mode(0o755))?;
        for (name, text) in contents {
            let path = copy.path().join(name);
            let within = path.parent().unwrap_or(copy.path());
            fs::create_dir_all(within)?;
            let mut file = File::create(&path).with_context(|| say!("cannot-write", path = path.as_path()))?;
            file.write_all(text)?;
            file.sync_all()?;
            sync(within)?;
        }
        sync(copy.path())?;
        let copied = copy.keep();
        fs::rename(&copied, &to).with_context(|| say!("shelf-cannot-name", path = copied.as_path(), name = to.as_path()))?;
        sync(&folder)?;
        Ok(version)
    }

    /// Let the robot follow this version, which is here.
    pub fn activate(&self, name: &str, version: &str) -> anyhow::Result<()> {
        // Says so if something else has the name.
        self.active(name)?;
        let link = self.link(name);
        let beside = self.place.join(format!(".{name}.new"));
        let _ = fs::remove_file(&beside);
        symlink(Path::new(VERSIONS).join(name).join(version), &beside).with_context(|| say!("cannot-make", path = beside.as_path()))?;
        self.remember(name, version)?;
        fs::rename(&beside, &link).with_context(|| say!("shelf-cannot-switch", path = link.as_path()))?;
        sync(&self.place)
    }

    /// Delete all versions but the newest `keep` and the active one.
    pub fn prune(&self, name: &str, keep: usize) -> anyhow::Result<()> {
        for old in self.versions(name)?.into_iter().skip(keep).filter(|version| !version.active) {
            fs::remove_dir_all(&old.path).with_context(|| say!("shelf-cannot-delete", path = old.path.as_path()))?;
        }
        Ok(())
    }

    /// When which version went live.
    fn history(&self, name: &str) -> anyhow::Result<Vec<(Timestamp, String)>> {
        let path = self.versions_of(name).join(HISTORY);
        let text = match fs::read_to_string(&path) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
            text => text.with_context(|| say!("cannot-read", path = path.as_path()))?,
        };
        // A line that was damaged costs that version's place in the row, not the others'.
        let line = |line: &str| line.split_once(' ').and_then(|(at, version)| Some((at.parse().ok()?, version.to_owned())));
        Ok(text.lines().filter_map(line).collect())
    }

    fn remember(&self, name: &str, version: &str) -> anyhow::Result<()> {
        let folder = self.versions_of(name);
        let mut text = self.history(name)?.into_iter().fold(String::new(), |text, (at, version)| format!("{text}{at} {version}\n"));
        text.push_str(&format!("{} {version}\n", Timestamp::now()));
        disk::write(&folder.join(HISTORY), &text)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn files(text: &str) -> Contents {
        vec![("lang/en.ftl".into(), b"greeting = Hello\n".to_vec()), ("scenario.yaml".into(), text.into())]
    }

    fn activated(shelf: &Shelf, text: &str) -> String {
        let version = shelf.keep("desk", &files(text)).unwrap();
        shelf.activate("desk", &version).unwrap();
        version
    }

    #[test]
    fn the_link_leads_to_a_copy_of_what_was_activated_last() {
        let place = tempfile::tempdir().unwrap();
        let shelf = Shelf::at(place.path());
        let (one, two) = (activated(&shelf, "one"), activated(&shelf, "two"));
        assert_eq!(fs::read_to_string(shelf.link("desk").join("scenario.yaml")).unwrap(), "two");
        assert_eq!(shelf.active("desk").unwrap(), Some(two.clone()));
        assert_eq!(
            shelf.versions("desk").unwrap().iter().map(|v| (v.version.clone(), v.active)).collect::<Vec<_>>(),
            [(two, true), (one.clone(), false)]
        );
        assert_eq!(version(&contents(&shelf.find("desk", &one[..8]).unwrap().path).unwrap()), one);
    }

    #[test]
    fn old_versions_go_and_the_active_one_never() {
        let place = tempfile::tempdir().unwrap();
        let shelf = Shelf::at(place.path());
        let first = activated(&shelf, "0");
        (1..5).for_each(|n| drop(activated(&shelf, &n.to_string())));
        shelf.activate("desk", &first).unwrap();
        shelf.prune("desk", 2).unwrap();
        let left: Vec<String> = shelf.versions("desk").unwrap().into_iter().map(|v| v.version).collect();
        assert_eq!(left.len(), 2);
        assert_eq!(left.first(), Some(&first));
    }

    #[test]
    fn a_version_that_was_changed_is_not_taken_for_what_it_was() {
        let place = tempfile::tempdir().unwrap();
        let shelf = Shelf::at(place.path());
        activated(&shelf, "one");
        fs::write(shelf.link("desk").join("scenario.yaml"), "other").unwrap();
        assert!(shelf.keep("desk", &files("one")).unwrap_err().to_string().contains("was changed"));
    }

    #[test]
    fn a_folder_of_somebody_else_s_is_not_replaced() {
        let place = tempfile::tempdir().unwrap();
        fs::create_dir(place.path().join("desk")).unwrap();
        let shelf = Shelf::at(place.path());
        let version = shelf.keep("desk", &files("one")).unwrap();
        assert!(shelf.activate("desk", &version).unwrap_err().to_string().contains("move it away"));
    }

    #[test]
    fn what_leads_elsewhere_is_no_part_of_a_version() {
        let dir = tempfile::tempdir().unwrap();
        symlink("/etc/passwd", dir.path().join("scenario.yaml")).unwrap();
        assert!(contents(dir.path()).unwrap_err().to_string().contains("is no file"));
    }
}
