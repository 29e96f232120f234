//! One program of the bench.

use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use anyhow::{Context as _, bail};
use switchhook_models::measured::peak_memory_of;
use tokio::process::{Child, Command};
use tokio::time::timeout;

use super::Place;
use super::place::{tail, until};

/// A running program; it is killed when this is dropped.
#[derive(Debug)]
pub struct Process {
    name: String,
    child: Child,
    log: PathBuf,
}

impl Process {
    /// Start a program; all that it writes goes to `NAME.log`.
    ///
    /// # Errors
    /// If it cannot be started: the error names the program.
    pub fn start(place: &Place, name: &str, command: &mut Command) -> anyhow::Result<Self> {
        let log = place.join(&format!("{name}.log"));
        let file = std::fs::File::create(&log).with_context(|| format!("cannot write {}", log.display()))?;
        let child = command.stdin(Stdio::null()).stdout(file.try_clone()?).stderr(file).kill_on_drop(true).spawn().with_context(|| {
            format!("{} cannot be started; hil-tests/scripts/prerequisites installs it", command.as_std().get_program().display())
        })?;
        Ok(Self { name: name.to_owned(), child, log })
    }

    /// Where its output goes.
    #[must_use]
    pub fn log(&self) -> &Path {
        &self.log
    }

    /// What it has written so far.
    #[must_use]
    pub fn output(&self) -> String {
        std::fs::read(&self.log).map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default()
    }

    /// Wait until `look` sees what it looks for in the output.
    ///
    /// # Errors
    /// If it does not in time, or the program has ended: the error holds the output's end.
    pub async fn says<T>(&mut self, what: &str, patience: Duration, mut look: impl FnMut(&str) -> Option<T>) -> anyhow::Result<T> {
        let log = self.log.clone();
        let child = &mut self.child;
        let seen = until(what, patience, async || {
            let text = std::fs::read(&log).map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default();
            match (look(&text), child.try_wait()) {
                (Some(seen), _) => Some(Ok(seen)),
                (None, Ok(Some(status))) => Some(Err(status)),
                (None, _) => None,
            }
        });
        match seen.await {
            Ok(Ok(seen)) => Ok(seen),
            Ok(Err(status)) => bail!("{} ended ({status}) before: {what}\n{}", self.name, tail(&self.log)),
            Err(error) => bail!("{error}\n{}", tail(&self.log)),
        }
    }

    /// Its number, while it runs.
    #[must_use]
    pub fn id(&self) -> Option<u32> {
        self.child.id()
    }

    /// Whether it still runs.
    pub fn runs(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(None))
    }

    /// The most memory that it and its speech workers ever had, in bytes: of each the most, though not at the same time.
    #[must_use]
    pub fn peak_memory(&self) -> Option<u64> {
        let workers: u64 = self.children("speech-worker").into_iter().filter_map(peak_memory_of).sum();
        Some(peak_memory_of(self.child.id()?)? + workers)
    }

    /// Ask it to end, as systemd would.
    ///
    /// # Errors
    /// If it has ended already.
    pub fn terminate(&self) -> anyhow::Result<()> {
        self.send("TERM")
    }

    /// Ask it to read its configuration anew, as `kill -HUP` does.
    ///
    /// # Errors
    /// If it has ended already.
    pub fn hang_up(&self) -> anyhow::Result<()> {
        self.send("HUP")
    }

    fn send(&self, name: &str) -> anyhow::Result<()> {
        let id = self.child.id().with_context(|| format!("{} has ended already", self.name))?;
        signal(id, name).with_context(|| format!("{} could not be sent {name}", self.name))
    }

    /// The processes that it has started and that run with this argument.
    #[must_use]
    pub fn children(&self, argument: &str) -> Vec<u32> {
        let ours = self.child.id().map(|id| format!("PPid:\t{id}\n"));
        let is_child = |id: &u32| {
            let status = std::fs::read_to_string(format!("/proc/{id}/status")).unwrap_or_default();
            let line = std::fs::read_to_string(format!("/proc/{id}/cmdline")).unwrap_or_default();
            ours.as_ref().is_some_and(|ours| status.contains(ours)) && line.split('\0').any(|word| word == argument)
        };
        let all = std::fs::read_dir("/proc").into_iter().flatten().flatten();
        all.filter_map(|entry| entry.file_name().to_str()?.parse().ok()).filter(is_child).collect()
    }

    /// Ask it to end and give it time to take its own children along, before it is killed. Blocking: for `drop`.
    pub(super) fn stop(&mut self, patience: Duration) {
        let deadline = std::time::Instant::now() + patience;
        let told = self.terminate().is_ok();
        while told && self.runs() && std::time::Instant::now() < deadline {
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Wait for its end.
    ///
    /// # Errors
    /// If it still runs after `patience`.
    pub async fn ended(&mut self, patience: Duration) -> anyhow::Result<ExitStatus> {
        match timeout(patience, self.child.wait()).await {
            Ok(status) => Ok(status?),
            Err(_) => bail!("{} still runs after {patience:?}\n{}", self.name, tail(&self.log)),
        }
    }
}

/// Send this signal, such as `KILL`, to a process.
///
/// # Errors
/// If it is not there.
pub fn signal(process: u32, name: &str) -> anyhow::Result<()> {
    // The shell's own `kill`, which is everywhere.
    let sent = std::process::Command::new("sh").arg("-c").arg(format!("kill -{name} {process}")).stderr(Stdio::null()).status()?;
    if sent.success() { Ok(()) } else { bail!("there is no process {process}") }
}

impl Drop for Process {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("--- the end of what {} wrote\n{}", self.name, tail(&self.log));
        }
    }
}
