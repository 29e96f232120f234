//! The scenario, as it is seen from the other side of the bus.

use std::collections::HashMap;

use zbus::{OwnedObjectPath, proxy};

/// The scenario that calls follow.
#[proxy(
    interface = "org.switchhook.Switchhook1.Scenario",
    default_service = "org.switchhook.Switchhook1",
    default_path = "/org/switchhook/Switchhook1/scenario"
)]
pub trait Scenario {
    /// Read the scenario anew, for calls from now on; the job that does so.
    fn reload(&self) -> zbus::Result<OwnedObjectPath>;
    /// Play the conversations in its tests, by text; the job that does so.
    fn test(&self) -> zbus::Result<OwnedObjectPath>;

    /// Its name.
    #[zbus(property)]
    fn name(&self) -> zbus::Result<String>;
    /// What it is for.
    #[zbus(property)]
    fn goal(&self) -> zbus::Result<String>;
    /// The folder that the configuration names.
    #[zbus(property)]
    fn folder(&self) -> zbus::Result<String>;
    /// The languages that the robot speaks, the office's own first.
    #[zbus(property)]
    fn languages(&self) -> zbus::Result<Vec<String>>;
    /// The version in each language, as records name it.
    #[zbus(property)]
    fn versions(&self) -> zbus::Result<HashMap<String, String>>;
}
