//! Sound on its way: 20 ms frames at the telephone's own rate of 8 kHz, and what is done to them between a line and the speech engine.
//!
//! [`Frame`] is the unit that everything else here takes and gives. [`Playout`] is the robot's mouth: sound waits in it until the
//! *line's* clock takes it, frame by frame, so that audio is paced by the line and never by the producer. A [`Tap`] is where a call can be overheard.

pub mod codec;
pub mod concealment;
pub mod dtmf;
mod echo;
mod frame;
pub mod jitter;
mod playout;
pub mod rtp;
mod tap;

pub use echo::EchoCanceller;
pub use frame::{FRAME, FRAME_SAMPLES, Frame, SAMPLE_RATE};
pub use playout::{Marker, Playout, PlayoutClock};
pub use tap::{MOST_LISTENERS, Overheard, Tap, TapFault};
