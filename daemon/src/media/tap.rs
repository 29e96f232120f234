//! A call overheard: what its caller says and what they hear, for somebody who listens along.
//!
//! Two sides put frames in: the line's clock, what it has just sent ([`super::PlayoutClock::tick`]), and the call's ears, what they were given of the caller
//! (`speech::Ears::push`): so nothing of a caller is overheard before they were told that a robot speaks, and nothing that the robot does not hear itself. The
//! line's clock sets the pace. Nobody waits here: whoever listens too slowly misses frames, and while nobody listens, a flag is all that is looked at.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::mpsc;

use super::frame::{FRAME_SAMPLES, Frame};

/// No more listen to one call.
pub const MOST_LISTENERS: usize = 4;
/// So many frames wait for a listener: a second.
const WAITING: usize = 50;
/// More of the caller than this does not wait for the line's clock: 100 ms.
const LATEST: usize = 5;

/// 20 ms of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Overheard {
    /// What the caller said, as far as the robot listened.
    pub caller: Frame,
    /// What they heard.
    pub robot: Frame,
}

impl Overheard {
    /// How many bytes [`Overheard::interleaved`] makes.
    pub const BYTES: usize = 4 * FRAME_SAMPLES;

    /// Stereo, the caller left and the robot right: 16-bit samples, little endian.
    #[must_use]
    pub fn interleaved(&self) -> [u8; Self::BYTES] {
        let mut bytes = [0; Self::BYTES];
        for ((both, caller), robot) in bytes.as_chunks_mut::<4>().0.iter_mut().zip(self.caller.0).zip(self.robot.0) {
            let ([a, b], [c, d]) = (caller.to_le_bytes(), robot.to_le_bytes());
            *both = [a, b, c, d];
        }
        bytes
    }

    /// What [`Overheard::interleaved`] made.
    #[must_use]
    pub fn parted(bytes: &[u8; Self::BYTES]) -> Self {
        let mut both = Self { caller: Frame::SILENCE, robot: Frame::SILENCE };
        for ((&[a, b, c, d], caller), robot) in bytes.as_chunks::<4>().0.iter().zip(&mut both.caller.0).zip(&mut both.robot.0) {
            (*caller, *robot) = (i16::from_le_bytes([a, b]), i16::from_le_bytes([c, d]));
        }
        both
    }

    /// Both in one, for a single loudspeaker.
    #[must_use]
    pub fn mixed(&self) -> Frame {
        let mut frame = self.caller;
        for (sample, robot) in frame.0.iter_mut().zip(self.robot.0) {
            *sample = sample.saturating_add(robot);
        }
        frame
    }
}

/// Why nobody can listen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TapFault {
    /// The call is over, or the caller talks with a person.
    #[error("there is nothing to be heard any more")]
    Closed,
    /// Too many do already.
    #[error("{MOST_LISTENERS} listen to the call already")]
    Crowded,
}

#[derive(Default)]
struct Sides {
    closed: bool,
    listeners: Vec<mpsc::Sender<Overheard>>,
    /// What the caller said and the clock has not come to.
    caller: VecDeque<Frame>,
}

/// Where a call can be overheard. Clones are the same call's.
#[derive(Clone, Default)]
pub struct Tap {
    /// Whether anybody listens.
    wanted: Arc<AtomicBool>,
    sides: Arc<Mutex<Sides>>,
}

impl Tap {
    /// Listen along from now on. The channel ends with the call, or when nobody may listen any more; whoever drops it has stopped listening.
    ///
    /// # Errors
    /// If nobody may any more, or too many do.
    pub fn listen(&self) -> Result<mpsc::Receiver<Overheard>, TapFault> {
        let mut sides = self.sides();
        if sides.closed {
            return Err(TapFault::Closed);
        }
        sides.listeners.retain(|listener| !listener.is_closed());
        if sides.listeners.len() >= MOST_LISTENERS {
            return Err(TapFault::Crowded);
        }
        let (listener, overheard) = mpsc::channel(WAITING);
        sides.listeners.push(listener);
        self.wanted.store(true, Ordering::Release);
        Ok(overheard)
    }

    /// Nobody listens any more, for good.
    pub fn close(&self) {
        let mut sides = self.sides();
        *sides = Sides { closed: true, ..Sides::default() };
        self.wanted.store(false, Ordering::Release);
    }

    /// The ears were given this of the caller. For ears alone: they hold the proof that the caller was told.
    pub(crate) fn hears(&self, frame: &Frame) {
        if !self.is_wanted() {
            return;
        }
        let mut sides = self.sides();
        // Two clocks are never quite alike, and what came late stays late.
        if sides.caller.len() >= LATEST {
            sides.caller.pop_front();
        }
        sides.caller.push_back(*frame);
    }

    /// The line's clock has sent this.
    pub(super) fn speaks(&self, frame: &Frame) {
        if !self.is_wanted() {
            return;
        }
        let mut sides = self.sides();
        let caller = sides.caller.pop_front().unwrap_or(Frame::SILENCE);
        let both = Overheard { caller, robot: *frame };
        sides.listeners.retain(|listener| !matches!(listener.try_send(both), Err(mpsc::error::TrySendError::Closed(_))));
        if sides.listeners.is_empty() {
            sides.caller.clear();
            self.wanted.store(false, Ordering::Release);
        }
    }

    fn is_wanted(&self) -> bool {
        self.wanted.load(Ordering::Acquire)
    }

    fn sides(&self) -> MutexGuard<'_, Sides> {
        // Plain samples: a panic elsewhere cannot leave them in a state that matters.
        self.sides.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use proptest::prelude::*;

    use super::*;

    fn frame(level: i16) -> Frame {
        Frame([level; FRAME_SAMPLES])
    }

    fn levels(overheard: &mut mpsc::Receiver<Overheard>) -> Vec<(i16, i16)> {
        std::iter::from_fn(|| overheard.try_recv().ok()).map(|both| (both.caller.0[0], both.robot.0[0])).collect()
    }

    #[test]
    fn each_side_is_heard_in_its_order_and_the_line_s_clock_sets_the_pace() {
        let tap = Tap::default();
        tap.hears(&frame(9));
        let mut overheard = tap.listen().unwrap();
        tap.hears(&frame(1));
        tap.hears(&frame(2));
        (3..6).for_each(|level| tap.speaks(&frame(level)));
        assert_eq!(levels(&mut overheard), [(1, 3), (2, 4), (0, 5)], "and nothing from before somebody listened");
    }

    #[test]
    fn whoever_is_slow_misses_frames_and_delays_nobody() {
        let tap = Tap::default();
        let (mut stuck, mut quick) = (tap.listen().unwrap(), tap.listen().unwrap());
        for level in 0..1_000 {
            tap.speaks(&frame(level));
            assert_eq!(levels(&mut quick), [(0, level)]);
        }
        assert_eq!(levels(&mut stuck).len(), WAITING);
    }

    #[test]
    fn when_it_is_closed_it_ends_for_those_who_listen_and_nobody_else_may() {
        let tap = Tap::default();
        let mut overheard = tap.listen().unwrap();
        tap.close();
        tap.speaks(&frame(1));
        tap.hears(&frame(1));
        assert_eq!(overheard.try_recv(), Err(mpsc::error::TryRecvError::Disconnected));
        assert_eq!(tap.listen().err(), Some(TapFault::Closed));
    }

    #[test]
    fn no_more_than_a_few_listen_and_whoever_leaves_makes_room() {
        let tap = Tap::default();
        let mut all: Vec<_> = (0..MOST_LISTENERS).map(|_| tap.listen().unwrap()).collect();
        assert_eq!(tap.listen().err(), Some(TapFault::Crowded));
        all.pop();
        assert!(tap.listen().is_ok());
    }

    #[test]
    fn two_loud_voices_do_not_wrap_round() {
        assert_eq!(Overheard { caller: frame(i16::MAX), robot: frame(5) }.mixed(), frame(i16::MAX));
    }

    proptest! {
        #[test]
        fn what_is_handed_over_is_what_was_overheard(
            caller in prop::array::uniform32(any::<i16>()),
            robot in prop::array::uniform32(any::<i16>()),
        ) {
            let both = Overheard { caller: Frame::padded(&caller), robot: Frame::padded(&robot) };
            prop_assert_eq!(Overheard::parted(&both.interleaved()), both);
        }

        #[test]
        fn however_the_two_sides_come_little_waits_and_nobody_hears_more_than_was_sent(sides in prop::collection::vec(any::<bool>(), 0..400)) {
            let tap = Tap::default();
            let mut overheard = tap.listen().unwrap();
            let (mut sent, mut got) = (0, Vec::new());
            for (n, speaks) in (1..).zip(&sides) {
                if *speaks {
                    tap.speaks(&frame(n));
                    sent += 1;
                } else {
                    tap.hears(&frame(n));
                }
                prop_assert!(tap.sides().caller.len() <= LATEST);
                got.extend(levels(&mut overheard));
            }
            prop_assert_eq!(got.len(), sent);
            let callers: Vec<i16> = got.iter().map(|(caller, _)| *caller).filter(|level| *level != 0).collect();
            prop_assert!(callers.is_sorted());
        }
    }
}
