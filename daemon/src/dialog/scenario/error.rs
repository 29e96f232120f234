//! What is wrong with a scenario: in which file, in which line, what, and how to mend it.

use std::path::{Path, PathBuf};

/// A scenario that cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("{}{}: {what}", path.display(), line.map(|line| format!(":{line}")).unwrap_or_default())]
pub struct ScenarioError {
    path: PathBuf,
    line: Option<usize>,
    what: String,
}

impl ScenarioError {
    pub(in crate::dialog) fn in_file(path: &Path, what: impl Into<String>) -> Self {
        Self { path: path.to_owned(), line: None, what: what.into() }
    }

    /// What the parser of YAML says, with the lines that it shows under the name of their own file.
    pub(super) fn in_yaml(path: &Path, error: &serde_saphyr::Error) -> Self {
        let name = path.display().to_string();
        let line = error.location().and_then(|location| usize::try_from(location.line()).ok()).filter(|&line| line > 0);
        let what = error.render_with_options(serde_saphyr::render_options! { source_name: Some(name.as_str()) });
        Self { path: path.to_owned(), line, what }
    }

    pub(in crate::dialog) fn at(path: &Path, line: Option<usize>, what: impl Into<String>) -> Self {
        Self { path: path.to_owned(), line, what: what.into() }
    }
}
