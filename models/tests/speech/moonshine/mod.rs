//! Moonshine.

mod guards;
mod parity;
mod words;
