//! When words were said.

use std::time::Duration;

use crate::common::{self, clip, moonshine, whisper, whisper_called};
use serde::Deserialize;
use switchhook_models::asr::{Recognizer, Transcript, Word};
use switchhook_models::{Cancel, Language};

/// Samples in a millisecond.
const MS: usize = 16;

fn recognizers() -> [(&'static str, Box<dyn Recognizer>); 2] {
    [("whisper-base", Box::new(whisper())), ("moonshine-base", Box::new(moonshine("moonshine-base")))]
}

fn heard(recognizer: &mut dyn Recognizer, audio: &[f32]) -> Transcript {
    recognizer.transcribe(audio, Some(Language::En), &Cancel::new()).unwrap()
}

fn silence(milliseconds: usize) -> Vec<f32> {
    vec![0.0; MS * milliseconds]
}

fn length(audio: &[f32]) -> Duration {
    Duration::from_millis((audio.len() / MS) as u64)
}

fn plain(text: &str) -> String {
    text.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

#[test]
fn words_are_the_text_in_order_and_lie_inside_the_turn() {
    for (name, mut recognizer) in recognizers() {
        for file in ["01-am_michael.wav", "05-am_fenrir.wav", "06-af_nicole.wav", "19-am_michael.wav"] {
            let audio = clip(file);
            let Transcript { text, words, .. } = heard(recognizer.as_mut(), &audio);
            println!("{name}, {file}: {words:?}");
            assert_eq!(words.iter().map(|word| word.text.as_str()).collect::<Vec<_>>().join(" "), text, "{name}, {file}");
            assert!(words.is_sorted_by(|a, b| a.span.end <= b.span.start), "{name}, {file}: {words:?}");
            assert!(words.iter().all(|word| word.span.start <= word.span.end && word.span.end <= length(&audio)), "{name}, {file}");
            assert!(words.iter().all(|word| (0.0..=1.0).contains(&word.confidence)), "{name}, {file}");
        }
    }
}

#[test]
fn silence_before_a_turn_makes_its_words_later_by_as_much() {
    // After a second more than the clips begin with, Moonshine hears nothing at all.
    for ((name, mut recognizer), milliseconds) in recognizers().into_iter().zip([1000, 500]) {
        let mut compared = 0;
        for file in ["02-af_sarah.wav", "08-af_sarah.wav", "14-af_sarah.wav"] {
            let audio = clip(file);
            let at_once = heard(recognizer.as_mut(), &audio).words;
            let later = heard(recognizer.as_mut(), &[silence(milliseconds), audio].concat()).words;
            // What is written otherwise the second time is not compared.
            for (word, moved) in at_once.iter().zip(&later).filter(|(word, moved)| word.text == moved.text) {
                let off = (moved.span.start.as_secs_f32() - word.span.start.as_secs_f32() - milliseconds as f32 / 1000.0).abs();
                println!("{name}: {} {off:.3} s off", word.text);
                assert!(off < 0.15, "{name}: {word:?} became {moved:?}");
                compared += 1;
            }
        }
        assert!(compared >= 12, "{name}: {compared} words");
    }
}

/// Three recordings with a second and a half between them: whatever was said in one of them lies there.
#[test]
fn words_lie_where_the_sound_is_and_not_in_the_pauses() {
    let parts = ["02-af_sarah.wav", "14-af_sarah.wav", "08-af_sarah.wav"].map(clip);
    let pause = silence(1500);
    let audio = [parts[0].clone(), pause.clone(), parts[1].clone(), pause, parts[2].clone()].concat();
    let places: Vec<_> = parts
        .iter()
        .scan(Duration::ZERO, |begin, part| {
            let place = *begin..*begin + length(part);
            *begin = place.end + Duration::from_millis(1500);
            Some(place)
        })
        .collect();
    for (name, mut recognizer) in recognizers() {
        let words = heard(recognizer.as_mut(), &audio).words;
        println!("{name}: {words:?}");
        let middle = |word: &Word| (word.span.start + word.span.end) / 2;
        assert!(words.iter().all(|word| places.iter().any(|place| place.contains(&middle(word)))), "{name}: {words:?}");
        for (said, place) in [("saturday", &places[0]), ("cards", &places[1]), ("person", &places[2])] {
            let word = words.iter().find(|word| plain(&word.text) == said).unwrap_or_else(|| panic!("{name}: no {said} in {words:?}"));
            assert!(place.contains(&word.span.start) && place.contains(&word.span.end), "{name}: {word:?} not in {place:?}");
        }
    }
}

#[test]
fn characters_of_mandarin_are_whole_and_in_order() {
    let file = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../hil-tests/speech/zh/09-zm_yunxi.wav");
    let audio = common::read(&file);
    let Transcript { text, words, .. } = whisper().transcribe(&audio, Some(Language::Zh), &Cancel::new()).unwrap();
    assert!(words.len() > 8, "{text}: {words:?}");
    let letters = |text: &str| text.chars().filter(|letter| !letter.is_whitespace()).collect::<String>();
    assert_eq!(words.iter().map(|word| letters(&word.text)).collect::<String>(), letters(&text));
    assert!(words.is_sorted_by(|a, b| a.span.end <= b.span.start) && words.iter().all(|word| word.span.end <= length(&audio)), "{words:?}");
}

#[test]
fn a_turn_without_words_has_none() {
    for (name, mut recognizer) in recognizers() {
        assert_eq!(heard(recognizer.as_mut(), &silence(2000)).words, [], "{name}");
    }
}

/// What `goldens/whisper/make.py` makes: word, begin and end in seconds, confidence.
#[derive(Deserialize)]
struct Golden {
    clip: String,
    words: Vec<(String, f32, f32, f32)>,
}

#[test]
#[ignore = "needs the sizes of Whisper that nothing else needs: `make sizes`"]
fn words_begin_where_the_published_code_has_them() {
    for (name, golden) in [
        ("whisper-tiny", include_str!("../goldens/whisper/whisper-tiny.json")),
        ("whisper-tiny.en", include_str!("../goldens/whisper/whisper-tiny.en.json")),
        ("whisper-small", include_str!("../goldens/whisper/whisper-small.json")),
    ] {
        let golden: Golden = serde_json::from_str(golden).unwrap();
        let audio = common::read(&std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../hil-tests/speech").join(&golden.clip));
        let mut whisper = whisper_called(name).without_silence().with_margin(Duration::from_secs(30));
        let words = heard(&mut whisper, &audio).words;
        let mut compared = 0;
        // The published code has a pause in the word after it.
        for (text, begin, end, _) in golden.words.iter().filter(|(text, ..)| text.starts_with(' ')) {
            let Some(word) = words.iter().find(|word| plain(&word.text) == plain(text)) else { continue };
            let (ours, most) = (word.span.start.as_secs_f32(), (end - begin).max(0.1));
            println!("{name}: {text} {begin:.2} to {end:.2}, ours from {ours:.2}");
            assert!(ours > begin - 0.05 && ours < begin + most, "{name}: {text} {begin:.2} to {end:.2}, ours from {ours:.2}");
            compared += 1;
        }
        assert!(compared >= 6, "{name}: {words:?}");
    }
}
