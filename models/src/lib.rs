//! Speech recognition, a language model, a voice and voice activity detection that run on one small board, written in candle.
//!
//! A reader finds the tasks as folders: [`asr`] hears, [`llm`] quotes and weighs, [`tts`] speaks, [`vad`] tells speech from
//! silence, [`turn`] the end of a turn from a pause in it, [`embed`] makes vectors of sentences. Each folder holds the task's trait in its `mod.rs` and one file (or folder) per architecture. [`catalog`] says what can
//! be installed and where it comes from; [`open`] makes a model ready by its name; [`measured`] keeps how fast each is on this machine; [`audio`] and [`text`] are what the tasks share; [`kernels`] holds what candle does slowly.
//!
//! Audio is mono `f32` in `[-1, 1]` everywhere in this crate, at the rate that the item's documentation names.

pub mod asr;
pub mod audio;
mod cancel;
pub mod catalog;
pub mod embed;
mod error;
pub mod kernels;
mod language;
pub mod llm;
pub mod measured;
pub mod open;
pub mod text;
pub mod tts;
pub mod turn;
pub mod vad;

pub use cancel::Cancel;
pub use error::{Error, Result};
pub use language::{Language, Locale};
