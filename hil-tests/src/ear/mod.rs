//! Judging a call by its sound alone, as somebody would who listens to both sides.
//!
//! [`Tracks`] is the recording: what was said and what was heard, sample-exact on one timeline of 8 kHz. [`Activity`] follows the heard
//! side live and tells when the robot speaks and when it has finished. [`speech_end`] and [`first_sound`] find, in the finished
//! recording, where the caller stopped and where the robot began; the time between them is the voice-to-voice latency. [`words`]
//! writes down what was heard.

mod activity;
mod latency;
mod tracks;
mod words;

pub use activity::{Activity, Sounding};
pub use latency::{first_sound, percentile, silence_after, speech_end, speech_start, spoken};
pub use tracks::{HORIZON, Tracks};
pub use words::words;

/// Windows in which energy is looked at: 10 ms.
const WINDOW: usize = crate::rtp::RATE as usize / 100;

/// What is louder than this is sound: -45 dBFS. The quietest step of G.711 is near -72 dBFS, quiet speech on a line near -35.
const AUDIBLE: f32 = 0.005_6;

/// The root mean square of 16-bit samples, where full scale is 1.
fn rms(samples: &[i16]) -> f32 {
    if samples.is_empty() {
        return 0.0;
    }
    let sum: f64 = samples.iter().map(|&sample| f64::from(sample).powi(2)).sum();
    (sum / samples.len() as f64).sqrt() as f32 / 32_768.0
}
