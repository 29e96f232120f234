//! A scenario's folder on disk, read within bounds. What a language lacks and Mandarin's other script has is put into its script, so that an office
//! writes Mandarin once, and a second time only where Taiwan and the mainland use other words.
//!
//! ```text
//! reception/
//!   scenario.yaml        the goal, the rules, the keys
//!   lang/en.ftl          what the robot says its own way
//!   lang/en.yaml         how callers say what they want, beside the common ways
//!   knowledge/en/*.md    what the office knows
//!   tests/*.yaml         conversations that must go as written
//! ```

use std::fmt::Write as _;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};
use switchhook_models::Locale;

use super::error::ScenarioError;

/// No file of a scenario is larger than this.
const LARGEST: u64 = 1 << 20;
/// No folder of a scenario has more files than this.
const MOST_FILES: usize = 1_000;

/// A text and the file that it stands in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// The file.
    pub path: PathBuf,
    /// What it says.
    pub text: String,
}

impl Page {
    /// What it says in YAML.
    ///
    /// # Errors
    /// Names the file, the line, and what stands there.
    pub(in crate::dialog) fn yaml<T: DeserializeOwned>(&self) -> Result<T, ScenarioError> {
        serde_saphyr::from_str(&self.text).map_err(|error| ScenarioError::in_yaml(&self.path, &error))
    }

    /// Its name and that of the folder that it lies in, as offices know it: `lang/en.ftl`.
    pub(super) fn within_folder(&self) -> String {
        let parts = [self.path.parent().and_then(Path::file_name), self.path.file_name()];
        parts.into_iter().flatten().map(|part| part.to_string_lossy()).collect::<Vec<_>>().join("/")
    }
}

/// Everything in a scenario's folder that one language uses.
#[derive(Clone, Debug)]
pub struct Folder {
    /// The folder.
    pub path: PathBuf,
    /// `scenario.yaml`.
    pub scenario: Page,
    /// `lang/<tag>.ftl`; empty if there is none.
    pub wording: Page,
    /// `lang/<tag>.yaml`; empty if there is none.
    pub callers: Page,
    /// `knowledge/<tag>/*.md`.
    pub knowledge: Vec<Page>,
}

impl Folder {
    /// Read what `locale` uses of `dir`. Blocking.
    ///
    /// # Errors
    /// Names what cannot be read or is too large.
    pub fn read(dir: &Path, locale: Locale) -> Result<Self, ScenarioError> {
        Ok(Self {
            path: dir.to_owned(),
            scenario: page(dir.join("scenario.yaml"))?,
            wording: in_language(dir, locale, "ftl")?,
            callers: in_language(dir, locale, "yaml")?,
            knowledge: knowledge(dir, locale)?,
        })
    }

    /// The scenario's name: that of its folder, as it is called, since the active version of a scenario is a link by its name.
    pub(super) fn name(&self) -> String {
        let called = |path: &Path| path.file_name().map(|name| name.to_string_lossy().into_owned());
        // `.` and `..` call it nothing; the folder that they stand for has a name.
        called(&self.path).or_else(|| fs::canonicalize(&self.path).ok().as_deref().and_then(called)).unwrap_or_default()
    }

    /// The sha256 of all that was read, in hexadecimal.
    pub(super) fn version(&self) -> String {
        let mut sum = Sha256::new();
        for page in [&self.scenario, &self.wording, &self.callers].into_iter().chain(&self.knowledge) {
            sum.update((page.text.len() as u64).to_le_bytes());
            sum.update(page.text.as_bytes());
        }
        sum.finalize().iter().fold(String::new(), |mut hex, byte| {
            let _ = write!(hex, "{byte:02x}");
            hex
        })
    }
}

/// The tags whose files serve `locale`, best first.
pub(in crate::dialog) fn tags(locale: Locale) -> &'static [Locale] {
    match locale {
        Locale::En => &[Locale::En],
        Locale::ZhTw => &[Locale::ZhTw, Locale::ZhCn],
        Locale::ZhCn => &[Locale::ZhCn, Locale::ZhTw],
    }
}

/// `lang/<tag>.<extension>`; without one, the language has nothing of its own.
fn in_language(dir: &Path, locale: Locale, extension: &str) -> Result<Page, ScenarioError> {
    let path = |locale: Locale| dir.join("lang").join(format!("{}.{extension}", locale.tag()));
    for &tag in tags(locale) {
        if path(tag).is_file() {
            let read = page(path(tag))?;
            return if tag == locale { Ok(read) } else { converted(read, locale) };
        }
    }
    Ok(Page { path: path(locale), text: String::new() })
}

/// The pages of `knowledge/<tag>/`; a scenario without knowledge has none.
fn knowledge(dir: &Path, locale: Locale) -> Result<Vec<Page>, ScenarioError> {
    for &tag in tags(locale) {
        let own = dir.join("knowledge").join(tag.tag());
        if own.is_dir() {
            let pages = files(&own, "md")?.into_iter().map(page);
            return pages.map(|page| if tag == locale { page } else { converted(page?, locale) }).collect();
        }
    }
    Ok(Vec::new())
}

/// The page in the script of `locale`.
pub(in crate::dialog) fn converted(page: Page, locale: Locale) -> Result<Page, ScenarioError> {
    let Some(script) = locale.script() else { return Ok(page) };
    let converter = script.converter().map_err(|error| ScenarioError::in_file(&page.path, error.to_string()))?;
    Ok(Page { text: converter.convert(&page.text), ..page })
}

/// A file within bounds.
pub(in crate::dialog) fn page(path: PathBuf) -> Result<Page, ScenarioError> {
    let unreadable = |error: std::io::Error| ScenarioError::in_file(&path, format!("cannot be read: {error}"));
    let length = fs::metadata(&path).map_err(unreadable)?.len();
    if length > LARGEST {
        return Err(ScenarioError::in_file(&path, "is larger than 1 MiB; split it"));
    }
    let text = fs::read_to_string(&path).map_err(unreadable)?;
    Ok(Page { path, text })
}

/// The files of a folder in the order of their names, so that nothing depends on the folder's order; none if there is no folder.
pub(in crate::dialog) fn files(dir: &Path, extension: &str) -> Result<Vec<PathBuf>, ScenarioError> {
    let unlisted = |error: std::io::Error| ScenarioError::in_file(dir, format!("cannot be listed: {error}"));
    let entries = match fs::read_dir(dir) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries.map_err(unlisted)?,
    };
    let mut files = Vec::new();
    for entry in entries {
        let path = entry.map_err(unlisted)?.path();
        if path.extension().is_some_and(|found| found == extension) {
            files.push(path);
        }
        if files.len() > MOST_FILES {
            return Err(ScenarioError::in_file(dir, format!("has more than {MOST_FILES} files; join some")));
        }
    }
    files.sort();
    Ok(files)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn written(files: &[(&str, &str)]) -> tempfile::TempDir {
        let dir = tempfile::tempdir().unwrap();
        for (name, text) in files {
            let path = dir.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        dir
    }

    #[test]
    fn mandarin_that_was_written_once_is_read_in_both_scripts() {
        let dir = written(&[
            ("scenario.yaml", ""),
            ("lang/zh-TW.ftl", "greeting = 請問有什麼可以幫您？\n"),
            ("knowledge/zh-TW/office.md", "## 停車\n停在大樓後面。\n"),
        ]);
        let folder = Folder::read(dir.path(), Locale::ZhCn).unwrap();
        assert_eq!(folder.wording.text, "greeting = 请问有什么可以帮您？\n");
        assert_eq!(folder.knowledge[0].text, "## 停车\n停在大楼后面。\n");
    }

    #[test]
    fn what_was_written_for_a_language_goes_before_what_was_put_into_its_script() {
        let dir = written(&[("scenario.yaml", ""), ("lang/zh-TW.ftl", "greeting = 專人\n"), ("lang/zh-CN.ftl", "greeting = 人工客服\n")]);
        assert_eq!(Folder::read(dir.path(), Locale::ZhCn).unwrap().wording.text, "greeting = 人工客服\n");
    }

    #[test]
    fn a_file_that_changes_changes_the_version() {
        let version = |text| Folder::read(written(&[("scenario.yaml", text)]).path(), Locale::En).unwrap().version();
        assert_eq!(version("a"), version("a"));
        assert_ne!(version("a"), version("b"));
    }

    #[test]
    fn a_folder_has_its_name_by_whatever_way_it_is_reached() {
        let dir = written(&[("clinic/scenario.yaml", ""), ("clinic/lang/en.ftl", "")]);
        let name = |way: &str| Folder::read(&dir.path().join(way), Locale::En).unwrap().name();
        assert_eq!(name("clinic/lang/.."), "clinic");
        assert_eq!(name("clinic/."), "clinic");
        std::os::unix::fs::symlink(dir.path().join("clinic"), dir.path().join("dentist")).unwrap();
        assert_eq!(name("dentist"), "dentist");
    }

    #[test]
    fn a_folder_without_a_scenario_is_told_by_its_file() {
        let fault = Folder::read(written(&[]).path(), Locale::En).unwrap_err().to_string();
        assert!(fault.contains("scenario.yaml: cannot be read"), "{fault}");
    }
}
