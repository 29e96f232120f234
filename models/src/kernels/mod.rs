//! Computations that candle does slowly or not at all, each beside its portable form and its test.
//!
//! [`int8`] multiplies by 8-bit matrices with activations quantized on the fly; [`depthwise`] convolves channels apart and normalises
//! them; [`waves`] holds the transcendental functions of a vocoder over whole slices. What has no instructions of its own is plain
//! Rust compiled several times ([`wide`]): for the processor's baseline and for the vectors that it may have, chosen when it runs. [`tensor`] holds
//! those that take and give candle tensors.

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
