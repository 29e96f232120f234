//! What Whisper hears in speech, and that it keeps its contract.

use crate::common::{clip, sine, sound, whisper};
use switchhook_models::asr::Recognizer;
use switchhook_models::{Cancel, Error, Language};

#[test]
fn a_question_is_understood() {
    let heard = whisper().transcribe(&clip("01-am_michael.wav"), Some(Language::En), &Cancel::new()).unwrap();
    assert_eq!(heard.text, "What time do you open tomorrow?");
    assert!(heard.confidence > 0.8, "{heard:?}");
}

#[test]
fn the_language_is_found_if_it_is_not_given() {
    let heard = whisper().transcribe(&clip("01-am_michael.wav"), None, &Cancel::new()).unwrap();
    assert_eq!((heard.language, heard.text.as_str()), (Language::En, "What time do you open tomorrow?"));
}

#[test]
fn a_turn_is_heard_the_same_whatever_was_heard_before() {
    let (short, long) = (clip("06-af_nicole.wav"), clip("01-am_michael.wav"));
    let cancel = Cancel::new();
    let alone = whisper().transcribe(&short, Some(Language::En), &cancel).unwrap();
    let mut used = whisper();
    for audio in [&long, &short, &sound(3.0, |t| 0.2 * sine(300.0 + 100.0 * t, t)), &long] {
        used.transcribe(audio, None, &cancel).unwrap();
        assert_eq!(used.transcribe(&short, Some(Language::En), &cancel).unwrap(), alone);
    }
}

#[test]
fn a_cancelled_turn_ends_without_a_text_and_leaves_the_recogniser_usable() {
    let mut whisper = whisper();
    let cancel = Cancel::new();
    cancel.cancel();
    let audio = clip("06-af_nicole.wav");
    assert!(matches!(whisper.transcribe(&audio, None, &cancel), Err(Error::Cancelled)));
    assert!(whisper.transcribe(&audio, None, &Cancel::new()).unwrap().text.contains("right"));
}

#[test]
fn more_than_thirty_seconds_are_refused_and_not_cut() {
    let audio = vec![0.1; 30 * 16_000 + 1];
    assert!(matches!(whisper().transcribe(&audio, None, &Cancel::new()), Err(Error::Input(_))));
}

#[test]
fn a_sample_that_is_no_number_is_refused() {
    let mut audio = clip("06-af_nicole.wav");
    audio[1000] = f32::NAN;
    assert!(matches!(whisper().transcribe(&audio, None, &Cancel::new()), Err(Error::Input(_))));
}
