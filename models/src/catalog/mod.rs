//! The catalog: what can be installed, where it comes from, what it weighs and under which licence, and what is installed here.
//!
//! A model is installed in three steps, each of which leaves nothing half-done behind: its sources are *fetched* and checked against
//! the sha256 in the catalog, *converted* by code of ours ([`convert`]) into the form that the runtime reads, and *committed* by
//! renaming the finished folder into place together with a manifest of its files' sizes and sums.

pub mod convert;
mod store;

pub use store::{Installed, Store};
