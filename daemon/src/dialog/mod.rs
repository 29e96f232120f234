//! What the robot decides: events in, actions out, no I/O. A [`Dialog`] follows a [`Scenario`] that the office wrote; the call actor
//! carries its actions out and tells it what came of them. Everything here is tested with text alone.
//!
//! Understanding goes through layers, cheapest first: a key of the telephone, words that decide ([`Scenario`]'s `words`), how likely it
//! is that one of the scenario's intents or a passage of the office's knowledge is meant ([`retrieval`]), and only then, when none is sure, the
//! language model ([`thinking`]), which weighs them against each other, or quotes the caller's own words, and never speaks on its own.

mod action;
mod answers;
mod asks;
mod circumstances;
mod improvement;
pub mod knowledge;
mod machine;
mod message;
pub mod office;
mod order;
pub(crate) mod recipient;
pub mod rehearsal;
pub mod report;
pub mod retrieval;
mod scenario;
pub mod slots;
mod thinking;
mod turn;
mod understanding;
mod wording;
pub mod words;
mod yes_or_no;

pub use action::{About, Action, Expected, Farewell, Input, Note, Patience, Said, Step};
pub use answers::{Answers, SURE, Tells};
pub use asks::Asks;
pub use circumstances::Circumstances;
pub use improvement::Candidate;
pub use knowledge::Passage;
pub use machine::Dialog;
pub use scenario::{Direction, Folder, Intent, Page, Scenario, ScenarioError, Schema};
pub use thinking::{Calibration, Choice, Question, Quotation, Quote, Quoted};
pub use turn::{Judge, Told, Verdict, Witness};
pub use wording::{Ladder, Line, Wording};
