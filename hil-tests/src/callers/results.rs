//! What was measured, as it is kept beside the page: a part for each scenario, language and way, so that one can be measured again alone.

use std::collections::BTreeMap;
use std::fs::File;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use serde::{Deserialize, Serialize};

use super::outcome::Found;
use crate::accuracy::Measured;

/// Every part, by `way/scenario/language`.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Results {
    pub parts: BTreeMap<String, Measured<Found>>,
}

impl Results {
    /// What is kept; nothing, if there is no file.
    pub fn read(path: &Path) -> anyhow::Result<Self> {
        match std::fs::read_to_string(path) {
            Ok(text) => {
                serde_json::from_str(&text).with_context(|| format!("{} is damaged; delete it, and measure all of it", path.display()))
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Self::default()),
            Err(error) => Err(error).with_context(|| format!("{} cannot be read", path.display())),
        }
    }

    /// One part more, or one in place of an older one, on the page and beside it. Others may measure other parts at the same time.
    pub fn add(page: &Path, name: String, part: Measured<Found>) -> anyhow::Result<()> {
        let folder = page.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let locked = File::open(folder).with_context(|| format!("{} cannot be opened", folder.display()))?;
        // Held until it is dropped.
        locked.lock().with_context(|| format!("{} cannot be locked", folder.display()))?;
        let kept = kept(page);
        let mut results = Self::read(&kept)?;
        results.parts.insert(name, part);
        let mut text = serde_json::to_string_pretty(&results)?;
        text.push('\n');
        std::fs::write(&kept, text).with_context(|| format!("{} cannot be written", kept.display()))?;
        std::fs::write(page, super::page::page(&results)).with_context(|| format!("{} cannot be written", page.display()))
    }
}

/// Where the figures of a page are kept.
pub fn kept(page: &Path) -> PathBuf {
    page.with_extension("json")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use std::time::Instant;

    use super::*;
    use crate::accuracy::Circumstances;

    #[test]
    fn parts_that_are_measured_side_by_side_are_all_kept() {
        let dir = tempfile::tempdir().unwrap();
        let page = dir.path().join("callers.md");
        std::thread::scope(|scope| {
            for number in 0..8 {
                let page = &page;
                scope.spawn(move || {
                    let part = Measured::now(Found::default(), &Circumstances::now(), Instant::now());
                    Results::add(page, format!("text/office-{number}/en"), part).unwrap();
                });
            }
        });
        assert_eq!(Results::read(&kept(&page)).unwrap().parts.len(), 8);
        assert!(std::fs::read_to_string(&page).unwrap().contains("| office-7/en |"));
    }
}
