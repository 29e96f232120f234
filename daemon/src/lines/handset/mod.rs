//! A handset or speakerphone on the sound card: one microphone and one earpiece, reached through ALSA.
//!
//! Lifting it ([`crate::lines::LineCommand::OffHook`]) makes a call. Once the robot answers, two threads carry the sound: the microphone's
//! gives a frame per 20 ms to the call, and the earpiece's takes one whenever the card has room, so that the robot speaks by the card's
//! own clock. The devices are open only while somebody talks: nobody is listened to on the hook. A card that falls behind is set
//! going again and counted ([`Xruns`]); one that is gone ends the call, and the line is down until the card is back.
//!
//! [`step`] decides, [`line`] waits, [`sound`] runs the threads, [`pcm`] talks to ALSA.

mod line;
mod pcm;
mod sound;
mod step;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

pub use self::pcm::{Earpiece, Pace, SoundError};
use super::{Line, LineId, LineKind, LinePorts, Running};
use crate::config;

/// A line made of a sound card.
pub struct HandsetLine {
    id: LineId,
    config: config::Handset,
    xruns: Xruns,
}

/// How often the sound card and we lost step, since the line began. Clones are the same counters.
#[derive(Clone, Default)]
pub struct Xruns(Arc<Counters>);

#[derive(Default)]
struct Counters {
    underruns: AtomicU64,
    overruns: AtomicU64,
    unheard: AtomicU64,
}

impl Xruns {
    /// How often the earpiece ran dry: a gap in what the robot said.
    #[must_use]
    pub fn underruns(&self) -> u64 {
        self.0.underruns.load(Ordering::Relaxed)
    }

    /// How often the microphone's buffer ran over: a gap in what the caller said.
    #[must_use]
    pub fn overruns(&self) -> u64 {
        self.0.overruns.load(Ordering::Relaxed)
    }

    /// Frames that the call was too busy to take.
    #[must_use]
    pub fn unheard(&self) -> u64 {
        self.0.unheard.load(Ordering::Relaxed)
    }
}

impl HandsetLine {
    /// The line called `id` over the devices that `config` names.
    #[must_use]
    pub fn new(id: LineId, config: config::Handset) -> Self {
        Self { id, config, xruns: Xruns::default() }
    }

    /// Its counters, to be kept when the line runs.
    #[must_use]
    pub fn xruns(&self) -> Xruns {
        self.xruns.clone()
    }
}

impl Line for HandsetLine {
    fn id(&self) -> &LineId {
        &self.id
    }

    fn kind(&self) -> LineKind {
        LineKind::Handset
    }

    fn run(self: Box<Self>, ports: LinePorts) -> Running {
        Box::pin(line::run(*self, ports))
    }
}
