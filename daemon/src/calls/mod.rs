//! Calls: one actor per call, and the desk that knows them all.
//!
//! The [`Desk`] takes legs from the lines, refuses what is one too many, and starts an actor for each of the rest; it has calls placed, too, for
//! whoever asks ([`Placing`]). What the rest of the
//! house may know of a call is its [`Snapshot`]; what it may ask of a call is a [`Command`]; what happened is an [`Event`].

mod actor;
mod desk;
mod event;
mod house;
mod outcome;
mod placing;
mod registry;
mod snapshot;

pub(crate) use actor::LONGEST_END;

pub use crate::config::CallId;
pub use desk::Desk;
pub use event::{Briefing, Event, Summary};
pub use house::{House, HouseError, without_address};
pub use outcome::Outcome;
pub use placing::{NotPlaced, Placing, Request};
pub use registry::{CallHandle, Command, Place, Registry};
pub use snapshot::{Direction, Latency, Snapshot, State, Turn};
