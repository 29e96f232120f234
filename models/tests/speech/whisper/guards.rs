//! Sounds without words yield no words; the shortest of real answers survive.

use crate::common::{clip, whisper, white, wordless};
use switchhook_models::asr::Recognizer;
use switchhook_models::{Cancel, Language};

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
