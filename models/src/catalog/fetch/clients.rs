//! The programs that fetch: pip, npm and curl, as child processes with the machine's own configuration, so that mirrors, proxies and
//! certificates that an office has set up apply. None of them is asked to install, build or run anything.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::ffi::OsString;
use std::fs::File;
use std::io::ErrorKind;
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};
use std::time::Duration;

use super::Fault;
use super::place::remove;
use crate::catalog::{HubUrl, Package, Registry, Sum};
use crate::{Error, Result};

/// How often a running client is looked at.
const TICK: Duration = Duration::from_millis(100);
/// A hub that has not taken the connection by then is out of reach. Names are looked up within the same time.
const HUB_CONNECT_SECONDS: &str = "1.5";
/// curl's exit codes for a host that cannot be resolved, reached, or that falls silent.
const UNREACHABLE: [i32; 4] = [5, 6, 7, 28];

/// What a package's client may write beyond three times the package (its copies of it), before it is stopped: the disk is not filled by
/// what some mirror sends.
const SLACK: u64 = 64 << 20;

/// Told the bytes so far; an error from it stops the client.
pub(super) type Watch<'a> = &'a dyn Fn(u64) -> Result<()>;

/// The clients, and what was learned from using them.
#[derive(Debug)]
pub(super) struct Clients {
    search_path: Option<OsString>,
    /// Hosts that could not be reached: they are not waited for a second time.
    unreachable: RefCell<BTreeSet<String>>,
}

/// How a running client is measured.
struct Gauge<'a> {
    /// The bytes that it has written so far.
    size: &'a dyn Fn() -> u64,
    /// It is stopped beyond this many.
    limit: u64,
    /// Whoever wants to know.
    watch: Watch<'a>,
}

/// How a client ended.
enum Ended {
    /// It did what it was asked.
    Well,
    /// It failed, with this exit code, and these as its last words.
    Badly(Option<i32>, String),
    /// It is not on this machine.
    NotInstalled,
}

impl Clients {
    pub fn new(search_path: Option<OsString>) -> Self {
        Self { search_path, unreachable: RefCell::default() }
    }

    /// Fetch a package's archive into the empty folder `scratch`.
    pub fn package(&self, package: &Package, scratch: &Path, watch: Watch<'_>) -> Result<PathBuf, Fault> {
        let (candidates, suffix, advice): (Vec<Command>, _, _) = match package.registry {
            Registry::PyPi => (
                [&["pip"][..], &["pip3"], &["python3", "-m", "pip"]].into_iter().map(|words| pip(words, package, scratch)).collect(),
                "whl",
                "pip is not installed; on Debian: apt install python3-pip",
            ),
            Registry::Npm => (vec![npm(package, scratch)], "tgz", "npm is not installed; on Debian: apt install npm"),
        };
        let limit = package.download_size.saturating_mul(3).saturating_add(SLACK);
        for command in candidates {
            match self.run(command, scratch, &Gauge { size: &|| tree_size(scratch), limit, watch })? {
                Ended::Well => return only_file(scratch, suffix),
                Ended::Badly(_, words) => return Err(Fault::Source(words)),
                Ended::NotInstalled => {}
            }
        }
        Err(Fault::Source(advice.to_owned()))
    }

    /// Fetch the file at `url` into `partial`, going on where an earlier attempt ended. curl's words go to a file in `scratch`.
    pub fn curl(&self, url: &HubUrl, sum: &Sum, partial: &Path, scratch: &Path, watch: Watch<'_>) -> Result<(), Fault> {
        if self.unreachable.borrow().contains(url.host()) {
            return Err(Fault::Source(format!("{} could not be reached a moment ago", url.host())));
        }
        match partial.metadata() {
            Ok(found) if found.len() == sum.size => return Ok(()),
            Ok(found) if found.len() > sum.size => remove(partial)?,
            _ => {}
        }
        let size = || partial.metadata().map_or(0, |found| found.len());
        match self.run(curl(url, sum, partial), scratch, &Gauge { size: &size, limit: sum.size, watch })? {
            Ended::Well => Ok(()),
            Ended::NotInstalled => Err(Fault::Source("curl is not installed; on Debian: apt install curl".to_owned())),
            Ended::Badly(code, words) => {
                if code.is_some_and(|code| UNREACHABLE.contains(&code)) && size() == 0 {
                    self.unreachable.borrow_mut().insert(url.host().to_owned());
                }
                // The server cannot go on in mid-file: the next attempt begins anew.
                if matches!(code, Some(33 | 36)) {
                    remove(partial)?;
                }
                Err(Fault::Source(words))
            }
        }
    }

    /// Run a client to its end. Its words go to a file in `scratch`.
    fn run(&self, mut command: Command, scratch: &Path, gauge: &Gauge<'_>) -> Result<Ended> {
        let log = scratch.join("client.log");
        let words = File::create(&log).map_err(Error::io(&log))?;
        if let Some(path) = &self.search_path {
            command.env("PATH", path);
        }
        command.stdin(Stdio::null()).stdout(words.try_clone().map_err(Error::io(&log))?).stderr(words);
        let program = command.get_program().to_owned();
        let mut child = match command.spawn() {
            Ok(child) => child,
            Err(fault) if fault.kind() == ErrorKind::NotFound => return Ok(Ended::NotInstalled),
            Err(fault) => return Err(Error::io(&program)(fault)),
        };
        loop {
            if let Some(status) = child.try_wait().map_err(Error::io(&program))? {
                let last_words = last_words(&log);
                return Ok(if status.success() { Ended::Well } else { Ended::Badly(status.code(), blame(&program, status, &last_words)) });
            }
            let size = (gauge.size)();
            let stop = (gauge.watch)(size);
            if stop.is_err() || size > gauge.limit {
                // It may have ended by itself meanwhile.
                let _ = child.kill();
                let _ = child.wait();
                let program = program.to_string_lossy();
                return stop
                    .map(|()| Ended::Badly(None, format!("{program} was stopped: more came in than the {} bytes allowed", gauge.limit)));
            }
            std::thread::sleep(TICK);
        }
    }
}

/// `--only-binary` keeps pip from building anything; its temporary files stay on the store's disk instead of a small `/tmp`.
fn pip(words: &[&str], package: &Package, scratch: &Path) -> Command {
    let mut command = client(words);
    command
        .args(["download", "--no-deps", "--only-binary=:all:", "--no-input", "--disable-pip-version-check", "--progress-bar=off", "--dest"])
        .arg(scratch)
        .arg(package.to_string())
        .env("TMPDIR", scratch);
    command
}

fn npm(package: &Package, scratch: &Path) -> Command {
    let mut command = client(&["npm"]);
    command.args(["pack", "--ignore-scripts", "--no-progress", "--no-update-notifier", "--pack-destination"]);
    command.arg(scratch).arg(package.to_string()).current_dir(scratch);
    command
}

fn curl(url: &HubUrl, sum: &Sum, partial: &Path) -> Command {
    let mut command = client(&["curl"]);
    command
        .args(["--fail", "--location", "--silent", "--show-error", "--globoff", "--max-redirs", "5"])
        .args(["--connect-timeout", HUB_CONNECT_SECONDS, "--speed-limit", "1024", "--speed-time", "20"])
        .args(["--proto", &format!("={}", url.scheme()), "--proto-redir", "=https"])
        .args(["--continue-at", "-", "--max-filesize", &sum.size.to_string()])
        .arg("--output")
        .arg(partial)
        .args(["--url", url.as_str()]);
    command
}

fn client(words: &[&str]) -> Command {
    let (program, arguments) = words.split_first().unwrap_or((&"false", &[]));
    let mut command = Command::new(program);
    command.args(arguments);
    command
}

/// The one archive that a package client has left in its folder.
fn only_file(dir: &Path, suffix: &str) -> Result<PathBuf, Fault> {
    let mut found = Vec::new();
    for file in std::fs::read_dir(dir).map_err(Error::io(dir))? {
        let path = file.map_err(Error::io(dir))?.path();
        if path.extension().is_some_and(|extension| extension == suffix) && path.is_file() {
            found.push(path);
        }
    }
    match found.pop() {
        Some(path) if found.is_empty() => Ok(path),
        _ => Err(Fault::Source(format!("the package client did not leave one .{suffix} file behind"))),
    }
}

/// Bytes of all files below `dir`, as far as they can be read while a client works there.
fn tree_size(dir: &Path) -> u64 {
    let Ok(entries) = std::fs::read_dir(dir) else { return 0 };
    let sizes = entries.flatten().map(|entry| match entry.metadata() {
        Ok(found) if found.is_dir() => tree_size(&entry.path()),
        Ok(found) => found.len(),
        Err(_) => 0,
    });
    sizes.sum()
}

/// The end of what a client wrote, on one line.
fn last_words(log: &Path) -> String {
    let text = std::fs::read(log).unwrap_or_default();
    let text = String::from_utf8_lossy(text.get(text.len().saturating_sub(4_000)..).unwrap_or_default()).into_owned();
    let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let last = lines.get(lines.len().saturating_sub(3)..).unwrap_or_default().join(" / ");
    let skipped = last.chars().count().saturating_sub(400);
    last.chars().skip(skipped).collect()
}

fn blame(program: &std::ffi::OsStr, status: ExitStatus, words: &str) -> String {
    let program = program.to_string_lossy();
    match (status.code(), status.signal()) {
        (Some(code), _) => format!("{program} ended with status {code}: {words}"),
        (None, signal) => format!("{program} was ended by signal {}", signal.unwrap_or_default()),
    }
}
