//! Language models and the nearness of meanings, by the models that are installed.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, reason = "tests")]

mod common;
mod constraints;
mod minilm;
mod qwen2;
mod smollm2;
