//! The bench of Switchhook: a caller with a telephone of its own, and everything that a robot meets in an office.
//!
//! The caller's side goes the way of the sound: [`sip`] places a call, [`rtp`] carries frames, [`ear`] tells from the sound alone who
//! speaks and how long the robot took, and [`caller`] is the person that all this makes. [`bench`] starts the house's surroundings
//! (bus, broker, gateway, agents' phones) and the robot itself in a throw-away directory; [`demo`] is one conversation shown to whoever
//! looks, [`measure`] says how long callers wait, [`accuracy`] how much of what they say is understood, and [`turns`]
//! how often they are cut off. [`callers`] are people who do not exist, by the hundred.

pub mod accuracy;
pub mod bench;
pub mod caller;
pub mod callers;
pub mod demo;
pub mod ear;
pub mod measure;
pub mod rtp;
pub mod sip;
pub mod soundcard;
pub mod turns;
