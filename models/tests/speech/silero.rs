//! Silero VAD against the reference, and on what it is there for.
//!
//! The goldens in `goldens/silero/` were computed in 64-bit floating point from the same safetensors file, with the forward pass that
//! its publisher ships beside it: one probability per line, one line per window.

use std::path::{Path, PathBuf};

use switchhook_models::audio::resample::resample;
use switchhook_models::catalog::convert::{self, Converter};
use switchhook_models::catalog::{Installed, Store};
use switchhook_models::vad::narrow::{NARROW_WINDOW, Narrow};
use switchhook_models::vad::silero::{FILE, Silero};
use switchhook_models::vad::{VoiceActivity, WINDOW};

/// 32-bit against 64-bit arithmetic, over a hundred steps of a recurrent network.
const TOLERANCE: f32 = 2e-4;

fn here(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn installed() -> Installed {
    Store::default_place().open("silero-vad").unwrap_or_else(|error| panic!("{error}"))
}

/// The samples of a 16-bit mono WAV file at 16 kHz.
fn speech(name: &str) -> Vec<f32> {
    let path = here("../hil-tests/speech/en").join(name);
    let bytes = std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let data = bytes.windows(4).position(|tag| tag == b"data").expect("a data chunk");
    bytes[data + 8..].as_chunks().0.iter().map(|pair| f32::from(i16::from_le_bytes(*pair)) / 32768.0).collect()
}

/// A buzz of rising and falling loudness with a little noise, then noise alone, then the buzz again; integers throughout, so that
/// every machine makes the same samples.
fn synthetic(length: i64) -> Vec<f32> {
    let mut random = 1_u32;
    let mut phase = 0;
    (0..length)
        .map(|t| {
            random = random.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let noise = i64::from(random >> 16) - 32768;
            let pitch = 150 - (t / 1600) % 60;
            phase = (phase + pitch * 4) & 0xffff;
            let rise = (t / 8) % 2000;
            let envelope = if rise < 1000 { rise } else { 2000 - rise };
            let buzzing = (t / 16000) % 2 == 0;
            let sample = if buzzing { ((phase - 32768) * envelope).div_euclid(2000) + noise.div_euclid(64) } else { noise.div_euclid(8) };
            sample as f32 / 32768.0
        })
        .collect()
}

fn probabilities(vad: &mut dyn VoiceActivity, audio: &[f32]) -> Vec<f32> {
    audio.as_chunks::<WINDOW>().0.iter().map(|window| vad.push(window).unwrap()).collect()
}

fn golden(name: &str) -> Vec<f32> {
    let text = std::fs::read_to_string(here("tests/goldens/silero").join(name)).unwrap();
    text.lines().map(|line| line.parse().unwrap()).collect()
}

fn assert_close(found: &[f32], expected: &[f32]) {
    assert_eq!(found.len(), expected.len());
    for (window, (found, expected)) in found.iter().zip(expected).enumerate() {
        assert!((found - expected).abs() < TOLERANCE, "window {window}: {found}, but the reference says {expected}");
    }
}

#[test]
fn a_synthetic_signal_gives_the_references_probabilities() {
    let mut vad = Silero::open(&installed()).unwrap();
    assert_close(&probabilities(&mut vad, &synthetic(48_000)), &golden("synthetic.txt"));
}

#[test]
fn real_speech_gives_the_references_probabilities() {
    let mut vad = Silero::open(&installed()).unwrap();
    for clip in ["01-am_michael", "02-af_sarah"] {
        vad.reset();
        assert_close(&probabilities(&mut vad, &speech(&format!("{clip}.wav"))), &golden(&format!("{clip}.txt")));
    }
}

#[test]
fn people_are_heard_to_speak() {
    let mut vad = Silero::open(&installed()).unwrap();
    for clip in ["01-am_michael.wav", "02-af_sarah.wav"] {
        vad.reset();
        let found = probabilities(&mut vad, &speech(clip));
        let spoken = found.iter().filter(|p| **p > 0.5).count();
        assert!(2 * spoken > found.len(), "{clip}: speech in only {spoken} of {} windows", found.len());
    }
}

#[test]
fn silence_noise_and_tones_are_not_speech() {
    let tone = |hertz: f32| move |t: usize| 0.3 * (std::f32::consts::TAU * hertz * t as f32 / 16_000.0).sin();
    let noise =
        |t: usize| (((t as u32).wrapping_mul(2_654_435_761) ^ 0x5bd1_e995).wrapping_mul(2_246_822_519) >> 16) as f32 / 65536.0 - 0.5;
    let busy = tone(425.0);
    let (row, column) = (tone(770.0), tone(1336.0));
    let sounds: [(&str, &dyn Fn(usize) -> f32); 5] = [
        ("silence", &|_| 0.0),
        ("loud noise", &|t| 0.6 * noise(t)),
        ("the noise of a quiet line", &|t| 0.002 * noise(t)),
        ("a busy tone", &|t| if (t / 8_000) % 2 == 0 { busy(t) } else { 0.0 }),
        ("the keypad's 5", &|t| row(t) + column(t)),
    ];
    let first = Silero::open(&installed()).unwrap();
    for (name, sound) in sounds {
        let found = probabilities(first.stream().as_mut(), &(0..64_000).map(sound).collect::<Vec<f32>>());
        let spoken = found.iter().filter(|p| **p > 0.5).count();
        assert!(spoken <= 2, "{name}: speech in {spoken} of {} windows", found.len());
    }
}

#[test]
fn streams_over_the_same_weights_do_not_hear_each_other() {
    let mut first = Silero::open(&installed()).unwrap();
    let mut second = first.stream();
    let audio = speech("01-am_michael.wav");
    let alone = probabilities(first.stream().as_mut(), &audio);
    let mut together = Vec::new();
    for window in audio.as_chunks::<WINDOW>().0 {
        together.push(first.push(window).unwrap());
        second.push(&[0.25; WINDOW]).unwrap();
    }
    assert_eq!(alone, together);
}

#[test]
fn a_stream_that_is_reset_starts_afresh() {
    let mut vad = Silero::open(&installed()).unwrap();
    let audio = speech("02-af_sarah.wav");
    let before = probabilities(&mut vad, &audio);
    vad.reset();
    assert_eq!(before, probabilities(&mut vad, &audio));
}

fn narrow_probabilities(vad: &mut Narrow, audio: &[f32]) -> Vec<f32> {
    audio.as_chunks::<NARROW_WINDOW>().0.iter().map(|window| vad.push(window).unwrap()).collect()
}

#[test]
fn telephone_sound_is_decided_as_the_same_sound_at_16_khz() {
    let mut wide = Silero::open(&installed()).unwrap();
    let mut narrow = Narrow::new(wide.stream()).unwrap();
    let (mut same, mut windows) = (0, 0);
    for name in ["01-am_michael.wav", "02-af_sarah.wav", "03-bm_george.wav", "04-bf_emma.wav"] {
        let audio = speech(name);
        wide.reset();
        narrow.reset().unwrap();
        let line = resample(&audio, 16_000, 8_000).unwrap();
        let pairs = probabilities(&mut wide, &audio).into_iter().zip(narrow_probabilities(&mut narrow, &line));
        for (wide, narrow) in pairs {
            same += usize::from((wide >= 0.5) == (narrow >= 0.5));
            windows += 1;
        }
    }
    assert!(same * 100 >= windows * 96, "{same} of {windows} windows are decided alike");
}

#[test]
fn a_narrow_stream_that_is_reset_starts_afresh_and_takes_any_sample() {
    let first = Silero::open(&installed()).unwrap();
    let mut narrow = Narrow::new(first.stream()).unwrap();
    let line = resample(&speech("02-af_sarah.wav"), 16_000, 8_000).unwrap();
    let before = narrow_probabilities(&mut narrow, &line);
    for bad in [f32::NAN, f32::INFINITY, f32::MAX] {
        assert!((0.0..=1.0).contains(&narrow.push(&[bad; NARROW_WINDOW]).unwrap()), "{bad}");
    }
    narrow.reset().unwrap();
    assert_eq!(before, narrow_probabilities(&mut narrow, &line));
}

#[test]
fn samples_that_are_no_numbers_do_not_spoil_the_stream() {
    let mut vad = Silero::open(&installed()).unwrap();
    for bad in [f32::NAN, f32::INFINITY, f32::MAX, -f32::MAX] {
        let probability = vad.push(&[bad; WINDOW]).unwrap();
        assert!((0.0..=1.0).contains(&probability), "{bad} gives {probability}");
    }
    let heard = probabilities(&mut vad, &speech("01-am_michael.wav"));
    assert!(heard.iter().any(|p| *p > 0.9));
}

#[test]
fn the_converter_takes_the_model_and_refuses_anything_else() {
    const CONVERT: Converter = convert::silero::convert;
    let (sources, out) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let original = std::fs::read(installed().file(FILE)).unwrap();
    std::fs::write(sources.path().join(FILE), &original).unwrap();
    CONVERT(sources.path(), out.path(), &|_| ()).unwrap();
    assert_eq!(std::fs::read(out.path().join(FILE)).unwrap(), original);

    for damaged in [&original[..original.len() / 2], b"", b"\xff\xff\xff\xff\xff\xff\xff\x7f{}"] {
        std::fs::write(sources.path().join(FILE), damaged).unwrap();
        assert!(CONVERT(sources.path(), out.path(), &|_| ()).is_err());
    }
}
