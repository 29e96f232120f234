//! curl brings a file and goes on inside it: the only client that can.
//!
//! It writes to the end of a file that it is handed open and locked. A curl whose fetch was killed lives on, and still holds the lock: the
//! next fetch waits for it, and goes on where it ended, so that never two write into one file. The address goes to curl by its standard
//! input, since a command line can be read by everybody.

use std::fs::{File, OpenOptions, TryLockError};
use std::path::Path;

use super::address::Address;
use super::child::{Ended, Gauge, Order, TICK};
use super::{Clients, Watch, client};
use crate::catalog::fetch::place::remove;
use crate::catalog::{HubUrl, Sum};
use crate::{Error, Result};

/// A hub that has not taken the connection by then is out of reach. Names are looked up within the same time.
const HUB_CONNECT_SECONDS: &str = "1.5";
/// Where packages lie, the office itself has seen to the way there.
const MIRROR_CONNECT_SECONDS: &str = "10";
/// A hub that falls silent for so long has failed.
const HUB_SILENCE_SECONDS: &str = "20";
/// A mirror may have to fetch the archive itself first.
const MIRROR_SILENCE_SECONDS: &str = "60";
/// curl's exit codes for a host that cannot be resolved, reached, or that falls silent.
const UNREACHABLE: [i32; 4] = [5, 6, 7, 28];
/// And for a server that does not begin in mid-file.
const NO_RANGES: [i32; 2] = [33, 36];
/// And for an answer that is an error.
const REFUSED: i32 = 22;

/// What curl is to bring.
pub(super) struct Errand<'a> {
    url: &'a str,
    host: &'a str,
    scheme: &'a str,
    partial: &'a Path,
    /// How long the file is, if that is known for certain.
    size: Option<u64>,
    /// And how long it is at most.
    limit: u64,
    /// Patience: with the connection, and with silence.
    seconds: [&'static str; 2],
    /// Where a server may lead on to. From encryption nothing leads back.
    redirects: &'static str,
    /// Further options.
    more: &'static [&'static str],
}

/// What became of it.
pub(super) enum Brought {
    /// The file is here; whether some of it was before.
    Whole { continued: bool },
    /// More of it is here than before, but not all, or it was too much; this is why.
    Stopped(String),
    /// No more of it is here than before; this is why.
    Nothing(String),
}

impl<'a> Errand<'a> {
    pub fn hub(url: &'a HubUrl, sum: &Sum, partial: &'a Path) -> Self {
        let (host, scheme) = (url.host(), url.scheme());
        let seconds = [HUB_CONNECT_SECONDS, HUB_SILENCE_SECONDS];
        Self { url: url.as_str(), host, scheme, partial, size: Some(sum.size), limit: sum.size, seconds, redirects: "=https", more: &[] }
    }

    pub fn archive(address: &'a Address, limit: u64, partial: &'a Path) -> Self {
        let (host, scheme) = (address.host(), address.scheme());
        let seconds = [MIRROR_CONNECT_SECONDS, MIRROR_SILENCE_SECONDS];
        let redirects = if scheme == "http" { "=http,https" } else { "=https" };
        // pip takes passwords from there too.
        let more = &["--netrc-optional"];
        Self { url: address.secret(), host, scheme, partial, size: None, limit, seconds, redirects, more }
    }

    /// What curl is told to fetch the file from byte `from` on.
    fn order(&self, from: u64, output: File) -> Order {
        let [connect, silence] = self.seconds;
        let mut command = client(&["curl"]);
        command
            .args(["--fail", "--location", "--silent", "--show-error", "--globoff", "--max-redirs", "5"])
            .args(["--connect-timeout", connect, "--speed-limit", "1024", "--speed-time", silence])
            .args(["--proto", &format!("={}", self.scheme), "--proto-redir", self.redirects])
            .args(["--max-filesize", &self.limit.to_string(), "--config", "-"])
            .args(self.more);
        if from > 0 {
            command.args(["--continue-at", &from.to_string()]);
        }
        Order { command, input: format!("url = \"{}\"\n", self.url), output: Some(output) }
    }
}

impl Clients {
    /// Let curl bring a file, going on where an earlier attempt ended. A server that cannot do that is asked for the whole.
    pub(super) fn bring(&self, errand: &Errand<'_>, scratch: &Path, watch: Watch<'_>) -> Result<Brought> {
        if self.unreachable.borrow().contains(errand.host) {
            return Ok(Brought::Nothing(format!("{} could not be reached a moment ago", errand.host)));
        }
        let partial = Partial::open(errand.partial, watch)?;
        let mut before = partial.size();
        match errand.size {
            Some(size) if size == before => return Ok(Brought::Whole { continued: true }),
            _ if before > errand.limit => {
                partial.cut(0)?;
                before = 0;
            }
            // One byte is fetched again: who has them all can ask a server for that one, but not for none.
            None => partial.cut(before.saturating_sub(1))?,
            Some(_) => {}
        }
        let size = || partial.size();
        let gauge = Gauge { size: &size, limit: errand.limit, watch };
        let mut from = partial.size();
        let (code, words) = loop {
            match self.run(errand.order(from, partial.handle()?), scratch, &gauge)? {
                Ended::Well => return Ok(Brought::Whole { continued: from > 0 }),
                Ended::NotInstalled => break (None, "curl is not installed; on Debian: apt install curl".to_owned()),
                Ended::Badly(code, words) if from > 0 && cannot_go_on(code, &words) => {
                    partial.cut(0)?;
                    (from, before) = (0, 0);
                }
                Ended::Badly(code, words) => break (code, words),
            }
        };
        let here = partial.size();
        if here > errand.limit {
            remove(errand.partial)?;
            return Ok(Brought::Stopped(words));
        }
        if here > before {
            return Ok(Brought::Stopped(format!("{words}; {here} bytes of it are here, and the next fetch goes on from there")));
        }
        if here == 0 {
            remove(errand.partial)?;
        }
        if code.is_some_and(|code| UNREACHABLE.contains(&code)) {
            self.unreachable.borrow_mut().insert(errand.host.to_owned());
        }
        Ok(Brought::Nothing(words))
    }
}

/// Whether the server has no such part of the file: it serves no parts at all, or the file has become shorter.
fn cannot_go_on(code: Option<i32>, words: &str) -> bool {
    code.is_some_and(|code| NO_RANGES.contains(&code) || (code == REFUSED && words.contains("error: 416")))
}

/// A file that is coming in, locked.
struct Partial<'a> {
    path: &'a Path,
    file: File,
}

impl<'a> Partial<'a> {
    /// Open the file at `path`, which is made if need be, and wait until nobody else writes to it.
    fn open(path: &'a Path, watch: Watch<'_>) -> Result<Self> {
        let file = OpenOptions::new().append(true).create(true).open(path).map_err(Error::io(path))?;
        let partial = Self { path, file };
        loop {
            match partial.file.try_lock() {
                Ok(()) => return Ok(partial),
                Err(TryLockError::WouldBlock) => watch(partial.size())?,
                Err(TryLockError::Error(fault)) => return Err(Error::io(path)(fault)),
            }
            std::thread::sleep(TICK);
        }
    }

    fn size(&self) -> u64 {
        self.file.metadata().map_or(0, |found| found.len())
    }

    fn cut(&self, size: u64) -> Result<()> {
        self.file.set_len(size).map_err(Error::io(self.path))
    }

    fn handle(&self) -> Result<File> {
        self.file.try_clone().map_err(Error::io(self.path))
    }
}
