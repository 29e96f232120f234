//! Where a bench lives: a directory, ports, and patience.

use std::net::UdpSocket;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context as _, bail};
use tempfile::TempDir;
use tokio::time::{Instant, sleep};

/// How often a condition is looked at.
const GLANCE: Duration = Duration::from_millis(20);

/// A directory that goes when it is dropped, unless something failed.
#[derive(Debug)]
pub struct Place {
    dir: Option<TempDir>,
    keep: bool,
}

impl Place {
    /// A new directory.
    ///
    /// # Errors
    /// If there is no room for one.
    pub fn new() -> anyhow::Result<Self> {
        let dir = tempfile::Builder::new().prefix("switchhook-").tempdir().context("no directory for the bench")?;
        Ok(Self { dir: Some(dir), keep: false })
    }

    /// The path of something in it.
    #[must_use]
    pub fn join(&self, name: &str) -> PathBuf {
        self.dir.as_ref().map(|dir| dir.path().join(name)).unwrap_or_default()
    }

    /// Leave the directory behind.
    pub fn keep(&mut self) {
        self.keep = true;
    }

    /// Write a file into it.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn write(&self, name: &str, text: &str) -> anyhow::Result<PathBuf> {
        let path = self.join(name);
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder)?;
        }
        std::fs::write(&path, text).with_context(|| format!("cannot write {}", path.display()))?;
        Ok(path)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        if !self.keep && !std::thread::panicking() {
            return;
        }
        if let Some(dir) = self.dir.take() {
            eprintln!("the bench's files are kept in {}", dir.keep().display());
        }
    }
}

/// A port that nobody uses now, for UDP and TCP.
///
/// # Errors
/// If there is none.
pub fn free_port() -> anyhow::Result<u16> {
    for _ in 0..64 {
        let udp = UdpSocket::bind("127.0.0.1:0")?;
        let port = udp.local_addr()?.port();
        if std::net::TcpListener::bind(("127.0.0.1", port)).is_ok() {
            return Ok(port);
        }
    }
    bail!("no port is free for both UDP and TCP");
}

/// Wait until `look` sees what it looks for.
///
/// # Errors
/// If it does not within `patience`: the error says what was waited for.
pub async fn until<T>(what: &str, patience: Duration, mut look: impl AsyncFnMut() -> Option<T>) -> anyhow::Result<T> {
    let deadline = Instant::now() + patience;
    loop {
        if let Some(seen) = look().await {
            return Ok(seen);
        }
        if Instant::now() >= deadline {
            bail!("waited {patience:?} in vain: {what}");
        }
        sleep(GLANCE).await;
    }
}

/// The end of a file, for an error.
pub(super) fn tail(path: &Path) -> String {
    let text = std::fs::read(path).map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default();
    let lines: Vec<_> = text.lines().collect();
    lines.get(lines.len().saturating_sub(25)..).unwrap_or_default().join("\n")
}
