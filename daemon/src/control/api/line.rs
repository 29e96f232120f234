//! A line, as it is seen from the other side of the bus.

use zbus::{OwnedObjectPath, proxy};

/// One way in or out.
#[proxy(interface = "org.switchhook.Switchhook1.Line", default_service = "org.switchhook.Switchhook1")]
pub trait Line {
    /// Lift the handset: a call begins.
    fn off_hook(&self) -> zbus::Result<()>;
    /// Put the handset back: the call ends.
    fn on_hook(&self) -> zbus::Result<()>;
    /// Have the robot call one of the office's people by name, or a number that the configuration lists; the call, which rings there then.
    fn place(&self, whom: &str) -> zbus::Result<OwnedObjectPath>;

    /// Its name in the configuration.
    #[zbus(property(emits_changed_signal = "const"))]
    fn id(&self) -> zbus::Result<String>;
    /// `sip` or `handset`.
    #[zbus(property(emits_changed_signal = "const"))]
    fn kind(&self) -> zbus::Result<String>;
    /// `starting`, `ready`, `down` or `draining`.
    #[zbus(property)]
    fn status(&self) -> zbus::Result<String>;
    /// Why it is down, and what to do; empty otherwise.
    #[zbus(property)]
    fn reason(&self) -> zbus::Result<String>;
    /// Where it can be reached while it is ready; empty otherwise.
    #[zbus(property)]
    fn address(&self) -> zbus::Result<String>;
}
