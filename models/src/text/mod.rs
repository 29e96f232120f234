//! What the models share about text.
