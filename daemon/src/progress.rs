//! Whether the workers get on: heartbeats that cost one atomic store each.
//!
//! A worker (the threads of models, the records', a line's audio threads) registers a [`Heartbeat`] with the longest time that one job may take. It marks
//! when it begins a job and when it rests. Idle for ever is fine; busy with one job for longer than its bound is not, and then the
//! watchdog is not fed any more ([`crate::service::notify`]).

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;

use tokio::time::Instant;

/// All heartbeats of the house. Clones are the same set.
#[derive(Clone)]
pub struct Progress(Arc<Shared>);

struct Shared {
    epoch: Instant,
    beats: Mutex<Vec<Weak<Beat>>>,
}

#[derive(Debug)]
struct Beat {
    name: String,
    bound: Duration,
    /// Nanoseconds since the epoch, plus one, at which the present job began; 0 while idle.
    busy_since: AtomicU64,
}

/// One worker's heartbeat. Dropped with its worker, it is watched no more.
#[derive(Debug)]
pub struct Heartbeat {
    beat: Arc<Beat>,
    epoch: Instant,
}

/// A job under way; the worker rests when this is dropped.
pub struct Busy<'a>(&'a Heartbeat);

/// A worker that does not get on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stuck {
    /// The worker.
    pub name: String,
    /// For how long it has been at one job.
    pub busy: Duration,
    /// How long it may be.
    pub bound: Duration,
}

impl Default for Progress {
    fn default() -> Self {
        Self(Arc::new(Shared { epoch: Instant::now(), beats: Mutex::default() }))
    }
}

impl Progress {
    /// Watch a worker whose jobs take no longer than `bound`.
    #[must_use]
    pub fn register(&self, name: impl Into<String>, bound: Duration) -> Heartbeat {
        let beat = Arc::new(Beat { name: name.into(), bound, busy_since: AtomicU64::new(0) });
        let mut beats = self.0.beats.lock().unwrap_or_else(PoisonError::into_inner);
        beats.retain(|beat| beat.strong_count() > 0);
        beats.push(Arc::downgrade(&beat));
        Heartbeat { beat, epoch: self.0.epoch }
    }

    /// The worker that has been stuck longest, if one is.
    #[must_use]
    pub fn stuck(&self) -> Option<Stuck> {
        self.stuck_at(Instant::now())
    }

    pub(crate) fn stuck_at(&self, now: Instant) -> Option<Stuck> {
        let now = now.saturating_duration_since(self.0.epoch);
        let beats = self.0.beats.lock().unwrap_or_else(PoisonError::into_inner);
        beats.iter().filter_map(Weak::upgrade).filter_map(|beat| beat.stuck(now)).max_by_key(|stuck| stuck.busy)
    }
}

impl Beat {
    fn stuck(&self, now: Duration) -> Option<Stuck> {
        let since = self.busy_since.load(Ordering::Relaxed).checked_sub(1)?;
        let busy = now.saturating_sub(Duration::from_nanos(since));
        (busy > self.bound).then(|| Stuck { name: self.name.clone(), busy, bound: self.bound })
    }
}

impl Heartbeat {
    /// A job begins; it is over when the guard is dropped.
    #[must_use]
    pub fn busy(&self) -> Busy<'_> {
        self.on();
        Busy(self)
    }

    /// The present job got on: its time is counted anew.
    pub fn on(&self) {
        let since = u64::try_from(self.epoch.elapsed().as_nanos()).unwrap_or(u64::MAX - 1);
        self.beat.busy_since.store(since + 1, Ordering::Relaxed);
    }
}

impl Busy<'_> {
    /// The worker has given up: it counts as stuck for as long as the house stands.
    pub fn for_ever(self) {
        std::mem::forget(Arc::clone(&self.0.beat));
        std::mem::forget(self);
    }
}

impl Drop for Busy<'_> {
    fn drop(&mut self) {
        self.0.beat.busy_since.store(0, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BOUND: Duration = Duration::from_secs(10);

    fn later(seconds: u64) -> Instant {
        Instant::now() + Duration::from_secs(seconds)
    }

    #[test]
    fn an_idle_worker_is_never_stuck() {
        let progress = Progress::default();
        let heart = progress.register("recognizer", BOUND);
        assert_eq!(progress.stuck_at(later(3600)), None);
        drop(heart.busy());
        assert_eq!(progress.stuck_at(later(3600)), None);
    }

    #[test]
    fn a_worker_is_stuck_once_its_job_outlasts_its_bound() {
        let progress = Progress::default();
        let heart = progress.register("recognizer", BOUND);
        let _job = heart.busy();
        assert_eq!(progress.stuck_at(later(9)), None);
        assert_eq!(progress.stuck_at(later(11)).map(|stuck| stuck.name), Some("recognizer".to_owned()));
    }

    #[test]
    fn the_worker_that_is_stuck_longest_is_named() {
        let progress = Progress::default();
        let (slow, slower) = (progress.register("a", BOUND * 2), progress.register("b", BOUND));
        let _jobs = (slower.busy(), slow.busy());
        assert_eq!(progress.stuck_at(later(100)).map(|stuck| stuck.name), Some("b".to_owned()));
    }

    #[test]
    fn a_worker_that_left_is_not_waited_for() {
        let progress = Progress::default();
        let heart = progress.register("line", BOUND);
        heart.on();
        drop(heart);
        assert_eq!(progress.stuck_at(later(100)), None);
    }

    #[test]
    fn a_worker_that_gave_up_is_stuck_even_when_it_is_gone() {
        let progress = Progress::default();
        let heart = progress.register("voice", BOUND);
        heart.busy().for_ever();
        drop(heart);
        assert!(progress.stuck_at(later(100)).is_some_and(|stuck| stuck.name == "voice"));
    }
}
