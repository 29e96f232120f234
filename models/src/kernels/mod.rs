//! Computations that candle does slowly or not at all, each beside its portable form and its test.

pub mod tensor;
