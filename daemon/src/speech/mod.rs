//! The speech session of a call.
