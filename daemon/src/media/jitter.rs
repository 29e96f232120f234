//! The jitter buffer: packets in as the network delivers them, 20 ms frames out as the ear needs them.
//!
//! Sound is kept by its RTP timestamp, sample by sample, in a ring of one second. So packets of any length, out of order or twice, find
//! their place by themselves, and nothing is counted by sequence numbers. One place in the ring is *now*: each tick takes the
//! 160 samples behind it. How far now lies behind the newest sample is the delay, and three rules keep it as short as the network
//! allows:
//!
//! * When the ring is empty, now waits: a packet that was only late is still played, and the delay has grown by itself. After 120 ms
//!   of waiting the stream counts as paused.
//! * When there is sound ahead but none for now, it is lost, unless the wait before has already stood in for it.
//! * When over half a second there was always a frame more than needed, two frames are blended into one. The same rule follows a
//!   sender whose clock is faster than ours; the first one follows a slower one.
//!
//! How much is needed (the target) begins at two frames, grows when sound came too late, and shrinks after a long calm.

use super::frame::{FRAME_SAMPLES, Frame};

/// Samples in the ring; half of it lies ahead of now, half behind. A power of two.
const RING: usize = 8192;
const HALF: i64 = RING as i64 / 2;
const STEP: i64 = FRAME_SAMPLES as i64;
/// The longest packet that is taken: 120 ms.
pub const LONGEST_PACKET: usize = 960;
/// Frames of delay: the least, at the beginning, and the most (20, 40 and 120 ms).
const LEAST: u32 = 1;
const FIRST: u32 = 2;
const MOST: u32 = 6;
/// More than this ahead of now (320 ms) is a burst after a stall: it is jumped over.
const BURST: i64 = 16 * STEP;
/// How many ticks are watched before the delay is shortened: half a second.
const WATCHED: u32 = 25;
/// How many calm ticks lower the target: 10 s at first, doubled up to 80 s by every relapse.
const CALM: u32 = 500;
const CALMEST: u32 = 4000;

/// What a tick took out of the buffer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Taken {
    /// The sender's sound.
    Sound,
    /// Sound was sent and did not come: conceal it.
    Lost,
    /// Nothing was sent: silence.
    Nothing,
}

/// One stream's buffer. About 24 KiB.
pub struct JitterBuffer {
    samples: Box<[i16; RING]>,
    /// Which samples have come; behind now, which have come in time.
    have: Box<[bool; RING]>,
    /// `None` until a packet comes, and again when the stream pauses.
    stream: Option<Stream>,
    target: u32,
    calm: u32,
    patience: u32,
    /// Where a packet far from now ended: a second one that follows it begins a new stream there.
    astray: Option<u32>,
}

/// Where we are. Positions are RTP timestamps without their wrap.
struct Stream {
    now: i64,
    /// Behind the newest sample.
    end: i64,
    /// Ticks to wait before the first frame.
    lead: u32,
    started: bool,
    /// Ticks spent waiting with nothing in the ring.
    waited: u32,
    watched: u32,
    /// The least that lay ahead while watched.
    least: i64,
    shorten: bool,
}

impl Default for JitterBuffer {
    fn default() -> Self {
        Self {
            samples: Box::new([0; RING]),
            have: Box::new([false; RING]),
            stream: None,
            target: FIRST,
            calm: 0,
            patience: CALM,
            astray: None,
        }
    }
}

fn slot(position: i64) -> usize {
    position.rem_euclid(RING as i64) as usize
}

impl JitterBuffer {
    /// Forget the stream: another one begins.
    pub fn reset(&mut self) {
        self.stream = None;
        self.astray = None;
    }

    /// How long sound waits at least, in frames of 20 ms.
    #[must_use]
    pub fn target(&self) -> u32 {
        self.target
    }

    /// How much lies ahead of now, in samples.
    #[must_use]
    pub fn ahead(&self) -> usize {
        self.stream.as_ref().map_or(0, |stream| usize::try_from(stream.end - stream.now).unwrap_or(0))
    }

    /// A packet's sound came.
    pub fn put(&mut self, timestamp: u32, sound: &[i16]) {
        if sound.is_empty() || sound.len() > LONGEST_PACKET {
            return;
        }
        let length = sound.len() as i64;
        let Some(stream) = &mut self.stream else { return self.begin(timestamp, sound) };
        // The nearest position to now that has this timestamp.
        let offset = i64::from(timestamp.wrapping_sub(stream.now as u32).cast_signed());
        if offset + length > HALF || offset < -HALF {
            return self.stray(timestamp, sound);
        }
        let position = stream.now + offset;
        if offset < 0 && !stream.started {
            // Nothing was played yet: the stream simply begins earlier.
            stream.now = position;
        }
        let too_late = position + length <= stream.now;
        stream.end = stream.end.max(position + length);
        self.astray = None;
        if too_late {
            self.too_late(position);
        }
        self.store(position, sound);
    }

    fn begin(&mut self, timestamp: u32, sound: &[i16]) {
        self.have.fill(false);
        let now = i64::from(timestamp);
        self.stream = Some(Stream {
            now,
            end: now + sound.len() as i64,
            lead: self.target - 1,
            started: false,
            waited: 0,
            watched: 0,
            least: i64::MAX,
            shorten: false,
        });
        self.astray = None;
        self.store(now, sound);
    }

    /// A packet far from now: noise if it stays alone, the sender's new clock if another follows it.
    fn stray(&mut self, timestamp: u32, sound: &[i16]) {
        if self.astray == Some(timestamp) {
            self.begin(timestamp, sound);
        } else {
            self.astray = Some(timestamp.wrapping_add(sound.len() as u32));
        }
    }

    /// Sound for a moment that has passed. Unless it is a copy of what was played, more delay would have saved it.
    fn too_late(&mut self, position: i64) {
        if !self.have[slot(position)] {
            self.more_delay(1);
        }
    }

    fn more_delay(&mut self, frames: u32) {
        self.target = (self.target + frames).min(MOST);
        self.patience = (self.patience * 2).min(CALMEST);
        self.calm = 0;
    }

    fn store(&mut self, position: i64, sound: &[i16]) {
        for (at, &sample) in (position..).zip(sound) {
            self.samples[slot(at)] = sample;
            self.have[slot(at)] = true;
        }
    }

    /// Take the next 20 ms. `frame` is written only if there is sound.
    pub fn take(&mut self, frame: &mut Frame) -> Taken {
        let Some(stream) = &mut self.stream else { return Taken::Nothing };
        if stream.lead > 0 {
            stream.lead -= 1;
            return Taken::Nothing;
        }
        stream.started = true;
        if stream.end <= stream.now {
            stream.waited += 1;
            if stream.waited > MOST {
                self.stream = None;
                return Taken::Nothing;
            }
            return Taken::Lost;
        }
        self.catch_up();
        let taken = self.take_now(frame);
        self.watch();
        taken
    }

    /// The wait is over. If its frames never came it has stood in for them; if they came late, the delay was too short.
    fn catch_up(&mut self) {
        let Some(stream) = &mut self.stream else { return };
        let burst = stream.end - stream.now > BURST;
        let mut waited = std::mem::take(&mut stream.waited);
        while waited > 0 && self.is_missing() {
            self.step();
            waited -= 1;
        }
        if waited > 0 && !burst {
            self.more_delay(waited);
        }
        let target = i64::from(self.target);
        if let Some(stream) = self.stream.as_ref().filter(|_| burst) {
            for _ in 0..(stream.end - stream.now) / STEP - target {
                self.step();
            }
        }
    }

    fn take_now(&mut self, frame: &mut Frame) -> Taken {
        let Some(stream) = &mut self.stream else { return Taken::Nothing };
        stream.least = stream.least.min(stream.end - stream.now);
        let now = stream.now;
        let shorten = stream.shorten && self.is_whole(now) && self.is_whole(now + STEP);
        let whole = self.is_whole(now);
        if whole {
            for (at, sample) in (now..).zip(&mut frame.0) {
                *sample = self.samples[slot(at)];
            }
        }
        self.step();
        if shorten {
            self.blend_next(frame);
        }
        if whole { Taken::Sound } else { Taken::Lost }
    }

    /// Make one frame of this and the next: the first fades out while the second fades in.
    fn blend_next(&mut self, frame: &mut Frame) {
        let Some(stream) = &mut self.stream else { return };
        stream.shorten = false;
        let now = stream.now;
        for (i, sample) in frame.0.iter_mut().enumerate() {
            let next = i32::from(self.samples[slot(now + i as i64)]);
            let mixed = i32::from(*sample) * (STEP as i32 - i as i32) + next * i as i32;
            *sample = (mixed / STEP as i32) as i16;
        }
        self.step();
    }

    fn watch(&mut self) {
        let Some(stream) = &mut self.stream else { return };
        stream.watched += 1;
        if stream.watched >= WATCHED {
            stream.shorten = stream.least / STEP > i64::from(self.target);
            stream.watched = 0;
            stream.least = i64::MAX;
        }
        self.calm += 1;
        if self.calm >= self.patience {
            self.calm = 0;
            self.target = (self.target - 1).max(LEAST);
        }
    }

    /// Now moves on by a frame; what comes into reach at the far end is empty.
    fn step(&mut self) {
        let Some(stream) = &mut self.stream else { return };
        for at in stream.now + HALF..stream.now + HALF + STEP {
            self.have[slot(at)] = false;
        }
        stream.now += STEP;
    }

    fn is_whole(&self, position: i64) -> bool {
        (position..position + STEP).all(|at| self.have[slot(at)])
    }

    fn is_missing(&self) -> bool {
        self.stream.as_ref().is_some_and(|stream| stream.now + STEP < stream.end && !self.is_whole(stream.now))
    }
}

#[cfg(test)]
mod tests;
