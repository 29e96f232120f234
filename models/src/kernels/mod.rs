//! Computations that candle does slowly or not at all, each beside its portable form and its test.
//!
//! [`int8`] multiplies by 8-bit matrices with activations quantized on the fly; [`depthwise`] convolves channels apart and normalises
//! them; [`waves`] holds the transcendental functions of a vocoder over whole slices. What has no instructions of its own is plain
//! Rust compiled several times ([`wide`]): for the processor's baseline and for the vectors that it may have, chosen when it runs. [`tensor`] holds
//! those that take and give candle tensors.
//!
//! There are three families of 8-bit products, because there are three contracts; the instruction under all of them is the same.
//!
//! | family | for | weights | activations | results |
//! |---|---|---|---|---|
//! | [`tensor::q8`] | recognisers, smart-turn, Kokoro | GGUF's Q8_0: a scale per 32, kept once per output where all 32s have the same | rounded per 32 to ±127 | candle tensors; bias, GELU and residual in the same pass |
//! | [`q8`] | the language model | Q8_0, in whole panels of 16 outputs | the same, in rows that are used again | slices; a row's result is the same bit for bit whatever stands beside it, so a prompt may be read in any pieces |
//! | [`int8`] | hibari | as its ONNX graph has them: one scale for a matrix | the graph's `DynamicQuantizeLinear`: one scale and zero point for a whole tensor, unsigned | the graph's own integers, so its sound can be compared sample by sample |
//!
//! [`int8`] cannot be one with the others: with another rounding its results would no longer be the published graph's. The two of Q8_0 differ in what surrounds the
//! product, not in the product; who needs a fourth instruction set should first let [`q8`] multiply by `tensor`'s panels.

pub mod attention;
pub mod dense;
pub mod depthwise;
pub mod int8;
#[cfg(target_arch = "aarch64")]
mod int8_arm;
#[cfg(target_arch = "x86_64")]
mod int8_x86;
mod lanes;
pub mod pointwise;
pub mod q8;
pub mod tensor;
pub mod waves;
mod wide;
