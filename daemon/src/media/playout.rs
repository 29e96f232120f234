//! The robot's mouth: what waits to be heard by the caller.
//!
//! The call actor puts sound in through [`Playout`]; the line takes one frame out per 20 ms of *its own* clock through
//! [`PlayoutClock`]. Both count samples, so that the actor knows what has been sent to the caller and what has not: a disclosure
//! counts as played when its [`Marker`] was reached, and a barge-in learns how much of a sentence was heard.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::watch;

use super::frame::{FRAME_SAMPLES, Frame, SAMPLE_RATE};
use super::tap::Tap;

/// No more than this much sound waits; a producer that is further ahead waits itself.
const CAPACITY: usize = 60 * SAMPLE_RATE as usize;

/// A point in the stream of sound. It is reached when all sound before it was sent, and never if some of that was thrown away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Marker {
    /// How often sound had been taken back when the point was made.
    cuts: usize,
    /// Samples sent by then, if everything goes out.
    at: u64,
}

#[derive(Default)]
struct Queue {
    waiting: VecDeque<i16>,
    /// Samples sent since the beginning.
    sent: u64,
    /// Each time that sound was taken back: how much had been sent. A point beyond its next cut is never reached.
    cuts: Vec<u64>,
}

/// The call's side: puts sound in, throws it away, waits until it was sent. Clones are the same mouth.
#[derive(Clone)]
pub struct Playout {
    queue: Arc<Mutex<Queue>>,
    sent: watch::Receiver<u64>,
    tap: Tap,
}

/// The line's side: takes a frame per tick. Dropping it means that the line is gone.
pub struct PlayoutClock {
    queue: Arc<Mutex<Queue>>,
    sent: watch::Sender<u64>,
    tap: Tap,
}

impl Queue {
    fn end(&self) -> Marker {
        Marker { cuts: self.cuts.len(), at: self.sent + self.waiting.len() as u64 }
    }

    fn has_sent(&self, marker: Marker) -> bool {
        let reach = self.cuts.get(marker.cuts).copied().unwrap_or(self.sent);
        reach >= marker.at
    }
}

fn lock(queue: &Mutex<Queue>) -> MutexGuard<'_, Queue> {
    // The queue holds plain samples: a panic elsewhere cannot leave it in a state that matters.
    queue.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Playout {
    /// A mouth and the clock that empties it.
    #[must_use]
    pub fn new() -> (Self, PlayoutClock) {
        let queue = Arc::new(Mutex::new(Queue::default()));
        let (sender, receiver) = watch::channel(0);
        let tap = Tap::default();
        (Self { queue: Arc::clone(&queue), sent: receiver, tap: tap.clone() }, PlayoutClock { queue, sent: sender, tap })
    }

    /// Where the call that this mouth speaks in can be overheard.
    #[must_use]
    pub fn tap(&self) -> &Tap {
        &self.tap
    }

    /// Put sound behind what waits already. Returns the point right after it, or `None` if 60 s wait already (nothing is taken).
    pub fn push(&self, samples: &[i16]) -> Option<Marker> {
        let mut queue = lock(&self.queue);
        if queue.waiting.len() + samples.len() > CAPACITY {
            return None;
        }
        queue.waiting.extend(samples);
        Some(queue.end())
    }

    /// Throw away all that waits, and return how much it was.
    pub fn clear(&self) -> Duration {
        let dropped = self.take().len();
        Duration::from_secs_f64(dropped as f64 / f64::from(SAMPLE_RATE))
    }

    /// Take back all that waits: the caller hears nothing more of it unless it is pushed again.
    #[must_use]
    pub fn take(&self) -> Vec<i16> {
        let mut queue = lock(&self.queue);
        let taken: Vec<i16> = queue.waiting.drain(..).collect();
        if !taken.is_empty() {
            let sent = queue.sent;
            queue.cuts.push(sent);
        }
        taken
    }

    /// Whether nothing waits.
    #[must_use]
    pub fn is_idle(&self) -> bool {
        lock(&self.queue).waiting.is_empty()
    }

    /// How much sound waits.
    #[must_use]
    pub fn waiting(&self) -> Duration {
        Duration::from_secs_f64(lock(&self.queue).waiting.len() as f64 / f64::from(SAMPLE_RATE))
    }

    /// Where the next sample would go.
    #[must_use]
    pub fn end(&self) -> Marker {
        lock(&self.queue).end()
    }

    /// Whether everything before `marker` was sent.
    #[must_use]
    pub fn has_sent(&self, marker: Marker) -> bool {
        lock(&self.queue).has_sent(marker)
    }

    /// Wait until everything before `marker` was sent. `false` if the line went away first. A marker behind sound that was thrown
    /// away is never reached: whoever clears the mouth stops waiting too.
    pub async fn sent(&self, marker: Marker) -> bool {
        let mut sent = self.sent.clone();
        sent.wait_for(|_| self.has_sent(marker)).await.is_ok()
    }
}

impl PlayoutClock {
    /// The next 20 ms for the line; silence if nothing waits. Never blocks.
    pub fn tick(&self) -> Frame {
        let frame = self.next();
        self.tap.speaks(&frame);
        frame
    }

    fn next(&self) -> Frame {
        let mut queue = lock(&self.queue);
        let take = queue.waiting.len().min(FRAME_SAMPLES);
        if take == 0 {
            return Frame::SILENCE;
        }
        let mut frame = Frame::SILENCE;
        for (slot, sample) in frame.0.iter_mut().zip(queue.waiting.drain(..take)) {
            *slot = sample;
        }
        queue.sent += take as u64;
        let sent = queue.sent;
        drop(queue);
        self.sent.send_replace(sent);
        frame
    }
}

impl Drop for PlayoutClock {
    /// The line is gone: there is nothing to be overheard any more.
    fn drop(&mut self) {
        self.tap.close();
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_short_sound_is_padded_with_silence_and_then_counts_as_sent() {
        let (mouth, clock) = Playout::new();
        let end = mouth.push(&[7; 200]).unwrap();
        assert_eq!(clock.tick(), Frame([7; FRAME_SAMPLES]));
        assert!(!mouth.has_sent(end));
        assert_eq!(clock.tick(), Frame::padded(&[7; 40]));
        assert!(mouth.has_sent(end));
        assert_eq!(clock.tick(), Frame::SILENCE);
    }

    #[test]
    fn what_was_thrown_away_is_not_counted_as_sent() {
        let (mouth, clock) = Playout::new();
        let end = mouth.push(&[7; 1600]).unwrap();
        clock.tick();
        assert_eq!(mouth.clear(), Duration::from_millis(180));
        assert!(mouth.is_idle());
        let later = mouth.push(&[8; 160]).unwrap();
        clock.tick();
        assert!(mouth.has_sent(later));
        assert!(!mouth.has_sent(end));
    }

    #[test]
    fn other_sound_never_reaches_the_point_behind_what_was_thrown_away() {
        let (mouth, clock) = Playout::new();
        let end = mouth.push(&[7; 320]).unwrap();
        clock.tick();
        mouth.clear();
        mouth.push(&[8; 3200]).unwrap();
        while !mouth.is_idle() {
            clock.tick();
        }
        assert!(!mouth.has_sent(end));
    }

    #[test]
    fn more_than_a_minute_is_not_taken() {
        let (mouth, _clock) = Playout::new();
        assert!(mouth.push(&vec![0; CAPACITY]).is_some());
        assert!(mouth.push(&[0]).is_none());
    }

    #[tokio::test]
    async fn whoever_waits_learns_that_the_line_is_gone() {
        let (mouth, clock) = Playout::new();
        let end = mouth.push(&[7; 320]).unwrap();
        drop(clock);
        assert!(!mouth.sent(end).await);
    }
}
