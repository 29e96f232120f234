//! To be written.

pub mod consent;
