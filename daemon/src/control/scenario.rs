//! The scenario that calls follow.

use std::collections::HashMap;
use std::path::PathBuf;

use switchhook_models::Locale;
use tokio::sync::{mpsc, watch};
use zbus::{OwnedObjectPath, Variant, interface};

use super::job::Orders;
use super::{Anew, Fault, Reload};
use crate::jobs::Kind;
use crate::jobs::rehearsal::rehearse;

/// The scenario, and where it is asked to be read anew.
#[derive(Clone)]
pub struct ScenarioInfo {
    /// What calls that begin now follow; changes are told on the bus.
    pub live: watch::Receiver<Live>,
    /// Where the scenario is asked to be read anew.
    pub reload: mpsc::Sender<Reload>,
}

/// What calls that begin now follow.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Live {
    /// The folder that the configuration names.
    pub folder: PathBuf,
    /// The scenario's name.
    pub name: String,
    /// What it is for.
    pub goal: String,
    /// The languages that it is followed in, the office's own first, and the version in each: the sha256 of its files, in hexadecimal.
    pub versions: Vec<(Locale, String)>,
}

/// `org.switchhook.Switchhook1.Scenario`.
pub(super) struct ScenarioObject {
    pub info: ScenarioInfo,
    pub orders: Orders,
}

impl Live {
    fn languages(&self) -> Vec<&'static str> {
        self.versions.iter().map(|(locale, _)| locale.tag()).collect()
    }

    fn by_language(&self) -> HashMap<&'static str, String> {
        self.versions.iter().map(|(locale, version)| (locale.tag(), version.clone())).collect()
    }
}

/// What differs between two scenarios, as `PropertiesChanged` carries it.
pub(super) fn changes<'a>(before: &Live, after: &'a Live) -> HashMap<&'static str, Variant<'a>> {
    let mut changed = HashMap::new();
    if before.name != after.name {
        changed.insert("Name", Variant::from(after.name.as_str()));
    }
    if before.folder != after.folder {
        changed.insert("Folder", Variant::from(after.folder.display().to_string()));
    }
    if before.goal != after.goal {
        changed.insert("Goal", Variant::from(after.goal.as_str()));
    }
    if before.languages() != after.languages() {
        changed.insert("Languages", Variant::from(after.languages()));
    }
    if before.versions != after.versions {
        changed.insert("Versions", Variant::from(after.by_language()));
    }
    changed
}

/// The scenario that calls follow.
#[interface(name = "org.switchhook.Switchhook1.Scenario")]
impl ScenarioObject {
    /// Read the scenario that the configuration names anew, for calls from now on; calls that are on go on with theirs: a job, which is returned. If it cannot be
    /// followed, nothing changes, and the job fails.
    async fn reload(&self) -> Result<OwnedObjectPath, Fault> {
        let name = self.info.live.borrow().name.clone();
        self.orders.anew(&self.info.reload, Anew::Scenario, Kind::ReloadScenario(name)).await
    }

    /// Play the conversations in the tests of the scenario, as it lies in its folder now, by text and beside the calls: a job, which is returned. If they
    /// are being played already, that job.
    async fn test(&self) -> Result<OwnedObjectPath, Fault> {
        let Live { folder, name, .. } = self.info.live.borrow().clone();
        self.orders.begin(Kind::TestScenario(name), move |teller, cancel| rehearse(&folder, teller, cancel)).await
    }

    /// Its name.
    #[zbus(property)]
    fn name(&self) -> String {
        self.info.live.borrow().name.clone()
    }

    /// What it is for.
    #[zbus(property)]
    fn goal(&self) -> String {
        self.info.live.borrow().goal.clone()
    }

    /// The folder that the configuration names.
    #[zbus(property)]
    fn folder(&self) -> String {
        self.info.live.borrow().folder.display().to_string()
    }

    /// The languages that the robot speaks, the office's own first.
    #[zbus(property)]
    fn languages(&self) -> Vec<&'static str> {
        self.info.live.borrow().languages()
    }

    /// The version in each language, as records name it.
    #[zbus(property)]
    fn versions(&self) -> HashMap<&'static str, String> {
        self.info.live.borrow().by_language()
    }
}
