//! All lines of the house, as the admin's and the fleet manager's sides see them.

use tokio::sync::{mpsc, watch};

use super::{LineCommand, LineId, LineKind, LineStatus};

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
}

/// All lines. Their number is fixed while the daemon runs.
#[derive(Clone, Default)]
pub struct Board(Vec<LineHandle>);

impl Board {
    /// A board of these lines.
    #[must_use]
    pub fn new(lines: Vec<LineHandle>) -> Self {
        Self(lines)
    }

    /// Every line, in the configuration's order.
    #[must_use]
    pub fn lines(&self) -> &[LineHandle] {
        &self.0
    }

    /// The line of that name.
    #[must_use]
    pub fn line(&self, id: &str) -> Option<&LineHandle> {
        self.0.iter().find(|line| line.id.as_str() == id)
    }
}
