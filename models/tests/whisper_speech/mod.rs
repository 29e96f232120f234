//! The installed Whisper, and speech and noise to try it on.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, dead_code)]

use std::f32::consts::PI;
use std::path::Path;

use switchhook_models::asr::whisper::Whisper;
use switchhook_models::catalog::Store;

/// The model as installed here; a test without it fails with the command that installs it.
pub fn whisper() -> Whisper {
    let installed = Store::default_place().open("whisper-base").unwrap_or_else(|fault| panic!("{fault}"));
    Whisper::open(&installed).unwrap_or_else(|fault| panic!("{fault}"))
}

/// One of the project's own clips, such as `01-am_michael.wav`, at 16 kHz.
pub fn clip(name: &str) -> Vec<f32> {
    read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../hil-tests/speech/en").join(name))
}

/// A mono 16-bit WAV file of 16 kHz.
pub fn read(path: &Path) -> Vec<f32> {
    let bytes = std::fs::read(path).unwrap_or_else(|fault| panic!("{}: {fault}", path.display()));
    assert_eq!(bytes[20..26], [1, 0, 1, 0, 0x80, 0x3e], "{}: not mono PCM at 16 kHz", path.display());
    let data = bytes.windows(4).position(|tag| tag == b"data").unwrap() + 8;
    bytes[data..].chunks_exact(2).map(|pair| f32::from(i16::from_le_bytes([pair[0], pair[1]])) / 32768.0).collect()
}

/// `seconds` of what `f` gives for a time in seconds.
pub fn sound(seconds: f32, f: impl FnMut(f32) -> f32) -> Vec<f32> {
    (0..(seconds * 16_000.0) as usize).map(|i| i as f32 / 16_000.0).map(f).collect()
}

/// A sine of a frequency at a time.
pub fn sine(hertz: f32, time: f32) -> f32 {
    (2.0 * PI * (hertz * time).fract()).sin()
}

/// White noise in `[-1, 1]` that is the same in every run.
pub fn white(seed: u32) -> impl FnMut() -> f32 {
    let mut state = seed;
    move || {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        state as f32 / (u32::MAX / 2) as f32 - 1.0
    }
}
