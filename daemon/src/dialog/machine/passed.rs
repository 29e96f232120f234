//! Which parts of the scenario a dialog has come through, for whoever asks what its conversations have touched.

use std::collections::BTreeSet;

use crate::dialog::scenario::Intent;
use crate::lines::Key;

/// What a dialog has come through.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Passed {
    /// Steps of flows: the flow's place, and the step's place in it.
    pub steps: BTreeSet<(usize, usize)>,
    /// Keys, and the wishes that they stood for.
    pub keys: BTreeSet<(char, Intent)>,
}

impl Passed {
    pub(super) fn step(&mut self, flow: usize, at: usize) {
        self.steps.insert((flow, at));
    }

    pub(super) fn key(&mut self, key: Key, wish: Intent) {
        self.keys.insert((key.char(), wish));
    }

    /// And what another has.
    pub fn add(&mut self, other: &Self) {
        self.steps.extend(&other.steps);
        self.keys.extend(&other.keys);
    }
}
