//! What the models share about sound: WAV files, resampling, levels, and the log-mel spectrogram.

pub mod level;
pub mod mel;
pub mod resample;
pub mod split;
pub mod wav;
