//! Sounds without words yield no words; the shortest of real answers survive.

use crate::common::{clip, moonshine, white, wordless};
use switchhook_models::Cancel;
use switchhook_models::asr::Recognizer;

#[test]
fn sounds_without_words_yield_no_words() {
    let mut failures = Vec::new();
    for model in ["moonshine-base", "moonshine-tiny"] {
        let mut moonshine = moonshine(model);
        for (name, audio) in wordless() {
            let (transcript, evidence) = moonshine.hear(&audio, None, &Cancel::new()).unwrap();
            println!("{model}, {name}: {evidence}");
            if !transcript.text.is_empty() {
                failures.push(format!("{model}, {name}: {evidence}"));
            }
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn the_shortest_answers_survive() {
    for model in ["moonshine-base", "moonshine-tiny"] {
        let mut moonshine = moonshine(model);
        for (name, some_of) in [("06-af_nicole.wav", ["right", "Yes"]), ("22-bf_emma.wav", ["", ""])] {
            let heard = moonshine.transcribe(&clip(name), None, &Cancel::new()).unwrap();
            assert!(!heard.text.is_empty() && some_of.iter().all(|word| heard.text.contains(word)), "{model}, {name}: {heard:?}");
        }
    }
}

#[test]
fn an_answer_survives_the_noise_of_a_line() {
    let mut moonshine = moonshine("moonshine-base");
    let mut noise = white(11);
    let audio: Vec<f32> = clip("01-am_michael.wav").iter().map(|x| x + 0.01 * noise()).collect();
    let heard = moonshine.transcribe(&audio, None, &Cancel::new()).unwrap();
    assert_eq!(heard.text, "What time do you open tomorrow?");
}
