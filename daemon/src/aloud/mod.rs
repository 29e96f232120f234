//! Conversations said aloud before they go live: a caller's words through a voice, a telephone line and the robot's own ears and recogniser, on a clock of
//! their own that runs as fast as the models do. Nobody telephones, and nothing is kept.
//!
//! [`Voices`] speak for callers, a [`Line`] is what lies between mouth and ear, and a [`Call`] is one call: the robot's part of it is silence of the right
//! length, since nobody listens to it. [`rehearse`] plays a scenario's own tests so; the bench's simulated callers go the same way.

mod call;
mod line;
pub mod rehearse;
mod voices;

pub use call::{Call, Heard, speaking_time};
pub use line::{Background, Line};
pub use voices::{Speaker, Voices, speakers};
