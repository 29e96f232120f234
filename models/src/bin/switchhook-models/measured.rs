//! What was measured of a model, as it is told: whole for programs, in a few words for people.

use serde::Serialize;
use switchhook_models::measured::{Measured, Speed};

/// For programs.
#[derive(Serialize)]
pub struct Told {
    #[serde(flatten)]
    pub measured: Measured,
    /// The work of a second of sound, in seconds; of tasks that follow sound.
    pub real_time_factor: Option<f64>,
}

impl Told {
    pub fn new(measured: Measured) -> Self {
        Self { real_time_factor: measured.figures.speed.real_time_factor(), measured }
    }

    /// How fast and how large the model is, and since when that is known.
    pub fn line(&self) -> String {
        let figures = &self.measured.figures;
        let speed = match (&figures.speed, self.real_time_factor) {
            (_, Some(factor)) => format!("real-time factor {}, ", number(factor)),
            (Speed::EndOfTurn { verdict_seconds }, _) => format!("{} for each verdict, ", time(*verdict_seconds)),
            (Speed::Embedding { sentence_seconds }, _) => format!("{} for each sentence, ", time(*sentence_seconds)),
            (Speed::LanguageModel { read_tokens_per_second: read, write_tokens_per_second: write, .. }, _) => {
                format!("reads {read:.0} and writes {write:.0} tokens a second, ")
            }
            _ => String::new(),
        };
        format!("{speed}memory at its peak {}, on {}", memory(figures.peak_memory_bytes), self.measured.day())
    }
}

/// Memory in whole megabytes.
pub fn memory(bytes: Option<u64>) -> String {
    bytes.map_or_else(|| "unknown".to_owned(), |bytes| format!("{} MB", bytes / 1_000_000))
}

/// A time in three digits, from microseconds to seconds.
pub fn time(seconds: f64) -> String {
    match seconds {
        ..0.001 => format!("{} µs", number(seconds * 1e6)),
        0.001..1.0 => format!("{} ms", number(seconds * 1e3)),
        _ => format!("{} s", number(seconds)),
    }
}

/// A number in three digits, or all of those before the point.
pub fn number(value: f64) -> String {
    match value {
        ..0.01 => format!("{value:.4}"),
        0.01..1.0 => format!("{value:.3}"),
        1.0..10.0 => format!("{value:.2}"),
        10.0..100.0 => format!("{value:.1}"),
        _ => format!("{value:.0}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_has_three_digits_and_its_unit() {
        assert_eq!(time(0.000_123_4), "123 µs");
        assert_eq!(time(0.001_5), "1.50 ms");
        assert_eq!(time(0.25), "250 ms");
        assert_eq!(time(12.34), "12.3 s");
        assert_eq!(number(0.0093), "0.0093");
    }
}
