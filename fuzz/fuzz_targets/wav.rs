//! A sound file from anybody.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    if let Ok(sound) = switchhook_models::audio::wav::parse(data) {
        assert!(sound.samples.iter().all(|sample| sample.is_finite()));
    }
});
