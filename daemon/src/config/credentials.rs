//! Secrets, as systemd hands them over: one file per name in a folder that only this service can read (`LoadCredential=` in
//! systemd.exec(5)). They are never in the configuration, the arguments, the environment or a log.

use std::fmt;
use std::path::PathBuf;

use zeroize::Zeroizing;

/// No secret is longer than this.
const LONGEST: u64 = 4096;

/// A secret. It is wiped from memory when dropped, and never shown.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// A secret from elsewhere: what somebody typed, or a test.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Self {
        Self(Zeroizing::new(text.into()))
    }

    /// The secret itself: only to hand to the library that needs it.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(..)")
    }
}

/// The folder of secrets.
#[derive(Clone, Debug)]
pub struct Credentials {
    dir: Option<PathBuf>,
}

/// Why a secret cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum CredentialError {
    /// Not started by systemd, and no folder was given.
    #[error(
        "credential `{0}` is needed, but no credentials were handed over: start the service by systemd with LoadCredential={0}:FILE, or give --credentials DIR"
    )]
    NoFolder(String),
    /// No such file, or not readable.
    #[error("credential `{name}` cannot be read from {path}: {source}; hand it over with LoadCredential={name}:FILE")]
    Unreadable {
        /// The credential's name.
        name: String,
        /// Where it was looked for.
        path: PathBuf,
        /// The system's reason.
        source: std::io::Error,
    },
    /// Empty, too long or not text.
    #[error("credential `{0}` is empty, longer than 4096 bytes, or not UTF-8 text")]
    Unusable(String),
}

impl Credentials {
    /// The secrets in `dir`.
    pub fn in_folder(dir: impl Into<PathBuf>) -> Self {
        Self { dir: Some(dir.into()) }
    }

    /// The secrets that systemd handed over (`CREDENTIALS_DIRECTORY`).
    #[must_use]
    pub fn from_systemd() -> Self {
        Self { dir: std::env::var_os("CREDENTIALS_DIRECTORY").map(PathBuf::from) }
    }

    /// The secret of that name, without the white space around it. Blocking: it is called while starting, and it reads one small file.
    ///
    /// # Errors
    /// If it is not there or not usable.
    pub fn get(&self, name: &str) -> Result<Secret, CredentialError> {
        let dir = self.dir.as_ref().ok_or_else(|| CredentialError::NoFolder(name.to_owned()))?;
        let path = dir.join(name);
        let unreadable = |source| CredentialError::Unreadable { name: name.to_owned(), path: path.clone(), source };
        if std::fs::metadata(&path).map_err(unreadable)?.len() > LONGEST {
            return Err(CredentialError::Unusable(name.to_owned()));
        }
        let bytes = Zeroizing::new(std::fs::read(&path).map_err(unreadable)?);
        let text = std::str::from_utf8(&bytes).map_err(|_| CredentialError::Unusable(name.to_owned()))?.trim();
        if text.is_empty() { Err(CredentialError::Unusable(name.to_owned())) } else { Ok(Secret::new(text)) }
    }
}
