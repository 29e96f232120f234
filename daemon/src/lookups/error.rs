//! Why something could not be looked up. No caller's words are in it: it is written to the journal.

use std::path::{Path, PathBuf};

/// Why something could not be looked up.
#[derive(Debug, thiserror::Error)]
pub enum LookUpError {
    /// A file cannot be read or written.
    #[error("{0}: {1}")]
    File(PathBuf, #[source] std::io::Error),
    /// A file is not what it should be.
    #[error("{0}: {1}")]
    Content(PathBuf, String),
    /// A database cannot be read.
    #[error("{0}: {1}; check that the table and its columns are called as the scenario says")]
    Database(PathBuf, #[source] rusqlite::Error),
    /// A program could not be run, or failed.
    #[error("the program {0} {1}")]
    Program(PathBuf, String),
    /// There is no sandbox.
    #[error("no sandbox: {0}")]
    Sandbox(String),
    /// A service is not allowed, or did not answer as it should.
    #[error("the service {0}: {1}")]
    Service(String, String),
    /// The answer of a program or a service is no answer.
    #[error("the answer is not understood: {0}; answer with a JSON object for what is found, an array of them for several, or null")]
    Answer(String),
    /// Its time was over.
    #[error("its time was over")]
    Late,
    /// Programs and services are asked on the device alone.
    #[error("programs and services are asked on the device alone; write what they find under `look-ups` in tests/*.yaml")]
    NotHere,
}

impl LookUpError {
    pub(super) fn file(path: &Path) -> impl FnOnce(std::io::Error) -> Self {
        move |error| Self::File(path.to_owned(), error)
    }

    pub(super) fn content(path: &Path, what: impl Into<String>) -> Self {
        Self::Content(path.to_owned(), what.into())
    }

    pub(super) fn sandbox(what: impl Into<String>) -> Self {
        Self::Sandbox(what.into())
    }
}
