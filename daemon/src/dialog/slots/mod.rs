//! What a form collects: typed values out of what a caller says or presses, and how they are said back. Pure: the moment and the office's
//! time zone are handed in ([`Context`]), and nothing is looked up.
//!
//! A scenario gives each slot a [`Kind`]. [`read`] reads an answer to the question for one, [`read_all`] a sentence that tells of several; both
//! give a [`Reading`]: a [`Value`], a [`Part`] of one that the next answer completes, a value that the slot does not allow, or the caller's
//! "I don't know". [`Value::spoken`] says it back, and [`correct`] understands what callers answer to that. [`completeness`] tells
//! turn-taking whether more must come, and [`read_keys`] is for those who press instead.

pub mod answers_by_sound;
pub mod by_sound;
mod choice;
mod completeness;
mod context;
mod correction;
mod country;
mod instead;
mod keyed;
mod kind;
mod objection;
mod part;
mod pattern;
mod phrases;
mod reading;
mod signs;
mod spoken;
mod value;
mod written;

pub use choice::Choice;
pub use completeness::{Completeness, completeness, completeness_of_anything, completeness_of_correction};
pub use context::Context;
pub use correction::{Correction, Held, correct};
pub use country::Country;
pub use instead::told_instead;
pub use keyed::{How, Keyed, how, read_keys};
pub use kind::{Kind, Limits, Window};
pub use objection::{Objection, PartName};
pub use part::{Lacks, Part, When};
pub use pattern::Pattern;
pub use reading::{
    Bound, Reading, Sure, declines_a_number, is_nothing_but_digits, read, read_all, speaks_of_a_number, telephone, telephone_named,
    told_exactly,
};
pub use value::Value;
