//! Which configuration: counted from 1 at each start of the robot, one more each time that it is read anew and in force.

use std::fmt;

/// A configuration that was in force, and the scenario as it was read with it. A call keeps the one that it began with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Generation(u64);

impl Generation {
    /// The one that the robot starts with.
    pub const FIRST: Self = Self(1);

    /// That of this number.
    #[must_use]
    pub fn of(number: u64) -> Self {
        Self(number)
    }

    /// The one after it.
    #[must_use]
    pub fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }

    /// Its number.
    #[must_use]
    pub fn get(self) -> u64 {
        self.0
    }
}

impl fmt::Display for Generation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
