//! A line's object.

use std::collections::HashMap;

use tokio::sync::mpsc::error::TrySendError;
use zbus::{Variant, interface};

use super::Fault;
use crate::lines::{LineCommand, LineHandle, LineKind, LineStatus};

/// `org.switchhook.Switchhook1.Line`.
pub(super) struct LineObject(pub LineHandle);

impl LineObject {
    fn command(&self, command: LineCommand) -> Result<(), Fault> {
        let id = &self.0.id;
        if self.0.kind != LineKind::Handset {
            return Err(Fault::NotAHandset(format!(
                "line `{id}` is of kind {}: only a handset can be lifted; call it instead",
                self.0.kind.as_str()
            )));
        }
        if let (LineCommand::OffHook, LineStatus::Down { reason, .. }) = (command, &*self.0.status.borrow()) {
            return Err(Fault::LineDown(format!("line `{id}` is down: {reason}")));
        }
        self.0.commands.try_send(command).map_err(|error| match error {
            TrySendError::Full(_) => Fault::Busy(format!("line `{id}` still works on earlier commands; try again in a moment")),
            TrySendError::Closed(_) => Fault::LineGone(format!("line `{id}` does not run; `journalctl -u switchhook LINE={id}` says why")),
        })
    }
}

/// The properties that change, by name.
pub(super) fn shown(status: &LineStatus) -> [(&'static str, &str); 3] {
    let (reason, address) = match status {
        LineStatus::Starting | LineStatus::Draining => ("", ""),
        LineStatus::Ready { address } => ("", address.as_str()),
        LineStatus::Down { reason, .. } => (reason.as_str(), ""),
    };
    [("Status", status.word()), ("Reason", reason), ("Address", address)]
}

/// What differs between two statuses, as `PropertiesChanged` carries it.
pub(super) fn changes<'a>(before: &LineStatus, after: &'a LineStatus) -> HashMap<&'static str, Variant<'a>> {
    let changed = shown(before).into_iter().zip(shown(after)).filter(|(old, new)| old != new);
    changed.map(|(_, (name, value))| (name, Variant::from(value))).collect()
}

/// One way in or out.
#[interface(name = "org.switchhook.Switchhook1.Line")]
impl LineObject {
    /// Lift the handset: a call begins.
    fn off_hook(&self) -> Result<(), Fault> {
        self.command(LineCommand::OffHook)
    }

    /// Put the handset back: the call ends.
    fn on_hook(&self) -> Result<(), Fault> {
        self.command(LineCommand::OnHook)
    }

    /// Its name in the configuration.
    #[zbus(property(emits_changed_signal = "const"))]
    fn id(&self) -> String {
        self.0.id.to_string()
    }

    /// `sip` or `handset`.
    #[zbus(property(emits_changed_signal = "const"))]
    fn kind(&self) -> &str {
        self.0.kind.as_str()
    }

    /// `starting`, `ready`, `down`, or `draining`: it takes no new call, and goes when those that it carries are over.
    #[zbus(property)]
    fn status(&self) -> String {
        shown(&self.0.status.borrow())[0].1.to_owned()
    }

    /// Why it is down, and what to do; empty otherwise.
    #[zbus(property)]
    fn reason(&self) -> String {
        shown(&self.0.status.borrow())[1].1.to_owned()
    }

    /// Where it can be reached while it is ready; empty otherwise.
    #[zbus(property)]
    fn address(&self) -> String {
        shown(&self.0.status.borrow())[2].1.to_owned()
    }
}
