//! What pip is told, and how its answer is read.
//!
//! pip is asked with `pip index versions -vv`, the one command that reads an index, with all of pip's mirrors, passwords and
//! certificates, and never begins to download: of 11 MB of `silero-vad`, `pip install --dry-run --report` brings all (up to pip 25.1,
//! with `fast-deps` too), this brings 11 KB. What it finds it writes to its log, in the same words since pip 21.2. They are not promised:
//! a pip that words it otherwise downloads as it always did. Passwords in the log are hidden, so that such an address is not used.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use super::address::Address;
use super::client;
use crate::catalog::Package;

/// What pip may be called.
pub(super) const PROGRAMS: [&[&str]; 3] = [&["pip"], &["pip3"], &["python3", "-m", "pip"]];

/// What holds for everything that pip does here. Its temporary files stay on the store's disk instead of a small `/tmp`, and it builds
/// nothing.
fn pip(words: &[&str], verb: &[&str], scratch: &Path) -> Command {
    let mut command = client(words);
    command.args(verb).args(["--only-binary=:all:", "--no-input", "--disable-pip-version-check"]).env("TMPDIR", scratch);
    command
}

/// Fetch the wheel into `scratch`.
pub(super) fn download(words: &[&str], package: &Package, scratch: &Path) -> Command {
    let mut command = pip(words, &["download"], scratch);
    command.args(["--no-deps", "--progress-bar=off", "--dest"]).arg(scratch).arg(package.to_string());
    command
}

/// Which wheels are there? A machine without a network is found out when it fetches, once: this gives up early.
pub(super) fn question(words: &[&str], package: &Package, scratch: &Path) -> Command {
    let mut command = pip(words, &["index", "versions", "-vv", "--retries=1"], scratch);
    command.arg(&package.name);
    command
}

/// Where the answer says that the wheel lies. If it names several, for other machines or on other indexes, pip knows which.
pub(super) fn location(answer: &str, package: &Package) -> Option<Address> {
    let found: BTreeSet<&str> = answer.lines().filter_map(|line| link(line, &package.version)).collect();
    let mut wheels = found.into_iter().map(Address::parse).filter(|address| !address.as_ref().is_some_and(is_source));
    let only = wheels.next()?;
    if wheels.next().is_some() { None } else { only }
}

/// Up to pip 25, sources are found here that pip then would not take.
fn is_source(address: &Address) -> bool {
    !address.file_name().ends_with(".whl")
}

/// The address in a line such as `Found link https://… (from https://…) (requires-python:>=3.8), version: 1.0`.
fn link<'a>(line: &'a str, version: &str) -> Option<&'a str> {
    let (link, found) = line.trim().strip_prefix("Found link ")?.rsplit_once(", version: ")?;
    if found == version { link.split(' ').next() } else { None }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use crate::catalog::Registry;

    fn package() -> Package {
        Package { registry: Registry::PyPi, name: "one".to_owned(), version: "1.0".to_owned(), download_size: 1 }
    }

    #[test]
    fn the_wheel_is_found_in_what_old_and_new_pips_write() {
        let old = "1 location(s) to search for versions of one:\n\
            \x20 Found link https://h/x/one-1.0.tar.gz#sha256=00 (from https://h/simple/one/) (requires-python:>=3.8), version: 1.0\n\
            \x20 Found link https://h/x/one-1.0-py3-none-any.whl#sha256=00 (from https://h/simple/one/), version: 1.0\n\
            \x20 Found link https://h/x/one-1.0.1-py3-none-any.whl#sha256=00 (from https://h/simple/one/), version: 1.0.1\n\
            one (1.0.1)\nAvailable versions: 1.0.1, 1.0\n";
        let new = "Found link https://h/x/one-1.0-py3-none-any.whl (from https://h/simple/one/) (requires-python:>=3.8), version: 1.0\n\
            Skipping link: No sources permitted for one: https://h/x/one-1.0.tar.gz (from https://h/simple/one/)\n";
        for answer in [old, new] {
            assert_eq!(location(answer, &package()).unwrap().secret(), "https://h/x/one-1.0-py3-none-any.whl");
        }
    }

    proptest::proptest! {
        #[test]
        fn rubbish_is_no_location(text in "\\PC{0,200}", link in "\\PC{0,40}") {
            for answer in [text, format!("Found link {link}, version: 1.0")] {
                proptest::prop_assert!(location(&answer, &package()).is_none_or(|address| address.file_name().ends_with(".whl")));
            }
        }
    }
}
