//! A line's object.

use std::collections::{BTreeSet, HashMap};
use std::time::Duration;

use tokio::sync::mpsc::error::TrySendError;
use tokio::sync::watch;
use tokio::time::timeout;
use zbus::{ObjectPath, OwnedObjectPath, Variant, interface};

use super::{Fault, api};
use crate::calls::{CallId, NotPlaced, Placing};
use crate::lines::{DialFault, Dialler, LineCommand, LineHandle, LineKind, LineStatus};

/// The object of a new call is shown at once. Whoever waits longer finds it, or finds the call over.
const SHOWN: Duration = Duration::from_secs(2);

/// `org.switchhook.Switchhook1.Line`.
pub(super) struct LineObject {
    pub line: LineHandle,
    /// Where it is asked that a call be placed.
    pub placing: Placing,
    /// The calls that have an object.
    pub shown: watch::Receiver<BTreeSet<CallId>>,
}

impl LineObject {
    fn command(&self, command: LineCommand) -> Result<(), Fault> {
        let id = &self.line.id;
        if self.line.kind != LineKind::Handset {
            return Err(Fault::NotAHandset(format!(
                "line `{id}` is of kind {}: only a handset can be lifted; call it instead",
                self.line.kind.as_str()
            )));
        }
        if let (LineCommand::OffHook, LineStatus::Down { reason, .. }) = (command, &*self.line.status.borrow()) {
            return Err(Fault::LineDown(format!("line `{id}` is down: {reason}")));
        }
        self.line.commands.try_send(command).map_err(|error| match error {
            TrySendError::Full(_) => Fault::Busy(format!("line `{id}` still works on earlier commands; try again in a moment")),
            TrySendError::Closed(_) => Fault::LineGone(format!("line `{id}` does not run; `journalctl -u switchhook LINE={id}` says why")),
        })
    }

    /// What places calls on it now.
    fn dialler(&self) -> Result<Dialler, Fault> {
        let (id, kind) = (&self.line.id, self.line.kind.as_str());
        let dialler = self.line.dialler.clone();
        let dialler = dialler
            .ok_or_else(|| Fault::CannotPlace(format!("line `{id}` is of kind {kind}, which places no calls; name a line of kind sip")))?;
        match &*self.line.status.borrow() {
            LineStatus::Ready { .. } => Ok(dialler),
            LineStatus::Down { reason, .. } => Err(Fault::LineDown(format!("line `{id}` is down: {reason}"))),
            LineStatus::Starting => Err(Fault::LineDown(format!("line `{id}` is just starting; try again in a moment"))),
            LineStatus::Draining => Err(Fault::LineGone(format!("line `{id}` is no longer in the configuration, and takes no new calls"))),
        }
    }
}

impl From<NotPlaced> for Fault {
    fn from(why: NotPlaced) -> Self {
        let text = why.to_string();
        match why {
            NotPlaced::NotPermitted(_) => Self::NotPermitted(text),
            NotPlaced::Full | NotPlaced::Line(DialFault::Busy) => Self::Busy(text),
            NotPlaced::Line(DialFault::Nowhere | DialFault::NoGateway) => Self::Unreachable(text),
            NotPlaced::Line(DialFault::Closed) => Self::LineGone(text),
            NotPlaced::Closing => Self::closing(),
        }
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

    /// Have the robot call somebody on this line: one of the office's people by name, or a number or SIP address that the configuration lists
    /// (`[calls] may_call`). Returns the call, once it rings there; its `CallEnded` tells what came of it: `busy`, `declined`, `unanswered` or `unreachable` if
    /// nobody took it. Whoever answers hears first that a robot speaks.
    async fn place(&self, whom: &str) -> Result<OwnedObjectPath, Fault> {
        let call = self.placing.place(self.dialler()?, whom).await?;
        // A call that is over already has had one.
        let _ = timeout(SHOWN, self.shown.clone().wait_for(|shown| shown.contains(&call))).await;
        let path = ObjectPath::try_from(api::call_path(call)).map_err(|error| Fault::Busy(error.to_string()))?;
        Ok(path.into())
    }

    /// Its name in the configuration.
    #[zbus(property(emits_changed_signal = "const"))]
    fn id(&self) -> String {
        self.line.id.to_string()
    }

    /// `sip` or `handset`.
    #[zbus(property(emits_changed_signal = "const"))]
    fn kind(&self) -> &str {
        self.line.kind.as_str()
    }

    /// `starting`, `ready`, `down`, or `draining`: it takes no new call, and goes when those that it carries are over.
    #[zbus(property)]
    fn status(&self) -> String {
        shown(&self.line.status.borrow())[0].1.to_owned()
    }

    /// Why it is down, and what to do; empty otherwise.
    #[zbus(property)]
    fn reason(&self) -> String {
        shown(&self.line.status.borrow())[1].1.to_owned()
    }

    /// Where it can be reached while it is ready; empty otherwise.
    #[zbus(property)]
    fn address(&self) -> String {
        shown(&self.line.status.borrow())[2].1.to_owned()
    }
}
