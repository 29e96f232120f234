//! Simulated callers: a fake at the edge of the world, and named so. A seed makes callers ([`persona`]) who want something of a scenario ([`phrases`]) and have
//! something to tell ([`facts`]); each is a state machine over what the robot does ([`caller`]). They are played ([`play`]) by text, thousands in seconds, or
//! [`by_voice`] through voices, a telephone line and the robot's own ears, on a clock of their own.
//!
//! What a call came to ([`outcome`]) is judged ([`judgement`]) from what the robot kept and did, and from what stands in the office's files afterwards ([`world`]), never from what
//! the caller believes; and a [`witness`] compares everything that the robot says with what the scenario says. [`run`] measures, keeps the figures and writes `docs/callers.md`.

mod by_voice;
mod caller;
mod facts;
mod judgement;
pub mod outcome;
mod page;
mod persona;
mod phrases;
mod play;
mod results;
mod run;
mod same;
mod sounds;
mod witness;
mod world;

pub use run::{Office, Options, run};
