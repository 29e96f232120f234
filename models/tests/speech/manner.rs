//! How fast the voices speak and how long they rest, measured in their sound.

use std::time::Duration;

use switchhook_models::catalog::Store;
use switchhook_models::tts::{Manner, Synthesizer};
use switchhook_models::{Cancel, open};

/// Of a frame of 10 ms, the root of the mean square that is silence: -50 dB.
const QUIET: f32 = 0.003;
/// Sounds begin and end softly, so where silence begins depends on what is called quiet.
const WITHIN: f32 = 0.06;

const ENGLISH: &str = "We are open from nine to five, Monday to Friday. Please call again.";
const MANDARIN: &str = "我們星期一到星期五營業,早上九點開門。請再打來。";

fn voice(name: &str) -> Box<dyn Synthesizer> {
    open::synthesizer(&Store::default_place(), name).unwrap_or_else(|fault| panic!("{fault}"))
}

fn spoken(voice: &mut dyn Synthesizer, manner: &Manner, text: &str) -> Vec<f32> {
    voice.set_manner(manner).unwrap();
    voice.spoken(text, &Cancel::new()).unwrap()
}

/// The silences between sounds, in seconds, longest first.
fn silences(sound: &[f32], rate: u32) -> Vec<f32> {
    let frame = rate as usize / 100;
    let quiet = |frame: &[f32]| (frame.iter().map(|sample| sample * sample).sum::<f32>() / frame.len() as f32).sqrt() < QUIET;
    let frames: Vec<bool> = sound.chunks_exact(frame).map(quiet).collect();
    let first = frames.iter().position(|quiet| !quiet).unwrap();
    let last = frames.iter().rposition(|quiet| !quiet).unwrap();
    let runs = frames[first..=last].chunk_by(|a, b| a == b).filter(|run| run[0]).map(|run| run.len() as f32 / 100.0);
    let mut found: Vec<f32> = runs.collect();
    found.sort_by(|a, b| b.total_cmp(a));
    found
}

fn pauses(sentence: u64, clause: u64) -> Manner {
    let pause = |milliseconds| Some(Duration::from_millis(milliseconds));
    Manner { sentence_pause: pause(sentence), clause_pause: pause(clause), ..Manner::default() }
}

/// The two longest silences are the pauses that were asked for.
fn check(name: &str, text: &str) {
    let mut voice = voice(name);
    let rate = voice.sample_rate();
    for (sentence, clause) in [(700, 400), (1_200, 300)] {
        let found = silences(&spoken(voice.as_mut(), &pauses(sentence, clause), text), rate);
        for (found, wanted) in found.iter().zip([sentence, clause]) {
            let wanted = wanted as f32 / 1_000.0;
            assert!((found - wanted).abs() <= WITHIN, "{name} rests {found} s, not {wanted}");
        }
    }
}

#[test]
fn hibari_rests_as_long_as_it_is_told() {
    check("hibari", ENGLISH);
}

#[test]
fn kokoro_rests_as_long_as_it_is_told_in_either_language() {
    check("kokoro-82m", ENGLISH);
    check("kokoro-82m", MANDARIN);
}

#[test]
fn hibari_speaks_as_fast_as_it_is_told_and_says_the_same() {
    let mut voice = voice("hibari");
    let mut length = |speed| spoken(voice.as_mut(), &Manner { speed: Some(speed), ..Manner::default() }, ENGLISH).len() as f32;
    let usual = length(1.0);
    // Each phoneme is rounded to a step, and none is shorter than one.
    for (speed, least, most) in [(0.7, 1.3, 1.5), (0.85, 1.1, 1.25), (1.2, 0.8, 0.9), (1.5, 0.6, 0.75)] {
        let ratio = length(speed) / usual;
        assert!((least..most).contains(&ratio), "at {speed} it lasts {ratio} times as long");
    }
}

#[test]
fn a_manner_that_leaves_all_open_changes_nothing() {
    let mut voice = voice("hibari");
    let before = spoken(voice.as_mut(), &Manner::default(), ENGLISH);
    spoken(voice.as_mut(), &pauses(1_000, 500), ENGLISH);
    assert_eq!(spoken(voice.as_mut(), &Manner::default(), ENGLISH), before);
}
