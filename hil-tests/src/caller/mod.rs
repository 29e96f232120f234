//! A person who calls: says one thing after another, listens, presses keys, interrupts, and puts down the phone.
//!
//! [`Script`] is the person's head and knows no I/O: it is asked every 20 ms what to do next, given what the robot was heard to do.
//! [`place`] lends it a telephone and a clock, and returns a [`Call`]: both sides of the sound, and the [`Report`] drawn from it.
//! [`AtHandset`] lends it a handset on the virtual sound card instead.

mod handset;
mod place;
mod report;
mod script;
mod utterance;

pub use handset::{AtHandset, Talk};
pub use place::{Call, Order, place};
pub use report::{Percentiles, Report, Transfer, TurnReport};
pub use script::{Act, End, KeyAt, Plan, Script, When};
pub use utterance::Utterance;
