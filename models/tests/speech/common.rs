//! The installed recognisers, and speech and noise to try them on.

use std::f32::consts::PI;
use std::path::Path;

use switchhook_models::asr::moonshine::Moonshine;
use switchhook_models::asr::whisper::Whisper;
use switchhook_models::catalog::Store;

/// Whisper as installed here; a test without it fails with the command that installs it.
pub fn whisper() -> Whisper {
    whisper_called("whisper-base")
}

/// A Whisper of another size, as [`whisper`].
pub fn whisper_called(name: &str) -> Whisper {
    let installed = Store::default_place().open(name).unwrap_or_else(|fault| panic!("{fault}"));
    Whisper::open(&installed).unwrap_or_else(|fault| panic!("{fault}"))
}

/// A Moonshine as installed here, `moonshine-base` or `moonshine-tiny`.
pub fn moonshine(name: &str) -> Moonshine {
    let installed = Store::default_place().open(name).unwrap_or_else(|fault| panic!("{fault}"));
    Moonshine::open(&installed).unwrap_or_else(|fault| panic!("{fault}"))
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

/// Sounds that a line brings and that are no speech, with what to call them.
pub fn wordless() -> Vec<(&'static str, Vec<f32>)> {
    let on = |time: f32, on: f32, period: f32| if time % period < on { 0.3 } else { 0.0 };
    let mut hiss = white(7);
    let mut faint = white(8);
    let mut crackle = white(9);
    let mut pink_source = white(10);
    let mut pink = 0.0;
    let notes = [262.0, 330.0, 392.0, 523.0, 392.0, 330.0, 294.0, 349.0];
    vec![
        ("nothing at all", vec![]),
        ("digital silence", vec![0.0; 48_000]),
        ("an idle line", sound(4.0, |_| faint() * 0.0008)),
        ("white noise", sound(5.0, |_| hiss() * 0.1)),
        (
            "low rumbling noise",
            sound(5.0, |_| {
                pink = 0.98 * pink + 0.02 * pink_source();
                pink * 0.8
            }),
        ),
        (
            "crackle",
            sound(4.0, |_| {
                let x = crackle();
                if x.abs() > 0.999 { x * 0.8 } else { 0.0 }
            }),
        ),
        ("mains hum", sound(4.0, |t| 0.1 * sine(50.0, t) + 0.05 * sine(150.0, t) + 0.02 * sine(250.0, t))),
        ("a European dial tone", sound(3.0, |t| 0.3 * sine(425.0, t))),
        ("an American ring-back tone", sound(6.0, |t| on(t, 2.0, 6.0) * (sine(440.0, t) + sine(480.0, t)))),
        ("a busy tone", sound(5.0, |t| on(t, 0.5, 1.0) * (sine(480.0, t) + sine(620.0, t)))),
        ("keys being pressed", sound(3.0, |t| on(t, 0.1, 0.3) * (sine(770.0, t) + sine(1336.0, t)))),
        ("a calling fax", sound(6.0, |t| on(t, 0.5, 3.5) * sine(1100.0, t))),
        ("an answering fax", sound(4.0, |t| 0.3 * sine(2100.0, t))),
        (
            "music on hold",
            sound(8.0, |t| {
                let note = notes[(t * 3.0) as usize % notes.len()];
                let fade = 1.0 - (t * 3.0).fract() * 0.7;
                0.15 * fade * (sine(note, t) + 0.5 * sine(2.0 * note, t) + 0.3 * sine(note / 2.0, t))
            }),
        ),
    ]
}
