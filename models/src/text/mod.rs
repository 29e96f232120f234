//! What the models share about text.

pub mod english;
