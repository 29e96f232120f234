//! Switchhook: a phone robot for branch offices that runs wholly on one small Linux board.
//!
//! The rooms of this house follow the path that a 20 ms frame of sound takes: [`lines`] bring a call in, [`media`] carries its frames,
//! [`speech`] turns them into words and back, [`dialog`] decides what to do, and the call actor in [`calls`] sits in the middle with
//! [`policy`] beside it and [`records`] below it; what a flow wants to know is asked by [`lookups`]. Around them stand the admin's side ([`control`], D-Bus),
//! the fleet manager's side ([`telemetry`], MQTT), the system's side ([`service`], systemd), and what the office wrote down ([`config`]). What is tried
//! before it goes live is said [`aloud`], what happens is told to the journal by [`logging`], and long work that an admin asks for is done by [`jobs`].
//!
//! Imports point one way: `bin -> service -> {control, telemetry} -> calls -> {speech, records} -> {dialog, policy} -> {lines, lookups} -> media -> config`.
//! `dialog` and `policy` know no I/O and are tested with text alone.

pub mod aloud;
pub mod calls;
pub mod config;
pub mod control;
pub mod dialog;
mod duties;
pub mod jobs;
pub mod lines;
pub mod logging;
pub mod lookups;
pub mod media;
pub mod policy;
pub mod progress;
pub mod records;
pub mod sandbox;
pub mod service;
pub mod setup;
pub mod speech;
pub mod telemetry;
pub mod week;
