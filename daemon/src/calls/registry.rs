//! Which calls there are.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::{broadcast, mpsc, watch};

use super::{CallId, Event, Snapshot};
use crate::media::Tap;

/// What the admin can ask of a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// End it politely: the robot says goodbye and hangs up.
    Hangup,
    /// Pass it to a person, by the name that the configuration gives them (`[people.NAME]`).
    Transfer(String),
}

/// One call, seen from outside.
#[derive(Clone)]
pub struct CallHandle {
    /// Its name.
    pub id: CallId,
    /// How it is; changes wake whoever waits. The sender is gone once the call is over.
    pub snapshot: watch::Receiver<Snapshot>,
    /// What can be asked of it.
    pub commands: mpsc::Sender<Command>,
    /// Where it can be overheard.
    pub tap: Tap,
}

/// How many events may wait for a slow listener before it misses the oldest.
const EVENTS: usize = 256;

/// Which calls there are, and what happens in them. Clones are the same registry.
#[derive(Clone)]
pub struct Registry {
    calls: Arc<Mutex<BTreeMap<CallId, CallHandle>>>,
    events: broadcast::Sender<Event>,
}

impl Default for Registry {
    fn default() -> Self {
        Self { calls: Arc::default(), events: broadcast::Sender::new(EVENTS) }
    }
}

impl Registry {
    /// Every call that is not over, oldest first.
    #[must_use]
    pub fn calls(&self) -> Vec<CallHandle> {
        self.lock().values().cloned().collect()
    }

    /// The call of that name.
    #[must_use]
    pub fn call(&self, id: CallId) -> Option<CallHandle> {
        self.lock().get(&id).cloned()
    }

    /// How many calls there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.lock().len()
    }

    /// Whether there is no call.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.lock().is_empty()
    }

    /// Hear of everything from now on.
    #[must_use]
    pub fn events(&self) -> broadcast::Receiver<Event> {
        self.events.subscribe()
    }

    /// Enter a call and tell of it. It is in the registry for as long as the place is held.
    #[must_use]
    pub fn enter(&self, call: CallHandle) -> Place {
        let id = call.id;
        self.lock().insert(id, call);
        self.tell(Event::Began(id));
        Place { registry: self.clone(), id }
    }

    /// Tell of something.
    pub fn tell(&self, event: Event) {
        // Nobody listening is no fault.
        let _ = self.events.send(event);
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<CallId, CallHandle>> {
        self.calls.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A call's place in the registry. Dropped, however that comes about, it is free for the next call.
pub struct Place {
    registry: Registry,
    id: CallId,
}

impl Drop for Place {
    fn drop(&mut self) {
        self.registry.lock().remove(&self.id);
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::calls::{Direction, State};
    use crate::config::Generation;
    use crate::lines::{LineId, Party};

    #[test]
    fn a_call_that_ends_by_a_fault_of_the_program_leaves_its_place_too() {
        let registry = Registry::default();
        let id = CallId::new();
        let (_sender, snapshot) = watch::channel(Snapshot {
            id,
            line: LineId::new("office").unwrap(),
            direction: Direction::Taken,
            caller: Party::default(),
            started: jiff::Timestamp::now(),
            state: State::Ringing,
            generation: Generation::FIRST,
            scenario: String::new(),
            disclosed: false,
            turns: 0,
        });
        let place = registry.enter(CallHandle { id, snapshot, commands: mpsc::channel(1).0, tap: Tap::default() });
        assert_eq!(registry.len(), 1);
        let fault = std::thread::spawn(move || {
            let _place = place;
            std::panic::resume_unwind(Box::new("a fault of the program"));
        });
        assert!(fault.join().is_err());
        assert!(registry.is_empty());
    }
}
