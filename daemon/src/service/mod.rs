//! The system's side: what systemd, the journal and the kernel know of the daemon.
//!
//! [`notify`] tells systemd that the
//! house is ready, how it stands and that it goes on; the last only while the workers make progress ([`crate::progress`]). [`signals`] turns
//! SIGTERM into a token that the house closes by, and SIGHUP into a wish that it be read anew. [`standing`] tells whether a line can take calls. [`vitals`] reads memory, heat and load. [`rehearse()`]
//! needs no house: it says a scenario's tests aloud before it goes live. Nor does [`check()`], which reads a configuration and its scenario.

mod check;
mod engines;
mod house;
mod improvement;
mod in_force;
mod lines;
pub mod notify;
mod rehearse;
mod renewal;
mod run;
pub mod signals;
mod standing;
pub mod vitals;

pub use check::{Checked, check, scenarios};
pub use rehearse::rehearse;
pub use run::run;
