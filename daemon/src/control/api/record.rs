//! The record of calls, as it is seen from the other side of the bus.

use std::collections::HashMap;

use zbus::{OwnedFd, OwnedObjectPath, OwnedVariant, proxy};

/// What is on record of calls that are over. Personal data, all of it.
#[proxy(
    interface = "org.switchhook.Switchhook1.Record",
    default_service = "org.switchhook.Switchhook1",
    default_path = "/org/switchhook/Switchhook1/record"
)]
pub trait Record {
    /// What became of the last calls, newest first, and no more than `limit`.
    fn reports(&self, limit: u32) -> zbus::Result<Vec<HashMap<String, OwnedVariant>>>;
    /// Hand out everything on record of the calls with this number that began in this time (RFC 3339); each may be empty. A job, and a pipe with a line of JSON for each
    /// call.
    fn export(&self, number: &str, since: &str, until: &str) -> zbus::Result<(OwnedObjectPath, OwnedFd)>;
    /// Who looked at personal data, newest first, and no more than `limit`.
    fn looks(&self, limit: u32) -> zbus::Result<Vec<HashMap<String, OwnedVariant>>>;
    /// What callers wanted in vain in the last `days` days, grouped by meaning, most wanted first.
    fn unanswered(&self, days: u32) -> zbus::Result<Vec<HashMap<String, OwnedVariant>>>;
}
