//! What can go wrong, for those who ask us over the bus and for whoever starts us.

use zbus::DBusError;

/// Why a method was not carried out. On the bus: `org.switchhook.Error.NAME` with this text.
#[derive(DBusError, Debug)]
#[zbus(prefix = "org.switchhook.Error")]
pub enum Fault {
    /// The call is over, or just ending.
    CallOver(String),
    /// The configuration has nobody of that name.
    UnknownPerson(String),
    /// The job is over.
    JobOver(String),
    /// The line has no handset that could be lifted.
    NotAHandset(String),
    /// The robot closes.
    Closing(String),
    /// Too many commands wait already.
    Busy(String),
    /// The line does not run.
    LineGone(String),
    /// The line is down.
    LineDown(String),
    /// Nobody left a task of that number.
    UnknownTask(String),
    /// The record cannot be read.
    NoRecord(String),
    /// What should be logged cannot be understood.
    WrongLevels(String),
    /// What should be a time is none.
    WrongTime(String),
    /// Whoever asked may not do this.
    NotAllowed(String),
    /// Too many follow calls, or listen to one, already.
    Crowded(String),
    /// The caller talks with a person: nobody listens to that.
    WithAPerson(String),
    /// The line places no calls.
    CannotPlace(String),
    /// The robot may not call them.
    NotPermitted(String),
    /// There is no way to whom it should call.
    Unreachable(String),
}

impl Fault {
    /// The call that was asked for is over.
    pub(super) fn over() -> Self {
        Self::CallOver("the call is over; `switchhookctl calls` lists those that are on".into())
    }

    /// Whoever was asked is gone already, and so will the bus's object be.
    pub(super) fn closing() -> Self {
        Self::Closing("the robot is just closing; `systemctl start switchhook` starts it again".into())
    }
}

/// Why the admin's side cannot be offered.
#[derive(Debug, thiserror::Error)]
pub enum ControlError {
    /// No bus there.
    #[error("cannot reach the {bus} bus: {source}; is dbus running? `bus.address` in switchhook.toml names another one")]
    NoBus {
        /// Which bus.
        bus: String,
        /// Why.
        source: zbus::Error,
    },
    /// Somebody else has our name.
    #[error("another process owns {name} on the {bus} bus; is switchhookd running already? `busctl status {name}` shows who it is", name = super::api::BUS_NAME)]
    NameTaken {
        /// Which bus.
        bus: String,
    },
    /// The bus does not let us have our name.
    #[error(
        "the {bus} bus does not let this user own {name}: run as user switchhook, and install org.switchhook.Switchhook1.conf in /usr/share/dbus-1/system.d ({why})", name = super::api::BUS_NAME
    )]
    NotAllowed {
        /// Which bus.
        bus: String,
        /// What the bus said.
        why: String,
    },
    /// The bus is there and says nothing.
    #[error("the {bus} bus does not answer; `systemctl restart dbus` may help")]
    Silent {
        /// Which bus.
        bus: String,
    },
    /// Anything else.
    #[error("the {bus} bus failed: {source}")]
    Bus {
        /// Which bus.
        bus: String,
        /// Why.
        source: zbus::Error,
    },
}
