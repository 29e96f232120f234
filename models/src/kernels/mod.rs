//! Computations that candle does slowly or not at all, each beside its portable form and its test.

pub mod attention;
pub mod dense;
mod lanes;
pub mod pointwise;
pub mod q8;
