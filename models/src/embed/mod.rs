//! Sentence embeddings: a text as a vector, near to those of texts that mean about the same.
//!
//! "Till what hour could I drop by?" has no word in common with "When are you open?"; their vectors have a cosine of 0.5, those of unrelated sentences
//! one near 0.

pub mod minilm;

use crate::{Cancel, Result};

/// Makes vectors of texts. Holds weights only: a vector depends on nothing but its text, and one value serves any number of threads.
pub trait Embedder: Send + Sync {
    /// How many values a vector has.
    fn width(&self) -> usize;

    /// The vector of a sentence or a short paragraph: [`Embedder::width`] finite values, of length 1, so that a cosine is a sum of products. Of
    /// a long text only the beginning counts.
    ///
    /// # Errors
    /// [`crate::Error::Cancelled`] within one layer of `cancel`.
    fn embed(&self, text: &str, cancel: &Cancel) -> Result<Vec<f32>>;
}
