//! What is wrong with a configuration, where, and how to mend it: all of it at once, as far as one fault does not come of another.

use std::fmt;
use std::path::{Path, PathBuf};

/// What is wrong: one thing or several, each in its file and on its line.
#[derive(Debug)]
pub struct Problem(Vec<Wrong>);

/// What is wrong, in which file, and on which line of it.
#[derive(Debug)]
struct Wrong {
    path: PathBuf,
    line: Option<usize>,
    what: String,
}

impl Problem {
    pub(super) fn of_file(path: &Path, what: impl Into<String>) -> Self {
        Self::at(path, None, what)
    }

    pub(super) fn at(path: &Path, line: impl Into<Option<usize>>, what: impl Into<String>) -> Self {
        Self(vec![Wrong { path: path.to_owned(), line: line.into(), what: what.into() }])
    }

    /// All of these.
    pub(super) fn of_all(problems: Vec<Self>) -> Self {
        Self(problems.into_iter().flat_map(|Self(all)| all).collect())
    }
}

impl fmt::Display for Wrong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { path, line, what } = self;
        match line {
            Some(line) => write!(f, "{}:{line}: {what}", path.display()),
            None => write!(f, "{}: {what}", path.display()),
        }
    }
}

/// A line for each.
impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, wrong) in self.0.iter().enumerate() {
            let gap = if at == 0 { "" } else { "\n" };
            write!(f, "{gap}{wrong}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Problem {}
