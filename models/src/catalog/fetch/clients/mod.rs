//! The programs that fetch: pip, npm and curl, as child processes with the machine's own configuration, so that mirrors, proxies and
//! certificates that an office has set up apply. None of them is asked to install, build or run anything.
//!
//! Neither pip nor npm can go on inside an archive that was cut off. So they are only asked where the archive lies ([`pip`], [`npm`]),
//! and curl brings it from there, going on where an earlier attempt ended ([`curl`]). Where that does not work, because the client does
//! not tell, or curl has not its certificates or its password, the client fetches the archive itself, from the beginning.
//!
//! What pip and npm say that an archive's digest should be is not asked for: the catalog pins every member that is taken out of it, and
//! pip does not tell.

mod address;
mod child;
mod curl;
mod npm;
mod pip;

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use self::address::Address;
use self::child::{Ended, Gauge, Order};
use self::curl::{Brought, Errand};
use super::Fault;
use super::place::remove;
use crate::catalog::{HubUrl, Package, Registry, Sum};
use crate::{Error, Result};

/// What may come in beyond three times the package (a client's copies of it), before it is stopped: the disk is not filled by what some
/// mirror sends.
const SLACK: u64 = 64 << 20;
/// The same for a client that is only asked something. A large project's index page has some megabytes.
const MAX_ANSWER: u64 = 16 << 20;

/// Told the bytes so far; an error from it stops the client.
pub(super) type Watch<'a> = &'a dyn Fn(u64) -> Result<()>;

/// The clients, and what was learned from using them.
#[derive(Debug)]
pub(super) struct Clients {
    search_path: Option<OsString>,
    /// Hosts that could not be reached: they are not waited for a second time.
    unreachable: RefCell<BTreeSet<String>>,
}

/// An archive that has come in.
pub(super) struct Archive {
    pub path: PathBuf,
    /// Whether it was begun in an earlier attempt. If so, its halves may be of different archives.
    pub continued: bool,
}

impl Clients {
    pub fn new(search_path: Option<OsString>) -> Self {
        Self { search_path, unreachable: RefCell::default() }
    }

    /// Fetch the file at `url` into `partial`, going on where an earlier attempt ended; yields whether there was one. The client's words
    /// go to files in `scratch`.
    pub fn hub(&self, url: &HubUrl, sum: &Sum, partial: &Path, scratch: &Path, watch: Watch<'_>) -> Result<bool, Fault> {
        match self.bring(&Errand::hub(url, sum, partial), scratch, watch)? {
            Brought::Whole { continued } => Ok(continued),
            Brought::Stopped(words) | Brought::Nothing(words) => Err(Fault::Source(words)),
        }
    }

    /// Fetch a package's archive: into `partial` if it can go on there, else into the empty folder `scratch`.
    pub fn package(&self, package: &Package, partial: &Path, scratch: &Path, watch: Watch<'_>) -> Result<Archive, Fault> {
        let limit = package.download_size.saturating_mul(3).saturating_add(SLACK);
        let here = partial.metadata().map_or(0, |found| found.len());
        if let Some(address) = self.locate(package, scratch, &|_| watch(here))? {
            match self.bring(&Errand::archive(&address, limit, partial), scratch, watch)? {
                Brought::Whole { continued } => return Ok(Archive { path: partial.to_owned(), continued }),
                Brought::Stopped(words) => return Err(Fault::Source(words)),
                Brought::Nothing(_) => {}
            }
        }
        self.by_itself(package, limit, scratch, watch)
    }

    /// Where the package's own client says that the archive lies, if it says so clearly.
    fn locate(&self, package: &Package, scratch: &Path, watch: Watch<'_>) -> Result<Option<Address>> {
        // What it leaves behind does not count as the archive.
        let dir = scratch.join("question");
        std::fs::create_dir(&dir).map_err(Error::io(&dir))?;
        let address = match package.registry {
            Registry::PyPi => {
                let questions = pip::PROGRAMS.iter().map(|words| pip::question(words, package, &dir)).collect();
                self.answer(questions, &dir, watch)?.and_then(|answer| pip::location(&answer, package))
            }
            Registry::Npm => match self.answer(vec![npm::question(package, &dir)], &dir, watch)? {
                Some(answer) => {
                    let registries = self.answer(vec![npm::registries(package, &dir)], &dir, watch)?;
                    npm::location(&answer, &registries.unwrap_or_default())
                }
                None => None,
            },
        };
        remove(&dir)?;
        Ok(address)
    }

    /// What the first of these programs that is on this machine says, if it has an answer.
    fn answer(&self, questions: Vec<Command>, dir: &Path, watch: Watch<'_>) -> Result<Option<String>> {
        for question in questions {
            match self.run(Order::of(question), dir, &Gauge { size: &|| tree_size(dir), limit: MAX_ANSWER, watch })? {
                Ended::Well => return child::words(dir, MAX_ANSWER).map(Some),
                Ended::Badly(..) => return Ok(None),
                Ended::NotInstalled => {}
            }
        }
        Ok(None)
    }

    /// Let the package's own client fetch the archive, all of it.
    fn by_itself(&self, package: &Package, limit: u64, scratch: &Path, watch: Watch<'_>) -> Result<Archive, Fault> {
        let (candidates, suffix, advice): (Vec<Command>, _, _) = match package.registry {
            Registry::PyPi => (
                pip::PROGRAMS.iter().map(|words| pip::download(words, package, scratch)).collect(),
                "whl",
                "pip is not installed; on Debian: apt install python3-pip",
            ),
            Registry::Npm => (vec![npm::pack(package, scratch)], "tgz", "npm is not installed; on Debian: apt install npm"),
        };
        for command in candidates {
            match self.run(Order::of(command), scratch, &Gauge { size: &|| tree_size(scratch), limit, watch })? {
                Ended::Well => return Ok(Archive { path: only_file(scratch, suffix)?, continued: false }),
                Ended::Badly(_, words) => return Err(Fault::Source(words)),
                Ended::NotInstalled => {}
            }
        }
        Err(Fault::Source(advice.to_owned()))
    }

    fn run(&self, mut order: Order, scratch: &Path, gauge: &Gauge<'_>) -> Result<Ended> {
        if let Some(path) = &self.search_path {
            order.command.env("PATH", path);
        }
        child::run(order, scratch, gauge)
    }
}

/// A program with its first arguments.
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
