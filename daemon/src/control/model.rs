//! Models: what the catalog has, and what of it is installed.
//!
//! Whether a model is installed is what its folder says, which `switchhook-models` may change without asking us. So it is looked at when somebody asks, all
//! models at once and not more often than every second or two.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;
use std::time::{Duration, Instant};

use switchhook_models::catalog::fetch::Options;
use switchhook_models::catalog::{Entry, Megabytes, ModelName, State, Store};
use switchhook_models::{Cancel, Error};
use tokio::sync::{Mutex, watch};
use tokio::time::timeout;
use zbus::{OwnedObjectPath, Variant, interface};

use super::Fault;
use super::job::Orders;
use crate::jobs::fetch::fetch;
use crate::jobs::{Kind, Teller};

/// What was seen no longer ago than this still holds.
const FRESH: Duration = Duration::from_secs(2);
/// A look reads some small files. A disk that takes longer hangs: what was known is told then.
const LOOK: Duration = Duration::from_secs(2);

/// The models of the catalog. Clones are the same.
#[derive(Clone)]
pub struct Models(Arc<Shelves>);

struct Shelves {
    store: Store,
    options: Options,
    all: Vec<Arc<Model>>,
    looked: Mutex<Option<Instant>>,
}

/// One of them.
pub(super) struct Model {
    entry: Entry,
    seen: watch::Sender<Seen>,
}

/// What is seen of a model.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Seen {
    state: State,
    in_use: bool,
}

/// `org.switchhook.Switchhook1.Model`.
pub(super) struct ModelObject {
    pub model: Arc<Model>,
    pub models: Models,
    pub orders: Orders,
}

impl Models {
    /// Those of the store's catalog, of which the robot uses these and what they need, and how more of them are fetched.
    ///
    /// # Errors
    /// If the catalog is unsound, or one of these is not in it.
    pub fn of<'a>(store: &Store, options: Options, in_use: impl IntoIterator<Item = &'a str>) -> Result<Self, Error> {
        let catalog = store.catalog()?;
        let seen = || watch::Sender::new(Seen { state: State::Absent, in_use: false });
        let all = catalog.entries().iter().map(|entry| Arc::new(Model { entry: entry.clone(), seen: seen() })).collect();
        // The catalog that ships is parsed here, and not at every look.
        let store = store.clone().with_catalog((*catalog).clone());
        let models = Self(Arc::new(Shelves { store, options, all, looked: Mutex::new(None) }));
        models.are_used(in_use)?;
        Ok(models)
    }

    /// The robot uses these from now on, and what they need.
    ///
    /// # Errors
    /// If one of them is not in the catalog.
    pub fn are_used<'a>(&self, names: impl IntoIterator<Item = &'a str>) -> Result<(), Error> {
        let catalog = self.0.store.catalog()?;
        let used: BTreeSet<&ModelName> = catalog.with_needs(names)?.into_iter().map(|entry| &entry.name).collect();
        for model in &self.0.all {
            let is_used = used.contains(&model.entry.name);
            model.seen.send_if_modified(|seen| std::mem::replace(&mut seen.in_use, is_used) != is_used);
        }
        Ok(())
    }

    pub(super) fn all(&self) -> &[Arc<Model>] {
        &self.0.all
    }

    /// Look at what is installed, unless that was just done.
    pub(super) async fn look(&self) {
        let mut looked = self.0.looked.lock().await;
        if looked.is_some_and(|at| at.elapsed() < FRESH) {
            return;
        }
        let shelves = Arc::clone(&self.0);
        let look = tokio::task::spawn_blocking(move || shelves.look());
        if timeout(LOOK, look).await.is_err() {
            log::warn!(event = "models-unseen"; "the disk does not say which models are installed; check it with `dmesg`");
        }
        *looked = Some(Instant::now());
    }
}

impl Shelves {
    /// Blocking.
    fn look(&self) {
        for model in &self.all {
            let state = self.store.state(model.name()).unwrap_or_else(|error| State::Damaged { what: error.to_string() });
            model.seen.send_if_modified(|seen| std::mem::replace(&mut seen.state, state.clone()) != state);
        }
    }
}

impl Model {
    pub(super) fn name(&self) -> &str {
        self.entry.name.as_str()
    }

    pub(super) fn seen(&self) -> watch::Receiver<Seen> {
        self.seen.subscribe()
    }
}

/// A model's state in a word, and what is wrong with it.
fn shown(state: &State) -> (&'static str, &str) {
    match state {
        State::Absent => ("absent", ""),
        State::Installed { .. } => ("installed", ""),
        State::Damaged { what } => ("damaged", what),
    }
}

/// What differs between two looks, as `PropertiesChanged` carries it.
pub(super) fn changes<'a>(before: &Seen, after: &'a Seen) -> HashMap<&'static str, Variant<'a>> {
    let mut changed = HashMap::new();
    if before.in_use != after.in_use {
        changed.insert("InUse", Variant::from(after.in_use));
    }
    let (before, after) = (shown(&before.state), shown(&after.state));
    if before.0 != after.0 {
        changed.insert("State", Variant::from(after.0));
    }
    if before.1 != after.1 {
        changed.insert("Damage", Variant::from(after.1));
    }
    changed
}

fn bytes(Megabytes(millions): Megabytes) -> u64 {
    u64::from(millions) * 1_000_000
}

/// A model of the catalog.
#[interface(name = "org.switchhook.Switchhook1.Model")]
impl ModelObject {
    /// Fetch it, and what it needs: a job, which is returned. If it is being fetched already, that job; if it is there and whole, one that is soon over. The
    /// robot uses it once its configuration names it and is read anew.
    async fn fetch(&self) -> Result<OwnedObjectPath, Fault> {
        let (shelves, name) = (Arc::clone(&self.models.0), self.model.name().to_owned());
        let kind = Kind::FetchModel(name.clone());
        let work = move |teller: &Teller, cancel: &Cancel| {
            let ended = fetch(&shelves.store, &shelves.options, &name, teller, cancel);
            // Whoever sees that the job is over sees what it brought.
            shelves.look();
            ended
        };
        self.orders.begin(kind, work).await
    }

    /// Its name in the catalog.
    #[zbus(property(emits_changed_signal = "const"))]
    fn name(&self) -> &str {
        self.model.name()
    }

    /// What it does: `recognition`, `voice`, `language-model`, `voice-activity`, `end-of-turn`, `pronunciation` or `embedding`.
    #[zbus(property(emits_changed_signal = "const"))]
    fn role(&self) -> String {
        self.model.entry.task.to_string().replace(' ', "-")
    }

    /// What it is for, in one sentence.
    #[zbus(property(emits_changed_signal = "const"))]
    fn purpose(&self) -> &str {
        &self.model.entry.purpose
    }

    /// The languages that it knows; none if it does not depend on language.
    #[zbus(property(emits_changed_signal = "const"))]
    fn languages(&self) -> Vec<&str> {
        self.model.entry.languages.iter().map(|language| language.code()).collect()
    }

    /// The licence of its weights (SPDX).
    #[zbus(property(emits_changed_signal = "const"))]
    fn licence(&self) -> &str {
        &self.model.entry.licence
    }

    /// The models that are fetched with it, because it needs them.
    #[zbus(property(emits_changed_signal = "const"))]
    fn needs(&self) -> Vec<&str> {
        self.model.entry.needs.iter().map(ModelName::as_str).collect()
    }

    /// How many bytes it takes on the disk.
    #[zbus(property(emits_changed_signal = "const"))]
    fn size(&self) -> u64 {
        bytes(self.model.entry.installed_size)
    }

    /// How many bytes of memory it takes while it runs.
    #[zbus(property(emits_changed_signal = "const"))]
    fn memory(&self) -> u64 {
        bytes(self.model.entry.memory)
    }

    /// Whether the configuration has the robot use it.
    #[zbus(property)]
    fn in_use(&self) -> bool {
        self.model.seen.borrow().in_use
    }

    /// `absent`, `installed` or `damaged`.
    #[zbus(property)]
    async fn state(&self) -> String {
        self.models.look().await;
        shown(&self.model.seen.borrow().state).0.to_owned()
    }

    /// What is wrong with it; empty unless it is damaged.
    #[zbus(property)]
    async fn damage(&self) -> String {
        self.models.look().await;
        shown(&self.model.seen.borrow().state).1.to_owned()
    }
}
