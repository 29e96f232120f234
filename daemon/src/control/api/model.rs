//! A model, as it is seen from the other side of the bus.

use zbus::{OwnedObjectPath, proxy};

/// A model of the catalog.
#[proxy(interface = "org.switchhook.Switchhook1.Model", default_service = "org.switchhook.Switchhook1")]
pub trait Model {
    /// Fetch it, and what it needs; the job that does so.
    fn fetch(&self) -> zbus::Result<OwnedObjectPath>;

    /// Its name in the catalog.
    #[zbus(property(emits_changed_signal = "const"))]
    fn name(&self) -> zbus::Result<String>;
    /// What it does: `recognition`, `voice`, `language-model`, `voice-activity`, `end-of-turn`, `pronunciation` or `embedding`.
    #[zbus(property(emits_changed_signal = "const"))]
    fn role(&self) -> zbus::Result<String>;
    /// What it is for, in one sentence.
    #[zbus(property(emits_changed_signal = "const"))]
    fn purpose(&self) -> zbus::Result<String>;
    /// The languages that it knows; none if it does not depend on language.
    #[zbus(property(emits_changed_signal = "const"))]
    fn languages(&self) -> zbus::Result<Vec<String>>;
    /// The licence of its weights (SPDX).
    #[zbus(property(emits_changed_signal = "const"))]
    fn licence(&self) -> zbus::Result<String>;
    /// The models that are fetched with it, because it needs them.
    #[zbus(property(emits_changed_signal = "const"))]
    fn needs(&self) -> zbus::Result<Vec<String>>;
    /// How many bytes it takes on the disk.
    #[zbus(property(emits_changed_signal = "const"))]
    fn size(&self) -> zbus::Result<u64>;
    /// How many bytes of memory it takes while it runs.
    #[zbus(property(emits_changed_signal = "const"))]
    fn memory(&self) -> zbus::Result<u64>;
    /// Whether the configuration has the robot use it.
    #[zbus(property)]
    fn in_use(&self) -> zbus::Result<bool>;
    /// `absent`, `installed` or `damaged`.
    #[zbus(property)]
    fn state(&self) -> zbus::Result<String>;
    /// What is wrong with it; empty unless it is damaged.
    #[zbus(property)]
    fn damage(&self) -> zbus::Result<String>;
}
