//! The admin's side, the fleet manager's side and the command line, against real daemons: a private `dbus-daemon` and a private
//! `mosquitto`, both on this machine alone.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod authority;
mod book;
mod broker;
mod bus;
mod certificate;
mod check;
mod config;
mod control;
mod ctl;
mod directing;
mod export;
mod house;
mod jobs;
mod listening;
mod monitor;
mod package;
mod placing;
mod polkit;
mod rights;
mod setup;
mod shop;
mod support;
mod telemetry;
mod trust;
mod warnings;
mod words;
