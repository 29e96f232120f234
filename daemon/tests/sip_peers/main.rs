//! A bare SIP line against real peers: a caller written by hand, sipp, baresip phones, and kamailio as registrar.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod bench;
mod callee;
mod caller;
mod calls;
mod peers;
mod process;
mod registrar;
