//! A file's size and SHA-256, and how they are taken: streamed, so that a model of any size costs a buffer of memory.

use std::fmt;
use std::fs::File;
use std::io::{Read, Write};
use std::path::Path;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use sha2::Digest;

use crate::{Error, Result};

/// Large enough that system calls cost nothing beside hashing, small enough for a small board's cache.
const BUFFER: usize = 256 * 1024;

/// A SHA-256 digest, written in lower-case hexadecimal.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Sha256([u8; 32]);

impl FromStr for Sha256 {
    type Err = String;

    fn from_str(hex: &str) -> Result<Self, String> {
        let fault = || format!("`{hex}` is not a SHA-256 in 64 lower-case hexadecimal digits");
        let mut out = [0; 32];
        if hex.len() != 64 || !hex.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f')) {
            return Err(fault());
        }
        for (byte, at) in out.iter_mut().zip((0..64).step_by(2)) {
            *byte = hex.get(at..at + 2).and_then(|pair| u8::from_str_radix(pair, 16).ok()).ok_or_else(fault)?;
        }
        Ok(Self(out))
    }
}

impl TryFrom<String> for Sha256 {
    type Error = String;

    fn try_from(hex: String) -> Result<Self, String> {
        hex.parse()
    }
}

impl From<Sha256> for String {
    fn from(digest: Sha256) -> Self {
        digest.to_string()
    }
}

impl fmt::Display for Sha256 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Sha256 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// What a file must be: its length and its digest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sum {
    /// Bytes.
    pub size: u64,
    /// Digest of all bytes.
    pub sha256: Sha256,
}

impl Sum {
    /// Hash the file at `path`.
    ///
    /// # Errors
    /// [`Error::Io`] with the path.
    pub fn of_file(path: &Path) -> Result<Self> {
        let file = File::open(path).map_err(Error::io(path))?;
        let mut nowhere = Summing::new(std::io::sink());
        copy(file, &mut nowhere, u64::MAX, |_| {}).map_err(Error::io(path))?;
        Ok(nowhere.finish().1)
    }

    /// How `other` differs from what this sum demands, in words.
    #[must_use]
    pub fn mismatch(&self, other: &Self) -> Option<String> {
        if self.size != other.size {
            Some(format!("it has {} bytes instead of {}", other.size, self.size))
        } else if self.sha256 != other.sha256 {
            Some(format!("its SHA-256 is {} instead of {}", other.sha256, self.sha256))
        } else {
            None
        }
    }
}

/// Passes bytes on to `inner` and sums them.
pub(super) struct Summing<W> {
    inner: W,
    hasher: sha2::Sha256,
    size: u64,
}

impl<W> Summing<W> {
    pub fn new(inner: W) -> Self {
        Self { inner, hasher: sha2::Sha256::new(), size: 0 }
    }

    pub fn finish(self) -> (W, Sum) {
        (self.inner, Sum { size: self.size, sha256: Sha256(self.hasher.finalize().into()) })
    }
}

impl<W: Write> Write for Summing<W> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let written = self.inner.write(bytes)?;
        self.hasher.update(bytes.get(..written).unwrap_or_default());
        self.size += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.inner.flush()
    }
}

/// Copy `from` to `to`, no more than `limit` bytes; `progress` is told the bytes so far.
pub(super) fn copy(from: impl Read, to: &mut impl Write, limit: u64, mut progress: impl FnMut(u64)) -> std::io::Result<u64> {
    let mut from = from.take(limit);
    let mut buffer = vec![0; BUFFER];
    let mut done = 0;
    loop {
        let len = match from.read(&mut buffer) {
            Ok(0) => return Ok(done),
            Ok(len) => len,
            Err(fault) if fault.kind() == std::io::ErrorKind::Interrupted => continue,
            Err(fault) => return Err(fault),
        };
        to.write_all(buffer.get(..len).unwrap_or_default())?;
        done += len as u64;
        progress(done);
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    const ABC: &str = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    #[test]
    fn a_file_has_the_sum_that_the_standard_gives_for_it() {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), "abc").unwrap();
        let sum = Sum::of_file(file.path()).unwrap();
        assert_eq!((sum.size, sum.sha256.to_string().as_str()), (3, ABC));
    }

    #[test]
    fn only_64_lower_case_hex_digits_are_a_digest() {
        assert_eq!(ABC.parse::<Sha256>().unwrap().to_string(), ABC);
        for bad in ["", "ba78", &ABC.to_uppercase(), &format!("{ABC}0"), &ABC.replace('b', "g"), &"é".repeat(32)] {
            assert!(bad.parse::<Sha256>().is_err(), "{bad}");
        }
    }
}
