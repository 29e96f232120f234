//! Just enough SIP (RFC 3261) to be a telephone: the caller of the bench has its own, so that a fault in the robot's stack cannot hide
//! behind the same fault here.
//!
//! [`Message`] reads and writes, [`Dialog`] remembers what two phones agreed on and builds what follows from it, [`Transport`] carries
//! messages over UDP or TCP, and [`Phone`] places one call with them. [`sdp`] is the little of RFC 4566 and RFC 3264 that a call with
//! G.711 and keys needs.

mod dialog;
mod message;
mod phone;
pub mod sdp;
mod transport;
mod uri;

pub use dialog::Dialog;
pub use message::{Malformed, Message, Start, split_stream};
pub use phone::{Phone, PhoneCommand, PhoneEvent};
pub use transport::{Protocol, Transport};
pub use uri::{BadTarget, Target};
