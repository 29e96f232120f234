//! What the robot decides: events in, actions out, no I/O. A [`Dialog`] follows a [`Scenario`] that the office wrote; the call actor
//! carries its actions out and tells it what came of them. Everything here is tested with text alone.
//!
//! Understanding goes through layers, cheapest first: a key of the telephone, words that decide ([`Scenario`]'s `words`), closeness to
//! the scenario's examples and the office's knowledge ([`index`]), and only then, when two candidates are about as good, the language
//! model, which chooses between them and never speaks on its own.

mod action;
pub mod index;
mod knowledge;
mod machine;
mod message;
pub(crate) mod recipient;
pub mod rehearsal;
mod scenario;
pub mod slots;
mod understanding;
mod wording;
pub mod words;

pub use action::{Action, Expected, Farewell, Input, Note, Patience, Question, Step};
pub use knowledge::Passage;
pub use machine::Dialog;
pub use scenario::{Folder, Intent, Page, Scenario, ScenarioError, Schema};
pub use wording::{Ladder, Line, Wording};
