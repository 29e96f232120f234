//! What is heard and said, by the models that are installed: voice activity, whether a turn is over, recognisers, voices.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, reason = "tests")]

mod common;
mod grammars;
mod mandarin;
mod manner;
mod moonshine;
mod silero;
mod smart_turn;
mod whisper;
mod word_times;
