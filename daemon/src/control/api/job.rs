//! A job, as it is seen from the other side of the bus.

use std::collections::HashMap;

use zbus::{OwnedVariant, proxy};

/// Long work that somebody asked for.
#[proxy(interface = "org.switchhook.Switchhook1.Job", default_service = "org.switchhook.Switchhook1")]
pub trait Job {
    /// Ask it to stop, which it does at its next safe point.
    fn cancel(&self) -> zbus::Result<()>;

    /// Its number.
    #[zbus(property(emits_changed_signal = "const"))]
    fn number(&self) -> zbus::Result<u32>;
    /// What is done: `fetch-model`, `test-scenario`, `export-records`, `reload-configuration` or `reload-scenario`.
    #[zbus(property(emits_changed_signal = "const"))]
    fn kind(&self) -> zbus::Result<String>;
    /// What it is done to: a model's or a scenario's name, `records`, or `configuration`.
    #[zbus(property(emits_changed_signal = "const"))]
    fn subject(&self) -> zbus::Result<String>;
    /// When it began (RFC 3339).
    #[zbus(property(emits_changed_signal = "const"))]
    fn begun(&self) -> zbus::Result<String>;
    /// `running`, `done`, `failed` or `cancelled`.
    #[zbus(property)]
    fn state(&self) -> zbus::Result<String>;
    /// How much of it is done, from 0 to 1; below 0 if that cannot be said.
    #[zbus(property)]
    fn progress(&self) -> zbus::Result<f64>;
    /// What it does; if it failed, why, and what to do.
    #[zbus(property)]
    fn message(&self) -> zbus::Result<String>;
    /// What it found out once it is done; empty before.
    #[zbus(property)]
    fn result(&self) -> zbus::Result<HashMap<String, OwnedVariant>>;
}
