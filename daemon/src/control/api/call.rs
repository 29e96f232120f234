//! A call, as it is seen from the other side of the bus.

use std::collections::HashMap;

use zbus::{OwnedFd, proxy};

/// One call.
#[proxy(interface = "org.switchhook.Switchhook1.Call", default_service = "org.switchhook.Switchhook1")]
pub trait Call {
    /// End it politely: the robot says goodbye and hangs up.
    fn hangup(&self) -> zbus::Result<()>;
    /// Pass it to a person, by the name that the configuration gives them.
    fn transfer(&self, person: &str) -> zbus::Result<()>;
    /// Be told from now on what is said in it, until it is over. Personal data.
    fn follow(&self) -> zbus::Result<()>;
    /// Not be told any more.
    fn unfollow(&self) -> zbus::Result<()>;
    /// Listen to it: a pipe of stereo sound, 8 kHz, 16-bit little endian, the caller left and the robot right, until it is over or a person has it. Personal data.
    fn listen(&self) -> zbus::Result<OwnedFd>;
    /// Who calls, or whom we called: the number, and the name that the network shows for it; each is empty if it is withheld. Personal data.
    fn caller(&self) -> zbus::Result<(String, String)>;

    /// Its name: 32 hexadecimal digits.
    #[zbus(property(emits_changed_signal = "const"))]
    fn id(&self) -> zbus::Result<String>;
    /// Its line.
    #[zbus(property(emits_changed_signal = "const"))]
    fn line(&self) -> zbus::Result<String>;
    /// `taken` or `placed`.
    #[zbus(property(emits_changed_signal = "const"))]
    fn direction(&self) -> zbus::Result<String>;
    /// `ringing`, `disclosing`, `speaking`, `listening`, `thinking`, `transferring`, `bridged` or `ended`.
    #[zbus(property)]
    fn state(&self) -> zbus::Result<String>;
    /// The configuration that it is held in.
    #[zbus(property(emits_changed_signal = "const"))]
    fn generation(&self) -> zbus::Result<u64>;
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

    /// To those who follow the call: an exchange is complete, up to the robot's first sound. Personal data.
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
    /// To those who follow the call: it is being handed to `person`, who is told this of the caller. Personal data, where the office allows it.
    #[zbus(signal)]
    fn hand_over(&self, person: &str, summary: &str) -> zbus::Result<()>;
    /// `person` was sought for it, and is no more: `accepted` if they have the call, else `declined`, `unanswered`, `failed`, `called-off` or `caller-left`.
    #[zbus(signal)]
    fn hand_over_ended(&self, person: &str, end: &str) -> zbus::Result<()>;
}
