//! Whisper.

mod guards;
mod parity;
mod silence;
mod words;
