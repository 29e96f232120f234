//! What Moonshine hears in speech, whole and as it grows, and that it keeps its contract.

use std::time::Duration;

use crate::common::{clip, moonshine, sine, sound, white};
use switchhook_models::asr::{Recognizer, StreamingRecognizer};
use switchhook_models::{Cancel, Error, Language};

/// What a frame of 20 ms has.
const FRAME: usize = 320;

#[test]
fn a_question_is_understood() {
    for model in ["moonshine-base", "moonshine-tiny"] {
        let heard = moonshine(model).transcribe(&clip("02-af_sarah.wav"), Some(Language::En), &Cancel::new()).unwrap();
        assert_eq!((heard.text.as_str(), heard.language), ("Are you open on Saturday?", Language::En));
        assert!(heard.confidence > 0.8, "{heard:?}");
    }
}

#[test]
fn another_language_is_refused_with_the_model_that_hears_it() {
    let fault = moonshine("moonshine-tiny").transcribe(&clip("01-am_michael.wav"), Some(Language::Zh), &Cancel::new()).unwrap_err();
    assert!(matches!(fault, Error::Input(_)) && fault.to_string().contains("`whisper-base`"), "{fault}");
    assert!(moonshine("moonshine-tiny").begin(Some(Language::Zh)).is_err());
}

#[test]
fn a_turn_is_heard_the_same_whatever_was_heard_before() {
    let (short, long) = (clip("06-af_nicole.wav"), clip("01-am_michael.wav"));
    let cancel = Cancel::new();
    let alone = moonshine("moonshine-base").transcribe(&short, None, &cancel).unwrap();
    let mut used = moonshine("moonshine-base");
    for audio in [&long, &short, &sound(3.0, |t| 0.2 * sine(300.0 + 100.0 * t, t)), &long] {
        used.transcribe(audio, None, &cancel).unwrap();
        assert_eq!(used.transcribe(&short, None, &cancel).unwrap(), alone);
    }
}

#[test]
fn a_turn_that_grew_says_what_the_whole_turn_says_however_it_was_cut_and_asked() {
    let mut model = moonshine("moonshine-base");
    let cancel = Cancel::new();
    for name in ["05-am_fenrir.wav", "06-af_nicole.wav", "11-am_fenrir.wav"] {
        let audio = clip(name);
        let whole = model.transcribe(&audio, None, &cancel).unwrap();
        // Two turns at once: neither hears the other.
        let (mut asked, mut unasked) = (model.begin(None).unwrap(), model.begin(Some(Language::En)).unwrap());
        for (index, frame) in audio.chunks(FRAME).enumerate() {
            asked.push(frame).unwrap();
            if index % 23 == 22 {
                let partial = asked.partial(&cancel).unwrap();
                assert_eq!(partial.span.end, Duration::from_secs_f64(((index + 1) * FRAME).min(audio.len()) as f64 / 16_000.0));
                assert_eq!(asked.partial(&cancel).unwrap(), partial, "asked again");
            }
        }
        for piece in audio.chunks(997) {
            unasked.push(piece).unwrap();
        }
        assert_eq!(asked.finish(&cancel).unwrap(), whole, "{name}, asked on the way");
        assert_eq!(unasked.finish(&cancel).unwrap(), whole, "{name}");
    }
}

#[test]
fn a_hypothesis_grows_with_the_turn() {
    let model = moonshine("moonshine-base");
    let audio = clip("11-am_fenrir.wav");
    let mut turn = model.begin(None).unwrap();
    turn.push(&audio[..audio.len() / 2]).unwrap();
    let half = turn.partial(&Cancel::new()).unwrap();
    turn.push(&audio[audio.len() / 2..]).unwrap();
    let whole = turn.finish(&Cancel::new()).unwrap();
    let words = |text: &str| text.split_whitespace().count();
    assert!(words(&half.text) >= 2 && words(&half.text) < words(&whole.text), "{half:?}, then {whole:?}");
}

#[test]
fn a_cancelled_turn_ends_without_a_text_and_leaves_the_recogniser_and_the_turn_usable() {
    let mut model = moonshine("moonshine-base");
    let (audio, cancel) = (clip("06-af_nicole.wav"), Cancel::new());
    cancel.cancel();
    assert!(matches!(model.transcribe(&audio, None, &cancel), Err(Error::Cancelled)));
    let mut turn = model.begin(None).unwrap();
    turn.push(&audio).unwrap();
    assert!(matches!(turn.partial(&cancel), Err(Error::Cancelled)));
    assert_eq!(turn.finish(&Cancel::new()).unwrap(), model.transcribe(&audio, None, &Cancel::new()).unwrap());
}

#[test]
fn more_than_thirty_seconds_and_samples_that_are_no_numbers_are_refused_and_not_cut() {
    let mut model = moonshine("moonshine-tiny");
    assert!(matches!(model.transcribe(&vec![0.1; 30 * 16_000 + 1], None, &Cancel::new()), Err(Error::Input(_))));
    let mut audio = clip("06-af_nicole.wav");
    let alone = model.transcribe(&audio, None, &Cancel::new()).unwrap();
    let mut turn = model.begin(None).unwrap();
    turn.push(&audio).unwrap();
    assert!(matches!(turn.push(&vec![0.1; 30 * 16_000]), Err(Error::Input(_))));
    assert!(matches!(turn.push(&[f32::NAN]), Err(Error::Input(_))));
    assert_eq!(turn.finish(&Cancel::new()).unwrap(), alone, "what was refused was not heard");
    audio[1000] = f32::INFINITY;
    assert!(matches!(model.transcribe(&audio, None, &Cancel::new()), Err(Error::Input(_))));
}

#[test]
fn a_turn_shorter_than_any_word_has_none() {
    let mut model = moonshine("moonshine-tiny");
    for samples in [0, 1, 126, 127, 894, 895, 896, 1600] {
        let audio = clip("06-af_nicole.wav")[8000..8000 + samples].to_vec();
        assert_eq!(model.transcribe(&audio, None, &Cancel::new()).unwrap().text, "", "{samples} samples");
    }
}

#[test]
fn a_silence_before_the_first_word_moves_the_words_and_changes_none() {
    let letters = |text: &str| text.chars().filter(|letter| letter.is_alphanumeric()).collect::<String>().to_lowercase();
    let cancel = Cancel::new();
    for name in ["moonshine-base", "moonshine-tiny"] {
        let mut model = moonshine(name);
        for clip in ["01-am_michael.wav", "02-af_sarah.wav", "06-af_nicole.wav"].map(clip) {
            let alone = model.transcribe(&clip, None, &cancel).unwrap();
            for (seconds, hiss) in [(1.0, 0.0), (1.0, 0.001), (2.5, 0.0003)] {
                let mut noise = white(3);
                let late = [sound(seconds, |_| hiss * noise()), clip.clone()].concat();
                let heard = model.transcribe(&late, None, &cancel).unwrap();
                assert_eq!(letters(&heard.text), letters(&alone.text), "{name}, {seconds} s of {hiss}");
                assert_eq!(heard.words.len(), alone.words.len(), "{heard:?}");
                for (late, word) in heard.words.iter().zip(&alone.words) {
                    let off = late.span.start.as_secs_f32() - seconds - word.span.start.as_secs_f32();
                    assert!(off.abs() < 0.15, "{name}, {seconds} s of {hiss}: {late:?} was {word:?}");
                }
                let mut grown = model.begin(None).unwrap();
                late.chunks(FRAME).for_each(|frame| grown.push(frame).unwrap());
                assert_eq!(grown.finish(&cancel).unwrap(), heard);
            }
        }
    }
}
