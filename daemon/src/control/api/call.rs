//! A call, as it is seen from the other side of the bus.

use std::collections::HashMap;

use zbus::proxy;

/// One call.
#[proxy(interface = "org.switchhook.Switchhook1.Call", default_service = "org.switchhook.Switchhook1")]
pub trait Call {
    /// End it politely: the robot says goodbye and hangs up.
    fn hangup(&self) -> zbus::Result<()>;
    /// Pass it to a person, by the name that the configuration gives them.
    fn transfer(&self, person: &str) -> zbus::Result<()>;

    /// Its name: 32 hexadecimal digits.
    #[zbus(property(emits_changed_signal = "const"))]
    fn id(&self) -> zbus::Result<String>;
    /// The line it came in on.
    #[zbus(property(emits_changed_signal = "const"))]
    fn line(&self) -> zbus::Result<String>;
    /// Who calls; empty if withheld. Personal data.
    #[zbus(property(emits_changed_signal = "const"))]
    fn number(&self) -> zbus::Result<String>;
    /// `ringing`, `disclosing`, `speaking`, `listening`, `thinking`, `transferring`, `bridged` or `ended`.
    #[zbus(property)]
    fn state(&self) -> zbus::Result<String>;
    /// The scenario that it follows.
    #[zbus(property)]
    fn scenario(&self) -> zbus::Result<String>;
    /// When it began to ring (RFC 3339).
    #[zbus(property(emits_changed_signal = "const"))]
    fn started(&self) -> zbus::Result<String>;
    /// Whether the disclosure was played to its end.
    #[zbus(property)]
    fn disclosed(&self) -> zbus::Result<bool>;
    /// How many turns it has had.
    #[zbus(property)]
    fn turns(&self) -> zbus::Result<u32>;

    /// An exchange is complete, up to the robot's first sound. Personal data.
    #[zbus(signal)]
    fn turn(
        &self,
        index: u32,
        heard: &str,
        confidence: f64,
        understood: &str,
        action: &str,
        said: &str,
        latency: HashMap<&str, f64>,
    ) -> zbus::Result<()>;
    /// The call is being handed to `person`, who is told this of the caller. Personal data, where the office allows it.
    #[zbus(signal)]
    fn hand_over(&self, person: &str, summary: &str) -> zbus::Result<()>;
}
