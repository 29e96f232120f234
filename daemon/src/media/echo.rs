//! The robot's own voice, as the line gives it back: a gateway's hybrid returns what it is sent, a loud earpiece is heard by its own microphone. Whoever listens
//! there hears the robot, and takes it for a caller.
//!
//! The echo is learned from what was sent: an adaptive filter in blocks of a frame over the last 400 ms (partitioned frequency-domain NLMS; Soo and Pang 1990,
//! each partition's step by its own share as in Duttweiler's PNLMS, 2000). Two filters run side by side (Ochiai 1977): one always learns, and
//! one subtracts. What was learned is taken over only while it leaves less than the other does, so that a caller who speaks over the robot spoils nothing.
//! Until it has been found that something is left out, a frame passes bit by bit: a line without echo is not touched.
//!
//! No filter is exact: G.711 alone puts noise 35 dB below. A frame in which hardly more is left than a filter leaves is silence to whoever listens.

mod filter;

use self::filter::{Filter, Past, Spectrum, Transform};
use super::frame::{FRAME_SAMPLES, Frame};

/// What is left of a frame is only echo if it is so much weaker than the echo in it (-8 dB).
const RESIDUE: f32 = 0.16;
/// The robot speaks while what the filter reaches over is louder than this, as the mean square of a sample: -60 dB below full scale.
const AUDIBLE: f32 = 1.0e-6;
/// How much of the powers of before counts beside a frame's where filters are compared: some 100 ms.
const LATELY: f32 = 0.8;
/// And where one is judged: a second. While the robot's first sounds are on their way nothing comes back yet, and whatever a filter expects is too much; an
/// echo that comes 300 ms later must not be forgotten after each of the robot's pauses.
const LONG: f32 = 0.98;
/// Frames in a row in which the learning filter has to be better: 100 ms.
const BETTER_FOR: u32 = 5;
/// Better is to leave less than this of what the other leaves.
const BETTER: f32 = 0.8;
/// And at the most this of what was heard (-4 dB): an echo is there.
const FOUND: f32 = 0.4;
/// A filter that adds to what was heard for long has gone astray.
const ASTRAY: f32 = 1.3;

/// Takes the robot's voice out of what a line brings.
pub struct EchoCanceller {
    transform: Transform,
    past: Past,
    learning: Filter,
    /// Subtracts; `None` while there is no echo that is known.
    known: Option<Filter>,
    lately: Powers,
    long: Powers,
    better_for: u32,
}

/// What was heard, and what both filters left of it: means of squares.
#[derive(Clone, Copy, Default)]
struct Powers {
    heard: f32,
    by_learning: f32,
    /// As heard, while no echo is known.
    by_known: f32,
}

impl Default for EchoCanceller {
    fn default() -> Self {
        Self::new()
    }
}

impl EchoCanceller {
    /// One that knows no echo yet.
    #[must_use]
    pub fn new() -> Self {
        Self {
            transform: Transform::new(),
            past: Past::new(),
            learning: Filter::new(),
            known: None,
            lately: Powers::default(),
            long: Powers::default(),
            better_for: 0,
        }
    }

    /// The line sends this frame.
    pub fn sent(&mut self, frame: &Frame) {
        self.past.push(&mut self.transform, &samples(frame));
    }

    /// Whether an echo is known.
    #[must_use]
    pub fn is_at_work(&self) -> bool {
        self.known.is_some()
    }

    /// Take the echo out of the frame that comes while the last one that was [`sent`](Self::sent) goes.
    pub fn clean(&mut self, frame: &mut Frame) {
        if self.past.power() < AUDIBLE {
            return;
        }
        let heard = samples(frame);
        let guess = self.learning.echo(&mut self.transform, &self.past);
        let left_by_learning = minus(&heard, &guess);
        let (echo, left) = match &self.known {
            Some(known) => {
                let echo = known.echo(&mut self.transform, &self.past);
                (power(&echo), minus(&heard, &echo))
            }
            None => (0.0, heard),
        };
        self.compare(Powers { heard: power(&heard), by_learning: power(&left_by_learning), by_known: power(&left) });
        let error: Spectrum = self.transform.of_error(&left_by_learning);
        self.learning.learn(&mut self.transform, &self.past, &error);
        if self.known.is_some() {
            let silent = power(&left) < RESIDUE * echo;
            *frame = if silent { Frame::SILENCE } else { to_frame(&left) };
        }
    }

    /// Which filter is the better one, and whether it is any good.
    fn compare(&mut self, now: Powers) {
        self.lately.add(now, LATELY);
        self.long.add(now, LONG);
        let Powers { heard, by_learning, by_known } = self.lately;
        let better = by_learning < BETTER * by_known && by_learning < FOUND * heard;
        self.better_for = if better { self.better_for + 1 } else { 0 };
        if self.better_for >= BETTER_FOR {
            self.known = Some(self.learning.clone());
            for powers in [&mut self.lately, &mut self.long] {
                powers.by_known = powers.by_learning;
            }
            self.better_for = 0;
        } else if self.known.is_some() && self.long.by_known > ASTRAY * self.long.heard {
            // The line has another delay now, or another hybrid.
            self.known = None;
            for powers in [&mut self.lately, &mut self.long] {
                powers.by_known = powers.heard;
            }
        }
        if self.long.by_learning > ASTRAY * self.long.heard {
            self.learning = self.known.clone().unwrap_or_else(Filter::new);
            for powers in [&mut self.lately, &mut self.long] {
                powers.by_learning = powers.by_known;
            }
        }
    }
}

impl Powers {
    /// Let this count beside so much of what was before.
    fn add(&mut self, now: Self, before: f32) {
        let mix = |before_it: f32, now: f32| before * before_it + (1.0 - before) * now;
        self.heard = mix(self.heard, now.heard);
        self.by_learning = mix(self.by_learning, now.by_learning);
        self.by_known = mix(self.by_known, now.by_known);
    }
}

type Block = [f32; FRAME_SAMPLES];

fn samples(frame: &Frame) -> Block {
    frame.0.map(|sample| f32::from(sample) / 32_768.0)
}

fn to_frame(block: &Block) -> Frame {
    Frame(block.map(|sample| (sample * 32_768.0).round().clamp(-32_768.0, 32_767.0) as i16))
}

fn minus(heard: &Block, echo: &Block) -> Block {
    std::array::from_fn(|at| heard[at] - echo[at])
}

/// The mean square.
fn power(block: &Block) -> f32 {
    block.iter().map(|sample| sample * sample).sum::<f32>() / FRAME_SAMPLES as f32
}

#[cfg(test)]
mod tests;
