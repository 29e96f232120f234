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

    pub(super) fn at(path: &Path, line: Option<usize>, what: impl Into<String>) -> Self {
        Self { path: path.to_owned(), line, what: what.into() }
    }
}
