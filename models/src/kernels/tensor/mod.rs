//! Kernels that take and give candle tensors: what the recognisers and Kokoro need.
//!
//! A model here is written with candle tensors; a kernel takes `f32` tensors on the CPU and gives back a new one. Its inner loop
//! exists once per instruction set ([`Isa`], chosen when a model is opened), and a portable form that every other form is tested
//! against. Loops are shared out over the rayon pool that the model runs in.
//!
//! | kernel | what candle does | what this one does |
//! |---|---|---|
//! | [`q8`] | rounds activations per 256 values, wants `k % 256 == 0`, needs `sdot` on Arm | per 32 values, `k % 32 == 0`, every Arm |
//! | [`attention`] | builds all scores of all heads, scalar `exp` | one tile of queries at a time, in cache |
//! | [`elementwise`], [`activations`] | `erf` in `f64`, one pass per operation | one vectorised pass |
//! | [`waveform`] | unfolds windows that overlap | one product over rows that overlap |
//! | [`rotary`] | copies the halves of each pair | one pass |
//! | [`conv`] | unfolds, or takes frames as columns; `f32` only | overlapping rows, Q8_0 too |
//! | [`prepare`] | one pass per operation | what comes before a convolution, in the pass that copies it |
//! | [`lstm`] | reads in one direction, a new tensor per operation and step | both directions side by side |

#[cfg(target_arch = "aarch64")]
#[allow(unsafe_code, clippy::wildcard_imports, clippy::needless_range_loop)]
mod aarch64;
pub mod activations;
pub mod attention;
pub mod conv;
pub mod elementwise;
mod isa;
pub mod lstm;
pub mod matmul;
mod panels;
pub mod prepare;
pub mod q8;
pub mod rotary;
mod rounded;
mod share;
pub mod waveform;
#[cfg(target_arch = "x86_64")]
#[allow(unsafe_code, clippy::wildcard_imports, clippy::needless_range_loop)]
mod x86_64;

pub use isa::Isa;
