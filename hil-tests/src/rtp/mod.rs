//! Sound on the wire: packets of RTP (RFC 3550), the two laws of G.711, and keys (RFC 4733).

mod g711;
mod impair;
mod keys;
mod packet;

pub use g711::Law;
pub use impair::Impairment;
pub use keys::{KeyPress, event_of};
pub use packet::{Packet, ReadPacket};

/// Samples per second of everything here.
pub const RATE: u32 = 8_000;
/// Samples in one packet: 20 ms.
pub const FRAME: usize = 160;
