//! The hibari voice.
