//! What lies between a caller's mouth and the robot's ears: the room in which they call, and a telephone line that writes each sample in the eight bits of
//! G.711's mu-law and loses packets. What is lost is made up by the same concealment as in a call.

use std::sync::Arc;

use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};

use crate::config::Codec;
use crate::media::concealment::Concealment;
use crate::media::{FRAME_SAMPLES, Frame, codec};

/// The active level of our voices on a line, in dB below full scale (`switchhook_models::tts::line`): what noise is measured against.
const SPEECH: f32 = -20.0;

/// Where the caller is: a recording that is heard all the time, from its start again where it ends.
#[derive(Clone)]
pub struct Background {
    noise: Arc<[i16]>,
    gain: f32,
    at: usize,
}

impl Background {
    /// A recording (8 kHz) so many decibels below the speech, from a place in it.
    #[must_use]
    pub fn new(noise: Arc<[i16]>, decibels: f32, at: usize) -> Self {
        let power = noise.iter().map(|&x| f32::from(x) * f32::from(x)).sum::<f32>() / noise.len().max(1) as f32;
        let level = 10.0 * (power.max(1.0) / (32_768.0 * 32_768.0)).log10();
        let gain = 10_f32.powf((SPEECH - decibels - level) / 20.0);
        Self { at: at.checked_rem(noise.len()).unwrap_or_default(), noise, gain }
    }

    fn add_to(&mut self, frame: &mut [i16; FRAME_SAMPLES]) {
        for sample in frame {
            let Some(&noise) = self.noise.get(self.at) else { return };
            self.at = (self.at + 1) % self.noise.len();
            // `as` saturates.
            *sample = (f32::from(*sample) + self.gain * f32::from(noise)) as i16;
        }
    }
}

/// One direction of a telephone line, with a room before it.
pub struct Line {
    background: Option<Background>,
    loss: f64,
    random: StdRng,
    concealment: Concealment,
}

impl Line {
    /// A line that loses this share of its packets; the same seed loses the same ones.
    #[must_use]
    pub fn new(background: Option<Background>, loss: f64, seed: u64) -> Self {
        Self { background, loss: loss.clamp(0.0, 1.0), random: StdRng::seed_from_u64(seed), concealment: Concealment::default() }
    }

    /// What comes out of it for 20 ms of the caller's.
    pub fn pass(&mut self, mut spoken: Frame) -> Frame {
        if let Some(background) = &mut self.background {
            background.add_to(&mut spoken.0);
        }
        if self.random.random_bool(self.loss) {
            return self.concealment.lost();
        }
        let mut packet = [0; FRAME_SAMPLES];
        codec::encode(Codec::Pcmu, &spoken.0, &mut packet);
        let mut heard = Frame::SILENCE;
        codec::decode(Codec::Pcmu, &packet, &mut heard.0);
        self.concealment.heard(&mut heard);
        heard
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn level(frames: &[Frame]) -> f32 {
        let all: Vec<f32> = frames.iter().flat_map(|frame| frame.0).map(f32::from).collect();
        10.0 * (all.iter().map(|x| x * x).sum::<f32>() / all.len() as f32 / (32_768.0 * 32_768.0)).log10()
    }

    #[test]
    fn noise_is_as_far_below_the_speech_as_was_said() {
        let noise: Arc<[i16]> = (0..8_000).map(|i| if i % 7 < 3 { 900 } else { -700 }).collect();
        let mut line = Line::new(Some(Background::new(noise, 15.0, 3)), 0.0, 1);
        let heard: Vec<Frame> = (0..100).map(|_| line.pass(Frame::SILENCE)).collect();
        assert!((level(&heard) - (SPEECH - 15.0)).abs() < 0.5, "{}", level(&heard));
    }

    #[test]
    fn the_same_seed_loses_the_same_packets() {
        let through = |seed| {
            let mut line = Line::new(None, 0.1, seed);
            (0..100i16).map(|i| line.pass(Frame([i * 50; FRAME_SAMPLES])).0).collect::<Vec<_>>()
        };
        assert_eq!(through(1), through(1));
        assert_ne!(through(1), through(2));
    }
}
