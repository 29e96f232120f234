//! All that is wrong, instead of the first of it: what has another form than it can have is taken out and the rest read again; what means nothing is
//! put aside, and what does not depend on it looked at all the same.

use serde::de::DeserializeOwned;

use super::fault::Fault;
use super::form;
use super::tree::{Node, Place};
use crate::config::key::Key;

/// Whoever made more mistakes than this reads them in two goes.
const MOST: usize = 20;

/// What was found to be wrong.
#[derive(Debug, Default)]
pub struct Faults(Vec<Fault>);

impl Faults {
    /// What came of it, if it is sound; else it is wrong.
    pub fn sound<T>(&mut self, outcome: Result<T, Fault>) -> Option<T> {
        outcome.map_err(|fault| self.add(fault)).ok()
    }

    /// This is wrong, too. What was found twice is told once.
    pub fn add(&mut self, fault: Fault) {
        if self.0.len() < MOST && self.0.iter().all(|known| known.key() != fault.key() || known.what() != fault.what()) {
            self.0.push(fault);
        }
    }

    /// One after the other.
    pub fn iter(&self) -> impl Iterator<Item = &Fault> {
        self.0.iter()
    }
}

/// Read what is written into a struct.
///
/// # Errors
/// All that has another form, each with the place where it stands.
pub fn read<T: DeserializeOwned>(written: &Node) -> Result<T, Vec<(Place, Fault)>> {
    let fault = match form::read(written) {
        Ok(read) => return Ok(read),
        Err(fault) => fault,
    };
    let (mut left, mut struck, mut found) = (written.clone(), Vec::new(), Vec::new());
    let mut next = Some(fault);
    while let Some(fault) = next.take().filter(|_| found.len() < MOST) {
        let (at, is_unknown) = (fault.key().clone(), fault.is_unknown());
        // What was taken out is not missing, nor perhaps what was written wrongly.
        let comes_of =
            |(key, is_unknown): &(Key, bool), missing: &Key| key == missing || *is_unknown && key.parent().0 == missing.parent().0;
        if fault.missing().is_none_or(|missing| !struck.iter().any(|before| comes_of(before, &missing))) {
            found.push((left.nearest(&at).clone(), fault));
        }
        if left.strike(&at) {
            struck.push((at, is_unknown));
            next = form::read::<T>(&left).err();
        }
    }
    Err(found)
}
