//! What the models share about text.

mod chars;
mod cursor;
pub mod english;
mod pieces;
pub mod script;
