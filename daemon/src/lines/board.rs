//! All lines of the house, as the admin's and the fleet manager's sides see them.

use std::sync::Arc;

use tokio::sync::{mpsc, watch};

use super::{Dialler, LineCommand, LineId, LineKind, LineStatus};

/// One line, seen from outside.
#[derive(Clone)]
pub struct LineHandle {
    /// Its name.
    pub id: LineId,
    /// What stands behind it.
    pub kind: LineKind,
    /// How it is; changes wake whoever waits.
    pub status: watch::Receiver<LineStatus>,
    /// What people can do to it.
    pub commands: mpsc::Sender<LineCommand>,
    /// What places calls on it, if it can place any.
    pub dialler: Option<Dialler>,
}

impl LineHandle {
    /// Whether this is the same line, and not one that took its name when it was gone.
    #[must_use]
    pub fn is(&self, other: &Self) -> bool {
        self.status.same_channel(&other.status)
    }
}

/// All lines, which come and go with the configuration. Clones are the same board.
#[derive(Clone)]
pub struct Board(Arc<watch::Sender<Arc<[LineHandle]>>>);

impl Default for Board {
    fn default() -> Self {
        Self::new(Vec::new())
    }
}

impl Board {
    /// A board of these lines.
    #[must_use]
    pub fn new(lines: Vec<LineHandle>) -> Self {
        Self(Arc::new(watch::Sender::new(lines.into())))
    }

    /// Every line that there is now, in the configuration's order; then those that are no longer in it and carry their last calls.
    #[must_use]
    pub fn lines(&self) -> Arc<[LineHandle]> {
        Arc::clone(&self.0.borrow())
    }

    /// The line of that name.
    #[must_use]
    pub fn line(&self, id: &str) -> Option<LineHandle> {
        self.0.borrow().iter().find(|line| line.id.as_str() == id).cloned()
    }

    /// Hear of lines that come and go.
    #[must_use]
    pub fn watch(&self) -> watch::Receiver<Arc<[LineHandle]>> {
        self.0.subscribe()
    }

    /// There are these lines from now on.
    pub fn put(&self, lines: Vec<LineHandle>) {
        self.0.send_replace(lines.into());
    }
}
