//! The device, as it is seen from the other side of the bus.

use std::collections::HashMap;

use zbus::{ObjectPath, OwnedObjectPath, OwnedVariant, proxy};

/// The device as a whole.
#[proxy(
    interface = "org.switchhook.Switchhook1.Manager",
    default_service = "org.switchhook.Switchhook1",
    default_path = "/org/switchhook/Switchhook1"
)]
pub trait Manager {
    /// Be told from now on what is said in every call. Personal data.
    fn follow(&self) -> zbus::Result<()>;
    /// Not be told any more.
    fn unfollow(&self) -> zbus::Result<()>;
    /// Log from these levels up, until the daemon is started next.
    fn set_log_levels(&self, levels: &str) -> zbus::Result<()>;
    /// From which levels up is logged.
    #[zbus(property(emits_changed_signal = "false"))]
    fn log_levels(&self) -> zbus::Result<String>;
    /// Read the configuration and its scenario anew, for calls from now on; the job that does so.
    fn reload_configuration(&self) -> zbus::Result<OwnedObjectPath>;

    /// The daemon's version.
    #[zbus(property(emits_changed_signal = "const"))]
    fn version(&self) -> zbus::Result<String>;
    /// The device's name in the fleet.
    #[zbus(property(emits_changed_signal = "const"))]
    fn device_name(&self) -> zbus::Result<String>;
    /// When the daemon came onto the bus (RFC 3339).
    #[zbus(property(emits_changed_signal = "const"))]
    fn since(&self) -> zbus::Result<String>;
    /// Whether a call that comes now would be answered.
    #[zbus(property)]
    fn ready(&self) -> zbus::Result<bool>;
    /// The rung of the degradation ladder that new calls start on.
    #[zbus(property)]
    fn rung(&self) -> zbus::Result<String>;
    /// Which configuration calls from now on are held in.
    #[zbus(property)]
    fn generation(&self) -> zbus::Result<u64>;
    /// How many calls are taken at once.
    #[zbus(property)]
    fn calls_at_once(&self) -> zbus::Result<u32>;
    /// The models in use by their role.
    #[zbus(property)]
    fn models_in_use(&self) -> zbus::Result<HashMap<String, String>>;
    /// The names that calls can be transferred to.
    #[zbus(property)]
    fn people(&self) -> zbus::Result<Vec<String>>;

    /// A call began to ring; its object is there.
    #[zbus(signal)]
    fn call_began(&self, call: ObjectPath<'_>) -> zbus::Result<()>;
    /// A call is over; its object goes after this. The figures have the names that MQTT gives them.
    #[zbus(signal)]
    fn call_ended(&self, call: ObjectPath<'_>, summary: HashMap<String, OwnedVariant>) -> zbus::Result<()>;
}
