//! One thing that the caller says.

use std::path::Path;

use switchhook_models::audio::{resample, wav};

use crate::rtp::RATE;

/// One thing that the caller says, ready for the line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Utterance {
    /// The name of its file.
    pub name: String,
    /// 8 kHz.
    pub samples: Vec<i16>,
}

impl Utterance {
    /// Read a WAV file of any common form and rate.
    ///
    /// # Errors
    /// If it cannot be read.
    pub fn read(path: &Path) -> switchhook_models::Result<Self> {
        let sound = wav::read(path)?;
        let samples = resample::resample(&sound.samples, sound.rate, RATE)?;
        let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
        // `as` saturates.
        Ok(Self { name, samples: samples.iter().map(|sample| (sample * 32_768.0) as i16).collect() })
    }

    /// Write it as a WAV file of 8 kHz.
    ///
    /// # Errors
    /// If the file cannot be written.
    pub fn write(&self, path: &Path) -> switchhook_models::Result<()> {
        write(path, &self.samples)
    }
}

/// Write one side of a call.
///
/// # Errors
/// If the file cannot be written.
pub(super) fn write(path: &Path, samples: &[i16]) -> switchhook_models::Result<()> {
    let samples: Vec<f32> = samples.iter().map(|&sample| f32::from(sample) / 32_768.0).collect();
    wav::write(path, &samples, RATE)
}
