//! What the models share about text.

mod chars;
mod cursor;
pub mod english;
pub mod mandarin;
mod pieces;
pub mod score;
pub mod script;
pub mod values;
