//! Real voices on the line. These tests need hibari, Kokoro and Mandarin's dictionaries installed.
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

use super::sentences::{ENGLISH, MANDARIN};
use super::*;
use crate::audio::level;
use crate::catalog::Store;
use crate::open;

/// A voice that makes a tone of the length of its text: 10 ms for every character.
struct Tone {
    amplitude: f32,
    level: Option<f32>,
}

impl Synthesizer for Tone {
    fn sample_rate(&self) -> u32 {
        24_000
    }

    fn level(&self, _: &str) -> Option<f32> {
        self.level
    }

    fn speak(&mut self, text: &str, _: &Cancel, sink: &mut dyn FnMut(&[f32]) -> ControlFlow<()>) -> Result<()> {
        let sound: Vec<f32> = (0..text.len() * 240).map(|n| self.amplitude * (n as f32 * 0.1).sin()).collect();
        for piece in sound.chunks(1_000) {
            if sink(piece).is_break() {
                break;
            }
        }
        Ok(())
    }
}

fn voice(name: &str) -> Box<dyn Synthesizer> {
    open::synthesizer(&Store::default_place(), name).unwrap_or_else(|fault| panic!("{fault}"))
}

fn spoken(voice: &mut dyn Synthesizer, text: &str) -> Vec<f32> {
    voice.spoken(text, &Cancel::new()).unwrap()
}

/// Each sentence within 1 dB of the level, in most voices; one of them varies more by itself.
fn check(voice: &mut OnLine, name: &str, texts: &[&str], within: f32) {
    let (rate, wanted) = (voice.form.rate, voice.form.level);
    for text in texts {
        let sound = spoken(voice, text);
        let level = level::active(&sound, rate).unwrap();
        assert!((level - wanted).abs() < within, "{name} says {text:?} at {level} dBov, not {wanted}");
        assert!(sound.iter().all(|sample| sample.abs() <= PEAK * 1.001), "{name}: {text:?}");
    }
}

#[test]
fn hibari_says_every_sentence_at_the_lines_level() {
    for rate in RATES {
        check(&mut ForLine { rate, level: -20.0 }.voice(voice("hibari")).unwrap(), "hibari", &ENGLISH, 1.0);
    }
}

#[test]
fn every_speaker_of_kokoro_is_as_loud_on_the_line_as_hibari() {
    let mut voice = ForLine::default().voice(voice("kokoro-82m")).unwrap();
    for (name, within) in
        [("af_heart", 1.0), ("am_puck", 1.0), ("zf_xiaobei", 1.0), ("zf_xiaoni", 1.0), ("zm_yunxia", 1.0), ("zm_yunyang", 1.5)]
    {
        voice.set_manner(&Manner { voice: Some(name.to_owned()), ..Manner::default() }).unwrap();
        check(&mut voice, name, if name.starts_with('z') { &MANDARIN } else { &ENGLISH }, within);
    }
}

#[test]
fn who_speaks_by_language_has_the_level_of_that_speaker() {
    let kokoro = voice("kokoro-82m");
    assert_ne!(kokoro.level("Good morning."), kokoro.level("您好"));
    assert!(kokoro.level("Good morning.").is_some() && kokoro.level("您好").is_some());
}

#[test]
fn the_level_that_was_asked_for_is_the_one_that_comes() {
    for level in [-30.0, -20.0, -14.0] {
        let tone = Tone { amplitude: 0.05, level: Some(-29.0) };
        let mut voice = ForLine { rate: 8_000, level }.voice(Box::new(tone)).unwrap();
        let found = level::active(&spoken(&mut voice, &"a".repeat(300)), 8_000).unwrap();
        assert!((found - level).abs() < 0.2, "{found}, not {level}");
    }
}

#[test]
fn a_voice_that_was_never_measured_passes_as_it_is() {
    let mut voice = ForLine::default().voice(Box::new(Tone { amplitude: 0.05, level: None })).unwrap();
    let found = level::active(&spoken(&mut voice, &"a".repeat(300)), 8_000).unwrap();
    assert!((found + 29.0).abs() < 0.2, "{found}");
}

#[test]
fn what_was_broken_off_is_not_heard_in_the_next_text() {
    let mut voice = ForLine::default().voice(Box::new(Tone { amplitude: 0.1, level: Some(-23.0) })).unwrap();
    let whole = spoken(&mut voice, "a whole text");
    let mut pieces = 0;
    voice
        .speak("a text that is broken off", &Cancel::new(), &mut |_| {
            pieces += 1;
            ControlFlow::Break(())
        })
        .unwrap();
    assert_eq!(pieces, 1);
    assert_eq!(spoken(&mut voice, "a whole text"), whole);
    let length = "a whole text".len() * 80;
    assert!((length..length + 80).contains(&whole.len()), "{} samples of {length}", whole.len());
}

#[test]
fn other_rates_and_levels_are_refused() {
    let tone = || Box::new(Tone { amplitude: 0.1, level: None });
    assert!(ForLine { rate: 44_100, level: -20.0 }.voice(tone()).is_err());
    for level in [0.0, -60.0, f32::NAN] {
        assert!(ForLine { rate: 8_000, level }.voice(tone()).is_err(), "{level}");
    }
}
