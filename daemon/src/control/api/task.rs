//! What callers left for people to do, as it is seen from the other side of the bus.

use std::collections::HashMap;

use zbus::{OwnedVariant, proxy};

/// What callers left for people to do. Personal data, all of it.
#[proxy(
    interface = "org.switchhook.Switchhook1.Task",
    default_service = "org.switchhook.Switchhook1",
    default_path = "/org/switchhook/Switchhook1/task"
)]
pub trait Task {
    /// The messages that callers left, newest first, and no more than `limit`.
    fn messages(&self, limit: u32) -> zbus::Result<Vec<HashMap<String, OwnedVariant>>>;
    /// Say that the task of this number is done, or that it is not done after all.
    fn set_done(&self, number: i64, done: bool) -> zbus::Result<()>;
}
