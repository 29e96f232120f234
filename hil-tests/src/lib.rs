//! x

pub mod soundcard;
