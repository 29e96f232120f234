//! Who may do what on the bus.
//!
//! The bus lets everybody ask. What is asked is a [`Deed`] of one kind, and whether its sender may do that is decided for each message by the
//! [`Authority`]: polkit on the system bus, where the shipped rules know the [`Role`]s by their groups and an office may write its own. A [`Guard`]
//! stands before every object ([`Guarded`]): no method and no property can be had past it, and one that nobody thought of is for admins alone. Whoever
//! looks at personal data is put on record before they see it. `docs/rights.md` has the table, which a test walks through.
//!
//! Signals cannot be guarded so. Those that hold personal data are sent to nobody but whoever asked to follow a call and may ([`super::following`]); the
//! others reach the roles' groups (`systemd/org.switchhook.Switchhook1.conf`).

mod authority;
mod guard;

use super::api;

pub use authority::Authority;
pub(super) use authority::sender;
pub(super) use guard::{Guard, Guarded};

/// What can be done on the bus, by kind: each is an action of polkit's (`systemd/org.switchhook.Switchhook1.policy`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deed {
    /// See how the device, its lines, calls, models and jobs stand. No personal data.
    View,
    /// Place a call, end it or pass it on, lift a handset, say that a task is done.
    Operate,
    /// See who calls and what is said while a call is on.
    Follow,
    /// Listen to a call while it is on.
    Listen,
    /// Read what callers left for people to do.
    ReadMessages,
    /// Read what became of calls, what callers wanted in vain, and who looked at what.
    ReadRecords,
    /// Have everything on record of calls handed out.
    Export,
    /// Fetch models, read scenario and configuration anew, end jobs, change what is logged.
    Administer,
}

impl Deed {
    /// All of them.
    pub const ALL: [Self; 8] =
        [Self::View, Self::Operate, Self::Follow, Self::Listen, Self::ReadMessages, Self::ReadRecords, Self::Export, Self::Administer];

    /// The deed that calling this method is.
    pub(super) fn of_method(interface: &str, method: &str) -> Self {
        match (interface, method) {
            (api::OBJECT_MANAGER, "GetManagedObjects") | (api::MANAGER | api::CALL, "Unfollow") => Self::View,
            (api::CALL, "Hangup" | "Transfer") | (api::LINE, "OffHook" | "OnHook" | "Place") | (api::TASK, "SetDone") => Self::Operate,
            (api::MANAGER, "Follow") | (api::CALL, "Follow" | "Caller") => Self::Follow,
            (api::CALL, "Listen") => Self::Listen,
            (api::TASK, "Messages") => Self::ReadMessages,
            (api::RECORD, "Reports" | "Unanswered" | "Looks") => Self::ReadRecords,
            (api::RECORD, "Export") => Self::Export,
            _ => Self::Administer,
        }
    }

    /// Polkit's name for it.
    #[must_use]
    pub fn action(self) -> &'static str {
        match self {
            Self::View => "org.switchhook.view",
            Self::Operate => "org.switchhook.operate",
            Self::Follow => "org.switchhook.follow",
            Self::Listen => "org.switchhook.listen",
            Self::ReadMessages => "org.switchhook.read-messages",
            Self::ReadRecords => "org.switchhook.read-records",
            Self::Export => "org.switchhook.export",
            Self::Administer => "org.switchhook.administer",
        }
    }

    /// Whether whoever does it sees what callers said, or who they are.
    #[must_use]
    pub fn shows_personal_data(self) -> bool {
        matches!(self, Self::Follow | Self::Listen | Self::ReadMessages | Self::ReadRecords | Self::Export)
    }

    /// In the words of a refusal: "you may not ...".
    fn words(self) -> &'static str {
        match self {
            Self::View => "see how the robot is",
            Self::Operate => "direct calls, lines and tasks",
            Self::Follow => "see who calls and what is said",
            Self::Listen => "listen to calls",
            Self::ReadMessages => "read what callers left",
            Self::ReadRecords => "read what is on record of calls",
            Self::Export => "have records of calls handed out",
            Self::Administer => "administer the robot",
        }
    }
}

/// Who looks after a robot. Rights add up for whoever has several roles, and root may do everything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Watches: sees that the robot works, and nothing of its callers.
    Viewer,
    /// Works with calls: follows and directs them, and does what callers left to do.
    Operator,
    /// Answers for how callers' data is treated: reads the records, has them handed out, and sees who looked at them.
    ComplianceOfficer,
    /// Runs the robot. No part of this needs callers' words.
    Admin,
}

impl Role {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Viewer, Self::Operator, Self::ComplianceOfficer, Self::Admin];

    /// The group of those who have it (`systemd/switchhook.sysusers`).
    #[must_use]
    pub fn group(self) -> &'static str {
        match self {
            Self::Viewer => "switchhook-viewer",
            Self::Operator => "switchhook-operator",
            Self::ComplianceOfficer => "switchhook-compliance",
            Self::Admin => "switchhook-admin",
        }
    }

    /// What the shipped rules let it do.
    #[must_use]
    pub fn may(self, deed: Deed) -> bool {
        match deed {
            Deed::View => true,
            Deed::Operate => matches!(self, Self::Operator | Self::Admin),
            Deed::Follow | Deed::Listen => self == Self::Operator,
            Deed::ReadMessages => matches!(self, Self::Operator | Self::ComplianceOfficer),
            Deed::ReadRecords | Deed::Export => self == Self::ComplianceOfficer,
            Deed::Administer => self == Self::Admin,
        }
    }

    /// The first role, from those with the least rights, that may do this.
    fn that_may(deed: Deed) -> Self {
        Self::ALL.into_iter().find(|role| role.may(deed)).unwrap_or(Self::Admin)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_deed_has_a_role_that_may_do_it() {
        for deed in Deed::ALL {
            assert!(Role::ALL.into_iter().any(|role| role.may(deed)), "{deed:?}");
            assert!(Role::that_may(deed).may(deed), "{deed:?}");
        }
    }

    #[test]
    fn the_admin_and_the_viewer_see_nothing_of_callers() {
        for deed in Deed::ALL.into_iter().filter(|deed| deed.shows_personal_data()) {
            assert!(!Role::Admin.may(deed) && !Role::Viewer.may(deed), "{deed:?}");
        }
    }

    #[test]
    fn what_nobody_thought_of_is_for_admins_alone() {
        assert_eq!(Deed::of_method(api::RECORD, "Erase"), Deed::Administer);
        assert_eq!(Deed::of_method("org.example.Unheard", "Messages"), Deed::Administer);
    }
}
