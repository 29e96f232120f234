//! What a dialog is told of its call before anybody has said a word.

use jiff::Zoned;

/// The call that a dialog is held in.
#[derive(Clone, Debug)]
pub struct Circumstances {
    /// When it began, in the office's time zone: "tomorrow" is counted from here.
    pub now: Zoned,
    /// How many calls there are then, this one with them.
    pub calls: usize,
}

impl Circumstances {
    /// A call of which nothing is known but when it began.
    #[must_use]
    pub fn at(now: Zoned) -> Self {
        Self { now, calls: 1 }
    }

    /// The same, one of so many calls.
    #[must_use]
    pub fn one_of(self, calls: usize) -> Self {
        Self { calls, ..self }
    }
}
