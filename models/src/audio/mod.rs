//! What the models share about sound: WAV files, resampling, and the log-mel spectrogram.

pub mod mel;
pub mod resample;
pub mod wav;
