//! How loud each installed voice is: its active speech level in dBov, as it comes and as it goes to the line.
//!
//! `cargo run --release -p switchhook-models --example voice_levels`
//!
//! What the voices give as their `level` is made of the first column.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use switchhook_models::audio::level;
use switchhook_models::audio::resample::resample;
use switchhook_models::catalog::Store;
use switchhook_models::tts::kokoro::Kokoro;
use switchhook_models::tts::line::sentences::{ENGLISH, MANDARIN};
use switchhook_models::tts::{Manner, Synthesizer};
use switchhook_models::{Cancel, open};

fn main() {
    let store = Store::default_place();
    println!("{:16} level of five sentences, dBov at 8 kHz | each, from the mean | at 16 kHz, from 8 | peak, dBov", "voice");
    let mut hibari = open::synthesizer(&store, "hibari").unwrap();
    measure("hibari", hibari.as_mut(), &ENGLISH);
    let dictionaries = store.open("mandarin").ok();
    let Ok(installed) = store.open("kokoro-82m") else { return };
    let mut kokoro = Kokoro::open(&installed, dictionaries).unwrap();
    for speaker in kokoro.speakers().map(str::to_owned).collect::<Vec<_>>() {
        kokoro.set_manner(&Manner { voice: Some(speaker.clone()), ..Manner::default() }).unwrap();
        let texts = if speaker.starts_with('z') { &MANDARIN } else { &ENGLISH };
        measure(&speaker, &mut kokoro, texts);
    }
}

fn measure(name: &str, voice: &mut dyn Synthesizer, texts: &[&str]) {
    let sounds: Vec<Vec<f32>> = texts.iter().map(|text| voice.spoken(text, &Cancel::new()).unwrap()).collect();
    let at = |rate: u32, sound: &[f32]| resample(sound, voice.sample_rate(), rate).unwrap();
    let all = sounds.concat();
    let narrow = level::active(&at(8_000, &all), 8_000).unwrap();
    let wide = level::active(&at(16_000, &all), 16_000).unwrap();
    let each: Vec<f32> = sounds.iter().map(|sound| level::active(&at(8_000, sound), 8_000).unwrap() - narrow).collect();
    let peak = 20.0 * at(8_000, &all).iter().fold(0.0_f32, |most, sample| most.max(sample.abs())).log10();
    println!("{name:16} {narrow:6.2} | {each:5.2?} | {:5.2} | {peak:5.1}", wide - narrow);
}
