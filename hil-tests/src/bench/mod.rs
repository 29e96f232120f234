//! The office around the robot, in a throw-away directory on loopback: a private bus, a broker, a gateway that registers phones, agents'
//! phones, a load generator, and the robot itself.
//!
//! Everything is a [`Process`] with a log of its own: it is waited for by a condition with a deadline, never by time alone, and it is
//! gone when it is dropped. If a test fails, the [`Place`] keeps its directory and says where it is.

mod agent;
mod broker;
mod bus;
mod gateway;
mod house;
mod place;
mod process;
mod settings;
mod sipp;

pub use agent::{Agent, Answers};
pub use broker::{Broker, Heard};
pub use bus::Bus;
pub use gateway::Gateway;
pub use house::{House, Plan, Visit, binary, speech};
pub use place::{Place, free_port, until};
pub use process::{Process, signal};
pub use settings::{LineMadeOf, Settings};
pub use sipp::Sipp;
