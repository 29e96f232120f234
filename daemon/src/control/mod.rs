//! The admin's side: the house on D-Bus.
//!
//! [`Control::offer`] takes the name [`api::BUS_NAME`] and shows the house under an `ObjectManager`, a file here for each interface:
//!
//! | object | interface | what it shows |
//! |---|---|---|
//! | [`api::ROOT`] | [`manager`] | the device, and calls as they come and go |
//! | `line/ID` | [`line`] | a way in or out |
//! | `call/ID` | [`call`] | a call, while it is on |
//! | `scenario` | [`scenario`] | what calls follow |
//! | `model/NAME` | [`model`] | a model of the catalog, installed or not |
//! | `job/N` | [`job`] | long work that somebody asked for |
//! | `record` | [`record`] | what is on record of calls that are over |
//! | `task` | [`task`] | what callers left for people to do |
//! | [`api::LOG_PATH`] | [`log_control`] | what is logged, as systemd asks for it |
//!
//! What reads personal data of calls that are over stands on `record` and `task` alone; what is said in calls that are on is told to those who follow them
//! ([`following`]). A guard stands before every object ([`rights`]). Objects read what they show straight from watch channels; one
//! task, the keeper, follows these channels and tells the bus what changed. Nothing here can hold up a call: commands go through bounded channels with
//! `try_send`, and when the bus is not there or goes away the house goes on and the keeper comes back. [`api`] holds the
//! names and the proxies that `switchhookctl`, the demo and the tests share.

pub mod api;
mod call;
mod exporting;
mod fault;
mod follower;
mod following;
mod job;
mod keeper;
mod line;
mod listening;
mod log_control;
mod manager;
mod model;
mod record;
mod reload;
pub mod rights;
mod scenario;
mod serve;
mod task;
mod values;

use crate::calls::Placing;
use crate::jobs::Jobs;
use crate::logging::Logging;

pub use fault::{ControlError, Fault};
pub use manager::{ManagerInfo, Settled, Standing};
pub use model::Models;
pub use record::{Improve, Improvement, RecordInfo};
pub use reload::{Anew, Reload, Renewed};
pub use rights::Authority;
pub use scenario::{Live, ScenarioInfo};
pub use serve::{Control, serve};

/// No answer holds more messages or reports: it would not fit into a message of the bus.
const MOST_ENTRIES: u32 = 1000;

/// What is shown beside lines and calls, and to whom.
#[derive(Clone)]
pub struct Info {
    /// The house as a whole.
    pub manager: ManagerInfo,
    /// What calls follow.
    pub scenario: ScenarioInfo,
    /// What they left behind.
    pub record: RecordInfo,
    /// What the robot hears, thinks and speaks with.
    pub models: Models,
    /// What is at work, or was.
    pub jobs: Jobs,
    /// Where it is asked that a call be placed.
    pub placing: Placing,
    /// Who decides what somebody may do.
    pub authority: Authority,
    /// What is logged.
    pub logging: Logging,
}
