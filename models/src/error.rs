//! What can go wrong with a model, in words that tell the reader what to do.

use std::path::{Path, PathBuf};

use crate::catalog::Store;

/// The crate's result.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Every failure of this crate. A file's failure names the file and the command that repairs it.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// No entry of that name in the catalog.
    #[error("there is no model `{name}` in the catalog; `switchhook-models list` shows what there is")]
    UnknownModel {
        /// The name that was asked for.
        name: String,
    },
    /// The model is in the catalog, but it is not installed here.
    #[error("model `{model}` is not installed in {dir}; install it with `{}`", fetch_command(model, dir))]
    NotInstalled {
        /// The catalog's name of the model.
        model: String,
        /// Where it was looked for.
        dir: PathBuf,
    },
    /// A file of an installed model is gone, cut short or altered.
    #[error("{path}: {what}; repair it with `{}`", fetch_command(model, path))]
    Damaged {
        /// The catalog's name of the model.
        model: String,
        /// The file.
        path: PathBuf,
        /// What is wrong with it, for a reader.
        what: String,
    },
    /// No source of the model could be fetched.
    #[error("model `{model}` could not be fetched: {what}")]
    Fetch {
        /// The catalog's name of the model.
        model: String,
        /// Each source that was tried and why it failed.
        what: String,
    },
    /// A file in a known format says something that the format does not allow.
    #[error("{path}: {what}")]
    Format {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        what: String,
    },
    /// An argument that no model could use.
    #[error("{0}")]
    Input(String),
    /// The job was asked to stop.
    #[error("the job was cancelled")]
    Cancelled,
    /// Reading or writing failed.
    #[error("{path}: {source}")]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// The system's reason.
        source: std::io::Error,
    },
    /// candle refused a computation: a fault of ours, or a model of another shape than its catalog entry says.
    #[error("inference failed: {0}")]
    Candle(#[from] candle_core::Error),
}

/// The command that installs `model` into the store that `inside` lies in.
fn fetch_command(model: &str, inside: &Path) -> String {
    if inside.starts_with(Store::default_place().dir()) {
        return format!("switchhook-models fetch {model}");
    }
    let in_store = |path: &&Path| path.file_name().is_some_and(|name| name == ".versions" || name == model);
    let store = inside.ancestors().filter(in_store).last().and_then(Path::parent).unwrap_or(inside);
    format!("switchhook-models --models {} fetch {model}", store.display())
}

impl Error {
    /// Wrap an I/O error with the path it happened on: `.map_err(Error::io(path))`.
    pub fn io(path: impl Into<PathBuf>) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.into();
        move |source| Self::Io { path, source }
    }
}
