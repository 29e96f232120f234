//! A client as a child process: watched while it runs, stopped when it writes too much or nobody wants it any more, and quoted when it
//! fails. The quotation holds no passwords.

use std::ffi::OsStr;
use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{Command, ExitStatus, Stdio};
use std::time::Duration;

use super::Watch;
use super::address::redacted;
use crate::{Error, Result};

/// How often a running client is looked at.
pub(super) const TICK: Duration = Duration::from_millis(100);
/// Where its words go, in its scratch folder.
const LOG: &str = "client.log";

/// What is to be run.
pub(super) struct Order {
    pub command: Command,
    /// What it reads: a line or two.
    pub input: String,
    /// Where it writes. If nowhere, then what it writes counts as its words.
    pub output: Option<File>,
}

/// How a running client is measured.
pub(super) struct Gauge<'a> {
    /// The bytes that it has written so far.
    pub size: &'a dyn Fn() -> u64,
    /// It is stopped beyond this many.
    pub limit: u64,
    /// Whoever wants to know.
    pub watch: Watch<'a>,
}

/// How a client ended.
pub(super) enum Ended {
    /// It did what it was asked.
    Well,
    /// It failed, with this exit code, and these as its last words.
    Badly(Option<i32>, String),
    /// It is not on this machine.
    NotInstalled,
}

impl Order {
    /// A program that reads nothing and writes only words.
    pub fn of(command: Command) -> Self {
        Self { command, input: String::new(), output: None }
    }
}

/// Run a client to its end. Its words go to a file in `scratch`.
pub(super) fn run(order: Order, scratch: &Path, gauge: &Gauge<'_>) -> Result<Ended> {
    let Order { mut command, input, output } = order;
    let log = scratch.join(LOG);
    // Addresses with passwords may be among them.
    let words = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&log).map_err(Error::io(&log))?;
    let output = output.map_or_else(|| words.try_clone(), Ok).map_err(Error::io(&log))?;
    let program = command.get_program().to_owned();
    let spawned = command.stdin(Stdio::piped()).stdout(output).stderr(words).spawn();
    // It holds the output open.
    drop(command);
    let mut child = match spawned {
        Ok(child) => child,
        Err(fault) if fault.kind() == ErrorKind::NotFound => return Ok(Ended::NotInstalled),
        Err(fault) => return Ok(Ended::Badly(None, format!("{} could not be started: {fault}", program.to_string_lossy()))),
    };
    if let Some(mut stdin) = child.stdin.take() {
        // A client that does not read ends with a status that says why.
        let _ = stdin.write_all(input.as_bytes());
    }
    loop {
        if let Some(status) = child.try_wait().map_err(Error::io(&program))? {
            let blame = || blame(&program, status, &last_words(&log));
            return Ok(if status.success() { Ended::Well } else { Ended::Badly(status.code(), blame()) });
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

/// All that the last client in `scratch` has said, no more than `limit` bytes of it.
pub(super) fn words(scratch: &Path, limit: u64) -> Result<String> {
    let log = scratch.join(LOG);
    let mut text = Vec::new();
    File::open(&log).and_then(|file| file.take(limit).read_to_end(&mut text)).map_err(Error::io(&log))?;
    Ok(String::from_utf8_lossy(&text).into_owned())
}

/// The end of what a client wrote, on one line.
fn last_words(log: &Path) -> String {
    let text = std::fs::read(log).unwrap_or_default();
    let text = String::from_utf8_lossy(text.get(text.len().saturating_sub(4_000)..).unwrap_or_default()).into_owned();
    let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let last = redacted(&lines.get(lines.len().saturating_sub(3)..).unwrap_or_default().join(" / "));
    let skipped = last.chars().count().saturating_sub(400);
    last.chars().skip(skipped).collect()
}

fn blame(program: &OsStr, status: ExitStatus, words: &str) -> String {
    let program = program.to_string_lossy();
    match (status.code(), status.signal()) {
        (Some(code), _) => format!("{program} ended with status {code}: {words}"),
        (None, signal) => format!("{program} was ended by signal {}", signal.unwrap_or_default()),
    }
}
