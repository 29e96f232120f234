//! Sounds without words yield no words; the shortest of real answers survive.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod whisper_speech;

use switchhook_models::asr::Recognizer;
use switchhook_models::{Cancel, Language};
use whisper_speech::{clip, sine, sound, whisper, white};

/// Sounds that a line brings and that are no speech, with what to call them.
fn wordless() -> Vec<(&'static str, Vec<f32>)> {
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

#[test]
fn sounds_without_words_yield_no_words() {
    let mut whisper = whisper();
    let mut failures = Vec::new();
    for (name, audio) in wordless() {
        for language in [Some(Language::En), Some(Language::Zh), None] {
            let (transcript, evidence) = whisper.hear(&audio, language, &Cancel::new()).unwrap();
            println!("{name}: {evidence}");
            if !transcript.text.is_empty() {
                failures.push(format!("{name}: {evidence}"));
            }
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn the_shortest_answers_survive() {
    let mut whisper = whisper();
    for (name, some_of) in [("06-af_nicole.wav", ["right", "Yes"]), ("22-bf_emma.wav", ["", ""])] {
        let heard = whisper.transcribe(&clip(name), Some(Language::En), &Cancel::new()).unwrap();
        assert!(!heard.text.is_empty() && some_of.iter().all(|word| heard.text.contains(word)), "{name}: {heard:?}");
    }
}

#[test]
fn an_answer_survives_the_noise_of_a_line() {
    let mut whisper = whisper();
    let mut noise = white(11);
    let audio: Vec<f32> = clip("01-am_michael.wav").iter().map(|x| x + 0.01 * noise()).collect();
    let heard = whisper.transcribe(&audio, Some(Language::En), &Cancel::new()).unwrap();
    assert_eq!(heard.text, "What time do you open tomorrow?");
}
